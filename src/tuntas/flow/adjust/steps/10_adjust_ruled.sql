-- Each adjustment with the agreement, version and row of the sheet it rests on, read from its rule (agreement@version#charge/band): the rule
-- that holds now, or the one that held where the charge is dropped.
SELECT
    a.adjustment_id AS adjustment_id,
    a.side AS side,
    a.party_id AS party_id,
    coalesce(p.terms_group, '*') AS terms_group,
    a.charge_type AS charge_type,
    coalesce(a.rule_now, a.rule_then) AS rule_id,
    a.clause AS clause,
    a.amount_minor AS amount_minor,
    a.adjusted_on AS adjusted_on,
    a.currency AS currency,
    regexp_extract(coalesce(a.rule_now, a.rule_then), '^(.*)@([0-9]+)#([0-9]+)', 1) AS agreement_id,
    coalesce(TRY_CAST(regexp_extract(coalesce(a.rule_now, a.rule_then), '^(.*)@([0-9]+)#([0-9]+)', 2) AS BIGINT), 0) AS version,
    coalesce(TRY_CAST(regexp_extract(coalesce(a.rule_now, a.rule_then), '^(.*)@([0-9]+)#([0-9]+)', 3) AS BIGINT), 0) AS charge_no
FROM adjustments AS a
LEFT JOIN parties AS p ON p.party_id = a.party_id
