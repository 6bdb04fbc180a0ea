-- What lines of a day bear is what the order comes to up to that day beyond what earlier days bore.
SELECT
    s.order_id AS order_id,
    s.charge_no AS charge_no,
    s.completed_on AS completed_on,
    sum(s.amount_minor) AS borne_minor,
    max(s.whole_minor - s.earlier_minor) AS left_minor
FROM order_shares AS s
GROUP BY s.side, s.party_id, s.order_id, s.agreement_id, s.version, s.charge_no, s.completed_on
HAVING sum(s.amount_minor) <> max(s.whole_minor - s.earlier_minor)
