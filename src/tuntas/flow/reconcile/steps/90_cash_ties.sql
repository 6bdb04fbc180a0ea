-- Order-to-cash, one row an order: paid less asked. A payment in another currency never ties. Orders paid at the door and
-- not otherwise are tied by the remittances and are left out here. A payment whose order we do not have is told as such.
SELECT
    a.order_id AS order_id,
    a.lines_minor AS lines_minor,
    coalesce(p.paid_minor, 0) AS paid_minor,
    coalesce(p.paid_minor, 0) - a.lines_minor AS difference_minor,
    CASE
        WHEN n.currencies IS NULL THEN 'unpaid'
        WHEN a.foreign_lines = 0 AND n.currencies = 1 AND p.paid_minor = a.lines_minor THEN 'ties'
        ELSE 'differs'
    END AS verdict,
    a.currency AS currency
FROM reconcile_asked AS a
LEFT JOIN reconcile_paid AS p ON p.order_id = a.order_id AND p.currency = a.currency
LEFT JOIN (SELECT q.order_id AS order_id, count(*) AS currencies FROM reconcile_paid AS q GROUP BY q.order_id) AS n
    ON n.order_id = a.order_id
WHERE n.currencies IS NOT NULL OR NOT a.is_cod
UNION ALL
SELECT
    s.order_id AS order_id,
    0 AS lines_minor,
    s.paid_minor AS paid_minor,
    s.paid_minor AS difference_minor,
    'no_order' AS verdict,
    s.currency AS currency
FROM (
    SELECT
        p.order_id AS order_id,
        min(p.currency) AS currency,
        arg_min(p.paid_minor, p.currency) AS paid_minor
    FROM reconcile_paid AS p
    LEFT JOIN reconcile_asked AS a ON a.order_id = p.order_id
    WHERE a.order_id IS NULL
    GROUP BY p.order_id
) AS s
