-- The charges of periods, one row a charge; a period that comes to nothing is owed nothing and has none. Those of earlier runs stand as
-- they were charged.
SELECT
    s.side || ':' || p.subject_id || ':' || p.charge_type AS charge_id,
    s.side AS side,
    s.subject_kind AS subject_kind,
    p.subject_id AS subject_id,
    p.party_id AS party_id,
    p.charge_type AS charge_type,
    p.agreement_id AS agreement_id,
    p.version AS version,
    p.charge_no AS charge_no,
    p.agreement_id || '@' || p.version || '#' || p.charge_no || CASE WHEN p.tier_no IS NULL THEN '' ELSE '/' || p.tier_no END AS rule_id,
    c.clause AS clause,
    NULL::BIGINT AS band_no,
    CASE WHEN c.measure = 'amount' THEN coalesce(p.base_minor, p.measured) ELSE p.base_minor END AS base_minor,
    CASE WHEN c.measure <> 'amount' THEN p.measured END AS quantity,
    p.rate_ppm AS rate_ppm,
    p.amount_minor AS amount_minor,
    s.accrue_on AS accrue_on,
    p.currency AS currency
FROM period_results AS p
LEFT JOIN period_subjects AS s ON s.subject_id = p.subject_id
LEFT JOIN period_charges AS c ON c.agreement_id = p.agreement_id AND c.version = p.version AND c.charge_no = p.charge_no
WHERE p.amount_minor <> 0
UNION ALL
SELECT
    b.side || ':' || b.subject_id || ':' || b.charge_type AS charge_id,
    b.side AS side,
    'period' AS subject_kind,
    b.subject_id AS subject_id,
    b.party_id AS party_id,
    b.charge_type AS charge_type,
    b.agreement_id AS agreement_id,
    b.version AS version,
    b.charge_no AS charge_no,
    b.rule_id AS rule_id,
    b.clause AS clause,
    NULL::BIGINT AS band_no,
    b.base_minor AS base_minor,
    b.quantity AS quantity,
    b.rate_ppm AS rate_ppm,
    b.amount_minor AS amount_minor,
    b.accrue_on AS accrue_on,
    b.currency AS currency
FROM charged_before AS b
