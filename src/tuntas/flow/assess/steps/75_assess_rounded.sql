-- One unit of difference on a tax invoice of a vendor that may bill VAT is its rounding: the VAT it billed then stands as lawful.
-- Without a rate on file nothing is accused and nothing is accepted: the VAT waits.
SELECT
    j.vendor_id AS vendor_id,
    j.bill_no AS bill_no,
    j.tax_code AS tax_code,
    CASE
        WHEN j.no_rate OR (j.may_bill AND abs(j.vat_billed_minor - j.on_billed_minor) <= 1) THEN j.vat_billed_minor
        ELSE j.on_billed_minor
    END AS accepted_minor,
    CASE
        WHEN j.no_rate THEN 0
        WHEN j.may_bill AND abs(j.vat_billed_minor - j.on_billed_minor) <= 1 AND j.billed_base_minor = j.agreed_base_minor
            THEN j.vat_billed_minor
        WHEN j.on_agreed_minor >= 0 THEN least(j.on_agreed_minor, j.vat_billed_minor)
        ELSE greatest(j.on_agreed_minor, j.vat_billed_minor)
    END AS vat_agreed_minor
FROM assess_judged AS j
