-- A charge id is unique: a type is charged once a version, party and period.
SELECT e.charge_id AS charge_id, count(*) AS charges
FROM period_expected AS e
GROUP BY e.charge_id
HAVING count(*) > 1
