-- The way each rail could carry each statement: in as few transfers as its limits allow, when that is not more than one payment may
-- be divided into and each part reaches the smallest amount. One way a rail: the last day on time, else the first to arrive.
SELECT
    f.statement_id AS statement_id,
    f.rail AS rail,
    arg_min(
        {
            'on_time': f.on_time, 'send_on': f.send_on, 'arrives_on': f.arrives_on, 'parts': f.parts,
            'fee_minor': f.fee_minor, 'min_minor': f.min_minor, 'max_minor': f.max_minor
        },
        {
            'late': CASE WHEN f.on_time THEN 0 ELSE 1 END,
            'first': CASE WHEN f.on_time THEN DATE '2000-01-01' - f.send_on ELSE f.arrives_on - DATE '2000-01-01' END,
            'second': CASE WHEN f.on_time THEN 0 ELSE f.send_on - DATE '2000-01-01' END
        }
    ) AS way
FROM (
    SELECT
        s.statement_id AS statement_id,
        p.rail AS rail,
        p.on_time AS on_time,
        p.send_on AS send_on,
        p.arrives_on AS arrives_on,
        p.fee_minor AS fee_minor,
        p.min_minor AS min_minor,
        p.max_minor AS max_minor,
        p.parts_max AS parts_max,
        s.payable_minor AS payable_minor,
        CASE WHEN p.max_minor IS NULL THEN 1 ELSE (s.payable_minor + p.max_minor - 1) // p.max_minor END AS parts
    FROM statements AS s
    LEFT JOIN run AS u ON true
    LEFT JOIN pay_rail_spans AS p ON p.due_on = s.due_on AND p.side = s.side
    WHERE s.payable_minor > 0 AND s.currency = u.currency AND p.rail IS NOT NULL
) AS f
WHERE f.payable_minor >= f.min_minor
    AND (f.max_minor IS NULL OR f.parts <= f.parts_max)
    AND f.parts * f.min_minor <= f.payable_minor
GROUP BY f.statement_id, f.rail
