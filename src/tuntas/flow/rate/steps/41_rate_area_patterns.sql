-- The words a zone table may use for an area: its own code, the code cut at each dot, and *. 31.71 is 31.71, 31 and *.
-- Depth says how near the word is: the number of parts, 0 for *. Only words that some zone row uses are kept.
SELECT
    word.area AS area,
    word.pattern AS pattern,
    word.depth AS depth
FROM (
    SELECT
        ends.area AS area,
        array_to_string(string_split(ends.area, '.')[1:ends.depth], '.') AS pattern,
        ends.depth AS depth
    FROM (
        SELECT
            areas.area AS area,
            unnest(generate_series(1, len(string_split(areas.area, '.')))) AS depth
        FROM (
            SELECT l.origin_area AS area FROM rate_lanes AS l
            UNION
            SELECT l.dest_area AS area FROM rate_lanes AS l
        ) AS areas
    ) AS ends
    UNION ALL
    SELECT
        areas.area AS area,
        '*' AS pattern,
        0 AS depth
    FROM (
        SELECT l.origin_area AS area FROM rate_lanes AS l
        UNION
        SELECT l.dest_area AS area FROM rate_lanes AS l
    ) AS areas
) AS word
WHERE word.pattern IN (
    SELECT z.origin_area FROM zones AS z
    UNION
    SELECT z.dest_area FROM zones AS z
)
