-- What was priced is what went out: amounts are the rows of expected, waits those of rate_holds, in number, and the amounts sum to the
-- same without their signs. Lines of sign 0 that have an amount are only counted on and stay inside.
SELECT told.made AS made, told.out AS out, told.made_minor AS made_minor, told.out_minor AS out_minor, told.waits AS waits, told.held AS held
FROM (
    SELECT
        coalesce(sum(priced.made), 0) AS made,
        coalesce(sum(priced.made_minor), 0) AS made_minor,
        coalesce(max(priced.waits), 0) AS waits,
        (SELECT count(*) FROM expected) AS out,
        coalesce((SELECT sum(abs(e.amount_minor))::BIGINT FROM expected AS e), 0) AS out_minor,
        (SELECT count(*) FROM rate_holds AS h WHERE h.charge_no > 0) AS held
    FROM (
        SELECT 0 AS made, 0 AS made_minor, coalesce(sum(bit_count(p.waits)), 0) AS waits
        FROM rate_priced AS p
        UNION ALL
        SELECT count(*) AS made, coalesce(sum(l.amount_minor), 0) AS made_minor, 0 AS waits
        FROM (
{%- for s in rows('rate_slots') %}
            SELECT p.face_no AS face_no, {{ s.slot }}::BIGINT AS slot, p.amount_{{ s.slot }} AS amount_minor FROM rate_priced AS p
            WHERE p.amount_{{ s.slot }} IS NOT NULL
            {{ 'UNION ALL' if not loop.last }}
{%- else %}
            SELECT 0 AS face_no, 0 AS slot, 0 AS amount_minor WHERE false
{%- endfor %}
        ) AS l
        LEFT JOIN rate_sheet AS sheet ON sheet.face_no = l.face_no AND sheet.slot = l.slot
        WHERE coalesce(sheet.sign, 1) <> 0
    ) AS priced
) AS told
WHERE told.made <> told.out
    OR told.made_minor <> told.out_minor
    OR told.waits <> told.held
