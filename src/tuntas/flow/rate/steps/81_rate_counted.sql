-- The charges counted on charges, before their sign: amount by quantity, or percent, index or claim of the base found, held between
-- minimum and maximum and under the limit that is a share of other charges; or the reason they wait. A base that is not above zero
-- gives no charge. A limit that is a share of charges the subject does not have is no limit anybody agreed to: the charge waits.
-- The limit is rounded half up in wide arithmetic: many times an amount passes 64 bits before it is divided.
SELECT
    line.subject_no AS subject_no,
    line.face_no AS face_no,
    line.charge_no AS charge_no,
    CASE WHEN line.kind = 'per_unit' THEN line.base_minor END AS quantity,
    CASE WHEN line.kind <> 'per_unit' THEN line.base_minor END AS base_minor,
    line.rate_ppm AS rate_ppm,
    CASE
        WHEN line.hold_code IS NOT NULL THEN NULL
        WHEN line.kind = 'claim' THEN least(line.base_minor, line.max_minor, line.cap_minor)
        WHEN line.kind = 'per_unit'
            THEN least(greatest(line.unit_minor * line.base_minor, line.min_minor), line.max_minor, line.cap_minor)
        ELSE least(
            greatest(mul_ppm(line.base_minor, line.rate_ppm) + line.unit_minor, line.min_minor), line.max_minor, line.cap_minor
        )
    END AS amount_minor,
    line.hold_code AS hold_code,
    CASE WHEN line.hold_code = 'RATE-INDEX-02' THEN line.candidates END AS candidates
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
        ((2::HUGEINT * base.capping_minor * sheet.cap_ppm + 1000000) // 2000000)::BIGINT AS cap_minor,
        CASE sheet.kind WHEN 'percent' THEN sheet.rate_ppm WHEN 'index' THEN i.rate_ppm END AS rate_ppm,
        CASE
            WHEN base.base_hold_code IS NOT NULL THEN base.base_hold_code
            WHEN base.cap_hold_code IS NOT NULL THEN base.cap_hold_code
            WHEN sheet.cap_charges IS NOT NULL AND base.capping_minor IS NULL THEN 'RATE-CAP-01'
            WHEN sheet.kind = 'index' AND i.fits IS NULL THEN 'RATE-INDEX-01'
            WHEN i.fits > 1 THEN 'RATE-INDEX-02'
        END AS hold_code,
        i.candidates AS candidates
    FROM rate_bases AS base
    LEFT JOIN rate_placed AS p ON p.subject_no = base.subject_no
    LEFT JOIN rate_sheet AS sheet ON sheet.face_no = base.face_no AND sheet.charge_no = base.charge_no
    LEFT JOIN rate_indices AS i
        ON i.agreement_id = sheet.agreement_id
        AND i.version = sheet.version
        AND i.index_name = sheet.index_name
        AND i.rated_on = p.rated_on
    WHERE base.base_hold_code IS NOT NULL
        OR base.base_minor > 0
) AS line
