-- Lines that claim an expectation and bill another amount, with what the agreement forgives on a line: the row of the charge type
-- before the row of all charges, nothing where there is none, nor on a line billed in the currency it is quoted in: what is forgiven is
-- said in the other.
SELECT
    l.vendor_id AS vendor_id,
    l.bill_no AS bill_no,
    l.line_no AS line_no,
    l.subject_id AS subject_id,
    l.charge_type AS charge_type,
    l.claim_type AS claim_type,
    s.agreement_id AS agreement_id,
    s.version AS version,
    l.billed_minor AS billed_minor,
    l.expected_minor AS expected_minor,
    l.billed_minor - l.expected_minor AS difference_minor,
    l.billed_g AS billed_g,
    l.billed_zone AS billed_zone,
    l.currency AS currency,
    l.quoted AS quoted,
    l.exchanged AS exchanged,
    CASE WHEN l.quoted THEN 0 ELSE coalesce(t.under_minor, a.under_minor, 0) END AS under_minor,
    CASE WHEN l.quoted THEN 0 ELSE coalesce(t.over_minor, a.over_minor, 0) END AS over_minor
FROM audit_lines AS l
LEFT JOIN audit_subjects AS s ON s.subject_id = l.subject_id
LEFT JOIN audit_crowds AS c
    ON c.vendor_id = l.vendor_id AND c.bill_no = l.bill_no AND c.line_no = l.line_no AND c.cycle_order = 1
LEFT JOIN tolerances AS t
    ON t.agreement_id = s.agreement_id AND t.version = s.version AND t.level = 'line' AND t.charge_type = l.claim_type
LEFT JOIN tolerances AS a
    ON a.agreement_id = s.agreement_id AND a.version = s.version AND a.level = 'line' AND a.charge_type = '*'
WHERE l.billed_minor <> l.expected_minor
    AND l.standing = 'known'
    AND coalesce(c.seat, 1) = 1
