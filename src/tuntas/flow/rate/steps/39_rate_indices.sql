-- The rate of each dated index on each day an agreement rates. Two rates on one day are both named and none is taken.
SELECT
    k.version_no AS version_no,
    k.rated_on AS rated_on,
    min(name.index_no) AS index_no,
    count(*) AS fits,
    CASE WHEN count(*) = 1 THEN min(i.rate_ppm) END AS rate_ppm,
    CASE WHEN count(*) > 1
        THEN string_agg(i.index_name || ':' || i.valid_from, ',' ORDER BY i.valid_from, i.rate_ppm)
    END AS candidates
FROM (
    SELECT DISTINCT
        t.agreement_id AS agreement_id,
        t.version AS version,
        t.version_no AS version_no,
        t.rated_on AS rated_on
    FROM rate_terms AS t
) AS k
JOIN index_rates AS i
    ON i.agreement_id = k.agreement_id
    AND i.version = k.version
    AND i.valid_from <= k.rated_on
    AND (i.valid_to IS NULL OR k.rated_on < i.valid_to)
LEFT JOIN rate_index_names AS name ON name.version_no = k.version_no AND name.index_name = i.index_name
GROUP BY k.version_no, k.rated_on, i.index_name
