-- What each charge counted on charges is taken of, and what its limit is a share of: sums of charges of the same subject, before
-- their signs, or for a charge that only its limit counts on charges, a fact of the subject. A part that waits makes the charge wait,
-- for the reason of the first such part in the sheet.
SELECT
    part.subject_no AS subject_no,
    part.face_no AS face_no,
    part.charge_no AS charge_no,
    sum(part.amount_minor) FILTER (WHERE part.is_base)::BIGINT AS base_minor,
    sum(part.amount_minor) FILTER (WHERE part.is_cap)::BIGINT AS capping_minor,
    arg_min(part.hold_code, part.part_no) FILTER (WHERE part.is_base AND part.hold_code IS NOT NULL) AS base_hold_code,
    arg_min(part.hold_code, part.part_no) FILTER (WHERE part.is_cap AND part.hold_code IS NOT NULL) AS cap_hold_code
FROM (
    SELECT
        d.subject_no AS subject_no,
        d.face_no AS face_no,
        b.charge_no AS charge_no,
        d.charge_no AS part_no,
        b.is_base AS is_base,
        b.is_cap AS is_cap,
        d.amount_minor AS amount_minor,
        d.hold_code AS hold_code
    FROM rate_direct AS d
    JOIN rate_sheet_bases AS b ON b.face_no = d.face_no AND b.base_charge_no = d.charge_no
    UNION ALL
    SELECT
        p.subject_no AS subject_no,
        p.face_no AS face_no,
        sheet.charge_no AS charge_no,
        0 AS part_no,
        true AS is_base,
        false AS is_cap,
        CASE sheet.base
            WHEN 'declared' THEN p.declared_minor
            WHEN 'cod' THEN p.cod_minor
            WHEN 'goods' THEN p.goods_minor
            WHEN 'net_goods' THEN p.net_goods_minor
            WHEN 'shipping' THEN p.shipping_minor
            WHEN 'pallets' THEN p.pallets
            WHEN 'inbound' THEN p.inbound
            WHEN 'handled' THEN p.handled
            WHEN 'attempts' THEN p.attempts
            WHEN 'days_late' THEN p.days_late
        END AS amount_minor,
        NULL AS hold_code
    FROM rate_placed AS p
    JOIN rate_sheet AS sheet ON sheet.face_no = p.face_no
    WHERE sheet.counted
        AND sheet.base <> 'charges'
) AS part
GROUP BY part.subject_no, part.face_no, part.charge_no
