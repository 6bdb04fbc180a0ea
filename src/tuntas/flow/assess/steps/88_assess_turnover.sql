-- Turnover of each seller on days of collection, one more ground of withholding on its statement: without the VAT that the prices of a
-- registered seller hold (PMK 37/2025 art. 8(1)). The last of those days decides the law; whether anything is collected from this
-- seller, its rows say. A seller nobody knows has no law.
SELECT
    'statement' AS doc_kind,
    'ST/' || r.cycle_id || '/' || n.party_id AS doc_id,
    n.party_id AS party_id,
    'marketplace_sale' AS object,
    max(n.last_on) AS taxed_on,
    sum(mul_ratio(n.gross_minor, 1000000, 1000000 + n.vat_ppm))::BIGINT AS gross_minor,
    n.currency AS currency
FROM (
    SELECT
        s.party_id AS party_id,
        s.vat_ppm AS vat_ppm,
        max(s.sold_on) AS last_on,
        sum(s.gross_minor - s.returned_minor)::BIGINT AS gross_minor,
        s.currency AS currency
    FROM assess_sales AS s
    WHERE NOT s.sold_before
    GROUP BY s.party_id, s.vat_ppm, s.currency
) AS n
LEFT JOIN run AS r ON true
LEFT JOIN parties AS p ON p.party_id = n.party_id
WHERE p.party_id IS NOT NULL
GROUP BY r.cycle_id, n.party_id, n.currency
HAVING sum(n.gross_minor) > 0
