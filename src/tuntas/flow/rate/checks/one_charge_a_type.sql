-- A charge id is unique: one charge a type and subject. Told in whole numbers, which are cheaper than ids: no line of the sheet is
-- worked out twice for a subject, and no face has two lines of one type. Sides and types hold no colon, so ids never run together.
SELECT l.subject_no AS number, l.charge_no::VARCHAR AS line, count(*) AS times
FROM (
    SELECT d.subject_no AS subject_no, d.charge_no AS charge_no
    FROM rate_direct AS d
    UNION ALL
    SELECT c.subject_no AS subject_no, c.charge_no AS charge_no
    FROM rate_counted AS c
) AS l
GROUP BY l.subject_no, l.charge_no
HAVING count(*) > 1
UNION ALL
SELECT s.face_no AS number, s.charge_type AS line, count(*) AS times
FROM rate_sheet AS s
GROUP BY s.face_no, s.charge_type
HAVING count(*) > 1
