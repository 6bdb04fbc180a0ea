-- Each subject with its agreement, weight, zone and lateness, and what decides which charges fit it. Its number is the place of its row
-- in `subjects`: the steps that follow meet on a whole number instead of two texts, and which number it is shows nowhere outside.
-- Volumetric grams are cubic millimetres by the divisor, rounded up. The heavier weight is rounded up to whole steps, where grams up
-- to the tolerance above a step do not open the next, and anything above zero is one step. Rounding each weight before taking the
-- heavier gives the same as rounding the heavier, as rounding never turns the order of two weights; only the minimum differs: it is
-- rounded along under max_then_round and stands as it is under round_then_max.
-- Of the limits of the agreement the highest one passed is kept, -1 for none: above a limit is past it, at it is not.
-- Days run from handing over to the final status; in transit, or without a promise, a parcel is neither late nor in time; below
-- zero they say how early it was.
SELECT
    w.subject_no AS subject_no,
    w.side AS side,
    w.subject_kind AS subject_kind,
    w.subject_id AS subject_id,
    w.party_id AS party_id,
    w.service AS service,
    w.category AS category,
    w.rated_on AS rated_on,
    w.accrue_on AS accrue_on,
    w.status AS status,
    w.attempts AS attempts,
    w.is_cod AS is_cod,
    w.insured AS insured,
    w.declared_minor AS declared_minor,
    w.cod_minor AS cod_minor,
    w.goods_minor AS goods_minor,
    w.net_goods_minor AS net_goods_minor,
    w.shipping_minor AS shipping_minor,
    w.pallets AS pallets,
    w.inbound AS inbound,
    w.handled AS handled,
    w.currency AS currency,
    w.agreement_fits AS agreement_fits,
    w.agreement_candidates AS agreement_candidates,
    w.agreement_id AS agreement_id,
    w.version AS version,
    w.volumetric_g AS volumetric_g,
    w.chargeable_g AS chargeable_g,
    w.zone AS zone,
    w.zone_candidates AS zone_candidates,
    w.marks AS marks,
    w.day_marks AS day_marks,
    coalesce(list_max(list_filter(w.chargeable_limits, lambda edge: edge < w.chargeable_g)), -1) AS chargeable_past_g,
    coalesce(list_max(list_filter(w.actual_limits, lambda edge: edge < w.actual_g)), -1) AS actual_past_g,
    coalesce(list_max(list_filter(w.longest_limits, lambda edge: edge < w.longest_mm)), -1) AS longest_past_mm,
    coalesce(list_max(list_filter(w.length_girth_limits, lambda edge: edge < w.length_girth_mm)), -1) AS length_girth_past_mm,
    w.days_late AS days_late,
    CASE WHEN w.days_late IS NULL THEN '' WHEN w.days_late > 0 THEN 'yes' ELSE 'no' END AS late
FROM (
    SELECT
        h.subject_no AS subject_no,
        h.side AS side,
        h.subject_kind AS subject_kind,
        h.subject_id AS subject_id,
        h.party_id AS party_id,
        h.service AS service,
        h.category AS category,
        h.rated_on AS rated_on,
        h.accrue_on AS accrue_on,
        h.status AS status,
        h.attempts AS attempts,
        h.is_cod AS is_cod,
        h.insured AS insured,
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
        h.volumetric_g AS volumetric_g,
        CASE
            WHEN h.step_g IS NULL THEN NULL
            WHEN h.weight_order = 'max_then_round'
                THEN CASE WHEN greatest(h.actual_g, h.volumetric_g, h.min_g) <= 0 THEN 0
                    ELSE greatest(ceil_div(greatest(h.actual_g, h.volumetric_g, h.min_g) - h.tolerance_g, h.step_g), 1) * h.step_g END
            ELSE greatest(
                CASE WHEN greatest(h.actual_g, h.volumetric_g) <= 0 THEN 0
                    ELSE greatest(ceil_div(greatest(h.actual_g, h.volumetric_g) - h.tolerance_g, h.step_g), 1) * h.step_g END,
                h.min_g
            )
        END AS chargeable_g,
        h.zone AS zone,
        h.zone_candidates AS zone_candidates,
        h.marks AS marks,
        h.day_marks AS day_marks,
        h.actual_g AS actual_g,
        h.longest_mm AS longest_mm,
        h.length_girth_mm AS length_girth_mm,
        h.chargeable_limits AS chargeable_limits,
        h.actual_limits AS actual_limits,
        h.longest_limits AS longest_limits,
        h.length_girth_limits AS length_girth_limits,
        CASE
            WHEN h.status <> 'in_transit' THEN h.accrue_on - h.rated_on - h.promised_days
        END AS days_late
    FROM (
        SELECT
            s.rowid AS subject_no,
            s.side AS side,
            s.subject_kind AS subject_kind,
            s.subject_id AS subject_id,
            s.party_id AS party_id,
            s.service AS service,
            s.category AS category,
            s.rated_on AS rated_on,
            s.accrue_on AS accrue_on,
            s.actual_g AS actual_g,
            s.longest_mm AS longest_mm,
            s.length_girth_mm AS length_girth_mm,
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
            coalesce(t.fits, 0) AS agreement_fits,
            t.candidates AS agreement_candidates,
            t.agreement_id AS agreement_id,
            t.version AS version,
            CASE WHEN s.subject_kind = 'parcel' THEN t.step_g END AS step_g,
            t.tolerance_g AS tolerance_g,
            t.min_g AS min_g,
            t.weight_order AS weight_order,
            CASE
                WHEN s.subject_kind <> 'parcel' THEN NULL
                WHEN t.divisor = 0 THEN 0
                ELSE ceil_div(s.volume_mm3, t.divisor)
            END AS volumetric_g,
            z.zone AS zone,
            z.candidates AS zone_candidates,
            z.promised_days AS promised_days,
            coalesce(m.marks, '') AS marks,
            t.day_marks AS day_marks,
            t.chargeable_limits AS chargeable_limits,
            t.actual_limits AS actual_limits,
            t.longest_limits AS longest_limits,
            t.length_girth_limits AS length_girth_limits
        FROM subjects AS s
        LEFT JOIN rate_terms AS t
            ON t.side = s.side
            AND t.party_id = s.party_id
            AND t.currency = s.currency
            AND t.rated_on = s.rated_on
        LEFT JOIN rate_area_marks AS m
            ON m.agreement_id = t.agreement_id
            AND m.version = t.version
            AND m.area = s.dest_area
        LEFT JOIN rate_places AS z
            ON z.agreement_id = t.agreement_id
            AND z.version = t.version
            AND z.service = s.service
            AND z.origin_area = s.origin_area
            AND z.dest_area = s.dest_area
    ) AS h
) AS w
