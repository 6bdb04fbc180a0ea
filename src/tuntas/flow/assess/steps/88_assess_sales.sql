-- What each sale of a day of collection adds to its seller's turnover: the goods price before any discount (PMK 37/2025 art. 1(10)),
-- and the delivery the buyer was charged where the seller carries its goods itself (annex B); less what came back. A refund takes away
-- the part of the price that the buyer was given back of what it paid. A sale belongs to the day it became final, since the money is
-- the buyer's until then. Of sales of earlier periods only those are told that came back in this one.
SELECT
    l.seller_id AS party_id,
    l.completed_on AS sold_on,
    l.completed_on < r.period_from AS sold_before,
    l.price_minor + CASE WHEN h.vendor_id = l.seller_id THEN l.shipping_charged_minor ELSE 0 END AS gross_minor,
    CASE
        WHEN coalesce(f.refunded_minor, 0) <= 0 THEN 0
        WHEN f.refunded_minor >= l.price_minor - l.seller_discount_minor - l.platform_voucher_minor THEN l.price_minor
        ELSE mul_ratio(l.price_minor, f.refunded_minor, l.price_minor - l.seller_discount_minor - l.platform_voucher_minor)
    END AS returned_minor,
    CASE WHEN d.vat_standing = '-' OR y.party_id IS NOT NULL THEN d.vat_ppm ELSE 0 END AS vat_ppm,
    l.currency AS currency
FROM order_lines AS l
LEFT JOIN run AS r ON true
LEFT JOIN assess_sale_days AS d ON d.sold_on = l.completed_on
LEFT JOIN shipments AS h ON h.waybill = l.waybill
LEFT JOIN assess_standings AS y
    ON y.party_id = l.seller_id AND y.standing = d.vat_standing
    AND y.valid_from <= l.completed_on AND (y.valid_to IS NULL OR l.completed_on < y.valid_to)
LEFT JOIN (
    SELECT x.order_line_id AS order_line_id, sum(x.amount_minor)::BIGINT AS refunded_minor
    FROM refunds AS x
    LEFT JOIN run AS q ON true
    LEFT JOIN order_lines AS o ON o.order_line_id = x.order_line_id
    WHERE x.refunded_on < q.period_to AND (o.completed_on >= q.period_from OR x.refunded_on >= q.period_from)
    GROUP BY x.order_line_id
) AS f ON f.order_line_id = l.order_line_id
WHERE d.sold_on IS NOT NULL AND (l.completed_on >= r.period_from OR f.refunded_minor > 0)
