-- What the lines of each order ask for: goods less discounts plus shipping charged. An order has one currency, the first of
-- its lines by code; lines in another currency are counted, not added.
SELECT
    l.order_id AS order_id,
    min(f.currency) AS currency,
    sum(CASE WHEN l.currency = f.currency
        THEN l.price_minor - l.seller_discount_minor - l.platform_voucher_minor + l.shipping_charged_minor ELSE 0 END)::BIGINT AS lines_minor,
    sum(CASE WHEN l.currency = f.currency THEN 0 ELSE 1 END)::BIGINT AS foreign_lines,
    bool_or(l.is_cod) AS is_cod
FROM order_lines AS l
LEFT JOIN (SELECT o.order_id AS order_id, min(o.currency) AS currency FROM order_lines AS o GROUP BY o.order_id) AS f
    ON f.order_id = l.order_id
GROUP BY l.order_id
