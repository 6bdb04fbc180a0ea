-- Each profile under one number made of all its names, so that a subject finds its profile by comparing one number and not twelve names. A
-- profile that lacks a name it must have is nobody's.
SELECT
    n.names_no AS names_no,
    CASE WHEN n.named THEN n.profile_no END AS profile_no,
    CASE WHEN n.named THEN n.party_no END AS party_no
FROM (
    SELECT
        hash(
            p.side, p.subject_kind, p.party_id, p.terms_group, p.currency, p.service, p.category, p.origin_area, p.dest_area, p.status,
            p.is_cod, p.insured
        ) AS names_no,
        p.profile_no::INTEGER AS profile_no,
        p.party_no::INTEGER AS party_no,
        p.side || p.subject_kind || p.party_id || p.terms_group || p.currency || p.service || p.category || p.status IS NOT NULL
            AND p.is_cod IS NOT NULL AND p.insured IS NOT NULL AS named
    FROM rate_profiles AS p
) AS n
