-- The refunds a seller bears in this period. A refund counts when its sale is final too: on the later of the two days. A refund of a
-- sale still open is buyers' money and not the seller's; one of a sale we hold no line of counts on its own day.
-- `known_before` says the money went back in an earlier period, before the sale became final.
SELECT
    f.refund_id AS refund_id,
    f.order_line_id AS order_line_id,
    f.seller_id AS seller_id,
    f.amount_minor AS amount_minor,
    f.refunded_on < r.period_from AS known_before,
    f.currency AS currency
FROM refunds AS f
LEFT JOIN run AS r ON true
LEFT JOIN order_lines AS l ON l.order_line_id = f.order_line_id
WHERE (l.order_line_id IS NULL OR l.completed_on IS NOT NULL)
    AND greatest(f.refunded_on, coalesce(l.completed_on, f.refunded_on)) >= r.period_from
    AND greatest(f.refunded_on, coalesce(l.completed_on, f.refunded_on)) < r.period_to
