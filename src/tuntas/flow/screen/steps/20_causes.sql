-- Exceptions grouped: one row a party, cause, charge type and currency, with lines, what was billed on them and what is at stake.
SELECT
    p.party_id AS party_id,
    p.cause AS cause,
    p.charge_type AS charge_type,
    count(*) AS line_count,
    sum(p.billed_minor)::BIGINT AS billed_minor,
    sum(p.at_stake_minor)::BIGINT AS at_stake_minor,
    p.currency AS currency
FROM screen_parts AS p
GROUP BY p.party_id, p.cause, p.charge_type, p.currency
