-- The charges we expect, one row a charge, with the sign that says whether the party earns it or bears it. A charge of sign 0 was
-- worked out for others to be counted on; nobody owes it, so it is not expected. (The condition also
-- holds without a row of the sheet, which keeps the engine from turning the join around.)
SELECT
    p.side || ':' || p.subject_id || ':' || sheet.charge_type AS charge_id,
    p.side AS side,
    p.subject_kind AS subject_kind,
    p.subject_id AS subject_id,
    p.party_id AS party_id,
    sheet.charge_type AS charge_type,
    sheet.agreement_id AS agreement_id,
    sheet.version AS version,
    sheet.charge_no AS charge_no,
    sheet.agreement_id || '@' || sheet.version || '#' || sheet.charge_no
    || CASE WHEN line.band_no IS NULL THEN '' ELSE '/' || line.band_no END AS rule_id,
    sheet.clause AS clause,
    line.band_no AS band_no,
    line.base_minor AS base_minor,
    line.quantity AS quantity,
    line.rate_ppm AS rate_ppm,
    line.amount_minor * sheet.sign AS amount_minor,
    p.accrue_on AS accrue_on,
    p.currency AS currency
FROM (
    SELECT
        d.subject_no AS subject_no,
        d.face_no AS face_no,
        d.charge_no AS charge_no,
        d.quantity AS quantity,
        d.base_minor AS base_minor,
        d.rate_ppm AS rate_ppm,
        d.band_no AS band_no,
        d.amount_minor AS amount_minor
    FROM rate_direct AS d
    WHERE d.hold_code IS NULL
    UNION ALL
    SELECT
        c.subject_no AS subject_no,
        c.face_no AS face_no,
        c.charge_no AS charge_no,
        c.quantity AS quantity,
        c.base_minor AS base_minor,
        c.rate_ppm AS rate_ppm,
        NULL AS band_no,
        c.amount_minor AS amount_minor
    FROM rate_counted AS c
    WHERE c.hold_code IS NULL
) AS line
LEFT JOIN rate_placed AS p ON p.subject_no = line.subject_no
LEFT JOIN rate_sheet AS sheet ON sheet.face_no = line.face_no AND sheet.charge_no = line.charge_no
WHERE coalesce(sheet.sign, 1) <> 0
