-- One statement a party and cycle.
SELECT statement_id, count(*) AS copies
FROM statements
GROUP BY statement_id
HAVING count(*) > 1
