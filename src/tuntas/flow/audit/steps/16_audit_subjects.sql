-- What is known about each thing a vendor may bill: whose it is, where it stands, and which agreement version rates it.
SELECT
    s.subject_id AS subject_id,
    s.party_id AS party_id,
    s.status AS status,
    r.agreement_id AS agreement_id,
    r.version AS version,
    r.zone AS zone,
    q.subject_id IS NOT NULL AS returned
FROM subjects AS s
LEFT JOIN rated AS r ON r.subject_id = s.subject_id AND r.side = 'buy'
LEFT JOIN audit_returned AS q ON q.subject_id = s.subject_id
WHERE s.side = 'buy'
