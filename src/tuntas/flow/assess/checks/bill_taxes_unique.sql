-- One row a bill and tax code.
SELECT vendor_id, bill_no, tax_code, count(*) AS copies
FROM bill_taxes
GROUP BY vendor_id, bill_no, tax_code
HAVING count(*) > 1
