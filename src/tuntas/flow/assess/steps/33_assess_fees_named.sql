-- Our fees to sellers, and what we bill customers, by VAT treatment, on the last day of the period: the treatment of the charge type, else
-- what the law says of unknown words (*). Both are below zero here: they take from the party. A claim of a customer is no price of ours.
SELECT
    r.platform_id AS platform_id,
    e.party_id AS party_id,
    r.period_to - 1 AS supplied_on,
    coalesce(t.vat_treatment, o.vat_treatment) AS vat_treatment,
    sum(CASE e.side WHEN 'sell' THEN -e.amount_minor ELSE e.amount_minor END)::BIGINT AS amount_minor,
    e.currency AS currency
FROM expected AS e
LEFT JOIN run AS r ON true
LEFT JOIN treatments AS t
    ON t.charge_type = e.charge_type
    AND t.valid_from < r.period_to AND coalesce(t.valid_to, r.period_to) >= r.period_to
LEFT JOIN treatments AS o
    ON o.charge_type = '*'
    AND o.valid_from < r.period_to AND coalesce(o.valid_to, r.period_to) >= r.period_to
WHERE e.accrue_on >= r.period_from AND e.accrue_on < r.period_to
    AND (e.side = 'payout' OR (e.side = 'sell' AND (e.amount_minor > 0 OR e.subject_kind = 'adjustment')))
GROUP BY r.platform_id, e.party_id, r.period_to, coalesce(t.vat_treatment, o.vat_treatment), e.currency
