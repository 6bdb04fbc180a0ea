-- A statement holds one currency: that of its party.
SELECT party_id, count(DISTINCT currency) AS currencies
FROM settle_movements
GROUP BY party_id
HAVING count(DISTINCT currency) > 1
