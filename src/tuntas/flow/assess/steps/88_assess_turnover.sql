-- Turnover a marketplace collects PPh 22 on, while the switch is on at the end of the period: goods prices before any discount
-- (PMK 37/2025 art. 1(10)) of sales completed in the period, without the VAT a registered seller's prices hold (art. 8(1)).
SELECT
    l.seller_id AS party_id,
    min(p.entity) AS entity,
    CASE WHEN coalesce(min(trim(p.tax_id)), '') = '' THEN 'no' ELSE 'yes' END AS has_tax_id,
    CASE WHEN min(p.suket_until) >= min(r.period_to) - 1 THEN 'yes' ELSE 'no' END AS suket,
    min(r.cycle_id) AS cycle_id,
    min(r.period_to) AS period_to,
    CASE
        WHEN bool_or(coalesce(p.is_pkp, false))
            THEN mul_ratio(sum(l.price_minor)::BIGINT, 1000000, 1000000 + coalesce(min(v.effective_ppm), 0))
        ELSE sum(l.price_minor)::BIGINT
    END AS base_minor,
    min(l.currency) AS currency
FROM order_lines AS l
LEFT JOIN run AS r ON true
LEFT JOIN switches AS s
    ON s.switch = 'pph22_marketplace' AND s.valid_from < r.period_to AND (s.valid_to IS NULL OR r.period_to <= s.valid_to)
LEFT JOIN vat_rules AS v
    ON v.treatment = 'general' AND v.valid_from < r.period_to AND (v.valid_to IS NULL OR r.period_to <= v.valid_to)
LEFT JOIN parties AS p ON p.party_id = l.seller_id
WHERE s.is_on AND l.completed_on >= r.period_from AND l.completed_on < r.period_to
GROUP BY l.seller_id
