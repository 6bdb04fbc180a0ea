-- Every agreement version of the right side and currency that is valid on the day: the party's own, its group's, and those for all.
-- Validity is half-open; an agreement without a last day is open.
SELECT
    k.side AS side,
    k.party_id AS party_id,
    k.terms_group AS terms_group,
    k.currency AS currency,
    k.rated_on AS rated_on,
    a.agreement_id AS agreement_id,
    a.version AS version,
    3 AS nearness
FROM rate_keys AS k
JOIN agreements AS a
    ON a.side = k.side
    AND a.currency = k.currency
    AND a.party_id = k.party_id
    AND a.valid_from <= k.rated_on
    AND (a.valid_to IS NULL OR k.rated_on < a.valid_to)
UNION ALL
SELECT
    k.side AS side,
    k.party_id AS party_id,
    k.terms_group AS terms_group,
    k.currency AS currency,
    k.rated_on AS rated_on,
    a.agreement_id AS agreement_id,
    a.version AS version,
    CASE WHEN a.terms_group = '*' THEN 1 ELSE 2 END AS nearness
FROM rate_keys AS k
JOIN agreements AS a
    ON a.side = k.side
    AND a.currency = k.currency
    AND a.terms_group IN (k.terms_group, '*')
    AND a.valid_from <= k.rated_on
    AND (a.valid_to IS NULL OR k.rated_on < a.valid_to)
WHERE a.party_id = '*'
