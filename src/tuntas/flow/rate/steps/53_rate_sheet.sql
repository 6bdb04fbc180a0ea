-- The charges that fit each face. Charges of one type are alternatives: the one that stands first in the calculation sheet applies.
-- price_no numbers the questions asked of the band tables: charge and service. Each charge has a slot of its face: those with bands
-- first, then what is counted on facts, and last what is counted on charges, or limited by them, so that all it may count stand before
-- it. Slots are the columns in which a subject's amounts stand side by side.
SELECT
    fit.face_no AS face_no,
    fit.agreement_id AS agreement_id,
    fit.version AS version,
    fit.version_no AS version_no,
    fit.charge_no AS charge_no,
    fit.charge_type AS charge_type,
    fit.kind AS kind,
    fit.service AS service,
    fit.clause AS clause,
    fit.base AS base,
    fit.base_charges AS base_charges,
    fit.rate_ppm AS rate_ppm,
    fit.index_name AS index_name,
    fit.unit_minor AS unit_minor,
    fit.free AS free,
    fit.step AS step,
    fit.counting AS counting,
    fit.min_minor AS min_minor,
    fit.max_minor AS max_minor,
    fit.cap_ppm AS cap_ppm,
    fit.cap_charges AS cap_charges,
    fit.base = 'charges' OR fit.cap_charges IS NOT NULL AS counted,
    fit.sign AS sign,
    row_number() OVER (
        PARTITION BY fit.face_no
        ORDER BY fit.base = 'charges' OR fit.cap_charges IS NOT NULL, fit.kind <> 'bands', fit.charge_no
    ) AS slot,
    dense_rank() OVER (ORDER BY fit.agreement_id, fit.version, fit.charge_no, fit.service) AS price_no
FROM (
    SELECT
        f.face_no AS face_no,
        f.service AS service,
        c.agreement_id AS agreement_id,
        c.version AS version,
        f.version_no AS version_no,
        c.charge_no AS charge_no,
        c.charge_type AS charge_type,
        c.kind AS kind,
        c.clause AS clause,
        coalesce(c.base, '') AS base,
        c.base_charges AS base_charges,
        c.rate_ppm AS rate_ppm,
        c.index_name AS index_name,
        c.unit_minor AS unit_minor,
        coalesce(c.free, 0) AS free,
        coalesce(c.step, 1) AS step,
        coalesce(c.counting, 'started') AS counting,
        c.min_minor AS min_minor,
        c.max_minor AS max_minor,
        c.cap_ppm AS cap_ppm,
        c.cap_charges AS cap_charges,
        c.sign AS sign
    FROM rate_faces AS f
    JOIN charges AS c
        ON c.agreement_id = f.agreement_id
        AND c.version = f.version
        AND c.subject = f.subject_kind
    WHERE c.service IN (f.service, '*')
        AND (c.statuses = '*' OR contains('|' || c.statuses || '|', '|' || f.status || '|'))
        AND (c.cod = 'any' OR c.cod = CASE WHEN f.is_cod THEN 'yes' ELSE 'no' END)
        AND (c.insured = 'any' OR c.insured = CASE WHEN f.insured THEN 'yes' ELSE 'no' END)
        AND c.category IN (f.category, '*')
        AND (c.area_list IS NULL OR contains(f.marks, '|' || c.area_list || '|'))
        AND (c.date_list IS NULL OR contains(f.day_marks, '|' || c.date_list || '|'))
        AND (c.weight_over_g IS NULL OR c.weight_over_g <= CASE c.weight_of WHEN 'actual' THEN f.actual_past_g ELSE f.chargeable_past_g END)
        AND (c.weight_upto_g IS NULL OR c.weight_upto_g > CASE c.weight_of WHEN 'actual' THEN f.actual_past_g ELSE f.chargeable_past_g END)
        AND (c.size_over_mm IS NULL OR c.size_over_mm <= CASE c.size_of WHEN 'longest' THEN f.longest_past_mm ELSE f.length_girth_past_mm END)
        AND (c.size_upto_mm IS NULL OR c.size_upto_mm > CASE c.size_of WHEN 'longest' THEN f.longest_past_mm ELSE f.length_girth_past_mm END)
        AND (c.late IS NULL OR c.late = f.late)
    QUALIFY row_number() OVER (PARTITION BY f.face_no, c.charge_type ORDER BY c.charge_no) = 1
) AS fit
