-- A tax has one row of law a slice; each slice takes its rate of the part of the taxed base inside it. Most taxes have one slice.
SELECT
    g.vendor_id AS vendor_id,
    g.bill_no AS bill_no,
    g.ground AS ground,
    w.row_id AS row_id,
    w.tax AS tax,
    w.object_code AS object_code,
    w.source AS source,
    w.over_minor AS over_minor,
    w.rate_ppm AS rate_ppm,
    mul_ppm(g.gross_minor, w.base_ppm) AS base_minor,
    -- least() passes over a null: the last slice has no upper edge.
    mul_ppm(least(mul_ppm(g.gross_minor, w.base_ppm), w.upto_minor) - w.over_minor, w.rate_ppm) AS amount_minor,
    g.currency AS currency
FROM assess_grounds AS g
LEFT JOIN withholding_rules AS w
    ON w.object = g.ground
    AND w.entity = g.entity
    AND w.has_tax_id IN (g.has_tax_id, 'any')
    AND w.suket IN (g.suket, 'any')
    AND w.valid_from <= g.billed_on AND (w.valid_to IS NULL OR g.billed_on < w.valid_to)
    AND mul_ppm(g.gross_minor, w.base_ppm) > w.over_minor
