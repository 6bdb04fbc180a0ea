-- Every charge type of a bill under its row of VAT law. A day before the first row of law has no rate: the code is written as none and
-- the VAT is held, never guessed.
SELECT
    n.vendor_id AS vendor_id,
    n.bill_no AS bill_no,
    n.billed_on AS billed_on,
    coalesce(v.tax_code, 'none') AS tax_code,
    v.row_id AS row_id,
    v.billable_ppm AS effective_ppm,
    v.self_ppm AS self_ppm,
    v.may_bill AS may_bill,
    v.collected AS collected,
    v.creditable AS creditable,
    v.source AS source,
    n.withholding_object AS withholding_object,
    n.billed_minor AS billed_minor,
    n.agreed_minor AS agreed_minor,
    n.currency AS currency
FROM assess_named AS n
LEFT JOIN run AS r ON true
LEFT JOIN assess_vat_law AS v
    ON v.supplier_id = n.vendor_id AND v.buyer_id = r.platform_id AND v.supplied_on = n.billed_on
    AND v.vat_treatment = n.vat_treatment
