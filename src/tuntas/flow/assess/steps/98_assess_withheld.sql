-- Withholding by document, tax and object code. The rate told is the rate of the highest slice reached; the base of a ground is
-- counted once. A tax that needs a slip has its row also when it is zero.
SELECT
    g.doc_kind AS doc_kind,
    g.doc_id AS doc_id,
    g.party_id AS party_id,
    g.currency AS currency,
    g.tax AS tax,
    g.object_code AS object_code,
    g.taxed_on AS taxed_on,
    max(g.form) AS form,
    bool_or(g.borne) AS borne,
    sum(g.gross_minor)::BIGINT AS gross_minor,
    sum(s.base_minor)::BIGINT AS base_minor,
    max(s.rate_ppm) AS rate_ppm,
    sum(s.amount_minor)::BIGINT AS amount_minor,
    string_agg(s.row_id, '+' ORDER BY s.row_id) AS row_id,
    min(s.source) AS source
FROM assess_grounds AS g
LEFT JOIN (
    SELECT
        doc_kind,
        doc_id,
        ground,
        min(base_minor) AS base_minor,
        max(rate_ppm) AS rate_ppm,
        sum(amount_minor)::BIGINT AS amount_minor,
        string_agg(row_id, '+' ORDER BY over_minor, row_id) AS row_id,
        min(source) AS source
    FROM assess_slices
    GROUP BY doc_kind, doc_id, ground
) AS s ON s.doc_kind = g.doc_kind AND s.doc_id = g.doc_id AND s.ground = g.ground
GROUP BY g.doc_kind, g.doc_id, g.party_id, g.currency, g.tax, g.object_code, g.taxed_on
HAVING sum(s.amount_minor) <> 0 OR max(g.form) <> '-'
