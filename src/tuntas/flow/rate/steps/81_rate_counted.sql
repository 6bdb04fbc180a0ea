-- The charges counted on charges, before their sign: percent, index or claim of the sum found, or the reason they wait.
-- A sum that is not above zero gives no charge.
SELECT
    line.subject_no AS subject_no,
    line.face_no AS face_no,
    line.charge_no AS charge_no,
    line.base_minor AS base_minor,
    line.rate_ppm AS rate_ppm,
    CASE
        WHEN line.hold_code IS NOT NULL THEN NULL
        WHEN line.kind = 'claim' THEN least(line.base_minor, line.max_minor)
        ELSE least(greatest(mul_ppm(line.base_minor, line.rate_ppm) + line.unit_minor, line.min_minor), line.max_minor)
    END AS amount_minor,
    line.hold_code AS hold_code,
    line.candidates AS candidates
FROM (
    SELECT
        base.subject_no AS subject_no,
        base.face_no AS face_no,
        base.charge_no AS charge_no,
        base.base_minor AS base_minor,
        sheet.kind AS kind,
        sheet.unit_minor AS unit_minor,
        sheet.min_minor AS min_minor,
        sheet.max_minor AS max_minor,
        CASE sheet.kind WHEN 'percent' THEN sheet.rate_ppm WHEN 'index' THEN i.rate_ppm END AS rate_ppm,
        CASE
            WHEN base.hold_code IS NOT NULL THEN base.hold_code
            WHEN sheet.kind = 'index' AND i.fits IS NULL THEN 'RATE-INDEX-01'
            WHEN i.fits > 1 THEN 'RATE-INDEX-02'
        END AS hold_code,
        CASE WHEN base.hold_code IS NULL THEN i.candidates END AS candidates
    FROM rate_bases AS base
    LEFT JOIN rate_placed AS p ON p.subject_no = base.subject_no
    LEFT JOIN rate_sheet AS sheet ON sheet.face_no = base.face_no AND sheet.charge_no = base.charge_no
    LEFT JOIN rate_indices AS i
        ON i.agreement_id = sheet.agreement_id
        AND i.version = sheet.version
        AND i.index_name = sheet.index_name
        AND i.rated_on = p.rated_on
    WHERE base.hold_code IS NOT NULL
        OR base.base_minor > 0
) AS line
