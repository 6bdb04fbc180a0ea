-- A period has an amount or a reason to wait, never both and never neither.
SELECT p.subject_id AS subject_id, p.charge_no AS charge_no, p.amount_minor AS amount_minor, p.hold_code AS hold_code
FROM period_results AS p
WHERE (p.amount_minor IS NULL) = (p.hold_code IS NULL)
