-- A statement holds one currency: that of its party.
SELECT party_id, min(currency) AS currency, max(other_currency) AS other_currency
FROM settle_totals
GROUP BY party_id
HAVING min(currency) <> max(other_currency)
