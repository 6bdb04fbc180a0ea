-- No proposed payment without a verified account and a rail, none with a reason to hold, none on or before the day the run knows,
-- and none on a day its rail does not run: only a rail that runs every day, or in-house, may carry money while banks are closed.
SELECT p.payment_id AS payment_id, p.rail AS rail, p.pay_on AS pay_on
FROM payments AS p
LEFT JOIN run AS u ON true
LEFT JOIN parties AS y ON y.party_id = p.party_id
LEFT JOIN holidays AS h ON h.on_date = p.pay_on
LEFT JOIN party_holds AS k ON k.party_id = p.party_id
LEFT JOIN rails AS r ON r.rail = p.rail AND r.valid_from <= p.pay_on AND (r.valid_to IS NULL OR p.pay_on < r.valid_to)
WHERE (p.status = 'proposed' AND (
        p.rail = 'none' OR p.bank_account IS NULL OR p.bank_bic IS NULL OR p.hold_code IS NOT NULL
        OR NOT coalesce(y.bank_verified, false) OR k.party_id IS NOT NULL
        OR (p.rail <> 'in-house' AND r.rail IS NULL)
        OR (p.rail <> 'in-house' AND r.business_days_only AND (h.on_date IS NOT NULL OR isodow(p.pay_on) > 5))))
    OR (p.status = 'held' AND (p.hold_code IS NULL OR p.rail <> 'none'))
    OR p.pay_on IS NULL OR p.pay_on <= u.as_of::DATE
