-- Which part of its line each refund gives back, of charges that are limited over an order: running sums by day, as rating counts them, so
-- that parts of a line sum exactly. Charges of refunds carry the number of the charge they give back, and so many millions.
SELECT
    e.charge_id AS charge_id,
    e.side AS side,
    e.subject_id AS subject_id,
    e.party_id AS party_id,
    e.agreement_id AS agreement_id,
    e.version AS version,
    e.charge_no AS charge_no,
    e.charge_no % 1000000 AS line_charge_no,
    f.order_line_id AS order_line_id,
    l.kind AS kind,
    least(f.given_minor, f.net_goods_minor) AS upto_minor,
    least(f.given_minor - f.amount_minor, f.net_goods_minor) AS from_minor,
    f.net_goods_minor AS net_goods_minor,
    e.rate_ppm AS rate_ppm,
    c.sign AS sign
FROM expected AS e
JOIN (
    SELECT g.agreement_id, g.version, g.charge_no, g.sign
    FROM charges AS g
    WHERE g.order_min_minor IS NOT NULL OR g.order_max_minor IS NOT NULL
) AS c ON c.agreement_id = e.agreement_id AND c.version = e.version AND c.charge_no = e.charge_no
LEFT JOIN charges AS l ON l.agreement_id = e.agreement_id AND l.version = e.version AND l.charge_no = e.charge_no % 1000000
LEFT JOIN (
    SELECT
        r.refund_id AS refund_id,
        r.order_line_id AS order_line_id,
        r.amount_minor AS amount_minor,
        greatest(o.price_minor - o.seller_discount_minor, 0) AS net_goods_minor,
        (sum(r.amount_minor) OVER (
            PARTITION BY r.order_line_id ORDER BY r.refunded_on, r.refund_id ROWS UNBOUNDED PRECEDING
        ))::BIGINT AS given_minor
    FROM refunds AS r
    LEFT JOIN order_lines AS o ON o.order_line_id = r.order_line_id
    WHERE EXISTS (SELECT 1 FROM charges AS g WHERE g.order_min_minor IS NOT NULL OR g.order_max_minor IS NOT NULL)
) AS f ON f.refund_id = e.subject_id
WHERE e.subject_kind = 'refund'
