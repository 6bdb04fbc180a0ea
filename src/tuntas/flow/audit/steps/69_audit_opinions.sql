-- Every difference has one opinion: forgiven, diagnosed by its price, or carried over from the charges it is counted on.
SELECT
    t.vendor_id AS vendor_id,
    t.bill_no AS bill_no,
    t.line_no AS line_no,
    'tolerance' AS cause,
    t.evidence AS evidence
FROM audit_tolerated AS t
UNION ALL
SELECT
    d.vendor_id AS vendor_id,
    d.bill_no AS bill_no,
    d.line_no AS line_no,
    d.cause AS cause,
    d.evidence AS evidence
FROM audit_diagnosed AS d
UNION ALL
SELECT
    c.vendor_id AS vendor_id,
    c.bill_no AS bill_no,
    c.line_no AS line_no,
    c.cause AS cause,
    c.evidence AS evidence
FROM audit_carried AS c
