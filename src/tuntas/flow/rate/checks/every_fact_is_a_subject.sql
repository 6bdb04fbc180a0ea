-- Every shipment, warehouse day and trip became a subject, every order line that became final in the period, every refund of a final
-- line that a seller's terms speak of, and every parcel, at its end,
-- of a customer whose freight we bill.
SELECT f.fact AS fact, f.facts AS facts, f.subjects AS subjects
FROM (
    SELECT
        'shipments, warehouse days and trips' AS fact,
        (SELECT count(*) FROM shipments) + (SELECT count(*) FROM warehouse_days) + (SELECT count(*) FROM trips) AS facts,
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
        (SELECT count(*) FROM subjects AS s WHERE s.side = 'payout' AND s.subject_kind = 'order_line') AS subjects
    UNION ALL
    SELECT
        'refunds' AS fact,
        (
            SELECT count(*)
            FROM refunds AS f
            LEFT JOIN run AS r ON true
            LEFT JOIN order_lines AS o ON o.order_line_id = f.order_line_id
            WHERE greatest(f.refunded_on, o.completed_on) >= r.period_from
                AND greatest(f.refunded_on, o.completed_on) < r.period_to
                AND o.completed_on IS NOT NULL
                AND o.seller_id IN (SELECT p.party_id FROM rate_payers AS p WHERE p.purpose = 'refund')
        ) AS facts,
        (SELECT count(*) FROM subjects AS s WHERE s.side = 'payout' AND s.subject_kind = 'refund') AS subjects
    UNION ALL
    SELECT
        'parcels billed on' AS fact,
        (
            SELECT count(*)
            FROM shipments AS s
            LEFT JOIN rate_statuses AS t ON t.waybill = s.waybill
            WHERE coalesce(t.status, s.status) IS NOT NULL
                AND s.seller_id IN (SELECT p.party_id FROM rate_payers AS p WHERE p.purpose = 'sell')
        ) AS facts,
        (SELECT count(*) FROM subjects AS s WHERE s.side = 'sell') AS subjects
) AS f
WHERE f.facts <> f.subjects
