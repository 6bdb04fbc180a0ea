-- The rail of each statement: the cheapest that carries the amount in the currency of the books on the day of payment, ties by
-- name. With Indonesian tariffs that is BI-FAST up to its limit, then SKN, then RTGS.
SELECT
    s.statement_id AS statement_id,
    arg_min(r.rail, {'fee': r.fee_minor, 'rail': r.rail}) AS rail
FROM statements AS s
LEFT JOIN pay_days AS d ON d.due_on = s.due_on
LEFT JOIN run AS u ON true
LEFT JOIN rails AS r ON r.rail <> 'in-house'
    AND s.currency = u.currency
    AND s.payable_minor >= r.min_minor
    AND (r.max_minor IS NULL OR s.payable_minor <= r.max_minor)
    AND r.valid_from <= d.pay_on
    AND (r.valid_to IS NULL OR d.pay_on < r.valid_to)
WHERE s.payable_minor > 0 AND r.rail IS NOT NULL
GROUP BY s.statement_id
