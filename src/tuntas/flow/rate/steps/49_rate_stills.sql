-- A number for each combination of what decides about charges and does not change within a profile: few, whatever the profiles.
SELECT
    d.version_no AS version_no,
    d.subject_kind AS subject_kind,
    d.service AS service,
    d.category AS category,
    d.status AS status,
    d.is_cod AS is_cod,
    d.insured AS insured,
    d.marks AS marks,
    row_number() OVER (ORDER BY d.version_no, d.subject_kind, d.service, d.category, d.status, d.is_cod, d.insured, d.marks) AS still_no
FROM (
    SELECT DISTINCT
        s.version_no AS version_no,
        s.subject_kind AS subject_kind,
        s.service AS service,
        s.category AS category,
        s.status AS status,
        s.is_cod AS is_cod,
        s.insured AS insured,
        s.marks AS marks
    FROM rate_said AS s
) AS d
