-- Every adjustment is expected once, for its amount.
SELECT t.adjustment_id AS adjustment_id
FROM (
    SELECT a.adjustment_id AS adjustment_id, 1 AS rows_told, a.amount_minor AS amount_minor
    FROM adjustments AS a
    UNION ALL
    SELECT e.subject_id AS adjustment_id, -1 AS rows_told, -e.amount_minor AS amount_minor
    FROM adjust_expected AS e
) AS t
GROUP BY t.adjustment_id
HAVING sum(t.rows_told) <> 0 OR sum(t.amount_minor) <> 0
