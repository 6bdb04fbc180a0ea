-- The slices of each ground on each day: every row that says the same as the ground's own row but for its edges and its rate, with the
-- tax of the slices below it, and how the tax is rounded that day.
SELECT
    g.ground AS ground,
    g.taxed_on AS taxed_on,
    w.row_id AS row_id,
    w.tax AS tax,
    w.object_code AS object_code,
    w.form AS form,
    w.source AS source,
    w.counted AS counted,
    w.crossing AS crossing,
    w.base_ppm AS base_ppm,
    w.over_minor AS over_minor,
    w.upto_minor AS upto_minor,
    w.rate_ppm AS rate_ppm,
    coalesce(m.mode, 'half_up') AS mode,
    coalesce(sum(mul_ppm(w.upto_minor - w.over_minor, w.rate_ppm)) OVER (
        PARTITION BY g.ground, g.taxed_on ORDER BY w.over_minor ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0)::BIGINT AS below_minor
FROM (SELECT DISTINCT ground, taxed_on FROM assess_agreed WHERE ground IS NOT NULL) AS g
LEFT JOIN withholding_rules AS f ON f.row_id = g.ground
LEFT JOIN withholding_rules AS w
    ON w.object = f.object AND w.tax = f.tax AND w.object_code = f.object_code AND w.entity = f.entity
    AND w.has_tax_id = f.has_tax_id AND w.standing = f.standing AND w.rank = f.rank AND w.switch = f.switch
    AND w.payer_standing = f.payer_standing
    AND w.valid_from <= g.taxed_on AND (w.valid_to IS NULL OR g.taxed_on < w.valid_to)
LEFT JOIN rounding_rules AS m
    ON m.subject = 'wht' AND m.level = 'document' AND m.step = 'unit'
    AND m.valid_from <= g.taxed_on AND (m.valid_to IS NULL OR g.taxed_on < m.valid_to)
