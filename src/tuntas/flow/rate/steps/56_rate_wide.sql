-- Each face with its whole calculation sheet in one row, a group of columns a slot: what a subject is priced by, found by one look-up.
-- sheet_key names the charges in their slots by agreement, version and numbers alone, so it is the same in every run that has them.
SELECT
    f.face_no AS face_no,
    f.look AS look,
    f.past AS past,
    md5_number_lower(f.agreement_id || '@' || f.version || '#' || coalesce(sheets.charges, ''))::UBIGINT AS sheet_key
{%- for s in rows('rate_slots') %}
{%- set of = 'sheets.sheet[' ~ s.slot ~ ']' %},
    {{ of }}.kind::ENUM ('bands', 'flat', 'per_unit', 'percent', 'index', 'claim') AS kind_{{ s.slot }},
    {{ of }}.price_no AS price_no_{{ s.slot }},
    {{ of }}.base AS base_{{ s.slot }},
    {{ of }}.rate_ppm AS rate_ppm_{{ s.slot }},
    {{ of }}.index_no AS index_no_{{ s.slot }},
    {{ of }}.unit_minor AS unit_minor_{{ s.slot }},
    {{ of }}.free AS free_{{ s.slot }},
    {{ of }}.step AS step_{{ s.slot }},
    {{ of }}.counting AS counting_{{ s.slot }},
    {{ of }}.min_minor AS min_minor_{{ s.slot }},
    {{ of }}.max_minor AS max_minor_{{ s.slot }},
    coalesce({{ of }}.counted, false) AS counted_{{ s.slot }},
    coalesce({{ of }}.capped, false) AS capped_{{ s.slot }},
    {{ of }}.cap_ppm AS cap_ppm_{{ s.slot }},
    coalesce({{ of }}.base_mask, 0) AS base_mask_{{ s.slot }},
    coalesce({{ of }}.cap_mask, 0) AS cap_mask_{{ s.slot }}
{%- endfor %}
FROM rate_faces AS f
LEFT JOIN (
    SELECT
        sheet.face_no AS face_no,
        string_agg(sheet.charge_no, ',' ORDER BY sheet.slot) AS charges,
        list(
            struct_pack(
                kind := sheet.kind,
                price_no := CASE WHEN sheet.kind = 'bands' THEN sheet.price_no END,
                base := sheet.base,
                rate_ppm := sheet.rate_ppm,
                index_no := i.index_no,
                unit_minor := sheet.unit_minor,
                free := sheet.free,
                step := sheet.step,
                counting := sheet.counting,
                min_minor := sheet.min_minor,
                max_minor := sheet.max_minor,
                counted := sheet.counted,
                capped := sheet.cap_charges IS NOT NULL,
                cap_ppm := sheet.cap_ppm,
                base_mask := m.base_mask,
                cap_mask := m.cap_mask
            )
            ORDER BY sheet.slot
        ) AS sheet
    FROM rate_sheet AS sheet
    LEFT JOIN rate_masks AS m ON m.face_no = sheet.face_no AND m.slot = sheet.slot
    LEFT JOIN rate_index_names AS i ON i.version_no = sheet.version_no AND i.index_name = sheet.index_name
    GROUP BY sheet.face_no
) AS sheets ON sheets.face_no = f.face_no
