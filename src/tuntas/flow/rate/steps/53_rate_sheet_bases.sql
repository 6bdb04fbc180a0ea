-- For each charge counted on other charges: which of the charges on the same face it counts. A charge that is itself counted on
-- charges is never part of a base, so there is nothing to go round in circles.
SELECT
    counted.face_no AS face_no,
    counted.charge_no AS charge_no,
    part.charge_no AS base_charge_no
FROM rate_sheet AS counted
JOIN rate_sheet AS part
    ON part.face_no = counted.face_no
    AND contains('|' || counted.base_charges || '|', '|' || part.charge_type || '|')
WHERE counted.base = 'charges'
    AND part.base <> 'charges'
