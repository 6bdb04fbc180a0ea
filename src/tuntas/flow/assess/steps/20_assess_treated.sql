-- The treatment of each charge type on the day of the bill; null where the charge type has none of its own.
SELECT
    c.vendor_id AS vendor_id,
    c.bill_no AS bill_no,
    b.billed_on AS billed_on,
    t.vat_treatment AS vat_treatment,
    t.withholding_object AS withholding_object,
    c.billed_minor AS billed_minor,
    c.agreed_minor AS agreed_minor,
    b.currency AS currency
FROM assess_charges AS c
LEFT JOIN bills AS b ON b.vendor_id = c.vendor_id AND b.bill_no = c.bill_no
LEFT JOIN treatments AS t
    ON t.charge_type = c.charge_type
    AND t.valid_from <= b.billed_on AND (t.valid_to IS NULL OR b.billed_on < t.valid_to)
