-- The balance each party begins with: what the books carried, else the balance of its go-live.
SELECT
    coalesce(o.party_id, p.party_id) AS party_id,
    coalesce(o.opening_minor, p.opening_minor, 0) AS opening_minor,
    coalesce(o.currency, p.currency) AS currency
FROM parties AS p
FULL JOIN openings AS o ON o.party_id = p.party_id
WHERE coalesce(o.opening_minor, p.opening_minor, 0) <> 0
