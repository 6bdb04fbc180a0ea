-- A number for each subject, so that the steps that follow meet on a whole number instead of two texts.
SELECT
    s.side AS side,
    s.subject_id AS subject_id,
    row_number() OVER (ORDER BY s.side, s.subject_id) AS subject_no
FROM subjects AS s
