-- What vendors owe us for a period: credited by a bill line now or before, or open. Who settles it is said by the agreement.
SELECT
    e.charge_id AS charge_id,
    e.party_id AS party_id,
    e.subject_id AS subject_id,
    e.charge_type AS charge_type,
    e.amount_minor AS amount_minor,
    e.accrue_on AS accrue_on,
    p.settled_by AS settled_by,
    CASE WHEN a.charge_id IS NOT NULL THEN 'claimed' WHEN b.subject_id IS NOT NULL THEN 'claimed_before' ELSE 'open' END AS standing,
    e.currency AS currency
FROM expected AS e
LEFT JOIN period_charges AS p ON p.agreement_id = e.agreement_id AND p.version = e.version AND p.charge_no = e.charge_no
LEFT JOIN audited AS a ON a.charge_id = e.charge_id
LEFT JOIN audit_settled_before AS b
    ON b.vendor_id = e.party_id AND b.subject_id = e.subject_id AND b.charge_type = e.charge_type
WHERE e.subject_kind = 'period'
    AND e.side = 'buy'
    AND e.amount_minor < 0
