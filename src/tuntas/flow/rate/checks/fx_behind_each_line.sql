-- A line of an agreement quoted in another currency has exactly one row of what stands behind it, and a line of any other has none; what was
-- quoted comes to what is settled at the rate told, half away from zero.
{%- if rows('fx_terms') %}
SELECT told.charge_id AS charge_id, told.wanted AS wanted, told.behind AS behind
FROM (
    SELECT
        e.charge_id AS charge_id,
        max(CASE WHEN f.version IS NULL THEN 0 ELSE 1 END) AS wanted,
        count(x.charge_id) AS behind,
        bool_and(
            x.charge_id IS NULL
            OR (
                x.amount_minor = e.amount_minor
                AND abs(2 * x.amount_minor::HUGEINT * x.rate_den - 2 * x.quoted_minor::HUGEINT * x.rate_num) <= x.rate_den
                AND (x.quoted_minor < 0) >= (x.amount_minor < 0)
            )
        ) AS sound
    FROM expected AS e
    LEFT JOIN expected_fx AS x ON x.charge_id = e.charge_id
    LEFT JOIN fx_terms AS f ON f.agreement_id = e.agreement_id AND f.version = e.version
    GROUP BY e.charge_id
) AS told
WHERE told.wanted <> told.behind OR NOT told.sound
{%- else %}
SELECT '' AS charge_id, 0 AS wanted, 0 AS behind WHERE false
{%- endif %}
