-- The subjects of those holds, with the first reason that something of them waits.
SELECT
    r.side AS side,
    r.subject_kind AS subject_kind,
    r.subject_id AS subject_id,
    r.party_id AS party_id,
    r.agreement_id AS agreement_id,
    r.version AS version,
    r.volumetric_g AS volumetric_g,
    r.chargeable_g AS chargeable_g,
    r.zone AS zone,
    r.status AS status,
    coalesce(r.hold_code, 'RATE-ORDER-01') AS hold_code
FROM rated AS r
WHERE (r.side, r.subject_id) IN (SELECT (h.side, h.subject_id) FROM order_holds AS h)
