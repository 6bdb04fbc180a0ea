-- What is true of each party, and from which day to which. Of the dated rows of one standing the last that has begun decides: it
-- ends the one before it, and a row that ends as it begins takes the standing away. Without any dated row of a standing, master data
-- says it: is_pkp for ever, suket_until up to and with that day.
SELECT
    s.party_id AS party_id,
    s.standing AS standing,
    s.rate_ppm AS rate_ppm,
    s.valid_from AS valid_from,
    -- least() passes over a null: an open row ends where the next begins.
    least(s.valid_to, lead(s.valid_from) OVER (PARTITION BY s.party_id, s.standing ORDER BY s.valid_from, s.valid_to)) AS valid_to
FROM party_standings AS s
UNION ALL
SELECT
    p.party_id AS party_id,
    'pkp' AS standing,
    NULL AS rate_ppm,
    DATE '0001-01-01' AS valid_from,
    NULL AS valid_to
FROM parties AS p
LEFT JOIN party_standings AS d ON d.party_id = p.party_id AND d.standing = 'pkp'
WHERE p.is_pkp AND d.party_id IS NULL
UNION ALL
SELECT
    p.party_id AS party_id,
    'suket_pp55' AS standing,
    NULL AS rate_ppm,
    DATE '0001-01-01' AS valid_from,
    p.suket_until + 1 AS valid_to
FROM parties AS p
LEFT JOIN party_standings AS d ON d.party_id = p.party_id AND d.standing = 'suket_pp55'
WHERE p.suket_until IS NOT NULL AND d.party_id IS NULL
