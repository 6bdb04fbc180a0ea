-- A charge id is unique: one charge a type and subject.
SELECT e.charge_id AS charge_id, count(*) AS times
FROM expected AS e
GROUP BY e.charge_id
HAVING count(*) > 1
