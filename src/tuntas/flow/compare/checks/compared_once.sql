-- A charge that differs is told once, and differs.
SELECT c.charge_id AS charge_id, count(*) AS rows_told
FROM compared AS c
GROUP BY c.charge_id
HAVING count(*) > 1 OR bool_or(c.difference_minor = 0) OR bool_or(c.cause IS NULL)
