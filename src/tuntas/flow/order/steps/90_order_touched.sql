-- Charges of rating that this room has another word on.
SELECT s.charge_id AS charge_id
FROM order_shares AS s
WHERE s.amount_minor <> s.raw_minor
UNION ALL
SELECT g.charge_id AS charge_id
FROM order_given_back AS g
