-- The charges of periods that wait, and why.
SELECT
    s.side AS side,
    s.subject_kind AS subject_kind,
    p.subject_id AS subject_id,
    p.party_id AS party_id,
    p.hold_code AS code,
    p.charge_no AS charge_no,
    p.candidates AS candidates,
    p.currency AS currency
FROM period_results AS p
LEFT JOIN period_subjects AS s ON s.subject_id = p.subject_id
WHERE p.hold_code IS NOT NULL
