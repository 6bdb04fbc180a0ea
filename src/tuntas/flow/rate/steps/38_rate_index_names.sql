-- The indices an agreement version names, numbered within it: few, so the rate of each stands in a column of its own beside the day.
SELECT
    n.version_no AS version_no,
    i.index_name AS index_name,
    row_number() OVER (PARTITION BY n.version_no ORDER BY i.index_name) AS index_no
FROM (
    SELECT DISTINCT
        x.agreement_id AS agreement_id,
        x.version AS version,
        x.index_name AS index_name
    FROM index_rates AS x
) AS i
LEFT JOIN rate_versions AS n ON n.agreement_id = i.agreement_id AND n.version = i.version
