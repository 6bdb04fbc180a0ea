-- Why each charge that is counted on facts waits: no zone or two for its lane, no band or two for its weight, no rate or two of its index.
-- Only subjects with something waiting are looked at again.
SELECT
    p.row_no AS row_no,
    sheet.face_no AS face_no,
    sheet.slot AS slot,
    sheet.charge_no AS charge_no,
    CASE
        WHEN sheet.kind = 'index' AND i.fits > 1 THEN 'RATE-INDEX-02'
        WHEN sheet.kind = 'index' THEN 'RATE-INDEX-01'
        WHEN p.zone_no IS NULL AND z.zone_candidates IS NULL THEN 'RATE-ZONE-01'
        WHEN p.zone_no IS NULL THEN 'RATE-ZONE-02'
        WHEN b.fits > 1 THEN 'RATE-BAND-02'
        ELSE 'RATE-BAND-01'
    END AS code,
    CASE sheet.kind WHEN 'bands' THEN coalesce(z.zone_candidates, b.candidates) ELSE i.candidates END AS candidates
FROM rate_priced AS p
JOIN rate_sheet AS sheet ON sheet.face_no = p.face_no AND NOT sheet.counted AND (p.waits >> (sheet.slot - 1)) & 1 = 1
LEFT JOIN rate_settled AS z ON z.profile_no = p.profile_no AND z.version_no = p.version_no
LEFT JOIN rate_prices AS b
    ON b.price_no = sheet.price_no
    AND b.zone_no = p.zone_no
    AND b.from_g <= p.chargeable_g
    AND p.chargeable_g < b.upto_g
LEFT JOIN rate_index_names AS n ON n.version_no = sheet.version_no AND n.index_name = sheet.index_name
LEFT JOIN rate_indices AS i ON i.version_no = p.version_no AND i.index_no = n.index_no AND i.rated_on = p.rated_on
WHERE p.waits <> 0
