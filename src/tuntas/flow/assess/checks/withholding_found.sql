-- Every object and payee of a bill that something must be withheld from has a row of law, and every ground has its slices; none on
-- file is never zero tax.
SELECT a.doc_kind, a.doc_id, a.ground
FROM assess_agreed AS a
LEFT JOIN assess_slices AS s ON s.doc_kind = a.doc_kind AND s.doc_id = a.doc_id AND s.ground = a.ground
WHERE s.row_id IS NULL
