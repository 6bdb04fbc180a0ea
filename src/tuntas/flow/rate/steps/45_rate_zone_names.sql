-- A number for each name of a zone, in the order of the names, over all agreements: prices are looked up by number.
SELECT
    named.zone AS zone,
    row_number() OVER (ORDER BY named.zone) AS zone_no
FROM (
    SELECT z.zone AS zone FROM zones AS z
    UNION
    SELECT b.zone AS zone FROM bands AS b
) AS named
