-- The VAT row of each charge type of a bill: its own treatment, else the bill's main one, else the one for unknown words (*).
-- A party that is not registered for VAT (PKP) may bill none, so its lawful rate is zero whatever the treatment.
-- A day before the first row of law has no rate: the code is written as none and the VAT is held, never guessed.
SELECT
    t.vendor_id AS vendor_id,
    t.bill_no AS bill_no,
    t.billed_on AS billed_on,
    coalesce(v.tax_code, 'none') AS tax_code,
    v.row_id AS row_id,
    CASE WHEN p.is_pkp THEN v.effective_ppm ELSE 0 END AS effective_ppm,
    v.creditable AS creditable,
    v.source AS source,
    coalesce(t.withholding_object, o.withholding_object, 'none') AS withholding_object,
    t.billed_minor AS billed_minor,
    t.agreed_minor AS agreed_minor,
    t.currency AS currency
FROM assess_treated AS t
LEFT JOIN assess_dominant AS d ON d.vendor_id = t.vendor_id AND d.bill_no = t.bill_no
LEFT JOIN treatments AS o
    ON o.charge_type = '*'
    AND o.valid_from <= t.billed_on AND (o.valid_to IS NULL OR t.billed_on < o.valid_to)
LEFT JOIN vat_rules AS v
    ON v.treatment = coalesce(t.vat_treatment, d.vat_treatment, o.vat_treatment)
    AND v.valid_from <= t.billed_on AND (v.valid_to IS NULL OR t.billed_on < v.valid_to)
LEFT JOIN parties AS p ON p.party_id = t.vendor_id
