-- The charge we expect of an adjustment: its difference, nothing else.
SELECT
    a.side || ':' || a.adjustment_id || ':' || a.charge_type AS charge_id,
    a.side AS side,
    'adjustment' AS subject_kind,
    a.adjustment_id AS subject_id,
    a.party_id AS party_id,
    a.charge_type AS charge_type,
    a.agreement_id AS agreement_id,
    a.version AS version,
    a.charge_no AS charge_no,
    a.rule_id AS rule_id,
    a.clause AS clause,
    CAST(NULL AS BIGINT) AS band_no,
    CAST(NULL AS BIGINT) AS base_minor,
    CAST(NULL AS BIGINT) AS quantity,
    CAST(NULL AS BIGINT) AS rate_ppm,
    a.amount_minor AS amount_minor,
    a.adjusted_on AS accrue_on,
    a.currency AS currency
FROM adjust_ruled AS a
