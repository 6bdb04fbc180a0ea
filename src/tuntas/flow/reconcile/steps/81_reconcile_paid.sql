-- What was paid on each order, by currency.
SELECT
    p.order_id AS order_id,
    p.currency AS currency,
    sum(p.amount_minor)::BIGINT AS paid_minor
FROM payments_in AS p
GROUP BY p.order_id, p.currency
