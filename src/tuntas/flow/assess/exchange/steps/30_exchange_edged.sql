-- Lines whose tax has slices: their edges are amounts of the currency of the law and were held against amounts of another, so the tax is not
-- to be relied on. Each row of law that a line cites is looked up.
SELECT DISTINCT
    e.doc_kind AS doc_kind,
    e.doc_id AS doc_id,
    e.tax AS tax,
    e.tax_code AS tax_code,
    e.object_code AS object_code
FROM (
    SELECT
        l.doc_kind AS doc_kind,
        l.doc_id AS doc_id,
        l.tax AS tax,
        l.tax_code AS tax_code,
        l.object_code AS object_code,
        unnest(string_split(l.tax_row_id, '+')) AS tax_row_id
    FROM exchange_lines AS l
) AS e
LEFT JOIN withholding_rules AS w ON w.row_id = e.tax_row_id
WHERE w.over_minor > 0 OR w.upto_minor IS NOT NULL
