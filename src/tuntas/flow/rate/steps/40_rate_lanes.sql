-- Each pair of areas once, by agreement and service: zones are looked up for lanes, not for parcels.
SELECT DISTINCT
    a.agreement_id AS agreement_id,
    a.version AS version,
    s.service AS service,
    s.origin_area AS origin_area,
    s.dest_area AS dest_area
FROM subjects AS s
LEFT JOIN rate_agreements AS a
    ON a.side = s.side
    AND a.party_id = s.party_id
    AND a.currency = s.currency
    AND a.rated_on = s.rated_on
WHERE s.subject_kind = 'parcel'
    AND a.agreement_id IS NOT NULL
