-- Days on which a rail has the same limits and fee are one offer. Money leaves on the last day that is still on time, because it is
-- ours until then; when no day is on time, on the one that arrives first.
SELECT
    d.due_on AS due_on,
    d.side AS side,
    d.rail AS rail,
    d.min_minor AS min_minor,
    d.max_minor AS max_minor,
    d.fee_minor AS fee_minor,
    d.parts_max AS parts_max,
    bool_or(d.on_time) AS on_time,
    coalesce(
        max(d.send_on) FILTER (WHERE d.on_time), arg_min(d.send_on, {'arrives_on': d.arrives_on, 'send_on': d.send_on})
    ) AS send_on,
    coalesce(
        arg_max(d.arrives_on, d.send_on) FILTER (WHERE d.on_time), min(d.arrives_on)
    ) AS arrives_on
FROM pay_rail_days AS d
GROUP BY d.due_on, d.side, d.rail, d.min_minor, d.max_minor, d.fee_minor, d.parts_max
