-- The VAT treatment and the withholding object of every charge type of a bill: its own, else the treatment most of the bill has, else
-- what the law says of unknown words (*).
SELECT
    t.vendor_id AS vendor_id,
    t.bill_no AS bill_no,
    t.billed_on AS billed_on,
    coalesce(t.vat_treatment, d.vat_treatment, o.vat_treatment) AS vat_treatment,
    coalesce(t.withholding_object, o.withholding_object, 'none') AS withholding_object,
    t.billed_minor AS billed_minor,
    t.agreed_minor AS agreed_minor,
    t.currency AS currency
FROM assess_treated AS t
LEFT JOIN assess_dominant AS d ON d.vendor_id = t.vendor_id AND d.bill_no = t.bill_no
LEFT JOIN treatments AS o
    ON o.charge_type = '*'
    AND o.valid_from <= t.billed_on AND (o.valid_to IS NULL OR t.billed_on < o.valid_to)
