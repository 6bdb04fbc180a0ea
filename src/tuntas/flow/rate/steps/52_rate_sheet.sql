-- The charges that fit each face. Charges of one type are alternatives: the one that stands first in the calculation sheet applies.
-- price_no numbers the questions asked of the band tables: charge and service.
SELECT
    fit.face_no AS face_no,
    fit.agreement_id AS agreement_id,
    fit.version AS version,
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
    fit.min_minor AS min_minor,
    fit.max_minor AS max_minor,
    fit.sign AS sign,
    dense_rank() OVER (ORDER BY fit.agreement_id, fit.version, fit.charge_no, fit.service) AS price_no
FROM (
    SELECT
        f.face_no AS face_no,
        f.service AS service,
        c.agreement_id AS agreement_id,
        c.version AS version,
        c.charge_no AS charge_no,
        c.charge_type AS charge_type,
        c.kind AS kind,
        c.clause AS clause,
        coalesce(c.base, '') AS base,
        c.base_charges AS base_charges,
        c.rate_ppm AS rate_ppm,
        c.index_name AS index_name,
        c.unit_minor AS unit_minor,
        c.min_minor AS min_minor,
        c.max_minor AS max_minor,
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
    QUALIFY row_number() OVER (PARTITION BY f.face_no, c.charge_type ORDER BY c.charge_no) = 1
) AS fit
