-- What each refund gives back of its order line, and at which stage. Refunds of a line are taken in the order of their days; together
-- they give back at most the whole line, so shares are differences of running sums and sum exactly. `part_minor` is of the goods less the
-- seller's discount. The stage is told by the carrier: before the parcel was handed over, after it, or after the line was delivered. A
-- refund that does not complete the line is a part.
SELECT
    r.refund_id AS refund_id,
    r.order_line_id AS order_line_id,
    r.refunded_on AS refunded_on,
    r.net_goods_minor AS net_goods_minor,
    least(r.given_minor, r.net_goods_minor) AS upto_minor,
    least(r.given_minor - r.amount_minor, r.net_goods_minor) AS from_minor,
    CASE
        WHEN r.waybill IS NULL OR s.waybill IS NULL OR r.refunded_on < s.shipped_on THEN 'before_ship'
        WHEN coalesce(t.status, s.status) = 'delivered'
            AND coalesce(CASE WHEN t.status IS NULL THEN s.status_on ELSE t.status_on END, s.shipped_on) <= r.refunded_on
            THEN 'after_delivery'
        ELSE 'after_ship'
    END
    || CASE
        WHEN r.given_minor >= r.net_goods_minor AND r.given_minor - r.amount_minor < r.net_goods_minor THEN ''
        ELSE '_part'
    END AS stage
FROM (
    SELECT
        f.refund_id AS refund_id,
        f.order_line_id AS order_line_id,
        f.refunded_on AS refunded_on,
        f.amount_minor AS amount_minor,
        o.waybill AS waybill,
        greatest(o.price_minor - o.seller_discount_minor, 0) AS net_goods_minor,
        (sum(f.amount_minor) OVER (
            PARTITION BY f.order_line_id ORDER BY f.refunded_on, f.refund_id ROWS UNBOUNDED PRECEDING
        ))::BIGINT AS given_minor
    FROM refunds AS f
    JOIN order_lines AS o ON o.order_line_id = f.order_line_id
    WHERE o.seller_id IN (SELECT p.party_id FROM rate_payers AS p WHERE p.purpose = 'refund')
) AS r
LEFT JOIN shipments AS s ON s.waybill = r.waybill
LEFT JOIN rate_statuses AS t ON t.waybill = r.waybill
