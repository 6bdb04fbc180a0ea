-- A sheet key stands for one list of charges: two different lists under one key would read one another's amounts.
SELECT k.sheet_key AS sheet_key, count(DISTINCT k.charges) AS lists
FROM (
    SELECT
        w.sheet_key AS sheet_key,
        min(f.version_no) || '#' || coalesce(string_agg(s.charge_no, ',' ORDER BY s.slot), '') AS charges
    FROM rate_wide AS w
    LEFT JOIN rate_faces AS f ON f.face_no = w.face_no
    LEFT JOIN rate_sheet AS s ON s.face_no = w.face_no
    GROUP BY w.sheet_key, w.face_no
) AS k
GROUP BY k.sheet_key
HAVING count(DISTINCT k.charges) > 1
