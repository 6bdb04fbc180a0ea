-- Each subject with its agreement, weight, zone and lateness, and the two numbers that decide which charges fit it. A view: it is read once
-- to find the faces, of which it needs few columns, and once to price, and is never written.
-- Volumetric grams are cubic millimetres by the divisor, rounded up. The heavier weight is rounded up to whole steps, where grams up
-- to the tolerance above a step do not open the next, and anything above zero is one step. Rounding each weight before taking the
-- heavier gives the same as rounding the heavier, as rounding never turns the order of two weights; only the minimum differs: it is
-- rounded along under max_then_round and stands as it is under round_then_max.
-- Days run from handing over to the final status; in transit, or without a promise, a parcel is neither late nor in time; below
-- zero they say how early it was.
-- `look` is the still, the lists its day stands on, and lateness (0 unknown, 1 no, 2 yes); `past` is how many limits of each measure it is
-- past, 15 bits each: above a limit is past it, at it is not.
{%- set measures = columns('rate_rows') %}
{%- set indices = rows('rate_index_names') | map(attribute='index_no') | unique | sort %}
SELECT
{%- for column in measures %}
    w.{{ column }} AS {{ column }},
{%- endfor %}
{%- for index in indices %}
    w.index_rate_{{ index }} AS index_rate_{{ index }},
{%- endfor %}
    w.version_no AS version_no,
    w.still_no AS still_no,
    w.day_no AS day_no,
    w.zone_no AS zone_no,
    w.volumetric_g AS volumetric_g,
    w.chargeable_g AS chargeable_g,
    w.days_late AS days_late,
    (w.still_no * 65536 + w.day_no) * 4 + CASE WHEN w.days_late IS NULL THEN 0 WHEN w.days_late > 0 THEN 2 ELSE 1 END AS look,
    CASE
        WHEN NOT w.limited THEN 0
        ELSE (
            (
                coalesce(len(list_filter(w.chargeable_limits, lambda edge: edge < w.chargeable_g)), 0) * 32768
                + coalesce(len(list_filter(w.actual_limits, lambda edge: edge < w.actual_g)), 0)
            ) * 32768
            + coalesce(len(list_filter(w.longest_limits, lambda edge: edge < w.longest_mm)), 0)
        ) * 32768
        + coalesce(len(list_filter(w.length_girth_limits, lambda edge: edge < w.length_girth_mm)), 0)
    END AS past
FROM (
    SELECT
{%- for column in measures %}
        h.{{ column }} AS {{ column }},
{%- endfor %}
{%- for index in indices %}
        h.index_rate_{{ index }} AS index_rate_{{ index }},
{%- endfor %}
        h.version_no AS version_no,
        h.still_no AS still_no,
        h.day_no AS day_no,
        h.zone_no AS zone_no,
        h.limited AS limited,
        h.chargeable_limits AS chargeable_limits,
        h.actual_limits AS actual_limits,
        h.longest_limits AS longest_limits,
        h.length_girth_limits AS length_girth_limits,
        h.volumetric_g AS volumetric_g,
        CASE
            WHEN h.step_g IS NULL THEN NULL
            WHEN h.weight_order = 'max_then_round'
                THEN CASE WHEN greatest(h.actual_g, h.volumetric_g, h.min_g) <= 0 THEN 0
                    ELSE greatest(ceil_div(greatest(h.actual_g, h.volumetric_g, h.min_g) - h.tolerance_g, h.step_g), 1) * h.step_g END
            ELSE greatest(
                CASE WHEN greatest(h.actual_g, h.volumetric_g) <= 0 THEN 0
                    ELSE greatest(ceil_div(greatest(h.actual_g, h.volumetric_g) - h.tolerance_g, h.step_g), 1) * h.step_g END,
                h.min_g
            )
        END AS chargeable_g,
        h.accrue_on - h.rated_on - h.promised_days AS days_late
    FROM (
        SELECT
{%- for column in measures %}
            r.{{ column }} AS {{ column }},
{%- endfor %}
{%- for index in indices %}
            t.index_rate_{{ index }} AS index_rate_{{ index }},
{%- endfor %}
            t.version_no AS version_no,
            t.day_no AS day_no,
            t.limited AS limited,
            t.chargeable_limits AS chargeable_limits,
            t.actual_limits AS actual_limits,
            t.longest_limits AS longest_limits,
            t.length_girth_limits AS length_girth_limits,
            CASE WHEN z.weighs THEN t.step_g END AS step_g,
            t.tolerance_g AS tolerance_g,
            t.min_g AS min_g,
            t.weight_order AS weight_order,
            CASE
                WHEN NOT coalesce(z.weighs, false) THEN NULL
                WHEN t.divisor = 0 THEN 0
                ELSE ceil_div(r.volume_mm3, t.divisor)
            END AS volumetric_g,
            z.still_no AS still_no,
            z.zone_no AS zone_no,
            z.promised_days AS promised_days
        FROM rate_rows AS r
        LEFT JOIN rate_dated AS t ON t.party_no = r.party_no AND t.rated_on = r.rated_on
        LEFT JOIN rate_settled AS z ON z.profile_no = r.profile_no AND z.version_no = t.version_no
    ) AS h
) AS w
