-- Every charge that is not counted on other charges, before its sign: an amount, or the reason it waits.
-- bands: the price found. flat: the amount. per_unit: amount by quantity. percent and index: rate of the base, then the fixed part.
-- These three are then held between minimum and maximum. claim: the base held under its maximum.
-- A quantity of zero, or a base that is not above zero, gives no charge.
SELECT
    line.subject_no AS subject_no,
    line.face_no AS face_no,
    line.charge_no AS charge_no,
    CASE WHEN line.kind IN ('bands', 'per_unit') THEN line.counted END AS quantity,
    CASE WHEN line.kind IN ('percent', 'index', 'claim') THEN line.counted END AS base_minor,
    line.rate_ppm AS rate_ppm,
    line.band_no AS band_no,
    CASE
        WHEN line.hold_code IS NOT NULL THEN NULL
        WHEN line.kind = 'bands' THEN line.price_minor
        WHEN line.kind = 'flat' THEN line.unit_minor
        WHEN line.kind = 'per_unit' THEN least(greatest(line.unit_minor * line.counted, line.min_minor), line.max_minor)
        WHEN line.kind = 'claim' THEN least(line.counted, line.max_minor)
        ELSE least(greatest(mul_ppm(line.counted, line.rate_ppm) + line.unit_minor, line.min_minor), line.max_minor)
    END AS amount_minor,
    line.hold_code AS hold_code,
    line.candidates AS candidates
FROM (
    SELECT
        p.subject_no AS subject_no,
        sheet.face_no AS face_no,
        sheet.charge_no AS charge_no,
        sheet.kind AS kind,
        sheet.unit_minor AS unit_minor,
        sheet.min_minor AS min_minor,
        sheet.max_minor AS max_minor,
        CASE
            WHEN sheet.kind = 'bands' THEN p.chargeable_g
            WHEN sheet.base = 'declared' THEN p.declared_minor
            WHEN sheet.base = 'cod' THEN p.cod_minor
            WHEN sheet.base = 'goods' THEN p.goods_minor
            WHEN sheet.base = 'net_goods' THEN p.net_goods_minor
            WHEN sheet.base = 'shipping' THEN p.shipping_minor
            WHEN sheet.base = 'pallets' THEN p.pallets
            WHEN sheet.base = 'inbound' THEN p.inbound
            WHEN sheet.base = 'handled' THEN p.handled
            WHEN sheet.base = 'attempts' THEN p.attempts
            WHEN sheet.base = 'days_late' THEN p.days_late
        END AS counted,
        CASE sheet.kind WHEN 'percent' THEN sheet.rate_ppm WHEN 'index' THEN i.rate_ppm END AS rate_ppm,
        b.band_no AS band_no,
        b.amount_minor AS price_minor,
        CASE
            WHEN sheet.kind = 'bands' AND p.zone IS NULL AND p.zone_candidates IS NULL THEN 'RATE-ZONE-01'
            WHEN sheet.kind = 'bands' AND p.zone IS NULL THEN 'RATE-ZONE-02'
            WHEN sheet.kind = 'bands' AND b.fits IS NULL THEN 'RATE-BAND-01'
            WHEN b.fits > 1 THEN 'RATE-BAND-02'
            WHEN sheet.kind = 'index' AND i.fits IS NULL THEN 'RATE-INDEX-01'
            WHEN i.fits > 1 THEN 'RATE-INDEX-02'
        END AS hold_code,
        CASE sheet.kind WHEN 'bands' THEN coalesce(p.zone_candidates, b.candidates) WHEN 'index' THEN i.candidates END AS candidates
    FROM rate_placed AS p
    JOIN rate_sheet AS sheet ON sheet.face_no = p.face_no
    LEFT JOIN rate_prices AS b
        ON b.price_no = sheet.price_no
        AND b.zone = p.zone
        AND b.chargeable_g = p.chargeable_g
    LEFT JOIN rate_indices AS i
        ON i.agreement_id = sheet.agreement_id
        AND i.version = sheet.version
        AND i.index_name = sheet.index_name
        AND i.rated_on = p.rated_on
    WHERE NOT sheet.counted
) AS line
WHERE line.kind IN ('bands', 'flat')
    OR line.counted > 0
