-- Billed VAT is agreed + follows + wrong, and agreed is never above billed.
SELECT b.vendor_id, b.bill_no, b.tax_code, b.vat_billed_minor
FROM bill_taxes AS b
WHERE b.vat_billed_minor <> b.vat_agreed_minor + b.vat_follows_minor + b.vat_wrong_minor
    OR abs(b.vat_agreed_minor) > abs(b.vat_billed_minor)
