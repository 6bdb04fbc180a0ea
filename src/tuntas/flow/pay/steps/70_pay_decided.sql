-- Whether each payment may go, the first reason winning: no account (02), account not verified (01), party on hold (03), no rail
-- that carries it (04). A bank is the first eight characters of its BIC: the same as ours means in-house, which needs no rail, costs
-- nothing and runs every day.
SELECT
    s.statement_id AS statement_id,
    'PY/' || s.cycle_id || '/' || s.party_id AS payment_id,
    s.party_id AS party_id,
    s.due_on AS due_on,
    CASE
        WHEN left(upper(trim(p.bank_bic)), 8) = left(upper(trim(us.bank_bic)), 8) AND trim(us.bank_bic) <> ''
            AND s.currency = u.currency THEN d.arrive_by
        ELSE coalesce(r.chosen.way.send_on, d.arrive_by)
    END AS pay_on,
    CASE
        WHEN left(upper(trim(p.bank_bic)), 8) = left(upper(trim(us.bank_bic)), 8) AND trim(us.bank_bic) <> ''
            AND s.currency = u.currency THEN 'in-house'
        ELSE r.chosen.rail
    END AS rail,
    r.chosen.way AS way,
    nullif(trim(p.bank_bic), '') AS bank_bic,
    nullif(trim(p.bank_account), '') AS bank_account,
    coalesce(nullif(trim(p.bank_account_name), ''), p.name) AS bank_account_name,
    s.payable_minor AS amount_minor,
    CASE
        WHEN trim(coalesce(p.bank_bic, '')) = '' OR trim(coalesce(p.bank_account, '')) = '' THEN 'PAY-HOLD-02'
        WHEN NOT coalesce(p.bank_verified, false) THEN 'PAY-HOLD-01'
        WHEN h.party_id IS NOT NULL THEN 'PAY-HOLD-03'
    END AS hold_code,
    s.currency AS currency
FROM statements AS s
LEFT JOIN run AS u ON true
LEFT JOIN pay_days AS d ON d.due_on = s.due_on AND d.side = s.side
LEFT JOIN pay_rails AS r ON r.statement_id = s.statement_id
LEFT JOIN parties AS p ON p.party_id = s.party_id
LEFT JOIN parties AS us ON us.party_id = u.platform_id
LEFT JOIN party_holds AS h ON h.party_id = s.party_id
WHERE s.payable_minor > 0
