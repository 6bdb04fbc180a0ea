-- Those charges as they stand: a line with what it bears, a refund with its share of that. A refund that waits has none.
SELECT
    e.charge_id AS charge_id,
    e.side AS side,
    e.subject_kind AS subject_kind,
    e.subject_id AS subject_id,
    e.party_id AS party_id,
    e.charge_type AS charge_type,
    e.agreement_id AS agreement_id,
    e.version AS version,
    e.charge_no AS charge_no,
    e.rule_id AS rule_id,
    e.clause AS clause,
    e.band_no AS band_no,
    coalesce(t.part_minor, e.base_minor) AS base_minor,
    e.quantity AS quantity,
    e.rate_ppm AS rate_ppm,
    t.amount_minor AS amount_minor,
    e.accrue_on AS accrue_on,
    e.currency AS currency
FROM (
    SELECT s.charge_id AS charge_id, NULL::BIGINT AS part_minor, s.amount_minor * c.sign AS amount_minor
    FROM order_shares AS s
    LEFT JOIN charges AS c ON c.agreement_id = s.agreement_id AND c.version = s.version AND c.charge_no = s.charge_no
    WHERE s.amount_minor <> s.raw_minor
    UNION ALL
    SELECT g.charge_id AS charge_id, g.part_minor AS part_minor, mul_ppm(g.part_minor, g.rate_ppm) * g.sign AS amount_minor
    FROM order_given_back AS g
    WHERE g.part_minor IS NOT NULL
) AS t
LEFT JOIN expected AS e ON e.charge_id = t.charge_id
