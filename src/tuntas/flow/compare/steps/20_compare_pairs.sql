-- Charges of service rendered in the period, both sides beside each other, where the amounts differ. A charge may stand on one side
-- alone, hence the full join; what is missing counts as nothing owed.
SELECT
    coalesce(n.charge_id, t.charge_id) AS charge_id,
    coalesce(n.side, t.side) AS side,
    coalesce(n.subject_kind, t.subject_kind) AS subject_kind,
    coalesce(n.subject_id, t.subject_id) AS subject_id,
    coalesce(n.party_id, t.party_id) AS party_id,
    coalesce(n.charge_type, t.charge_type) AS charge_type,
    t.charge_id IS NOT NULL AS was_there,
    n.charge_id IS NOT NULL AS is_there,
    t.agreement_id AS agreement_then,
    n.agreement_id AS agreement_now,
    t.version AS version_then,
    n.version AS version_now,
    t.charge_no AS charge_no_then,
    n.charge_no AS charge_no_now,
    t.band_no AS band_no_then,
    n.band_no AS band_no_now,
    t.base_minor AS base_then_minor,
    n.base_minor AS base_now_minor,
    t.quantity AS quantity_then,
    n.quantity AS quantity_now,
    t.rate_ppm AS rate_then_ppm,
    n.rate_ppm AS rate_now_ppm,
    t.rule_id AS rule_then,
    n.rule_id AS rule_now,
    t.clause AS clause_then,
    n.clause AS clause_now,
    coalesce(t.amount_minor, 0) AS then_minor,
    coalesce(n.amount_minor, 0) AS now_minor,
    coalesce(n.accrue_on, t.accrue_on) AS accrue_on,
    coalesce(n.currency, t.currency) AS currency
FROM (
    SELECT e.charge_id, e.side, e.subject_kind, e.subject_id, e.party_id, e.charge_type, e.agreement_id, e.version, e.charge_no,
        e.band_no, e.base_minor, e.quantity, e.rate_ppm, e.rule_id, e.clause, e.amount_minor, e.accrue_on, e.currency
    FROM expected_then AS e
    WHERE e.accrue_on >= (SELECT max(r.period_from) FROM run AS r) AND e.accrue_on < (SELECT max(r.period_to) FROM run AS r)
) AS t
FULL JOIN (
    SELECT e.charge_id, e.side, e.subject_kind, e.subject_id, e.party_id, e.charge_type, e.agreement_id, e.version, e.charge_no,
        e.band_no, e.base_minor, e.quantity, e.rate_ppm, e.rule_id, e.clause, e.amount_minor, e.accrue_on, e.currency
    FROM expected_now AS e
    WHERE e.accrue_on >= (SELECT max(r.period_from) FROM run AS r) AND e.accrue_on < (SELECT max(r.period_to) FROM run AS r)
) AS n ON n.charge_id = t.charge_id
WHERE coalesce(t.amount_minor, 0) <> coalesce(n.amount_minor, 0)
