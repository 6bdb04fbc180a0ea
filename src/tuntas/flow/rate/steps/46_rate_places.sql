-- What is known of each lane: its zone, or the two it might be, the lists its destination stands on, and the days the vendor promises.
-- A promise for the zone goes before one for all zones, then one for the service before one for all. Where nothing is promised nothing
-- can be late.
SELECT
    l.agreement_id AS agreement_id,
    l.version AS version,
    l.service AS service,
    l.origin_area AS origin_area,
    l.dest_area AS dest_area,
    min(name.zone_no) AS zone_no,
    CASE
        WHEN bool_or(z.rivals IS NOT NULL) THEN array_to_string(
            list_transform(list_sort(list_distinct(any_value(z.rivals))), lambda zone: l.agreement_id || '@' || l.version || '/' || zone), ','
        )
    END AS candidates,
    min(m.marks) AS marks,
    arg_max(
        s.days,
        CASE WHEN s.zone = '*' THEN 0 ELSE 2 END + CASE WHEN s.service = '*' THEN 0 ELSE 1 END
    ) AS promised_days
FROM rate_lanes AS l
LEFT JOIN rate_zones AS z
    ON z.agreement_id = l.agreement_id
    AND z.version = l.version
    AND z.service = l.service
    AND z.origin_area = l.origin_area
    AND z.dest_area = l.dest_area
LEFT JOIN rate_zone_names AS name ON name.zone = z.zone
LEFT JOIN rate_area_marks AS m ON m.agreement_id = l.agreement_id AND m.version = l.version AND m.area = l.dest_area
LEFT JOIN service_levels AS s
    ON s.agreement_id = l.agreement_id
    AND s.version = l.version
    AND s.service IN (l.service, '*')
    AND s.zone IN (z.zone, '*')
GROUP BY l.agreement_id, l.version, l.service, l.origin_area, l.dest_area
