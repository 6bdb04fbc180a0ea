-- What an agreement says of each party and day, with the rates its indices have on that day, one column an index.
{%- set indices = rows('rate_index_names') | map(attribute='index_no') | unique | sort %}
SELECT
    t.party_no AS party_no,
    t.rated_on AS rated_on,
    min(t.version_no) AS version_no,
    min(t.divisor) AS divisor,
    min(t.step_g) AS step_g,
    min(t.tolerance_g) AS tolerance_g,
    min(t.min_g) AS min_g,
    min(t.weight_order) AS weight_order,
    min(t.day_no) AS day_no,
    bool_or(t.limited) AS limited,
    any_value(t.chargeable_limits) AS chargeable_limits,
    any_value(t.actual_limits) AS actual_limits,
    any_value(t.longest_limits) AS longest_limits,
    any_value(t.length_girth_limits) AS length_girth_limits
{%- for index in indices %},
    max(i.rate_ppm) FILTER (WHERE i.index_no = {{ index }}) AS index_rate_{{ index }}
{%- endfor %}
FROM rate_terms AS t
LEFT JOIN rate_indices AS i ON i.version_no = t.version_no AND i.rated_on = t.rated_on
GROUP BY t.party_no, t.rated_on
