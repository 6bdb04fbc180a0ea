-- Every subject with all its charges side by side, one slot each, before their signs: an amount, null where the charge does not arise or
-- waits, and in `waits` the bits of the slots that do, beside it what it was counted on. The one pass that prices; it reads no subject twice and writes one row each.
--
-- bands: the price of the stretch of weight met. flat: the amount. per_unit: amount by quantity, of what is counted beyond what is free, by
-- started units or exactly. percent and index: rate of the base, then the fixed part. These three are then held between minimum and
-- maximum. claim: the base held under its maximum. A quantity of zero, or a base that is not above zero, gives no charge.
-- A charge counted on charges is worked out after those it counts, from their amounts before their signs, and waits when one of them does;
-- so does one whose limit is a share of charges of which the subject has none. Limits, weights by the kilogram and exact shares of units
-- are worked out in wide arithmetic: many times an amount passes 64 bits before it is divided.
-- An agreement quoted in another currency is priced in that currency throughout: amounts of the facts are converted into it first, and
-- each amount that comes out is converted back once, the quoted one beside it. Without a rate of exchange no charge is looked at.
{%- set fx = rows('rate_fx_terms') %}
{%- set in_facts = ['declared', 'cod', 'goods', 'net_goods', 'shipping'] %}
{%- set slots = rows('rate_slots') %}
{%- set numbers = columns('rate_rows') %}
{%- set indices = rows('rate_index_names') | map(attribute='index_no') | unique | sort %}
{%- macro units(s, of, counted) -%}
    {%- if s.by_step -%}
        CASE {{ of }}.counting_{{ s.slot }} WHEN 'exact' THEN {{ counted }} - {{ of }}.free_{{ s.slot }}
        ELSE ceil_div({{ counted }} - {{ of }}.free_{{ s.slot }}, {{ of }}.step_{{ s.slot }}) END
    {%- else -%}
        {{ counted }}
    {%- endif -%}
{%- endmacro %}
{%- macro price_of_units(s, of, counted) -%}
    {%- if s.by_step -%}
        CASE {{ of }}.counting_{{ s.slot }}
            WHEN 'exact' THEN (
                (2::HUGEINT * ({{ counted }} - {{ of }}.free_{{ s.slot }}) * {{ of }}.unit_minor_{{ s.slot }} + {{ of }}.step_{{ s.slot }})
                // (2 * {{ of }}.step_{{ s.slot }}::HUGEINT)
            )::BIGINT
            ELSE {{ of }}.unit_minor_{{ s.slot }} * ({{ units(s, of, counted) }})
        END
    {%- else -%}
        {{ of }}.unit_minor_{{ s.slot }} * {{ counted }}
    {%- endif -%}
{%- endmacro %}
{%- macro above_free(s, of, counted) -%}
    {{ counted }} > {% if s.by_step %}CASE WHEN {{ of }}.kind_{{ s.slot }} = 'per_unit' THEN {{ of }}.free_{{ s.slot }} ELSE 0 END{% else %}0{% endif %}
{%- endmacro %}
{%- macro at_least(s, of, amount) -%}
    {%- if s.floored -%} greatest({{ amount }}, {{ of }}.min_minor_{{ s.slot }}) {%- else -%} {{ amount }} {%- endif -%}
{%- endmacro %}
{%- macro at_most(s, of, amount) -%}
    {%- if s.topped -%} least({{ amount }}, {{ of }}.max_minor_{{ s.slot }}) {%- else -%} {{ amount }} {%- endif -%}
{%- endmacro %}
{%- macro share(s, of, counted) -%}
    mul_ppm_above_zero({{ counted }}, {{ of }}.rate_{{ s.slot }}) {%- if s.added %} + {{ of }}.unit_minor_{{ s.slot }} {%- endif -%}
{%- endmacro %}
{%- macro capped(s, amount) -%}
    {%- if s.capped -%} least({{ amount }}, c.cap_{{ s.slot }}_minor) {%- else -%} {{ amount }} {%- endif -%}
{%- endmacro %}
{%- macro converted(amount, num, den) -%}
    ((2::HUGEINT * {{ amount }} * {{ num }} + {{ den }}) // (2 * {{ den }}::HUGEINT))::BIGINT
{%- endmacro %}
{%- if fx %}
SELECT
    q.* EXCLUDE (fx_num, fx_den)
{%- if slots | selectattr('fx') | list %}
    REPLACE (
{%- for s in slots if s.fx %}
        CASE WHEN q.fx_num IS NULL THEN q.amount_{{ s.slot }} ELSE {{ converted('q.amount_' ~ s.slot, 'q.fx_num', 'q.fx_den') }} END AS amount_{{ s.slot }}
        {{- ',' if not loop.last }}
{%- endfor %}
    )
{%- endif %}
{%- for s in slots if s.fx %},
    CASE WHEN q.fx_num IS NOT NULL THEN q.amount_{{ s.slot }} END AS quoted_{{ s.slot }}
{%- endfor %}
FROM (
{%- endif %}
SELECT
{%- for number in numbers %}
    c.{{ number }} AS {{ number }},
{%- endfor %}
    c.version_no AS version_no,
    c.face_no AS face_no,
    c.sheet_key AS sheet_key,
    c.volumetric_g AS volumetric_g,
    c.chargeable_g AS chargeable_g,
    c.zone_no AS zone_no,
    c.days_late AS days_late,
{%- if fx %}
    c.fx_num AS fx_num,
    c.fx_den AS fx_den,
{%- endif %}
{%- for s in slots %}
{%- if 'bands' in s.kinds %}
    c.band_no_{{ s.slot }} AS band_no_{{ s.slot }},
{%- endif %}
{%- if s.counted %}
{%- set base = 'c.base_' ~ s.slot ~ '_minor' %}
    {% if s.direct %}CASE WHEN c.counted_{{ s.slot }} THEN {{ base }} ELSE c.fact_{{ s.slot }} END{% else %}{{ base }}{% endif %} AS base_{{ s.slot }},
    CASE
{%- if s.direct %}
        WHEN NOT c.counted_{{ s.slot }} THEN c.direct_{{ s.slot }}
{%- endif %}
        WHEN c.waits_{{ s.slot }} OR NOT coalesce({{ above_free(s, 'c', base) }}, false) THEN NULL
{%- if 'claim' in s.kinds %}
        WHEN c.kind_{{ s.slot }} = 'claim' THEN {{ capped(s, at_most(s, 'c', base)) }}
{%- endif %}
{%- if 'per_unit' in s.kinds %}
        WHEN c.kind_{{ s.slot }} = 'per_unit' THEN {{ capped(s, at_most(s, 'c', at_least(s, 'c', price_of_units(s, 'c', base)))) }}
{%- endif %}
        ELSE {{ capped(s, at_most(s, 'c', at_least(s, 'c', share(s, 'c', base)))) }}
    END AS amount_{{ s.slot }},
{%- else %}
    c.fact_{{ s.slot }} AS base_{{ s.slot }},
    c.direct_{{ s.slot }} AS amount_{{ s.slot }},
{%- endif %}
{%- endfor %}
    c.waits_direct
{%- for s in slots if s.counted %}
    + CASE WHEN c.waits_{{ s.slot }} THEN {{ 2 ** (s.slot - 1) }} ELSE 0 END
{%- endfor %} AS waits
FROM (
    SELECT
        b.*
{%- for s in slots if s.counted %}
{%- if s.capped %},
        ((2::HUGEINT * b.capping_{{ s.slot }}_minor * b.cap_ppm_{{ s.slot }} + 1000000) // 2000000)::BIGINT AS cap_{{ s.slot }}_minor
{%- endif %},
        coalesce(
            b.counted_{{ s.slot }}
            AND (
                (b.base_mask_{{ s.slot }} & b.waits_direct) <> 0
{%- if s.capped or 'index' in s.kinds %}
                OR (
                    {{ above_free(s, 'b', 'b.base_' ~ s.slot ~ '_minor') }}
                    AND (
                        false
{%- if s.capped %}
                        OR (b.cap_mask_{{ s.slot }} & b.waits_direct) <> 0
                        OR (b.capped_{{ s.slot }} AND b.capping_{{ s.slot }}_minor IS NULL)
{%- endif %}
{%- if 'index' in s.kinds %}
                        OR (b.kind_{{ s.slot }} = 'index' AND b.rate_{{ s.slot }} IS NULL)
{%- endif %}
                    )
                )
{%- endif %}
            ),
            false
        ) AS waits_{{ s.slot }}
{%- endfor %}
    FROM (
        SELECT
            d.*,
            0::BIGINT
{%- for s in slots if s.direct and ('bands' in s.kinds or 'index' in s.kinds) %}
            + CASE
                WHEN d.direct_{{ s.slot }} IS NULL{% if s.counted %} AND NOT d.counted_{{ s.slot }}{% endif %}
                    AND (d.kind_{{ s.slot }} = 'bands' OR (d.kind_{{ s.slot }} = 'index' AND d.fact_{{ s.slot }} > 0)) THEN {{ 2 ** (s.slot - 1) }}
                ELSE 0
            END
{%- endfor %} AS waits_direct
{%- for s in slots if s.counted %},
            CASE
                WHEN d.base_{{ s.slot }} <> 'charges' THEN d.fact_{{ s.slot }}
                ELSE 0
{%- for part in slots if part.slot < s.slot and part.direct %}
                    + CASE WHEN d.base_mask_{{ s.slot }} & {{ 2 ** (part.slot - 1) }} <> 0 THEN coalesce(d.direct_{{ part.slot }}, 0) ELSE 0 END
{%- endfor %}
            END AS base_{{ s.slot }}_minor
{%- if s.capped %},
            CASE
                WHEN d.cap_mask_{{ s.slot }} & d.there <> 0 THEN 0
{%- for part in slots if part.slot < s.slot and part.direct %}
                    + CASE WHEN d.cap_mask_{{ s.slot }} & {{ 2 ** (part.slot - 1) }} <> 0 THEN coalesce(d.direct_{{ part.slot }}, 0) ELSE 0 END
{%- endfor %}
            END AS capping_{{ s.slot }}_minor
{%- endif %}
{%- endfor %}
        FROM (
            SELECT
                e.*,
                0::BIGINT
{%- if slots | selectattr('capped') | list %}
{%- for s in slots if s.direct %}
                + CASE WHEN e.direct_{{ s.slot }} IS NULL THEN 0 ELSE {{ 2 ** (s.slot - 1) }} END
{%- endfor %}
{%- endif %} AS there
            FROM (
            SELECT
                a.*
{%- for s in slots if s.direct %}
{%- set fact = 'a.fact_' ~ s.slot %},
                CASE
{%- if s.counted %}
                    WHEN a.counted_{{ s.slot }} THEN NULL
{%- endif %}
{%- if 'bands' in s.kinds %}
                    WHEN a.kind_{{ s.slot }} = 'bands' THEN a.price_{{ s.slot }}
{%- endif %}
{%- if 'flat' in s.kinds %}
                    WHEN a.kind_{{ s.slot }} = 'flat' THEN a.unit_minor_{{ s.slot }}
{%- endif %}
                    WHEN NOT coalesce({{ above_free(s, 'a', fact) }}, false) THEN NULL
{%- if 'per_unit' in s.kinds %}
                    WHEN a.kind_{{ s.slot }} = 'per_unit' THEN {{ at_most(s, 'a', at_least(s, 'a', price_of_units(s, 'a', fact))) }}
{%- endif %}
{%- if 'claim' in s.kinds %}
                    WHEN a.kind_{{ s.slot }} = 'claim' THEN {{ at_most(s, 'a', fact) }}
{%- endif %}
{%- if 'percent' in s.kinds or 'index' in s.kinds %}
                    WHEN a.rate_{{ s.slot }} IS NOT NULL THEN {{ at_most(s, 'a', at_least(s, 'a', share(s, 'a', fact))) }}
{%- endif %}
                END AS direct_{{ s.slot }}
{%- endfor %}
            FROM (
                SELECT
{%- for number in numbers %}
                    w.{{ number }} AS {{ number }},
{%- endfor %}
                    w.version_no AS version_no,
                    w.volumetric_g AS volumetric_g,
                    w.chargeable_g AS chargeable_g,
                    w.zone_no AS zone_no,
                    w.days_late AS days_late,
{%- if fx %}
                    x.rate_num AS fx_num,
                    x.rate_den AS fx_den,
{%- endif %}
{%- for s in slots %}
                    f.kind_{{ s.slot }} AS kind_{{ s.slot }},
{%- if s.counted %}
                    f.base_{{ s.slot }} AS base_{{ s.slot }},
{%- endif %}
                    f.unit_minor_{{ s.slot }} AS unit_minor_{{ s.slot }},
{%- if s.by_step %}
                    f.free_{{ s.slot }} AS free_{{ s.slot }},
{%- endif %}
{%- if s.by_step %}
                    f.step_{{ s.slot }} AS step_{{ s.slot }},
{%- endif %}
{%- if s.by_step %}
                    f.counting_{{ s.slot }} AS counting_{{ s.slot }},
{%- endif %}
{%- if s.floored %}
                    f.min_minor_{{ s.slot }} AS min_minor_{{ s.slot }},
{%- endif %}
{%- if s.topped %}
                    f.max_minor_{{ s.slot }} AS max_minor_{{ s.slot }},
{%- endif %}
{%- if s.counted %}
                    f.counted_{{ s.slot }} AS counted_{{ s.slot }},
{%- endif %}
{%- if s.capped %}
                    f.capped_{{ s.slot }} AS capped_{{ s.slot }},
{%- endif %}
{%- if s.capped %}
                    f.cap_ppm_{{ s.slot }} AS cap_ppm_{{ s.slot }},
{%- endif %}
{%- if s.counted %}
                    f.base_mask_{{ s.slot }} AS base_mask_{{ s.slot }},
{%- endif %}
{%- if s.capped %}
                    f.cap_mask_{{ s.slot }} AS cap_mask_{{ s.slot }},
{%- endif %}
{%- if s.bases %}
                    CASE f.base_{{ s.slot }}
{%- for base in s.bases %}
{%- set said = 'w.' ~ (base ~ '_minor' if base ~ '_minor' in numbers else base) %}
{%- if s.fx and base in in_facts %}
                        WHEN '{{ base }}' THEN CASE WHEN x.rate_num IS NULL OR {{ said }} <= 0 THEN {{ said }} ELSE {{ converted(said, 'x.rate_den', 'x.rate_num') }} END
{%- else %}
                        WHEN '{{ base }}' THEN {{ said }}
{%- endif %}
{%- endfor %}
                        ELSE 0
                    END AS fact_{{ s.slot }},
{%- else %}
                    0 AS fact_{{ s.slot }},
{%- endif %}
{%- if 'index' in s.kinds %}
                    CASE
                        WHEN f.kind_{{ s.slot }} <> 'index' THEN f.rate_ppm_{{ s.slot }}
{%- for index in indices %}
                        WHEN f.index_no_{{ s.slot }} = {{ index }} THEN w.index_rate_{{ index }}
{%- endfor %}
                    END AS rate_{{ s.slot }},
{%- else %}
                    f.rate_ppm_{{ s.slot }} AS rate_{{ s.slot }},
{%- endif %}
{%- if 'bands' in s.kinds %}
                    b{{ s.slot }}.band_no AS band_no_{{ s.slot }},
                    CASE
                        WHEN b{{ s.slot }}.band_no IS NOT NULL THEN greatest(
                            b{{ s.slot }}.first_minor
                            + CASE
                                WHEN b{{ s.slot }}.next_g > 0 AND w.chargeable_g > b{{ s.slot }}.first_g
                                    THEN ceil_div(w.chargeable_g - b{{ s.slot }}.first_g, b{{ s.slot }}.next_g) * b{{ s.slot }}.next_minor
                                ELSE 0
                            END
                            + CASE
                                WHEN b{{ s.slot }}.per_kg_micro > 0
                                    THEN ((2::HUGEINT * w.chargeable_g * b{{ s.slot }}.per_kg_micro + 1000000000) // 2000000000)::BIGINT
                                ELSE 0
                            END,
                            b{{ s.slot }}.min_minor
                        )
                    END AS price_{{ s.slot }},
{%- endif %}
{%- endfor %}
                    f.face_no AS face_no,
                    f.sheet_key AS sheet_key
                FROM rate_weighed AS w
{%- if fx %}
                LEFT JOIN rate_fx AS x ON x.version_no = w.version_no AND x.rated_on = w.rated_on
{%- endif %}
                LEFT JOIN rate_wide AS f ON f.look = w.look AND f.past = w.past{% if fx %} AND (x.version_no IS NULL OR x.rate_num IS NOT NULL){% endif %}
{%- for s in slots if 'bands' in s.kinds %}
                LEFT JOIN rate_prices AS b{{ s.slot }}
                    ON b{{ s.slot }}.price_no = f.price_no_{{ s.slot }}
                    AND b{{ s.slot }}.zone_no = w.zone_no
                    AND b{{ s.slot }}.from_g <= w.chargeable_g
                    AND w.chargeable_g < b{{ s.slot }}.upto_g
{%- endfor %}
            ) AS a
            ) AS e
        ) AS d
    ) AS b
) AS c
{%- if fx %}
) AS q
{%- endif %}
