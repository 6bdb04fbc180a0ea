-- A charge carries an amount or a reason to wait, never both and never neither; before its sign it is not below zero.
SELECT c.subject_no AS subject_no, c.charge_no AS charge_no, c.amount_minor AS amount_minor, c.hold_code AS hold_code
FROM (
    SELECT d.subject_no AS subject_no, d.charge_no AS charge_no, d.amount_minor AS amount_minor, d.hold_code AS hold_code
    FROM rate_direct AS d
    UNION ALL
    SELECT k.subject_no AS subject_no, k.charge_no AS charge_no, k.amount_minor AS amount_minor, k.hold_code AS hold_code
    FROM rate_counted AS k
) AS c
WHERE (c.amount_minor IS NULL) = (c.hold_code IS NULL)
    OR c.amount_minor < 0
