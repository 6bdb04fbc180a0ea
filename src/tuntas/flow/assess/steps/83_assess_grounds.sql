-- Which rows of law hold for each object and payee: those of the very object where there are any, else those for any object (*).
-- Objects under the same rows are one ground of withholding and are taxed together. Only the first slice (over_minor 0) is looked up.
SELECT
    o.vendor_id AS vendor_id,
    o.bill_no AS bill_no,
    CASE WHEN w.row_id IS NULL THEN '*' ELSE o.object END AS ground,
    o.billed_on AS billed_on,
    o.entity AS entity,
    o.has_tax_id AS has_tax_id,
    o.suket AS suket,
    o.currency AS currency,
    sum(o.gross_minor)::BIGINT AS gross_minor
FROM assess_objects AS o
LEFT JOIN withholding_rules AS w
    ON w.object = o.object
    AND w.over_minor = 0
    AND w.entity = o.entity
    AND w.has_tax_id IN (o.has_tax_id, 'any')
    AND w.suket IN (o.suket, 'any')
    AND w.valid_from <= o.billed_on AND (w.valid_to IS NULL OR o.billed_on < w.valid_to)
GROUP BY o.vendor_id, o.bill_no, CASE WHEN w.row_id IS NULL THEN '*' ELSE o.object END, o.billed_on, o.entity, o.has_tax_id,
    o.suket, o.currency
HAVING sum(o.gross_minor) > 0
