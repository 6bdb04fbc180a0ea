-- Parties with an agreement that asks for subjects of its own: those of side sell (`sell`), for whom each of their parcels is rated once
-- more, and those of side payout that say what a refund gives back (`refund`). Without such an agreement the facts give no such subject.
SELECT DISTINCT
    asked.purpose AS purpose,
    p.party_id AS party_id,
    p.terms_group AS terms_group
FROM (
    SELECT a.agreement_id AS agreement_id, a.version AS version, a.party_id AS party_id, a.terms_group AS terms_group, 'sell' AS purpose
    FROM agreements AS a
    WHERE a.side = 'sell'
    UNION ALL
    SELECT a.agreement_id AS agreement_id, a.version AS version, a.party_id AS party_id, a.terms_group AS terms_group, 'refund' AS purpose
    FROM agreements AS a
    JOIN charges AS c ON c.agreement_id = a.agreement_id AND c.version = a.version AND c.subject = 'refund'
    WHERE a.side = 'payout'
) AS asked
JOIN parties AS p
    ON asked.party_id = p.party_id
    OR (asked.party_id = '*' AND asked.terms_group IN (p.terms_group, '*'))
