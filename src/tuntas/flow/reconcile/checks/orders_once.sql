-- Every order with lines or payments stands in cash_ties once, except those paid only at the door.
SELECT o.order_id AS order_id, count(t.order_id) AS times
FROM (
    SELECT a.order_id AS order_id FROM reconcile_asked AS a WHERE NOT a.is_cod
    UNION
    SELECT p.order_id AS order_id FROM payments_in AS p
) AS o
LEFT JOIN cash_ties AS t ON t.order_id = o.order_id AND t.difference_minor = t.paid_minor - t.lines_minor
GROUP BY o.order_id
HAVING count(t.order_id) <> 1
