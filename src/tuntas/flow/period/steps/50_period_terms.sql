-- The terms of each period: those of the last version of the agreement that is in force in it, whatever earlier versions said. One row a
-- period charge, party and period, with how many days of the period no run has facts of. A floor that is taken by days is cut to the days on
-- which any version of the agreement is in force.
SELECT
    p.agreement_id AS agreement_id,
    p.version AS version,
    p.charge_no AS charge_no,
    s.party_id AS party_id,
    s.period_from AS period_from,
    s.period_to AS period_to,
    s.late AS late,
    CASE s.every
        WHEN 'day' THEN strftime(s.period_from, '%Y-%m-%d')
        WHEN 'month' THEN strftime(s.period_from, '%Y-%m')
        WHEN 'quarter' THEN strftime(s.period_from, '%Y') || '-Q' || quarter(s.period_from)
        ELSE strftime(s.period_from, '%Y')
    END AS period_name,
    g.side AS side,
    g.currency AS currency,
    p.charge_type AS charge_type,
    p.kind AS kind,
    p.clause AS clause,
    p.subject AS subject,
    p.service AS service,
    p.statuses AS statuses,
    p.category AS category,
    p.measure AS measure,
    p.measure_charges AS measure_charges,
    p.mode AS mode,
    p.base_charges AS base_charges,
    p.rounding AS rounding,
    CASE p.part_period WHEN 'by_days' THEN mul_ratio(p.floor_minor, f.days_in_force, s.period_to - s.period_from) ELSE p.floor_minor END AS floor_minor,
    CASE p.part_period WHEN 'by_days' THEN mul_ratio(p.floor_units, f.days_in_force, s.period_to - s.period_from) ELSE p.floor_units END AS floor_units,
    p.each_minor AS each_minor,
    p.min_minor AS min_minor,
    p.max_minor AS max_minor,
    p.sign AS sign,
    (s.period_to - greatest(s.period_from, y.first_day))
    - coalesce(c.covered_days, 0)
    - greatest(least(s.period_to, r.period_to) - greatest(s.period_from, r.period_from, y.first_day), 0) AS missing_days
FROM (
    SELECT
        n.agreement_id AS agreement_id,
        n.party_id AS party_id,
        n.currency AS currency,
        n.every AS every,
        n.period_from AS period_from,
        n.period_to AS period_to,
        n.late AS late,
        max((v.valid_from, v.version)) AS last_version
    FROM period_spans AS n
    LEFT JOIN agreements AS v
        ON v.agreement_id = n.agreement_id
        AND v.currency = n.currency
        AND v.valid_from < n.period_to
        AND (v.valid_to IS NULL OR v.valid_to > n.period_from)
    GROUP BY n.agreement_id, n.party_id, n.currency, n.every, n.period_from, n.period_to, n.late
) AS s
LEFT JOIN run AS r ON true
LEFT JOIN (
    SELECT v.agreement_id AS agreement_id, min(v.valid_from) AS first_day
    FROM agreements AS v
    GROUP BY v.agreement_id
) AS y ON y.agreement_id = s.agreement_id
LEFT JOIN agreements AS g ON g.agreement_id = s.agreement_id AND g.version = struct_extract_at(s.last_version, 2)
JOIN period_charges AS p ON p.agreement_id = g.agreement_id AND p.version = g.version AND p.every = s.every
LEFT JOIN (
    SELECT
        n.agreement_id AS agreement_id,
        n.period_from AS period_from,
        n.period_to AS period_to,
        sum(
            greatest(least(n.period_to, b.period_to) - greatest(n.period_from, b.period_from, f.first_day), 0)
        )::BIGINT AS covered_days
    FROM (SELECT DISTINCT q.agreement_id AS agreement_id, q.period_from AS period_from, q.period_to AS period_to FROM period_spans AS q) AS n
    LEFT JOIN (
        SELECT v.agreement_id AS agreement_id, min(v.valid_from) AS first_day
        FROM agreements AS v
        GROUP BY v.agreement_id
    ) AS f ON f.agreement_id = n.agreement_id
    JOIN covered_before AS b ON b.agreement_id = n.agreement_id
    GROUP BY n.agreement_id, n.period_from, n.period_to
) AS c ON c.agreement_id = s.agreement_id AND c.period_from = s.period_from AND c.period_to = s.period_to
LEFT JOIN (
    SELECT
        n.agreement_id AS agreement_id,
        n.currency AS currency,
        n.period_from AS period_from,
        n.period_to AS period_to,
        least(
            n.period_to - n.period_from,
            sum(least(n.period_to, coalesce(v.valid_to, n.period_to)) - greatest(n.period_from, v.valid_from))::BIGINT
        ) AS days_in_force
    FROM (
        SELECT DISTINCT
            q.agreement_id AS agreement_id, q.currency AS currency, q.period_from AS period_from, q.period_to AS period_to
        FROM period_spans AS q
    ) AS n
    JOIN agreements AS v
        ON v.agreement_id = n.agreement_id
        AND v.currency = n.currency
        AND v.valid_from < n.period_to
        AND (v.valid_to IS NULL OR v.valid_to > n.period_from)
    GROUP BY n.agreement_id, n.currency, n.period_from, n.period_to
) AS f ON f.agreement_id = s.agreement_id AND f.currency = g.currency AND f.period_from = s.period_from AND f.period_to = s.period_to
