-- The proposal: held payments name no rail, and a payment that no rail carries is held for that.
SELECT
    d.payment_id AS payment_id,
    d.statement_id AS statement_id,
    d.party_id AS party_id,
    d.due_on AS due_on,
    d.pay_on AS pay_on,
    CASE WHEN d.hold_code IS NULL THEN coalesce(d.rail, 'none') ELSE 'none' END AS rail,
    d.bank_bic AS bank_bic,
    d.bank_account AS bank_account,
    d.bank_account_name AS bank_account_name,
    d.amount_minor AS amount_minor,
    CASE WHEN d.hold_code IS NULL AND d.rail IS NOT NULL THEN 'proposed' ELSE 'held' END AS status,
    CASE WHEN d.hold_code IS NULL AND d.rail IS NULL THEN 'PAY-HOLD-04' ELSE d.hold_code END AS hold_code,
    d.currency AS currency
FROM pay_decided AS d
