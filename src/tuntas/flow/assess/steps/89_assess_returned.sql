-- Sales of earlier periods that came back, without VAT, on the statement that taxed them: of the seller's statements of that month the
-- first whose last taxed day is not before the sale.
SELECT
    n.doc_id AS doc_id,
    n.tax_code AS tax_code,
    n.object_code AS object_code,
    n.currency AS currency,
    sum(n.returned_minor)::BIGINT AS returned_minor
FROM (
    SELECT
        t.returned_minor AS returned_minor,
        t.currency AS currency,
        h.tax_code AS tax_code,
        h.object_code AS object_code,
        arg_min(h.doc_id, h.taxed_on::VARCHAR || h.doc_id) AS doc_id
    FROM (
        SELECT
            s.party_id AS party_id,
            s.sold_on AS sold_on,
            mul_ratio(sum(s.returned_minor)::BIGINT, 1000000, 1000000 + s.vat_ppm) AS returned_minor,
            s.currency AS currency
        FROM assess_sales AS s
        WHERE s.sold_before
        GROUP BY s.party_id, s.sold_on, s.vat_ppm, s.currency
    ) AS t
    LEFT JOIN assess_held_tax AS h
        ON h.doc_kind = 'statement' AND h.party_id = t.party_id AND h.currency = t.currency AND h.taxed_on >= t.sold_on
        AND date_trunc('month', h.taxed_on) = date_trunc('month', t.sold_on)
    WHERE h.doc_id IS NOT NULL
    GROUP BY t.party_id, t.sold_on, t.returned_minor, t.currency, h.tax_code, h.object_code
) AS n
GROUP BY n.doc_id, n.tax_code, n.object_code, n.currency
