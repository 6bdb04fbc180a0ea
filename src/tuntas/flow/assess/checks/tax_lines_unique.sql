-- One line a document, tax, code and object, each with a row of law behind it.
SELECT doc_kind, doc_id, tax, tax_code, object_code, count(*) AS copies
FROM tax_lines
GROUP BY doc_kind, doc_id, tax, tax_code, object_code
HAVING count(*) > 1 OR count(row_id) < count(*)
