-- What this room puts back, or lets wait, is taken out of rating first, so that no charge stands twice.
SELECT g.charge_id AS charge_id
FROM (
    SELECT e.charge_id AS charge_id
    FROM order_expected AS e
    UNION ALL
    SELECT b.charge_id AS charge_id
    FROM order_given_back AS b
) AS g
WHERE g.charge_id NOT IN (SELECT t.charge_id FROM order_touched AS t)
