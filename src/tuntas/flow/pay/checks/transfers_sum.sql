-- The transfers of a proposed payment sum to it, by its rail and on its day; a held payment has none.
SELECT p.payment_id AS payment_id, p.amount_minor AS amount_minor, sum(t.amount_minor)::BIGINT AS sent_minor
FROM payments AS p
LEFT JOIN transfers AS t ON t.payment_id = p.payment_id
GROUP BY p.payment_id, p.amount_minor, p.status, p.rail, p.pay_on, p.currency
HAVING coalesce(sum(t.amount_minor), 0) <> (CASE WHEN p.status = 'proposed' THEN p.amount_minor ELSE 0 END)
    OR bool_or(t.rail <> p.rail OR t.send_on <> p.pay_on OR t.currency <> p.currency OR t.arrives_on < t.send_on OR t.fee_minor < 0)
