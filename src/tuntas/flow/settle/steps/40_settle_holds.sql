-- Sales of the period that cannot be paid yet, one row an order line, net of its own fees and refunds. First reason wins: completed
-- within the last hold_days of the period; cash on delivery that the courier has not handed over; handed over short.
SELECT
    h.seller_id AS party_id,
    h.reason AS reason,
    h.order_line_id AS order_line_id,
    h.price_minor - h.seller_discount_minor + coalesce(e.fees_minor, 0) - coalesce(f.refunded_minor, 0) AS hold_minor,
    h.currency AS currency
FROM (
    SELECT
        l.seller_id AS seller_id,
        l.order_line_id AS order_line_id,
        l.price_minor AS price_minor,
        l.seller_discount_minor AS seller_discount_minor,
        CASE
            WHEN l.completed_on >= r.period_to - r.hold_days::INTEGER THEN 'completed_recently'
            WHEN l.is_cod AND c.verdict = 'outstanding' THEN 'cod_outstanding'
            WHEN l.is_cod AND c.verdict = 'short' THEN 'cod_short'
        END AS reason,
        l.currency AS currency
    FROM order_lines AS l
    LEFT JOIN run AS r ON true
    LEFT JOIN cod_audited AS c ON c.waybill = l.waybill
    WHERE l.completed_on >= r.period_from AND l.completed_on < r.period_to
) AS h
LEFT JOIN (
    SELECT subject_id, sum(amount_minor)::BIGINT AS fees_minor FROM expected WHERE side = 'payout' GROUP BY subject_id
) AS e ON e.subject_id = h.order_line_id
LEFT JOIN (
    SELECT order_line_id, sum(amount_minor)::BIGINT AS refunded_minor FROM settle_refunds GROUP BY order_line_id
) AS f ON f.order_line_id = h.order_line_id
WHERE h.reason IS NOT NULL
    AND h.price_minor - h.seller_discount_minor + coalesce(e.fees_minor, 0) - coalesce(f.refunded_minor, 0) > 0
