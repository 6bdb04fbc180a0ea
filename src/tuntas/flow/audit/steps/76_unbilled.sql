-- Buying charges of service rendered by the end of the period that no bill has claimed, now or before. A disputed or held line
-- does not claim. Claims of ours (below zero) are neither billed nor unbilled; what a vendor
-- has to credit for a period is unbilled below zero.
SELECT
    e.charge_id AS charge_id,
    e.party_id AS party_id,
    e.subject_id AS subject_id,
    e.charge_type AS charge_type,
    e.amount_minor AS amount_minor,
    e.accrue_on AS accrue_on,
    e.currency AS currency
FROM expected AS e
LEFT JOIN run AS u ON true
LEFT JOIN audited AS a ON a.charge_id = e.charge_id
LEFT JOIN audit_settled_before AS b
    ON b.vendor_id = e.party_id AND b.subject_id = e.subject_id AND b.charge_type = e.charge_type
WHERE e.side = 'buy'
    AND e.amount_minor > 0
    AND e.accrue_on < u.period_to
    AND a.charge_id IS NULL
    AND b.subject_id IS NULL
UNION ALL
SELECT
    r.charge_id AS charge_id,
    r.party_id AS party_id,
    r.subject_id AS subject_id,
    r.charge_type AS charge_type,
    r.amount_minor AS amount_minor,
    r.accrue_on AS accrue_on,
    r.currency AS currency
FROM rebates AS r
LEFT JOIN run AS u ON true
WHERE r.settled_by = 'credit_note'
    AND r.standing = 'open'
    AND r.accrue_on < u.period_to
