-- Our fees to sellers, by tax code, on the last day of the period: what the fees take from the seller, net of what they give back.
SELECT
    e.party_id AS party_id,
    v.tax_code AS tax_code,
    v.billable_ppm AS effective_ppm,
    min(v.row_id) AS row_id,
    arg_min(v.creditable, v.row_id) AS creditable,
    arg_min(v.collected, v.row_id) AS collected,
    arg_min(v.source, v.row_id) AS source,
    (-sum(e.amount_minor))::BIGINT AS base_minor,
    e.currency AS currency
FROM expected AS e
LEFT JOIN run AS r ON true
LEFT JOIN treatments AS t
    ON t.charge_type = e.charge_type
    AND t.valid_from < r.period_to AND coalesce(t.valid_to, r.period_to) >= r.period_to
LEFT JOIN treatments AS o
    ON o.charge_type = '*'
    AND o.valid_from < r.period_to AND coalesce(o.valid_to, r.period_to) >= r.period_to
LEFT JOIN assess_vat_law AS v
    ON v.supplier_id = r.platform_id AND v.buyer_id = e.party_id AND v.supplied_on = r.period_to - 1
    AND v.vat_treatment = coalesce(t.vat_treatment, o.vat_treatment)
WHERE e.side = 'payout' AND e.accrue_on >= r.period_from AND e.accrue_on < r.period_to
GROUP BY e.party_id, v.tax_code, v.billable_ppm, e.currency
