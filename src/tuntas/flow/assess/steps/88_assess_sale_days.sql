-- The days on which we collect tax from sellers: a row of law for marketplace sales is in force, its switch is on, and the platform
-- has the standing the row asks of a payer (its appointment). Beside them the VAT that ordinary prices hold that day, and the standing
-- without which they hold none. Days of sales completed by the end of the period, of earlier periods too.
SELECT
    d.sold_on AS sold_on,
    arg_min(v.effective_ppm, lpad(v.rank::VARCHAR, 9, '0') || v.row_id) AS vat_ppm,
    arg_min(v.supplier_standing, lpad(v.rank::VARCHAR, 9, '0') || v.row_id) AS vat_standing
FROM (
    SELECT DISTINCT l.completed_on AS sold_on
    FROM order_lines AS l
    LEFT JOIN run AS r ON true
    WHERE l.completed_on < r.period_to
) AS d
LEFT JOIN run AS r ON true
LEFT JOIN withholding_rules AS w
    ON w.object = 'marketplace_sale' AND w.valid_from <= d.sold_on AND (w.valid_to IS NULL OR d.sold_on < w.valid_to)
LEFT JOIN switches AS s
    ON s.switch = w.switch AND s.is_on AND s.valid_from <= d.sold_on AND (s.valid_to IS NULL OR d.sold_on < s.valid_to)
LEFT JOIN assess_standings AS y
    ON y.party_id = r.platform_id AND y.standing = w.payer_standing
    AND y.valid_from <= d.sold_on AND (y.valid_to IS NULL OR d.sold_on < y.valid_to)
LEFT JOIN vat_rules AS v
    ON v.treatment = 'general' AND v.supplier IN ('any', 'resident') AND v.buyer_standing = 'any' AND v.collected = 'seller'
    AND v.valid_from <= d.sold_on AND (v.valid_to IS NULL OR d.sold_on < v.valid_to)
WHERE w.row_id IS NOT NULL AND (w.switch = '-' OR s.row_id IS NOT NULL) AND (w.payer_standing = 'any' OR y.party_id IS NOT NULL)
GROUP BY d.sold_on
