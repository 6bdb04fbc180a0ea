-- One row a subject: agreement, weight and zone found, and the first reason something of it waits, in the order of the sheet.
SELECT
    f.side AS side,
    f.subject_kind AS subject_kind,
    p.subject_id AS subject_id,
    f.party_id AS party_id,
    n.agreement_id AS agreement_id,
    n.version AS version,
    p.volumetric_g AS volumetric_g,
    p.chargeable_g AS chargeable_g,
    z.zone AS zone,
    f.status AS status,
    h.hold_code AS hold_code
FROM rate_priced AS p
LEFT JOIN rate_profiles AS f ON f.profile_no = p.profile_no
LEFT JOIN rate_versions AS n ON n.version_no = p.version_no
LEFT JOIN rate_zone_names AS z ON z.zone_no = p.zone_no
LEFT JOIN (
    SELECT
        hold.side AS side,
        hold.subject_id AS subject_id,
        arg_min(hold.code, hold.charge_no) AS hold_code
    FROM rate_holds AS hold
    GROUP BY hold.side, hold.subject_id
) AS h ON h.side = f.side AND h.subject_id = p.subject_id
