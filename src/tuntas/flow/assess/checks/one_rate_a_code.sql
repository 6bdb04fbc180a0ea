-- Charges of one bill under one tax code bear one rate, else the document has no single base.
SELECT vendor_id, bill_no, tax_code, count(DISTINCT effective_ppm) AS rates
FROM assess_coded
GROUP BY vendor_id, bill_no, tax_code
HAVING count(DISTINCT effective_ppm) > 1
