-- Bills that came twice: every claim of the bill repeats a claim of one earlier bill of the vendor. `copy_of` is the first such.
WITH sizes AS (
    SELECT
        l.vendor_id AS vendor_id,
        l.bill_no AS bill_no,
        count(*) AS claim_count
    FROM audit_lines AS l
    WHERE l.subject_id IS NOT NULL AND l.claims
    GROUP BY l.vendor_id, l.bill_no
),
suspects AS (
    SELECT
        c.vendor_id AS vendor_id,
        c.bill_no AS bill_no,
        count(DISTINCT c.crowd_no) AS claim_count
    FROM audit_crowds AS c
    JOIN sizes AS z ON z.vendor_id = c.vendor_id AND z.bill_no = c.bill_no
    WHERE c.cycle_order = 1
    GROUP BY c.vendor_id, c.bill_no, z.claim_count
    HAVING count(*) = z.claim_count
),
pairs AS (
    SELECT
        s.vendor_id AS vendor_id,
        s.bill_no AS bill_no,
        s.claim_count AS claim_count,
        e.cycle_order AS cycle_order,
        e.bill_no AS earlier_bill_no,
        count(DISTINCT e.crowd_no) AS shared_count
    FROM suspects AS s
    JOIN audit_crowds AS c ON c.vendor_id = s.vendor_id AND c.bill_no = s.bill_no AND c.cycle_order = 1
    JOIN audit_crowds AS e
        ON e.crowd_no = c.crowd_no
        AND e.seat < c.seat
        AND (e.cycle_order = 0 OR e.bill_no <> c.bill_no)
    GROUP BY s.vendor_id, s.bill_no, s.claim_count, e.cycle_order, e.bill_no
)
SELECT
    p.vendor_id AS vendor_id,
    p.bill_no AS bill_no,
    first(p.earlier_bill_no ORDER BY p.cycle_order, p.earlier_bill_no) AS copy_of
FROM pairs AS p
WHERE p.shared_count = p.claim_count
GROUP BY p.vendor_id, p.bill_no
