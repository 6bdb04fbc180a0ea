-- No proposed payment without a verified account and a rail, none on a day banks are closed, none with a reason to hold.
SELECT p.payment_id AS payment_id, p.rail AS rail, p.pay_on AS pay_on
FROM payments AS p
LEFT JOIN parties AS y ON y.party_id = p.party_id
LEFT JOIN holidays AS h ON h.on_date = p.pay_on
LEFT JOIN party_holds AS k ON k.party_id = p.party_id
WHERE (p.status = 'proposed' AND (
        p.rail = 'none' OR p.bank_account IS NULL OR p.bank_bic IS NULL OR p.hold_code IS NOT NULL
        OR NOT coalesce(y.bank_verified, false) OR k.party_id IS NOT NULL))
    OR (p.status = 'held' AND (p.hold_code IS NULL OR p.rail <> 'none'))
    OR p.pay_on IS NULL OR h.on_date IS NOT NULL OR isodow(p.pay_on) > 5 OR p.pay_on < p.due_on
