-- What a bill charges, by charge type; an unknown charge has none.
SELECT
    a.vendor_id AS vendor_id,
    a.bill_no AS bill_no,
    a.charge_type AS charge_type,
    sum(a.billed_minor)::BIGINT AS billed_minor,
    sum(a.agreed_minor)::BIGINT AS agreed_minor
FROM audited AS a
GROUP BY a.vendor_id, a.bill_no, a.charge_type
