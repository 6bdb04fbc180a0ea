-- What a vendor owes us for a period is credited, taken from its statement or waiting, once: those that wait for a credit note are unbilled.
SELECT r.charge_id AS charge_id, r.amount_minor AS amount_minor, n.amount_minor AS unbilled_minor
FROM rebates AS r
LEFT JOIN run AS u ON true
LEFT JOIN unbilled AS n ON n.charge_id = r.charge_id
WHERE (r.settled_by = 'credit_note' AND r.standing = 'open' AND r.accrue_on < u.period_to) <> (n.charge_id IS NOT NULL)
    OR n.amount_minor <> r.amount_minor
    OR r.settled_by IS NULL
