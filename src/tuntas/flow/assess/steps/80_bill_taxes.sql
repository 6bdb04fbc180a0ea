-- Billed VAT in three parts. Agreed: the law's VAT on the agreed base, never more than billed. Wrong: billed less lawful, below
-- zero when too little was billed. Follows: lawful VAT we do not accept because its base is disputed or held, so that
-- billed = agreed + follows + wrong always.
SELECT
    j.vendor_id AS vendor_id,
    j.bill_no AS bill_no,
    j.tax_code AS tax_code,
    j.billed_base_minor AS billed_base_minor,
    j.agreed_base_minor AS agreed_base_minor,
    j.vat_billed_minor AS vat_billed_minor,
    CASE WHEN j.no_rate THEN j.vat_billed_minor ELSE j.on_billed_minor END AS vat_lawful_minor,
    r.vat_agreed_minor AS vat_agreed_minor,
    r.accepted_minor - r.vat_agreed_minor AS vat_follows_minor,
    j.vat_billed_minor - r.accepted_minor AS vat_wrong_minor,
    CASE
        WHEN j.no_rate AND j.vat_billed_minor <> 0 THEN 'no_rate'
        WHEN j.vat_billed_minor = r.accepted_minor THEN 'matched'
        WHEN j.based AND NOT j.may_bill THEN 'tax_without_pkp'
        ELSE 'wrong_tax'
    END AS cause,
    j.row_id AS row_id,
    j.currency AS currency
FROM assess_judged AS j
LEFT JOIN assess_rounded AS r ON r.vendor_id = j.vendor_id AND r.bill_no = j.bill_no AND r.tax_code = j.tax_code
