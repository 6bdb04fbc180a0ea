-- Our fees to sellers, by tax code, on the last day of the period: what the fees take from the seller, net of what they give back.
SELECT
    f.party_id AS party_id,
    v.tax_code AS tax_code,
    v.billable_ppm AS effective_ppm,
    min(v.row_id) AS row_id,
    arg_min(v.creditable, v.row_id) AS creditable,
    arg_min(v.collected, v.row_id) AS collected,
    arg_min(v.source, v.row_id) AS source,
    (-sum(f.amount_minor))::BIGINT AS base_minor,
    f.currency AS currency
FROM assess_fees_named AS f
LEFT JOIN assess_vat_law AS v
    ON v.supplier_id = f.platform_id AND v.buyer_id = f.party_id AND v.supplied_on = f.supplied_on
    AND v.vat_treatment = f.vat_treatment
GROUP BY f.party_id, v.tax_code, v.billable_ppm, f.currency
