-- What each period comes to, or why it waits, the first reason that applies: a day whose facts nobody gave, a part that waits, a measure
-- no tier holds, one that two hold. Under incremental tiers the parts have to make up the measure. An amount that is not zero is held
-- between minimum and maximum; then the sign. What earlier runs charged is taken off.
SELECT
    f.agreement_id AS agreement_id,
    f.version AS version,
    f.charge_no AS charge_no,
    f.party_id AS party_id,
    f.period_from AS period_from,
    f.period_to AS period_to,
    f.period_name AS period_name,
    f.agreement_id || '@' || f.version || '/' || f.party_id || '/' || f.period_name
    || CASE WHEN f.late THEN '+' || f.cycle_id ELSE '' END AS subject_id,
    f.charge_type AS charge_type,
    f.late AS late,
    f.measured AS measured,
    f.base_minor AS base_minor,
    f.tier_no AS tier_no,
    f.rate_ppm AS rate_ppm,
    f.whole_minor AS whole_minor,
    f.before_minor AS before_minor,
    f.whole_minor - f.before_minor AS amount_minor,
    f.hold_code AS hold_code,
    CASE WHEN f.hold_code = 'RATE-TIER-02' THEN f.candidates END AS candidates,
    f.currency AS currency
FROM (
    SELECT
        h.agreement_id AS agreement_id,
        h.version AS version,
        h.charge_no AS charge_no,
        h.party_id AS party_id,
        h.period_from AS period_from,
        h.period_to AS period_to,
        h.period_name AS period_name,
        h.cycle_id AS cycle_id,
        h.charge_type AS charge_type,
        h.late AS late,
        h.measured AS measured,
        h.base_minor AS base_minor,
        CASE WHEN h.hold_code IS NULL THEN h.tier_no END AS tier_no,
        CASE WHEN h.hold_code IS NULL THEN h.rate_ppm END AS rate_ppm,
        CASE
            WHEN h.hold_code IS NOT NULL THEN NULL
            WHEN h.raw_minor = 0 THEN 0
            ELSE least(greatest(h.raw_minor, h.min_minor), h.max_minor) * h.sign
        END AS whole_minor,
        h.before_minor AS before_minor,
        h.hold_code AS hold_code,
        h.candidates AS candidates,
        h.currency AS currency
    FROM (
        SELECT
            t.agreement_id AS agreement_id,
            t.version AS version,
            t.charge_no AS charge_no,
            t.party_id AS party_id,
            t.period_from AS period_from,
            t.period_to AS period_to,
            t.period_name AS period_name,
            u.cycle_id AS cycle_id,
            t.charge_type AS charge_type,
            t.late AS late,
            t.min_minor AS min_minor,
            t.max_minor AS max_minor,
            t.sign AS sign,
            t.currency AS currency,
            s.measured AS measured,
            CASE WHEN t.base_charges IS NOT NULL AND t.mode = 'all_units' THEN s.base_minor END AS base_minor,
            CASE WHEN t.mode = 'all_units' THEN r.tier_no END AS tier_no,
            CASE WHEN t.mode = 'all_units' AND t.base_charges IS NOT NULL THEN r.rate_ppm END AS rate_ppm,
            coalesce(b.amount_minor, 0) AS before_minor,
            r.candidates AS candidates,
            CASE
                WHEN t.kind = 'tiers' THEN coalesce(r.amount_minor, 0)
                WHEN t.measure = 'amount' THEN greatest(t.floor_minor - s.measured, 0)
                WHEN t.measure = 'kg' THEN mul_ratio(greatest(t.floor_units - s.measured, 0), t.each_minor, 1000)
                ELSE greatest(t.floor_units - s.measured, 0) * t.each_minor
            END AS raw_minor,
            CASE
                WHEN t.missing_days > 0 THEN 'RATE-PERIOD-01'
                WHEN s.held_count > 0 THEN 'RATE-MEASURE-01'
                WHEN t.kind = 'floor' THEN NULL
                WHEN t.mode = 'all_units' AND r.tier_count IS NULL THEN 'RATE-TIER-01'
                WHEN t.mode = 'all_units' AND r.tier_count > 1 THEN 'RATE-TIER-02'
                WHEN t.mode = 'incremental' AND r.meeting THEN 'RATE-TIER-02'
                WHEN t.mode = 'incremental' AND coalesce(r.units, 0) < s.measured THEN 'RATE-TIER-01'
            END AS hold_code
        FROM period_terms AS t
        LEFT JOIN run AS u ON true
        LEFT JOIN period_sums AS s
            ON s.agreement_id = t.agreement_id
            AND s.version = t.version
            AND s.charge_no = t.charge_no
            AND s.party_id = t.party_id
            AND s.period_from = t.period_from
        LEFT JOIN (
            SELECT
                p.agreement_id AS agreement_id,
                p.version AS version,
                p.charge_no AS charge_no,
                p.party_id AS party_id,
                p.period_from AS period_from,
                count(*) AS tier_count,
                min(p.tier_no) AS tier_no,
                min(p.rate_ppm) AS rate_ppm,
                sum(p.units)::BIGINT AS units,
                sum(p.amount_minor)::BIGINT AS amount_minor,
                bool_or(p.meets) AS meeting,
                string_agg(p.agreement_id || '@' || p.version || '#' || p.charge_no || '/' || p.tier_no, ',' ORDER BY p.tier_no) AS candidates
            FROM (
                SELECT
                    q.agreement_id AS agreement_id,
                    q.version AS version,
                    q.charge_no AS charge_no,
                    q.party_id AS party_id,
                    q.period_from AS period_from,
                    q.tier_no AS tier_no,
                    q.rate_ppm AS rate_ppm,
                    q.units AS units,
                    q.amount_minor AS amount_minor,
                    o.from_units < max(coalesce(o.to_units, 9223372036854775807)) OVER (
                        PARTITION BY q.agreement_id, q.version, q.charge_no, q.party_id, q.period_from
                        ORDER BY q.tier_no
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                    ) AS meets
                FROM period_tiers AS q
                LEFT JOIN tiers AS o
                    ON o.agreement_id = q.agreement_id AND o.version = q.version AND o.charge_no = q.charge_no AND o.tier_no = q.tier_no
            ) AS p
            GROUP BY p.agreement_id, p.version, p.charge_no, p.party_id, p.period_from
        ) AS r
            ON r.agreement_id = t.agreement_id
            AND r.version = t.version
            AND r.charge_no = t.charge_no
            AND r.party_id = t.party_id
            AND r.period_from = t.period_from
        LEFT JOIN (
            SELECT
                c.agreement_id AS agreement_id,
                c.charge_type AS charge_type,
                c.party_id AS party_id,
                c.period_from AS period_from,
                c.period_to AS period_to,
                c.currency AS currency,
                sum(c.amount_minor)::BIGINT AS amount_minor
            FROM charged_before AS c
            GROUP BY c.agreement_id, c.charge_type, c.party_id, c.period_from, c.period_to, c.currency
        ) AS b
            ON b.agreement_id = t.agreement_id
            AND b.charge_type = t.charge_type
            AND b.party_id = t.party_id
            AND b.period_from = t.period_from
            AND b.period_to = t.period_to
            AND b.currency = t.currency
    ) AS h
) AS f
-- A period that was over before and stands as it was charged has nothing to say.
WHERE NOT f.late OR f.hold_code IS NOT NULL OR f.whole_minor <> f.before_minor
