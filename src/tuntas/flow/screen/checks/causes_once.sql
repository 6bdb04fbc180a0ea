-- A party, cause, charge type and currency is one row.
SELECT
    c.party_id AS party_id,
    c.cause AS cause,
    c.charge_type AS charge_type,
    count(*) AS row_count
FROM causes AS c
GROUP BY c.party_id, c.cause, c.charge_type, c.currency
HAVING count(*) > 1
