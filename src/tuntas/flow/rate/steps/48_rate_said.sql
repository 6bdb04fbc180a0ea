-- What an agreement version says of each profile whatever the day and the weight: the zone of its lane and the days promised there (both are
-- of parcels), and what decides about charges and does not change from one subject of the profile to the next.
SELECT
    n.version_no AS version_no,
    p.profile_no AS profile_no,
    CASE WHEN p.weighs THEN place.zone_no END AS zone_no,
    CASE WHEN p.weighs THEN place.candidates END AS zone_candidates,
    CASE WHEN p.weighs AND p.status <> 'in_transit' THEN place.promised_days END AS promised_days,
    p.weighs AS weighs,
    p.subject_kind AS subject_kind,
    p.service AS service,
    p.category AS category,
    p.rated_status AS status,
    p.is_cod AS is_cod,
    p.insured AS insured,
    coalesce(place.marks, '') AS marks
FROM (
    SELECT DISTINCT
        t.party_no AS party_no,
        t.version_no AS version_no
    FROM rate_terms AS t
    WHERE t.version_no IS NOT NULL
) AS rates
LEFT JOIN rate_profiles AS p ON p.party_no = rates.party_no
LEFT JOIN rate_versions AS n ON n.version_no = rates.version_no
LEFT JOIN rate_places AS place
    ON place.agreement_id = n.agreement_id
    AND place.version = n.version
    AND place.service = p.service
    AND place.origin_area = p.origin_area
    AND place.dest_area = p.dest_area
