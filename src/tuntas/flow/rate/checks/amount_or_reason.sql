-- A slot carries an amount, or waits, or stays empty; never an amount and a wait together, and no amount is below zero. Charges that
-- always give an amount (bands, flat) are never empty, and a subject has nothing in slots its face does not use.
SELECT bad.row_no AS row_no, bad.slot AS slot, bad.amount_minor AS amount_minor, bad.waits AS waits
FROM (
{%- for s in rows('rate_slots') %}
    SELECT
        p.row_no AS row_no,
        p.face_no AS face_no,
        {{ s.slot }}::BIGINT AS slot,
        p.amount_{{ s.slot }} AS amount_minor,
        (p.waits >> {{ s.slot - 1 }}) & 1 = 1 AS waits
    FROM rate_priced AS p
    {{ 'UNION ALL' if not loop.last }}
{%- else %}
    SELECT 0 AS row_no, 0 AS face_no, 0 AS slot, 0 AS amount_minor, false AS waits WHERE false
{%- endfor %}
) AS bad
LEFT JOIN rate_sheet AS sheet ON sheet.face_no = bad.face_no AND sheet.slot = bad.slot
WHERE (bad.amount_minor IS NOT NULL AND bad.waits)
    OR bad.amount_minor < 0
    OR (sheet.kind IN ('bands', 'flat') AND NOT sheet.counted AND bad.amount_minor IS NULL AND NOT bad.waits)
    OR (sheet.kind IS NULL AND (bad.amount_minor IS NOT NULL OR bad.waits))
