-- Every zone row that covers a lane, and how near it is: the destination's depth first, then the origin's, then a named service.
SELECT
    l.agreement_id AS agreement_id,
    l.version AS version,
    l.service AS service,
    l.origin_area AS origin_area,
    l.dest_area AS dest_area,
    z.zone AS zone,
    d.depth * 1000000 + o.depth * 1000 + CASE WHEN z.service = '*' THEN 0 ELSE 1 END AS nearness
FROM rate_lanes AS l
LEFT JOIN rate_area_patterns AS d ON d.area = l.dest_area
LEFT JOIN rate_area_patterns AS o ON o.area = l.origin_area
LEFT JOIN zones AS z
    ON z.agreement_id = l.agreement_id
    AND z.version = l.version
    AND z.dest_area = d.pattern
    AND z.origin_area = o.pattern
    AND z.service IN (l.service, '*')
WHERE z.zone IS NOT NULL
