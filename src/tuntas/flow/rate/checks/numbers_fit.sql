-- The numbers that `look` and `past` are packed from stay inside their bits: beyond them one face would pass for another.
SELECT told.what AS what, told.most AS most
FROM (
    SELECT 'lists of days' AS what, max(t.day_no) AS most, 65535 AS room FROM rate_terms AS t
    UNION ALL
    SELECT 'limits' AS what, max(greatest(len(l.chargeable_limits), len(l.actual_limits), len(l.longest_limits), len(l.length_girth_limits))) AS most, 32767 AS room
    FROM rate_limits AS l
    UNION ALL
    SELECT 'slots' AS what, max(s.slot) AS most, 63 AS room FROM rate_slots AS s
) AS told
WHERE told.most > told.room
