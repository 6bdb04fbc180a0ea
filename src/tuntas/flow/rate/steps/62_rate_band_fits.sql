-- Every band that covers a question, with its price: the first unit, then each started further unit, or so much a kilogram rounded
-- half up (in wide arithmetic: grams by millionths pass 64 bits); at least the band's minimum. Bands are half-open in grams. Bands of the named service stand before those of *.
SELECT
    k.price_no AS price_no,
    k.zone AS zone,
    k.chargeable_g AS chargeable_g,
    b.band_no AS band_no,
    k.agreement_id || '@' || k.version || '#' || k.charge_no || '/' || b.band_no AS rule_id,
    CASE WHEN b.service = '*' THEN 0 ELSE 1 END AS nearness,
    greatest(
        b.first_minor
        + CASE WHEN b.next_g > 0 AND k.chargeable_g > b.first_g
            THEN ceil_div(k.chargeable_g - b.first_g, b.next_g) * b.next_minor
            ELSE 0
        END
        + CASE WHEN b.per_kg_micro > 0 THEN ((2::HUGEINT * k.chargeable_g * b.per_kg_micro + 1000000000) // 2000000000)::BIGINT ELSE 0 END,
        b.min_minor
    ) AS amount_minor
FROM rate_price_keys AS k
LEFT JOIN bands AS b
    ON b.agreement_id = k.agreement_id
    AND b.version = k.version
    AND b.charge_no = k.charge_no
    AND b.zone = k.zone
    AND b.service IN (k.service, '*')
    AND b.from_g <= k.chargeable_g
    AND (b.to_g IS NULL OR k.chargeable_g < b.to_g)
WHERE b.band_no IS NOT NULL
