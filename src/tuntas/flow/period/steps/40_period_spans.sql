-- The periods to decide, one row an agreement, party and period: periods that end within this run's, of every party that was measured in
-- them and of the party an agreement is with (a minimum is owed for an empty month too); and earlier ones this run has learnt about.
WITH words AS (
    SELECT DISTINCT p.agreement_id AS agreement_id, p.every AS every
    FROM period_charges AS p
),
days AS (
    SELECT DISTINCT k.agreement_id AS agreement_id, k.party_id AS party_id, k.currency AS currency, k.accrue_on AS on_day, true AS learnt
    FROM measures AS k
    UNION ALL
    SELECT DISTINCT b.agreement_id, b.party_id, b.currency, b.accrue_on, false
    FROM measured_before AS b
    UNION ALL
    SELECT DISTINCT
        g.agreement_id,
        g.party_id,
        g.currency,
        unnest(generate_series(
            greatest(g.valid_from, r.period_from), least(coalesce(g.valid_to, r.period_to), r.period_to) - 1, INTERVAL 1 DAY
        ))::DATE,
        false
    FROM agreements AS g
    LEFT JOIN run AS r ON true
    WHERE g.party_id <> '*'
        AND g.agreement_id IN (SELECT w.agreement_id FROM words AS w)
)
SELECT
    d.agreement_id AS agreement_id,
    d.party_id AS party_id,
    d.currency AS currency,
    d.every AS every,
    d.period_from AS period_from,
    d.period_to AS period_to,
    d.period_to <= r.period_from AS late
FROM (
    SELECT
        n.agreement_id AS agreement_id,
        n.party_id AS party_id,
        n.currency AS currency,
        w.every AS every,
        date_trunc(w.every, n.on_day)::DATE AS period_from,
        CASE w.every
            WHEN 'day' THEN n.on_day + 1
            WHEN 'month' THEN (date_trunc('month', n.on_day) + INTERVAL 1 MONTH)::DATE
            WHEN 'quarter' THEN (date_trunc('quarter', n.on_day) + INTERVAL 3 MONTH)::DATE
            ELSE (date_trunc('year', n.on_day) + INTERVAL 1 YEAR)::DATE
        END AS period_to,
        bool_or(n.learnt) AS learnt
    FROM days AS n
    JOIN words AS w ON w.agreement_id = n.agreement_id
    GROUP BY ALL
) AS d
LEFT JOIN run AS r ON true
WHERE d.period_to <= r.period_to
    AND (d.period_to > r.period_from OR d.learnt)
