-- The grams at which the price of a charge can change, by zone: where some band of it begins, and where one ends. A band without an end
-- ends at the largest number there is. Bands for another service than the one asked for do not count.
SELECT DISTINCT
    k.price_no AS price_no,
    b.zone AS zone,
    k.agreement_id AS agreement_id,
    k.version AS version,
    k.charge_no AS charge_no,
    k.service AS service,
    unnest([b.from_g, coalesce(b.to_g, 9223372036854775807)]) AS edge_g
FROM (
    SELECT DISTINCT
        sheet.price_no AS price_no,
        sheet.agreement_id AS agreement_id,
        sheet.version AS version,
        sheet.charge_no AS charge_no,
        sheet.service AS service
    FROM rate_sheet AS sheet
    WHERE sheet.kind = 'bands'
) AS k
JOIN bands AS b
    ON b.agreement_id = k.agreement_id
    AND b.version = k.version
    AND b.charge_no = k.charge_no
    AND b.service IN (k.service, '*')
