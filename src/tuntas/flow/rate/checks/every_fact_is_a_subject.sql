-- Every shipment and every warehouse day became a subject, and every order line that became final in the period.
SELECT f.fact AS fact, f.facts AS facts, f.subjects AS subjects
FROM (
    SELECT
        'shipments and warehouse days' AS fact,
        (SELECT count(*) FROM shipments) + (SELECT count(*) FROM warehouse_days) AS facts,
        (SELECT count(*) FROM subjects AS s WHERE s.side = 'buy') AS subjects
    UNION ALL
    SELECT
        'order lines' AS fact,
        (
            SELECT count(*)
            FROM order_lines AS o
            LEFT JOIN run AS r ON true
            WHERE o.completed_on >= r.period_from AND o.completed_on < r.period_to
        ) AS facts,
        (SELECT count(*) FROM subjects AS s WHERE s.side = 'payout') AS subjects
) AS f
WHERE f.facts <> f.subjects
