-- What a bill charges, by charge type. An unknown charge has no type and is written as an empty word.
SELECT
    a.vendor_id AS vendor_id,
    a.bill_no AS bill_no,
    coalesce(a.charge_type, '') AS charge_type,
    sum(a.billed_minor)::BIGINT AS billed_minor,
    sum(a.agreed_minor)::BIGINT AS agreed_minor,
    min(a.currency) AS currency
FROM audited AS a
GROUP BY a.vendor_id, a.bill_no, coalesce(a.charge_type, '')
