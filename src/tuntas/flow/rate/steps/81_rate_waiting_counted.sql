-- Why each charge counted on charges waits: for the reason of the first part in the sheet that does, of its base before its limit; then
-- because its limit is a share of charges the subject does not have; then for want of a rate of its index.
SELECT
    line.row_no AS row_no,
    line.charge_no AS charge_no,
    CASE
        WHEN line.base_code IS NOT NULL THEN line.base_code
        WHEN line.cap_code IS NOT NULL THEN line.cap_code
        WHEN line.lacks_cap THEN 'RATE-CAP-01'
        WHEN line.index_fits > 1 THEN 'RATE-INDEX-02'
        ELSE 'RATE-INDEX-01'
    END AS code,
    CASE WHEN line.base_code IS NULL AND line.cap_code IS NULL AND NOT line.lacks_cap THEN line.index_candidates END AS candidates
FROM (
    SELECT
        p.row_no AS row_no,
        sheet.charge_no AS charge_no,
        arg_min(w.code, w.charge_no) FILTER (WHERE m.base_mask & (1::BIGINT << (w.slot - 1)) <> 0) AS base_code,
        arg_min(w.code, w.charge_no) FILTER (WHERE m.cap_mask & (1::BIGINT << (w.slot - 1)) <> 0) AS cap_code,
        bool_or(
            sheet.cap_charges IS NOT NULL
            AND (
                m.cap_mask & (
                    0::BIGINT
{%- for s in rows('rate_slots') if s.direct %}
                    + CASE WHEN p.amount_{{ s.slot }} IS NULL THEN 0 ELSE {{ 2 ** (s.slot - 1) }} END
{%- endfor %}
                )
            ) = 0
        ) AS lacks_cap,
        max(i.fits) AS index_fits,
        min(i.candidates) AS index_candidates
    FROM rate_priced AS p
    JOIN rate_sheet AS sheet ON sheet.face_no = p.face_no AND sheet.counted AND (p.waits >> (sheet.slot - 1)) & 1 = 1
    LEFT JOIN rate_masks AS m ON m.face_no = sheet.face_no AND m.slot = sheet.slot
    LEFT JOIN rate_waiting AS w ON w.row_no = p.row_no
    LEFT JOIN rate_index_names AS n ON n.version_no = sheet.version_no AND n.index_name = sheet.index_name
    LEFT JOIN rate_indices AS i ON i.version_no = p.version_no AND i.index_no = n.index_no AND i.rated_on = p.rated_on
    WHERE p.waits <> 0
    GROUP BY p.row_no, sheet.charge_no
) AS line
