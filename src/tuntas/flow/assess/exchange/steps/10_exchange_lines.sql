-- Tax lines in another currency than the one taxes are reported in on their day, and the day whose rate counts: the line's own, or that of
-- the document it corrects, so that what is given back is worth what was withheld.
SELECT
    t.doc_kind AS doc_kind,
    t.doc_id AS doc_id,
    t.party_id AS party_id,
    t.tax AS tax,
    t.tax_code AS tax_code,
    t.object_code AS object_code,
    t.base_minor AS base_minor,
    t.rate_ppm AS rate_ppm,
    t.amount_minor AS amount_minor,
    t.currency AS currency,
    t.row_id AS tax_row_id,
    coalesce(o.taxed_on, t.taxed_on) AS exchanged_on,
    c.currency AS reported_in,
    c.fx_source AS fx_source,
    c.carry_days AS carry_days,
    c.row_id AS row_id,
    c.source AS source
FROM tax_lines AS t
LEFT JOIN withheld_before AS o
    ON t.doc_kind = o.doc_kind || '_correction' AND o.doc_id = t.doc_id AND o.tax_code = t.tax_code
    AND o.object_code = t.object_code AND o.currency = t.currency
LEFT JOIN tax_currencies AS c
    ON c.valid_from <= coalesce(o.taxed_on, t.taxed_on) AND (c.valid_to IS NULL OR coalesce(o.taxed_on, t.taxed_on) < c.valid_to)
WHERE c.currency <> t.currency
