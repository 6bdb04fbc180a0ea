-- Every object and payee that something must be withheld from has a row of law; none on file is never zero tax.
SELECT g.vendor_id, g.bill_no, g.ground
FROM assess_grounds AS g
LEFT JOIN assess_slices AS s ON s.vendor_id = g.vendor_id AND s.bill_no = g.bill_no AND s.ground = g.ground
WHERE s.row_id IS NULL
