-- What waits, and why: a subject without an agreement or with two (charge 0), and each charge without a price or with two.
SELECT
    p.side AS side,
    p.subject_kind AS subject_kind,
    p.subject_id AS subject_id,
    p.party_id AS party_id,
    CASE WHEN p.agreement_fits = 0 THEN 'RATE-AGREEMENT-01' ELSE 'RATE-AGREEMENT-02' END AS code,
    0::BIGINT AS charge_no,
    p.agreement_candidates AS candidates,
    p.currency AS currency
FROM rate_placed AS p
WHERE p.agreement_id IS NULL
UNION ALL
SELECT
    p.side AS side,
    p.subject_kind AS subject_kind,
    p.subject_id AS subject_id,
    p.party_id AS party_id,
    line.hold_code AS code,
    line.charge_no AS charge_no,
    line.candidates AS candidates,
    p.currency AS currency
FROM (
    SELECT d.subject_no AS subject_no, d.charge_no AS charge_no, d.hold_code AS hold_code, d.candidates AS candidates
    FROM rate_direct AS d
    WHERE d.hold_code IS NOT NULL
    UNION ALL
    SELECT c.subject_no AS subject_no, c.charge_no AS charge_no, c.hold_code AS hold_code, c.candidates AS candidates
    FROM rate_counted AS c
    WHERE c.hold_code IS NOT NULL
) AS line
LEFT JOIN rate_placed AS p ON p.subject_no = line.subject_no
