-- Charges that always give an amount (bands, flat) are expected or held, in number, for every subject they fit.
SELECT told.wanted AS wanted, told.seen AS seen
FROM (
    SELECT
        (
            SELECT count(*)
            FROM rate_placed AS p
            JOIN rate_sheet AS sheet ON sheet.face_no = p.face_no
            WHERE sheet.kind IN ('bands', 'flat')
        ) AS wanted,
        (
            SELECT count(*)
            FROM rate_direct AS d
            LEFT JOIN rate_sheet AS sheet ON sheet.face_no = d.face_no AND sheet.charge_no = d.charge_no
            WHERE sheet.kind IN ('bands', 'flat')
        ) AS seen
) AS told
WHERE told.wanted <> told.seen
