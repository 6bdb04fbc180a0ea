-- A charge id is unique: one charge a type and subject. A subject has one amount a slot, so it is enough that no face has two lines of one
-- type, nor two in one slot. Sides and types hold no colon, so ids never run together.
SELECT s.face_no AS face_no, s.charge_type AS line, count(*) AS times
FROM rate_sheet AS s
GROUP BY s.face_no, s.charge_type
HAVING count(*) > 1
UNION ALL
SELECT s.face_no AS face_no, s.slot::VARCHAR AS line, count(*) AS times
FROM rate_sheet AS s
GROUP BY s.face_no, s.slot
HAVING count(*) > 1
