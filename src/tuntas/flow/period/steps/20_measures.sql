-- What this run adds to what is known: what it counted, less what an earlier run had counted of the same subjects. Rows that come to
-- nothing are left out.
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
        c.agreement_id, c.party_id, c.currency, c.accrue_on, c.subject_kind, c.service, c.status, c.category, c.charge_type,
        c.line_minor, c.subject_count, c.grams, c.amount_minor, c.held_count
    FROM period_counted AS c
    UNION ALL
    SELECT
        a.agreement_id, a.party_id, a.currency, a.accrue_on, a.subject_kind, a.service, a.status, a.category, a.charge_type,
        a.line_minor, -a.subject_count, -a.grams, -a.amount_minor, -a.held_count
    FROM measured_again AS a
) AS k
GROUP BY
    k.agreement_id, k.party_id, k.currency, k.accrue_on, k.subject_kind, k.service, k.status, k.category, k.charge_type, k.line_minor
HAVING sum(k.subject_count) <> 0 OR sum(k.grams) <> 0 OR sum(k.amount_minor) <> 0 OR sum(k.held_count) <> 0
