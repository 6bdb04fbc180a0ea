-- What still stands of tax that earlier cycles withheld, by document, after what was given back of it; a document that bore none is
-- there too, so that what came back is looked for on the document it was on. The row of law is the one whose
-- rate comes nearest to what was withheld on that day, so that a correction cites what it undoes.
SELECT
    n.doc_kind AS doc_kind,
    n.doc_id AS doc_id,
    n.party_id AS party_id,
    n.tax_code AS tax_code,
    n.object_code AS object_code,
    n.taxed_on AS taxed_on,
    n.gross_minor AS gross_minor,
    n.base_minor AS base_minor,
    n.amount_minor AS amount_minor,
    n.currency AS currency,
    coalesce(arg_min(n.row_id, n.nearness), 'none') AS row_id,
    coalesce(arg_min(n.rate_ppm, n.nearness), 0) AS rate_ppm,
    coalesce(arg_min(n.source, n.nearness), '-') AS source,
    coalesce(arg_min(n.form, n.nearness), '-') AS form
FROM (
    SELECT
        b.*,
        w.row_id AS row_id,
        w.rate_ppm AS rate_ppm,
        w.source AS source,
        w.form AS form,
        lpad(abs(mul_ppm(b.base_minor, w.rate_ppm) - b.amount_minor)::VARCHAR, 20, '0') || w.row_id AS nearness
    FROM (
        SELECT
            replace(p.doc_kind, '_correction', '') AS doc_kind,
            p.doc_id AS doc_id,
            p.party_id AS party_id,
            p.tax_code AS tax_code,
            p.object_code AS object_code,
            max(CASE WHEN p.doc_kind IN ('bill', 'statement') THEN p.taxed_on END) AS taxed_on,
            sum(p.gross_minor)::BIGINT AS gross_minor,
            sum(p.base_minor)::BIGINT AS base_minor,
            sum(p.amount_minor)::BIGINT AS amount_minor,
            p.currency AS currency
        FROM withheld_before AS p
        GROUP BY replace(p.doc_kind, '_correction', ''), p.doc_id, p.party_id, p.tax_code, p.object_code, p.currency
    ) AS b
    LEFT JOIN withholding_rules AS w
        ON w.tax = b.tax_code AND w.object_code = b.object_code AND w.rate_ppm > 0
        AND w.valid_from <= b.taxed_on AND (w.valid_to IS NULL OR b.taxed_on < w.valid_to)
) AS n
GROUP BY n.doc_kind, n.doc_id, n.party_id, n.tax_code, n.object_code, n.taxed_on, n.gross_minor, n.base_minor, n.amount_minor, n.currency
