-- A row of tax_fx has its tax line with the same base and tax, once; and a line in another currency than the law's of its day has its row.
SELECT f.doc_kind, f.doc_id, f.tax, f.tax_code, f.object_code, count(t.doc_id) AS lines
FROM tax_fx AS f
LEFT JOIN tax_lines AS t
    ON t.doc_kind = f.doc_kind AND t.doc_id = f.doc_id AND t.tax = f.tax AND t.tax_code = f.tax_code AND t.object_code = f.object_code
    AND t.base_minor = f.base_minor AND t.amount_minor = f.amount_minor AND t.currency = f.currency
GROUP BY f.doc_kind, f.doc_id, f.tax, f.tax_code, f.object_code
HAVING count(t.doc_id) <> 1
UNION ALL
SELECT t.doc_kind, t.doc_id, t.tax, t.tax_code, t.object_code, 0 AS lines
FROM tax_lines AS t
LEFT JOIN tax_currencies AS c
    ON c.currency <> t.currency AND c.valid_from <= t.taxed_on AND (c.valid_to IS NULL OR t.taxed_on < c.valid_to)
LEFT JOIN tax_fx AS f
    ON f.doc_kind = t.doc_kind AND f.doc_id = t.doc_id AND f.tax = t.tax AND f.tax_code = t.tax_code AND f.object_code = t.object_code
WHERE c.row_id IS NOT NULL AND f.doc_id IS NULL AND t.doc_kind IN ('bill', 'statement')
