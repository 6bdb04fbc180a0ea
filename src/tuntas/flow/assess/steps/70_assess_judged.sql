-- The law's VAT on the billed base and on the agreed base, rounded on the document as the law of that day says, beside what was
-- billed. `no_rate`: there are charges, and no rate is on file for them.
SELECT
    k.vendor_id AS vendor_id,
    k.bill_no AS bill_no,
    k.tax_code AS tax_code,
    h.billed_on AS billed_on,
    coalesce(b.row_id, 'none') AS row_id,
    coalesce(b.may_bill, false) AS may_bill,
    coalesce(b.collected, 'seller') AS collected,
    coalesce(b.creditable, false) AS creditable,
    coalesce(b.source, '-') AS source,
    coalesce(b.billed_base_minor, 0) AS billed_base_minor,
    coalesce(b.agreed_base_minor, 0) AS agreed_base_minor,
    coalesce(v.vat_billed_minor, 0) AS vat_billed_minor,
    b.vendor_id IS NOT NULL AS based,
    b.vendor_id IS NOT NULL AND b.effective_ppm IS NULL AS no_rate,
    coalesce(b.effective_ppm, 0) AS effective_ppm,
    coalesce(b.self_ppm, 0) AS self_ppm,
    coalesce(mul_ppm_as(b.billed_base_minor, b.effective_ppm, coalesce(m.mode, 'half_up')), 0) AS on_billed_minor,
    coalesce(mul_ppm_as(b.agreed_base_minor, b.effective_ppm, coalesce(m.mode, 'half_up')), 0) AS on_agreed_minor,
    coalesce(mul_ppm_as(b.agreed_base_minor, b.self_ppm, coalesce(m.mode, 'half_up')), 0) AS self_minor,
    h.currency AS currency
FROM (
    SELECT vendor_id, bill_no, tax_code FROM assess_bases
    UNION
    SELECT vendor_id, bill_no, tax_code FROM assess_vat_billed
) AS k
LEFT JOIN assess_bases AS b ON b.vendor_id = k.vendor_id AND b.bill_no = k.bill_no AND b.tax_code = k.tax_code
LEFT JOIN assess_vat_billed AS v ON v.vendor_id = k.vendor_id AND v.bill_no = k.bill_no AND v.tax_code = k.tax_code
LEFT JOIN bills AS h ON h.vendor_id = k.vendor_id AND h.bill_no = k.bill_no
LEFT JOIN rounding_rules AS m
    ON m.subject = 'vat' AND m.level = 'document' AND m.step = 'unit'
    AND m.valid_from <= h.billed_on AND (m.valid_to IS NULL OR h.billed_on < m.valid_to)
