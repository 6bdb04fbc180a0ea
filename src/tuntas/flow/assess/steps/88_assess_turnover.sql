-- Turnover a marketplace collects PPh 22 on, while the switch is on at the end of the period: goods prices before any discount
-- (PMK 37/2025 art. 1(10)) of sales completed in the period, without the VAT a registered seller's prices hold (art. 8(1)).
-- A seller nobody knows has no entity, so no rule fits it.
SELECT
    l.seller_id AS party_id,
    CASE WHEN p.entity IN ('individual', 'foreign') THEN p.entity WHEN p.party_id IS NOT NULL THEN 'company' END AS entity,
    CASE WHEN trim(p.tax_id) <> '' THEN 'yes' ELSE 'no' END AS has_tax_id,
    CASE WHEN p.suket_until >= r.period_to - 1 THEN 'yes' ELSE 'no' END AS suket,
    r.cycle_id AS cycle_id,
    r.period_to AS period_to,
    CASE
        WHEN p.is_pkp THEN mul_ratio(sum(l.price_minor)::BIGINT, 1000000, 1000000 + v.effective_ppm)
        ELSE sum(l.price_minor)::BIGINT
    END AS base_minor,
    l.currency AS currency
FROM order_lines AS l
LEFT JOIN run AS r ON true
LEFT JOIN switches AS s
    ON s.switch = 'pph22_marketplace' AND s.valid_from < r.period_to AND coalesce(s.valid_to, r.period_to) >= r.period_to
LEFT JOIN vat_rules AS v
    ON v.treatment = 'general' AND v.valid_from < r.period_to AND coalesce(v.valid_to, r.period_to) >= r.period_to
LEFT JOIN parties AS p ON p.party_id = l.seller_id
WHERE s.is_on AND l.completed_on >= r.period_from AND l.completed_on < r.period_to
GROUP BY l.seller_id, p.party_id, p.entity, p.tax_id, p.suket_until, p.is_pkp, r.cycle_id, r.period_to, v.effective_ppm, l.currency
