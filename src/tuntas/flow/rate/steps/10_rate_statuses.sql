-- What became of each shipment, as far as it was known by the run's as_of: the final event that happened last.
-- At one instant lost goes before damaged, damaged before returned, returned before delivered: the costlier news is kept.
-- Failed attempts are counted whether or not a final event is known.
SELECT
    known.waybill AS waybill,
    arg_max(known.event, epoch_us(known.occurred_at) * 8 + known.final_rank) FILTER (WHERE known.final_rank > 0) AS status,
    max(known.occurred_at) FILTER (WHERE known.final_rank > 0)::DATE AS status_on,
    count(*) FILTER (WHERE known.event = 'attempt_failed') AS attempts
FROM (
    SELECT
        e.waybill AS waybill,
        e.event AS event,
        e.occurred_at AS occurred_at,
        CASE e.event WHEN 'lost' THEN 4 WHEN 'damaged' THEN 3 WHEN 'returned' THEN 2 WHEN 'delivered' THEN 1 ELSE 0 END AS final_rank
    FROM events AS e
    WHERE e.known_at <= (SELECT max(r.as_of) FROM run AS r)
) AS known
GROUP BY known.waybill
