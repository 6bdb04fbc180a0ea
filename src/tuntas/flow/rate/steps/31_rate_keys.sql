-- Each question "which agreement?" once: a party, with its side, group and currency, and a day.
SELECT
    asked.party_no AS party_no,
    asked.rated_on AS rated_on,
    named.side AS side,
    named.party_id AS party_id,
    named.terms_group AS terms_group,
    named.currency AS currency
FROM (
    SELECT DISTINCT
        r.party_no AS party_no,
        r.rated_on AS rated_on
    FROM rate_rows AS r
) AS asked
LEFT JOIN (
    SELECT DISTINCT
        p.party_no AS party_no,
        p.side AS side,
        p.party_id AS party_id,
        p.terms_group AS terms_group,
        p.currency AS currency
    FROM rate_profiles AS p
) AS named ON named.party_no = asked.party_no
