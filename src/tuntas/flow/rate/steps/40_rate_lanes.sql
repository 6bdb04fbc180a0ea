-- Each pair of areas once, by agreement and service: zones are looked up for lanes, not for subjects. A lane is asked of every version
-- that rates its party, whichever day a subject went.
SELECT DISTINCT
    a.agreement_id AS agreement_id,
    a.version AS version,
    p.service AS service,
    p.origin_area AS origin_area,
    p.dest_area AS dest_area
FROM rate_profiles AS p
LEFT JOIN (
    SELECT DISTINCT
        t.party_no AS party_no,
        t.agreement_id AS agreement_id,
        t.version AS version
    FROM rate_terms AS t
) AS a ON a.party_no = p.party_no
WHERE p.dest_area IS NOT NULL
    AND a.agreement_id IS NOT NULL
