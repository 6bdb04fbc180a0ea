-- What each charge counted on charges is taken of: the sum of its parts on the same subject, before their signs.
-- A part that waits makes the charge wait, for the reason of the first such part in the sheet.
SELECT
    d.subject_no AS subject_no,
    d.face_no AS face_no,
    b.charge_no AS charge_no,
    sum(d.amount_minor)::BIGINT AS base_minor,
    arg_min(d.hold_code, d.charge_no) FILTER (WHERE d.hold_code IS NOT NULL) AS hold_code
FROM rate_direct AS d
JOIN rate_sheet_bases AS b ON b.face_no = d.face_no AND b.base_charge_no = d.charge_no
GROUP BY d.subject_no, d.face_no, b.charge_no
