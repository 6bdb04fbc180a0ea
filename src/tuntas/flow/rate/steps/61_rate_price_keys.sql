-- Each question asked of the band tables once: charge and service, zone, chargeable grams.
SELECT
    k.price_no AS price_no,
    k.zone AS zone,
    k.chargeable_g AS chargeable_g,
    c.agreement_id AS agreement_id,
    c.version AS version,
    c.charge_no AS charge_no,
    c.service AS service
FROM (
    SELECT DISTINCT
        sheet.price_no AS price_no,
        p.zone AS zone,
        p.chargeable_g AS chargeable_g
    FROM rate_placed AS p
    JOIN rate_sheet AS sheet ON sheet.face_no = p.face_no
    WHERE sheet.kind = 'bands'
        AND p.zone IS NOT NULL
) AS k
LEFT JOIN (
    SELECT DISTINCT
        sheet.price_no AS price_no,
        sheet.agreement_id AS agreement_id,
        sheet.version AS version,
        sheet.charge_no AS charge_no,
        sheet.service AS service
    FROM rate_sheet AS sheet
) AS c ON c.price_no = k.price_no
