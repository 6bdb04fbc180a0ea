-- The rail of each statement. Of the ways on time the cheapest, then the fewest transfers, then the latest day, then the name; when
-- none is on time, the one that arrives first.
SELECT
    w.statement_id AS statement_id,
    arg_min(
        {'rail': w.rail, 'way': w.way},
        {
            'late': CASE WHEN w.way.on_time THEN 0 ELSE 1 END,
            'arrives': CASE WHEN w.way.on_time THEN 0 ELSE w.way.arrives_on - DATE '2000-01-01' END,
            'fee': w.way.parts * w.way.fee_minor,
            'parts': w.way.parts,
            'sent': CASE WHEN w.way.on_time THEN DATE '2000-01-01' - w.way.send_on ELSE w.way.send_on - DATE '2000-01-01' END,
            'rail': w.rail
        }
    ) AS chosen
FROM pay_ways AS w
GROUP BY w.statement_id
