-- Subjects that every charge of an agreement treats alike share a face: agreement, kind, service, status, cod, insured, category and
-- area marks. Which charges fit is decided once a face. A parcel in transit is rated as if delivered: its charges are provisional.
SELECT
    row_number() OVER (
        ORDER BY f.agreement_id, f.version, f.subject_kind, f.service, f.status, f.is_cod, f.insured, f.category, f.marks
    ) AS face_no,
    f.agreement_id AS agreement_id,
    f.version AS version,
    f.subject_kind AS subject_kind,
    f.service AS service,
    f.status AS status,
    f.is_cod AS is_cod,
    f.insured AS insured,
    f.category AS category,
    f.marks AS marks
FROM (
    SELECT DISTINCT
        a.agreement_id AS agreement_id,
        a.version AS version,
        s.subject_kind AS subject_kind,
        s.service AS service,
        CASE WHEN s.status = 'in_transit' THEN 'delivered' ELSE s.status END AS status,
        s.is_cod AS is_cod,
        s.insured AS insured,
        s.category AS category,
        coalesce(m.marks, '') AS marks
    FROM subjects AS s
    LEFT JOIN rate_agreements AS a
        ON a.side = s.side
        AND a.party_id = s.party_id
        AND a.currency = s.currency
        AND a.rated_on = s.rated_on
    LEFT JOIN rate_area_marks AS m
        ON m.agreement_id = a.agreement_id
        AND m.version = a.version
        AND m.area = s.dest_area
    WHERE a.agreement_id IS NOT NULL
) AS f
