-- Which rows of law hold for each object and payee: those of the very object where there are any, else those for any object (*).
-- Objects under the same rows are one ground of withholding and are taxed together.
SELECT
    o.vendor_id AS vendor_id,
    o.bill_no AS bill_no,
    CASE WHEN w.row_id IS NULL THEN '*' ELSE o.object END AS ground,
    min(o.billed_on) AS billed_on,
    min(o.entity) AS entity,
    min(o.has_tax_id) AS has_tax_id,
    min(o.suket) AS suket,
    sum(o.gross_minor)::BIGINT AS gross_minor,
    min(o.currency) AS currency
FROM assess_objects AS o
LEFT JOIN withholding_rules AS w
    ON w.object = o.object
    AND w.over_minor = 0
    AND w.entity = o.entity
    AND w.has_tax_id IN (o.has_tax_id, 'any')
    AND w.suket IN (o.suket, 'any')
    AND w.valid_from <= o.billed_on AND (w.valid_to IS NULL OR o.billed_on < w.valid_to)
GROUP BY o.vendor_id, o.bill_no, CASE WHEN w.row_id IS NULL THEN '*' ELSE o.object END
HAVING sum(o.gross_minor) > 0
