-- A decided period in the shape of a subject, so that a bill can name it and an explanation can open it: one row a version, party and
-- period. It was rendered on its last day; a correction of an earlier period belongs to the last day of this run's. What earlier runs
-- charged is told again, as facts are that no bill has named yet.
SELECT DISTINCT
    p.side AS side,
    'period' AS subject_kind,
    p.subject_id AS subject_id,
    p.party_id AS party_id,
    coalesce(y.terms_group, '*') AS terms_group,
    '*' AS service,
    '*' AS category,
    p.period_to - 1 AS rated_on,
    p.accrue_on AS accrue_on,
    0::BIGINT AS actual_g,
    0::BIGINT AS volume_mm3,
    0::BIGINT AS longest_mm,
    0::BIGINT AS length_girth_mm,
    'done' AS status,
    0::BIGINT AS attempts,
    false AS is_cod,
    false AS insured,
    0::BIGINT AS declared_minor,
    0::BIGINT AS cod_minor,
    0::BIGINT AS goods_minor,
    0::BIGINT AS net_goods_minor,
    0::BIGINT AS shipping_minor,
    0::BIGINT AS pallets,
    0::BIGINT AS inbound,
    0::BIGINT AS handled,
    p.currency AS currency,
    0::BIGINT AS distance_m,
    0::BIGINT AS load_g,
    0::BIGINT AS stops,
    0::BIGINT AS detention_min,
    0::BIGINT AS demurrage_days,
    0::BIGINT AS storage_dm3,
    0::BIGINT AS labels,
    0::BIGINT AS returned
FROM (
    SELECT
        g.side AS side,
        n.subject_id AS subject_id,
        n.party_id AS party_id,
        n.period_to AS period_to,
        CASE WHEN n.late THEN r.period_to ELSE n.period_to END - 1 AS accrue_on,
        n.currency AS currency
    FROM period_results AS n
    LEFT JOIN run AS r ON true
    LEFT JOIN agreements AS g ON g.agreement_id = n.agreement_id AND g.version = n.version
    UNION ALL
    SELECT
        b.side AS side,
        b.subject_id AS subject_id,
        b.party_id AS party_id,
        b.period_to AS period_to,
        b.accrue_on AS accrue_on,
        b.currency AS currency
    FROM charged_before AS b
) AS p
LEFT JOIN parties AS y ON y.party_id = p.party_id
