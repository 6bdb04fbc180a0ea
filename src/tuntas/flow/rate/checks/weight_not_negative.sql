-- No chargeable weight is below zero.
SELECT r.subject_id AS subject_id, r.chargeable_g AS chargeable_g
FROM rated AS r
WHERE r.chargeable_g < 0 OR r.volumetric_g < 0
