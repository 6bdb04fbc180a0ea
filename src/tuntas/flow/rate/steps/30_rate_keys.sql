-- Each question "which agreement?" once: side, party, group, currency and day.
SELECT DISTINCT
    s.side AS side,
    s.party_id AS party_id,
    s.terms_group AS terms_group,
    s.currency AS currency,
    s.rated_on AS rated_on
FROM subjects AS s
