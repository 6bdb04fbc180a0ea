-- What was counted is what went out: expected and holds together are the lines made, and without their signs they sum to the same.
-- Lines of sign 0 that have an amount are only counted on and stay inside.
SELECT told.made AS made, told.out AS out, told.made_minor AS made_minor, told.out_minor AS out_minor
FROM (
    SELECT
        (SELECT count(*) FROM rate_direct) + (SELECT count(*) FROM rate_counted) - coalesce(max(unowed.lines), 0) AS made,
        (SELECT count(*) FROM expected) + (SELECT count(*) FROM rate_holds AS h WHERE h.charge_no > 0) AS out,
        coalesce((SELECT sum(d.amount_minor)::BIGINT FROM rate_direct AS d), 0)
        + coalesce((SELECT sum(k.amount_minor)::BIGINT FROM rate_counted AS k), 0)
        - coalesce(max(unowed.amount_minor), 0) AS made_minor,
        coalesce((SELECT sum(abs(e.amount_minor))::BIGINT FROM expected AS e), 0) AS out_minor
    FROM (
        SELECT count(*) AS lines, sum(l.amount_minor)::BIGINT AS amount_minor
        FROM (
            SELECT d.face_no AS face_no, d.charge_no AS charge_no, d.amount_minor AS amount_minor, d.hold_code AS hold_code
            FROM rate_direct AS d
            UNION ALL
            SELECT k.face_no AS face_no, k.charge_no AS charge_no, k.amount_minor AS amount_minor, k.hold_code AS hold_code
            FROM rate_counted AS k
        ) AS l
        JOIN rate_sheet AS sheet ON sheet.face_no = l.face_no AND sheet.charge_no = l.charge_no
        WHERE sheet.sign = 0
            AND l.hold_code IS NULL
    ) AS unowed
) AS told
WHERE told.made <> told.out
    OR told.made_minor <> told.out_minor
