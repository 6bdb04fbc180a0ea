-- A bill is the sum of its lines: in all, bills and lines hold the same money, and each bill balances.
SELECT
    b.vendor_id AS vendor_id,
    b.bill_no AS bill_no,
    b.billed_minor AS billed_minor
FROM bills AS b
WHERE b.billed_minor <> b.agreed_minor + b.disputed_minor + b.held_minor
UNION ALL
SELECT
    t.vendor_id AS vendor_id,
    '*' AS bill_no,
    sum(t.billed_minor)::BIGINT AS billed_minor
FROM (
    SELECT
        b.vendor_id AS vendor_id,
        b.billed_minor AS billed_minor,
        b.agreed_minor AS agreed_minor,
        b.line_count AS line_count
    FROM bills AS b
    UNION ALL
    SELECT
        a.vendor_id AS vendor_id,
        -a.billed_minor AS billed_minor,
        -a.agreed_minor AS agreed_minor,
        -1 AS line_count
    FROM audited AS a
) AS t
GROUP BY t.vendor_id
HAVING sum(t.billed_minor) <> 0 OR sum(t.agreed_minor) <> 0 OR sum(t.line_count) <> 0
