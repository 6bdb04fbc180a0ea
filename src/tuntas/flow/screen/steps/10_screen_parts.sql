-- Every exception with its cause and what is at stake: the money that would be lost if nothing were done. Above expectation: the
-- excess. Disputed whole or held: all of it. Below expectation: the shortfall that may yet be claimed. Forgiven: the difference, with
-- its sign. Wrong VAT: billed less lawful. COD: the difference. A missing bill: what it would have billed. A subject nobody could
-- rate and nobody billed yet: a count without money.
SELECT
    a.vendor_id AS party_id,
    a.cause AS cause,
    coalesce(a.charge_type, '?') AS charge_type,
    a.billed_minor AS billed_minor,
    CASE a.verdict
        WHEN 'under' THEN -a.difference_minor
        WHEN 'tolerated' THEN a.difference_minor
        ELSE a.disputed_minor + a.held_minor
    END AS at_stake_minor,
    a.currency AS currency
FROM audited AS a
WHERE a.verdict <> 'matched'
UNION ALL
SELECT
    t.vendor_id AS party_id,
    t.cause AS cause,
    '*' AS charge_type,
    t.vat_billed_minor AS billed_minor,
    t.vat_wrong_minor AS at_stake_minor,
    t.currency AS currency
FROM bill_taxes AS t
WHERE t.cause <> 'matched'
UNION ALL
SELECT
    c.vendor_id AS party_id,
    c.cause AS cause,
    '*' AS charge_type,
    c.remitted_minor AS billed_minor,
    abs(c.difference_minor) AS at_stake_minor,
    c.currency AS currency
FROM cod_audited AS c
WHERE c.verdict NOT IN ('matched', 'outstanding')
UNION ALL
SELECT
    m.vendor_id AS party_id,
    'missing_bill' AS cause,
    '*' AS charge_type,
    0::BIGINT AS billed_minor,
    m.unbilled_minor AS at_stake_minor,
    m.currency AS currency
FROM missing_bills AS m
UNION ALL
SELECT
    h.party_id AS party_id,
    CASE WHEN h.code LIKE '%-01' THEN 'no_rate' ELSE 'ambiguous_rate' END AS cause,
    '*' AS charge_type,
    0::BIGINT AS billed_minor,
    0::BIGINT AS at_stake_minor,
    h.currency AS currency
FROM (
    SELECT
        r.side AS side,
        r.subject_id AS subject_id,
        r.party_id AS party_id,
        first(r.code ORDER BY r.charge_no, r.code) AS code,
        r.currency AS currency
    FROM rate_holds AS r
    GROUP BY r.side, r.subject_id, r.party_id, r.currency
) AS h
LEFT JOIN (
    SELECT d.subject_id AS subject_id
    FROM audited AS d
    WHERE d.verdict IN ('no_rate', 'ambiguous')
) AS b ON b.subject_id = h.subject_id AND h.side = 'buy'
WHERE b.subject_id IS NULL
