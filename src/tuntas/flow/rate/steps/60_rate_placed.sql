-- Each subject with its number, agreement, weight, zone and face.
-- Volumetric grams are cubic millimetres by the divisor, rounded up. The heavier weight is rounded up to whole steps, where grams up
-- to the tolerance above a step do not open the next, and anything above zero is one step. Rounding each weight before taking the
-- heavier gives the same as rounding the heavier, as rounding never turns the order of two weights; only the minimum differs: it is
-- rounded along under max_then_round and stands as it is under round_then_max.
SELECT
    h.subject_no AS subject_no,
    h.side AS side,
    h.subject_kind AS subject_kind,
    h.subject_id AS subject_id,
    h.party_id AS party_id,
    h.rated_on AS rated_on,
    h.accrue_on AS accrue_on,
    h.status AS status,
    h.attempts AS attempts,
    h.declared_minor AS declared_minor,
    h.cod_minor AS cod_minor,
    h.goods_minor AS goods_minor,
    h.net_goods_minor AS net_goods_minor,
    h.shipping_minor AS shipping_minor,
    h.pallets AS pallets,
    h.inbound AS inbound,
    h.handled AS handled,
    h.currency AS currency,
    h.agreement_fits AS agreement_fits,
    h.agreement_candidates AS agreement_candidates,
    h.agreement_id AS agreement_id,
    h.version AS version,
    h.face_no AS face_no,
    h.volumetric_g AS volumetric_g,
    CASE
        WHEN h.step_g IS NULL THEN NULL
        WHEN h.weight_order = 'max_then_round'
            THEN CASE WHEN greatest(h.heavier_g, h.min_g) <= 0 THEN 0
                ELSE greatest(ceil_div(greatest(h.heavier_g, h.min_g) - h.tolerance_g, h.step_g), 1) * h.step_g END
        ELSE greatest(
            CASE WHEN h.heavier_g <= 0 THEN 0 ELSE greatest(ceil_div(h.heavier_g - h.tolerance_g, h.step_g), 1) * h.step_g END,
            h.min_g
        )
    END AS chargeable_g,
    h.zone AS zone,
    h.zone_candidates AS zone_candidates
FROM (
    SELECT
        n.subject_no AS subject_no,
        v.side AS side,
        v.subject_kind AS subject_kind,
        v.subject_id AS subject_id,
        v.party_id AS party_id,
        v.rated_on AS rated_on,
        v.accrue_on AS accrue_on,
        v.status AS status,
        v.attempts AS attempts,
        v.declared_minor AS declared_minor,
        v.cod_minor AS cod_minor,
        v.goods_minor AS goods_minor,
        v.net_goods_minor AS net_goods_minor,
        v.shipping_minor AS shipping_minor,
        v.pallets AS pallets,
        v.inbound AS inbound,
        v.handled AS handled,
        v.currency AS currency,
        v.agreement_fits AS agreement_fits,
        v.agreement_candidates AS agreement_candidates,
        v.agreement_id AS agreement_id,
        v.version AS version,
        f.face_no AS face_no,
        v.volumetric_g AS volumetric_g,
        greatest(v.actual_g, v.volumetric_g) AS heavier_g,
        v.step_g AS step_g,
        v.tolerance_g AS tolerance_g,
        v.min_g AS min_g,
        v.weight_order AS weight_order,
        z.zone AS zone,
        z.candidates AS zone_candidates
    FROM (
        SELECT
            s.side AS side,
            s.subject_kind AS subject_kind,
            s.subject_id AS subject_id,
            s.party_id AS party_id,
            s.service AS service,
            s.category AS category,
            s.rated_on AS rated_on,
            s.accrue_on AS accrue_on,
            s.origin_area AS origin_area,
            s.dest_area AS dest_area,
            s.actual_g AS actual_g,
            s.status AS status,
            s.attempts AS attempts,
            s.is_cod AS is_cod,
            s.insured AS insured,
            s.declared_minor AS declared_minor,
            s.cod_minor AS cod_minor,
            s.goods_minor AS goods_minor,
            s.net_goods_minor AS net_goods_minor,
            s.shipping_minor AS shipping_minor,
            s.pallets AS pallets,
            s.inbound AS inbound,
            s.handled AS handled,
            s.currency AS currency,
            coalesce(a.fits, 0) AS agreement_fits,
            a.candidates AS agreement_candidates,
            a.agreement_id AS agreement_id,
            a.version AS version,
            CASE WHEN s.subject_kind = 'parcel' THEN a.step_g END AS step_g,
            a.tolerance_g AS tolerance_g,
            a.min_g AS min_g,
            a.weight_order AS weight_order,
            CASE
                WHEN s.subject_kind <> 'parcel' THEN NULL
                WHEN a.divisor = 0 THEN 0
                ELSE ceil_div(s.volume_mm3, a.divisor)
            END AS volumetric_g
        FROM subjects AS s
        LEFT JOIN rate_agreements AS a
            ON a.side = s.side
            AND a.party_id = s.party_id
            AND a.currency = s.currency
            AND a.rated_on = s.rated_on
    ) AS v
    LEFT JOIN rate_numbers AS n ON n.side = v.side AND n.subject_id = v.subject_id
    LEFT JOIN rate_area_marks AS m
        ON m.agreement_id = v.agreement_id
        AND m.version = v.version
        AND m.area = v.dest_area
    LEFT JOIN rate_faces AS f
        ON f.agreement_id = v.agreement_id
        AND f.version = v.version
        AND f.subject_kind = v.subject_kind
        AND f.service = v.service
        AND f.status = CASE WHEN v.status = 'in_transit' THEN 'delivered' ELSE v.status END
        AND f.is_cod = v.is_cod
        AND f.insured = v.insured
        AND f.category = v.category
        AND f.marks = coalesce(m.marks, '')
    LEFT JOIN rate_zones AS z
        ON z.agreement_id = v.agreement_id
        AND z.version = v.version
        AND z.service = v.service
        AND z.origin_area = v.origin_area
        AND z.dest_area = v.dest_area
) AS h
