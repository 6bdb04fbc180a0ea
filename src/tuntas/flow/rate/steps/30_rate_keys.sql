-- Each question "which agreement?" once: side, party, currency and day. The group is that of the party.
SELECT DISTINCT
    s.side AS side,
    s.party_id AS party_id,
    s.terms_group AS terms_group,
    s.currency AS currency,
    s.rated_on AS rated_on
FROM subjects AS s
