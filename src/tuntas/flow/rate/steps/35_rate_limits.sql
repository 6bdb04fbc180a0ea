-- The weights and measures at which some charge of an agreement begins or ends, by what is measured. Subjects that lie between the
-- same two of them are alike to the agreement, so only the nearest one passed is kept of each subject further on.
SELECT
    e.agreement_id AS agreement_id,
    e.version AS version,
    list(e.edge) FILTER (WHERE e.measure = 'chargeable') AS chargeable_limits,
    list(e.edge) FILTER (WHERE e.measure = 'actual') AS actual_limits,
    list(e.edge) FILTER (WHERE e.measure = 'longest') AS longest_limits,
    list(e.edge) FILTER (WHERE e.measure = 'length_girth') AS length_girth_limits
FROM (
    SELECT c.agreement_id AS agreement_id, c.version AS version, c.weight_of AS measure, c.weight_over_g AS edge
    FROM charges AS c
    WHERE c.weight_over_g IS NOT NULL
    UNION
    SELECT c.agreement_id AS agreement_id, c.version AS version, c.weight_of AS measure, c.weight_upto_g AS edge
    FROM charges AS c
    WHERE c.weight_upto_g IS NOT NULL
    UNION
    SELECT c.agreement_id AS agreement_id, c.version AS version, c.size_of AS measure, c.size_over_mm AS edge
    FROM charges AS c
    WHERE c.size_over_mm IS NOT NULL
    UNION
    SELECT c.agreement_id AS agreement_id, c.version AS version, c.size_of AS measure, c.size_upto_mm AS edge
    FROM charges AS c
    WHERE c.size_upto_mm IS NOT NULL
) AS e
GROUP BY e.agreement_id, e.version
