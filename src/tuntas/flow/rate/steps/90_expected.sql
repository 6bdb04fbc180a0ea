-- The charges we expect, one row a charge, with the sign that says whether the party earns it or bears it: the slots of each subject
-- laid out below one another. A charge of sign 0 was worked out for others to be counted on; nobody owes it, so it is not expected.
{%- set slots = rows('rate_slots') %}
SELECT
    told.side || ':' || told.subject_id || ':' || told.charge_type AS charge_id,
    told.side AS side,
    told.subject_kind AS subject_kind,
    told.subject_id AS subject_id,
    told.party_id AS party_id,
    told.charge_type AS charge_type,
    told.agreement_id AS agreement_id,
    told.version AS version,
    told.charge_no AS charge_no,
    told.agreement_id || '@' || told.version || '#' || told.charge_no
    || CASE WHEN told.band_no IS NULL THEN '' ELSE '/' || told.band_no END AS rule_id,
    told.clause AS clause,
    told.band_no AS band_no,
    CASE WHEN told.kind IN ('percent', 'index', 'claim') THEN told.base END AS base_minor,
    CASE
        WHEN told.kind = 'bands' THEN told.chargeable_g
        WHEN told.kind <> 'per_unit' THEN NULL
        WHEN told.counting = 'exact' THEN told.base - told.free
        ELSE ceil_div(told.base - told.free, told.step)
    END AS quantity,
    told.rate_ppm AS rate_ppm,
    told.amount_minor * told.sign AS amount_minor,
    told.accrue_on AS accrue_on,
    told.currency AS currency
FROM (
    SELECT
        f.side AS side,
        f.subject_kind AS subject_kind,
        line.subject_id AS subject_id,
        f.party_id AS party_id,
        f.currency AS currency,
        line.accrue_on AS accrue_on,
        line.chargeable_g AS chargeable_g,
        line.amount_minor AS amount_minor,
        line.base AS base,
        line.band_no AS band_no,
        sheet.charge_type AS charge_type,
        sheet.agreement_id AS agreement_id,
        sheet.version AS version,
        sheet.charge_no AS charge_no,
        sheet.clause AS clause,
        sheet.kind AS kind,
        CASE sheet.kind WHEN 'percent' THEN sheet.rate_ppm WHEN 'index' THEN i.rate_ppm END AS rate_ppm,
        sheet.sign AS sign,
        sheet.free AS free,
        sheet.step AS step,
        sheet.counting AS counting
    FROM (
{%- for s in slots %}
        SELECT
            p.subject_id AS subject_id,
            p.profile_no AS profile_no,
            p.face_no AS face_no,
            p.rated_on AS rated_on,
            p.accrue_on AS accrue_on,
            p.chargeable_g AS chargeable_g,
            {{ s.slot }}::BIGINT AS slot,
            p.amount_{{ s.slot }} AS amount_minor,
            p.base_{{ s.slot }} AS base,
            {{ 'p.band_no_' ~ s.slot if 'bands' in s.kinds else 'NULL::BIGINT' }} AS band_no
        FROM rate_priced AS p
        WHERE p.amount_{{ s.slot }} IS NOT NULL
        {{ 'UNION ALL' if not loop.last }}
{%- else %}
        SELECT '' AS subject_id, 0 AS profile_no, 0 AS face_no, NULL::DATE AS rated_on, NULL::DATE AS accrue_on, 0 AS chargeable_g,
            0 AS slot, 0 AS amount_minor, 0 AS base, 0 AS band_no
        WHERE false
{%- endfor %}
    ) AS line
    LEFT JOIN rate_profiles AS f ON f.profile_no = line.profile_no
    LEFT JOIN rate_sheet AS sheet ON sheet.face_no = line.face_no AND sheet.slot = line.slot
    LEFT JOIN rate_index_names AS n ON n.version_no = sheet.version_no AND n.index_name = sheet.index_name
    LEFT JOIN rate_indices AS i ON i.version_no = sheet.version_no AND i.index_no = n.index_no AND i.rated_on = line.rated_on
    WHERE coalesce(sheet.sign, 1) <> 0
) AS told
