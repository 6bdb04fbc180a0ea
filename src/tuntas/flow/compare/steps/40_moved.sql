-- Subjects that stand elsewhere on the two sides: another zone, another chargeable weight, or another reason to wait (or none). All
-- subjects count, also those whose charges do not change for it.
SELECT
    n.side AS side,
    n.subject_kind AS subject_kind,
    n.subject_id AS subject_id,
    n.party_id AS party_id,
    t.zone AS zone_then,
    n.zone AS zone_now,
    t.chargeable_g AS chargeable_then_g,
    n.chargeable_g AS chargeable_now_g,
    t.hold_code AS hold_then,
    n.hold_code AS hold_now
FROM rated_now AS n
LEFT JOIN rated_then AS t ON t.side = n.side AND t.subject_id = n.subject_id
WHERE t.zone IS DISTINCT FROM n.zone
    OR t.chargeable_g IS DISTINCT FROM n.chargeable_g
    OR t.hold_code IS DISTINCT FROM n.hold_code
