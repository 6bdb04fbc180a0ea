-- All that is known by this run: the measures of runs before it and its own.
SELECT
    k.agreement_id AS agreement_id,
    k.party_id AS party_id,
    k.currency AS currency,
    k.accrue_on AS accrue_on,
    k.subject_kind AS subject_kind,
    k.service AS service,
    k.status AS status,
    k.category AS category,
    k.charge_type AS charge_type,
    k.line_minor AS line_minor,
    sum(k.subject_count)::BIGINT AS subject_count,
    sum(k.grams)::BIGINT AS grams,
    sum(k.amount_minor)::BIGINT AS amount_minor,
    sum(k.held_count)::BIGINT AS held_count
FROM (
    SELECT
        m.agreement_id, m.party_id, m.currency, m.accrue_on, m.subject_kind, m.service, m.status, m.category, m.charge_type,
        m.line_minor, m.subject_count, m.grams, m.amount_minor, m.held_count
    FROM measures AS m
    UNION ALL
    SELECT
        b.agreement_id, b.party_id, b.currency, b.accrue_on, b.subject_kind, b.service, b.status, b.category, b.charge_type,
        b.line_minor, b.subject_count, b.grams, b.amount_minor, b.held_count
    FROM measured_before AS b
) AS k
GROUP BY
    k.agreement_id, k.party_id, k.currency, k.accrue_on, k.subject_kind, k.service, k.status, k.category, k.charge_type, k.line_minor
