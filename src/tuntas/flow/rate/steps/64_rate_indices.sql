-- The rate of each dated index on each day a subject was rated. Two rates on one day are both named and none is taken.
SELECT
    k.agreement_id AS agreement_id,
    k.version AS version,
    k.rated_on AS rated_on,
    i.index_name AS index_name,
    count(*) AS fits,
    min(i.rate_ppm) AS rate_ppm,
    CASE WHEN count(*) > 1
        THEN string_agg(i.index_name || ':' || i.valid_from, ',' ORDER BY i.valid_from, i.rate_ppm)
    END AS candidates
FROM (
    SELECT DISTINCT
        p.agreement_id AS agreement_id,
        p.version AS version,
        p.rated_on AS rated_on
    FROM rate_placed AS p
) AS k
JOIN index_rates AS i
    ON i.agreement_id = k.agreement_id
    AND i.version = k.version
    AND i.valid_from <= k.rated_on
    AND (i.valid_to IS NULL OR k.rated_on < i.valid_to)
GROUP BY k.agreement_id, k.version, k.rated_on, i.index_name
