-- What stands behind each expected charge that was quoted in another currency: both amounts with the sign of the charge, the rate, its
-- source and its day.
{%- set slots = rows('rate_slots') | selectattr('fx') | list %}
SELECT
    f.side || ':' || line.subject_id || ':' || sheet.charge_type AS charge_id,
    line.quoted_minor * sheet.sign AS quoted_minor,
    x.quoted_in AS quoted_in,
    line.amount_minor * sheet.sign AS amount_minor,
    f.currency AS currency,
    x.rate_num AS rate_num,
    x.rate_den AS rate_den,
    x.source AS source,
    x.fx_on AS fx_on,
    x.published AS published,
    x.provisional AS provisional
FROM (
{%- for s in slots %}
    SELECT
        p.subject_id AS subject_id,
        p.profile_no AS profile_no,
        p.face_no AS face_no,
        p.version_no AS version_no,
        p.rated_on AS rated_on,
        {{ s.slot }}::BIGINT AS slot,
        p.amount_{{ s.slot }} AS amount_minor,
        p.quoted_{{ s.slot }} AS quoted_minor
    FROM rate_priced AS p
    WHERE p.quoted_{{ s.slot }} IS NOT NULL
    {{ 'UNION ALL' if not loop.last }}
{%- else %}
    SELECT '' AS subject_id, 0 AS profile_no, 0 AS face_no, 0 AS version_no, NULL::DATE AS rated_on, 0 AS slot, 0::BIGINT AS amount_minor,
        0::BIGINT AS quoted_minor
    WHERE false
{%- endfor %}
) AS line
LEFT JOIN rate_profiles AS f ON f.profile_no = line.profile_no
LEFT JOIN rate_sheet AS sheet ON sheet.face_no = line.face_no AND sheet.slot = line.slot
LEFT JOIN rate_fx AS x ON x.version_no = line.version_no AND x.rated_on = line.rated_on
WHERE sheet.sign <> 0
