-- An expectation is agreed at most once.
SELECT
    a.charge_id AS charge_id,
    count(*) AS line_count
FROM audited AS a
WHERE a.charge_id IS NOT NULL
GROUP BY a.charge_id
HAVING count(*) > 1
