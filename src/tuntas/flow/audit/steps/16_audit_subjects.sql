-- What is known about each thing a vendor may bill: whose it is, where it stands, which agreement version rates it, and whether it came
-- back and owes only its way back: returned, and no freight for the way out is expected or waits for a rate.
SELECT
    s.subject_id AS subject_id,
    s.party_id AS party_id,
    s.status AS status,
    r.agreement_id AS agreement_id,
    r.version AS version,
    r.zone AS zone,
    s.subject_kind = 'period' AS periodic,
    s.status = 'returned' AND f.charge_id IS NULL AND h.code IS NULL AS returned
FROM subjects AS s
LEFT JOIN rated AS r ON r.subject_id = s.subject_id AND r.side = 'buy'
LEFT JOIN expected AS f ON f.subject_id = s.subject_id AND f.charge_type = 'freight' AND f.side = 'buy'
LEFT JOIN audit_holds AS h ON h.subject_id = s.subject_id AND h.charge_type = 'freight'
WHERE s.side = 'buy'
