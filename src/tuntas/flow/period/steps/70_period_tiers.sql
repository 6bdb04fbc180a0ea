-- The tiers a measure meets, each with its part of the amount. All units: the one tier that holds the measure, its rate taken of the whole
-- base, its amount each of every unit. Incremental: each tier up to the measure, with the units that lie in it, rounded tier by tier.
-- Kilograms are priced by the gram, rounded half up.
SELECT
    m.agreement_id AS agreement_id,
    m.version AS version,
    m.charge_no AS charge_no,
    m.party_id AS party_id,
    m.period_from AS period_from,
    m.tier_no AS tier_no,
    m.units AS units,
    m.rate_ppm AS rate_ppm,
    CASE
        WHEN m.rounding = 'line' THEN coalesce(l.lines_minor, 0)
        WHEN m.rounding = 'sum' THEN mul_ppm(m.base_minor, m.rate_ppm)
        ELSE mul_ppm(m.units, m.rate_ppm)
    END
    + CASE m.measure WHEN 'kg' THEN mul_ratio(m.units, m.each_minor, 1000) ELSE m.units * m.each_minor END
    + m.fixed_minor AS amount_minor
FROM (
    SELECT
        t.agreement_id AS agreement_id,
        t.version AS version,
        t.charge_no AS charge_no,
        t.party_id AS party_id,
        t.period_from AS period_from,
        t.measure AS measure,
        t.rounding AS rounding,
        s.base_minor AS base_minor,
        r.tier_no AS tier_no,
        CASE t.mode WHEN 'all_units' THEN s.measured ELSE least(s.measured, coalesce(r.to_units, s.measured)) - r.from_units END AS units,
        CASE WHEN t.base_charges IS NULL THEN 0 ELSE r.rate_ppm END AS rate_ppm,
        r.each_minor AS each_minor,
        r.fixed_minor AS fixed_minor
    FROM period_terms AS t
    LEFT JOIN period_sums AS s
        ON s.agreement_id = t.agreement_id
        AND s.version = t.version
        AND s.charge_no = t.charge_no
        AND s.party_id = t.party_id
        AND s.period_from = t.period_from
    JOIN tiers AS r
        ON r.agreement_id = t.agreement_id
        AND r.version = t.version
        AND r.charge_no = t.charge_no
        AND CASE t.mode
            WHEN 'all_units' THEN r.from_units <= s.measured AND (r.to_units IS NULL OR s.measured < r.to_units)
            ELSE r.from_units < s.measured
        END
    WHERE t.kind = 'tiers'
) AS m
LEFT JOIN (
    SELECT
        t.agreement_id AS agreement_id,
        t.version AS version,
        t.charge_no AS charge_no,
        t.party_id AS party_id,
        t.period_from AS period_from,
        r.tier_no AS tier_no,
        sum(mul_ppm(k.line_minor, r.rate_ppm) * k.subject_count)::BIGINT AS lines_minor
    FROM period_terms AS t
    LEFT JOIN tiers AS r ON r.agreement_id = t.agreement_id AND r.version = t.version AND r.charge_no = t.charge_no
    LEFT JOIN period_known AS k
        ON k.agreement_id = t.agreement_id
        AND k.party_id = t.party_id
        AND k.currency = t.currency
        AND k.accrue_on >= t.period_from
        AND k.accrue_on < t.period_to
        AND k.subject_kind = t.subject
        AND (t.service = '*' OR k.service = t.service)
        AND (t.category = '*' OR k.category = t.category)
        AND (t.statuses = '*' OR list_contains(string_split(t.statuses, '|'), k.status))
        AND list_contains(string_split(t.base_charges, '|'), k.charge_type)
    WHERE t.rounding = 'line'
    GROUP BY t.agreement_id, t.version, t.charge_no, t.party_id, t.period_from, r.tier_no
) AS l
    ON l.agreement_id = m.agreement_id
    AND l.version = m.version
    AND l.charge_no = m.charge_no
    AND l.party_id = m.party_id
    AND l.period_from = m.period_from
    AND l.tier_no = m.tier_no
