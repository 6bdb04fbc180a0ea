-- Claims made more than once: same vendor, same subject, same charge. Seat 1 is the first to come, by day received, bill and line,
-- charges settled by earlier cycles before all others; every later seat is a duplicate. Credits (but for what we are owed for a period) and lines without a subject
-- claim nothing: the join leaves out what has no subject or no charge. Crowds are numbered, so that steps meet on one number; which it is shows
-- nowhere outside.
WITH claims AS (
    SELECT
        l.vendor_id AS vendor_id,
        l.subject_id AS subject_id,
        coalesce(l.claim_type, '?' || upper(trim(l.charge_text))) AS claim,
        1 AS cycle_order,
        l.received_on AS received_on,
        l.bill_no AS bill_no,
        l.line_no AS line_no
    FROM audit_lines AS l
    WHERE l.claims
    UNION ALL
    SELECT
        b.vendor_id AS vendor_id,
        b.subject_id AS subject_id,
        CASE WHEN b.charge_type = 'freight' AND s.returned THEN 'return_freight' ELSE b.charge_type END AS claim,
        0 AS cycle_order,
        NULL AS received_on,
        b.bill_no AS bill_no,
        b.line_no AS line_no
    FROM billed_before AS b
    LEFT JOIN audit_subjects AS s ON s.subject_id = b.subject_id
),
crowded AS (
    SELECT
        c.vendor_id AS vendor_id,
        c.subject_id AS subject_id,
        c.claim AS claim,
        row_number() OVER () AS crowd_no
    FROM claims AS c
    GROUP BY c.vendor_id, c.subject_id, c.claim
    HAVING count(*) > 1
)
SELECT
    c.vendor_id AS vendor_id,
    c.subject_id AS subject_id,
    c.claim AS claim,
    c.cycle_order AS cycle_order,
    c.received_on AS received_on,
    c.bill_no AS bill_no,
    c.line_no AS line_no,
    k.crowd_no AS crowd_no,
    row_number() OVER seats AS seat,
    first_value(c.cycle_order) OVER seats AS first_cycle_order,
    first_value(c.bill_no) OVER seats AS first_bill_no,
    first_value(c.line_no) OVER seats AS first_line_no
FROM crowded AS k
JOIN claims AS c ON c.vendor_id = k.vendor_id AND c.subject_id = k.subject_id AND c.claim = k.claim
WINDOW seats AS (
    PARTITION BY k.crowd_no
    ORDER BY c.cycle_order, c.received_on, c.bill_no, c.line_no
)
