-- Each subject with its number, agreement, weight, zone and face: all that prices and amounts are looked up by.
SELECT
    w.subject_no AS subject_no,
    w.side AS side,
    w.subject_kind AS subject_kind,
    w.subject_id AS subject_id,
    w.party_id AS party_id,
    w.rated_on AS rated_on,
    w.accrue_on AS accrue_on,
    w.status AS status,
    w.attempts AS attempts,
    w.declared_minor AS declared_minor,
    w.cod_minor AS cod_minor,
    w.goods_minor AS goods_minor,
    w.net_goods_minor AS net_goods_minor,
    w.shipping_minor AS shipping_minor,
    w.pallets AS pallets,
    w.inbound AS inbound,
    w.handled AS handled,
    w.days_late AS days_late,
    w.currency AS currency,
    w.agreement_fits AS agreement_fits,
    w.agreement_candidates AS agreement_candidates,
    w.agreement_id AS agreement_id,
    w.version AS version,
    f.face_no AS face_no,
    w.volumetric_g AS volumetric_g,
    w.chargeable_g AS chargeable_g,
    w.zone AS zone,
    w.zone_candidates AS zone_candidates
FROM rate_weighed AS w
LEFT JOIN rate_faces AS f
    ON f.agreement_id = w.agreement_id
    AND f.version = w.version
    AND f.subject_kind = w.subject_kind
    AND f.service = w.service
    AND f.status = CASE WHEN w.status = 'in_transit' THEN 'delivered' ELSE w.status END
    AND f.is_cod = w.is_cod
    AND f.insured = w.insured
    AND f.category = w.category
    AND f.marks = w.marks
    AND f.day_marks = w.day_marks
    AND f.chargeable_past_g = w.chargeable_past_g
    AND f.actual_past_g = w.actual_past_g
    AND f.longest_past_mm = w.longest_past_mm
    AND f.length_girth_past_mm = w.length_girth_past_mm
    AND f.late = w.late
