-- An adjustment is rated by the agreement of its rule; it has neither weight nor zone.
SELECT
    a.side AS side,
    'adjustment' AS subject_kind,
    a.adjustment_id AS subject_id,
    a.party_id AS party_id,
    a.agreement_id AS agreement_id,
    a.version AS version,
    CAST(NULL AS BIGINT) AS volumetric_g,
    CAST(NULL AS BIGINT) AS chargeable_g,
    CAST(NULL AS VARCHAR) AS zone,
    'done' AS status,
    CAST(NULL AS VARCHAR) AS hold_code
FROM adjust_ruled AS a
