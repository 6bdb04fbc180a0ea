-- What is looked up once a subject: the zone of its profile, the days promised, and its still.
SELECT
    said.version_no AS version_no,
    said.profile_no AS profile_no,
    said.zone_no AS zone_no,
    said.zone_candidates AS zone_candidates,
    said.promised_days AS promised_days,
    said.weighs AS weighs,
    stills.still_no AS still_no
FROM rate_said AS said
LEFT JOIN rate_stills AS stills
    ON stills.version_no = said.version_no
    AND stills.subject_kind = said.subject_kind
    AND stills.service = said.service
    AND stills.category = said.category
    AND stills.status = said.status
    AND stills.is_cod = said.is_cod
    AND stills.insured = said.insured
    AND stills.marks = said.marks
