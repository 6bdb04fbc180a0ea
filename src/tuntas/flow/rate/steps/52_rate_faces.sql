-- Subjects that every charge of an agreement treats alike share a face: agreement, kind, service, status, cod, insured, category, the
-- lists its area and its day stand on, the limits it is past, and whether it was late. Which charges fit is decided once a face.
-- A parcel in transit is rated as if delivered: its charges are provisional.
SELECT
    row_number() OVER (
        ORDER BY f.agreement_id, f.version, f.subject_kind, f.service, f.status, f.is_cod, f.insured, f.category, f.marks, f.day_marks,
            f.chargeable_past_g, f.actual_past_g, f.longest_past_mm, f.length_girth_past_mm, f.late
    ) AS face_no,
    f.agreement_id AS agreement_id,
    f.version AS version,
    f.subject_kind AS subject_kind,
    f.service AS service,
    f.status AS status,
    f.is_cod AS is_cod,
    f.insured AS insured,
    f.category AS category,
    f.marks AS marks,
    f.day_marks AS day_marks,
    f.chargeable_past_g AS chargeable_past_g,
    f.actual_past_g AS actual_past_g,
    f.longest_past_mm AS longest_past_mm,
    f.length_girth_past_mm AS length_girth_past_mm,
    f.late AS late
FROM (
    SELECT DISTINCT
        w.agreement_id AS agreement_id,
        w.version AS version,
        w.subject_kind AS subject_kind,
        w.service AS service,
        CASE WHEN w.status = 'in_transit' THEN 'delivered' ELSE w.status END AS status,
        w.is_cod AS is_cod,
        w.insured AS insured,
        w.category AS category,
        w.marks AS marks,
        w.day_marks AS day_marks,
        w.chargeable_past_g AS chargeable_past_g,
        w.actual_past_g AS actual_past_g,
        w.longest_past_mm AS longest_past_mm,
        w.length_girth_past_mm AS length_girth_past_mm,
        w.late AS late
    FROM rate_weighed AS w
    WHERE w.agreement_id IS NOT NULL
) AS f
