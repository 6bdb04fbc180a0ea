-- VAT as billed, by bill and tax code. The code on a vat line is the vendor's word: where no charge of the bill has that code, the
-- VAT is held against the bill's main code. A bill without charges keeps the code it states.
SELECT
    l.vendor_id AS vendor_id,
    l.bill_no AS bill_no,
    coalesce(own.tax_code, main.tax_code, nullif(trim(l.tax_code), ''), 'none') AS tax_code,
    sum(l.amount_minor)::BIGINT AS vat_billed_minor
FROM bill_lines AS l
LEFT JOIN assess_bases AS own
    ON own.vendor_id = l.vendor_id AND own.bill_no = l.bill_no AND own.tax_code = trim(l.tax_code)
LEFT JOIN assess_bases AS main
    ON main.vendor_id = l.vendor_id AND main.bill_no = l.bill_no AND main.place = 1
WHERE l.kind = 'vat'
GROUP BY l.vendor_id, l.bill_no, coalesce(own.tax_code, main.tax_code, nullif(trim(l.tax_code), ''), 'none')
