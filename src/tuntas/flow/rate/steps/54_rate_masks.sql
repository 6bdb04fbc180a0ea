-- For each charge counted on other charges, as bits of their slots: which of the charges on the same face it is taken of, and which its
-- limit is a share of. The bit of slot 1 is 1, of slot 2 it is 2, of slot 3 it is 4. A charge that is itself counted on charges is never
-- part of either, so there is nothing to go round in circles.
SELECT
    asks.face_no AS face_no,
    asks.slot AS slot,
    coalesce(sum(1::BIGINT << (part.slot - 1)) FILTER (WHERE contains('|' || asks.base_charges || '|', '|' || part.charge_type || '|')), 0)::BIGINT AS base_mask,
    coalesce(sum(1::BIGINT << (part.slot - 1)) FILTER (WHERE contains('|' || asks.cap_charges || '|', '|' || part.charge_type || '|')), 0)::BIGINT AS cap_mask
FROM rate_sheet AS asks
LEFT JOIN rate_sheet AS part ON part.face_no = asks.face_no AND NOT part.counted
WHERE asks.counted
GROUP BY asks.face_no, asks.slot
