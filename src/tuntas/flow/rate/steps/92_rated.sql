-- One row a subject: agreement, weight and zone found, and the first reason something of it waits, in the order of the sheet.
SELECT
    p.side AS side,
    p.subject_kind AS subject_kind,
    p.subject_id AS subject_id,
    p.party_id AS party_id,
    p.agreement_id AS agreement_id,
    p.version AS version,
    p.volumetric_g AS volumetric_g,
    p.chargeable_g AS chargeable_g,
    p.zone AS zone,
    p.status AS status,
    h.hold_code AS hold_code
FROM rate_placed AS p
LEFT JOIN (
    SELECT
        hold.side AS side,
        hold.subject_id AS subject_id,
        arg_min(hold.code, hold.charge_no) AS hold_code
    FROM rate_holds AS hold
    GROUP BY hold.side, hold.subject_id
) AS h ON h.side = p.side AND h.subject_id = p.subject_id
