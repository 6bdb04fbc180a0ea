-- A payment id stands once.
SELECT p.payment_id AS payment_id, count(*) AS times
FROM payments AS p
GROUP BY p.payment_id
HAVING count(*) <> 1
