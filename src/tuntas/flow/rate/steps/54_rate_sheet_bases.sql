-- For each charge counted on other charges: which of the charges on the same face it is taken of, and which its limit is a share of.
-- A charge that is itself counted on charges is never part of either, so there is nothing to go round in circles.
SELECT
    asks.face_no AS face_no,
    asks.charge_no AS charge_no,
    part.charge_no AS base_charge_no,
    contains('|' || asks.base_charges || '|', '|' || part.charge_type || '|') AS is_base,
    contains('|' || asks.cap_charges || '|', '|' || part.charge_type || '|') AS is_cap
FROM rate_sheet AS asks
JOIN rate_sheet AS part
    ON part.face_no = asks.face_no
    AND (
        contains('|' || asks.base_charges || '|', '|' || part.charge_type || '|')
        OR contains('|' || asks.cap_charges || '|', '|' || part.charge_type || '|')
    )
WHERE asks.counted
    AND NOT part.counted
