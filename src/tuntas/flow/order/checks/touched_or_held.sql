-- A charge this room takes out of rating is put back with an amount, or waits.
SELECT t.charge_id AS charge_id
FROM order_touched AS t
LEFT JOIN order_expected AS e ON e.charge_id = t.charge_id
LEFT JOIN order_given_back AS g ON g.charge_id = t.charge_id AND g.part_minor IS NULL
WHERE e.amount_minor IS NULL AND g.charge_id IS NULL
