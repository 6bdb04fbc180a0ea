-- Subjects that every charge of an agreement treats alike share a face: all that does not change within a profile, the lists the day
-- stands on, the limits the subject is past, and whether it was late. Which charges fit is decided once a face. Of the limits of a measure
-- the highest one passed is told, -1 for none.
SELECT
    row_number() OVER (ORDER BY f.look, f.past) AS face_no,
    f.look AS look,
    f.past AS past,
    n.agreement_id AS agreement_id,
    n.version AS version,
    s.version_no AS version_no,
    s.subject_kind AS subject_kind,
    s.service AS service,
    s.category AS category,
    s.status AS status,
    s.is_cod AS is_cod,
    s.insured AS insured,
    s.marks AS marks,
    d.day_marks AS day_marks,
    coalesce(list_sort(l.chargeable_limits)[f.past >> 45], -1) AS chargeable_past_g,
    coalesce(list_sort(l.actual_limits)[(f.past >> 30) & 32767], -1) AS actual_past_g,
    coalesce(list_sort(l.longest_limits)[(f.past >> 15) & 32767], -1) AS longest_past_mm,
    coalesce(list_sort(l.length_girth_limits)[f.past & 32767], -1) AS length_girth_past_mm,
    CASE f.look & 3 WHEN 0 THEN '' WHEN 1 THEN 'no' ELSE 'yes' END AS late
FROM (
    SELECT DISTINCT
        w.look AS look,
        w.past AS past
    FROM rate_weighed AS w
    WHERE w.version_no IS NOT NULL
) AS f
LEFT JOIN rate_stills AS s ON s.still_no = f.look >> 18
LEFT JOIN (
    SELECT DISTINCT
        t.day_no AS day_no,
        t.day_marks AS day_marks
    FROM rate_terms AS t
) AS d ON d.day_no = (f.look >> 2) & 65535
LEFT JOIN rate_versions AS n ON n.version_no = s.version_no
LEFT JOIN rate_limits AS l ON l.agreement_id = n.agreement_id AND l.version = n.version
