-- What we expect of vendors, with the amount as quoted where an agreement is quoted in another currency. Where none is, nothing is looked up.
SELECT
    e.charge_id AS charge_id,
    e.subject_id AS subject_id,
    e.charge_type AS charge_type,
    e.amount_minor AS amount_minor,
    e.currency AS currency,
    e.band_no AS band_no,
    e.quantity AS quantity,
{%- if rows('fx_terms') %}
    x.quoted_minor AS quoted_minor,
    x.quoted_in AS quoted_in,
    coalesce(x.provisional, false) AS provisional
FROM expected AS e
LEFT JOIN expected_fx AS x ON x.charge_id = e.charge_id
{%- else %}
    NULL::BIGINT AS quoted_minor,
    NULL::VARCHAR AS quoted_in,
    false AS provisional
FROM expected AS e
{%- endif %}
WHERE e.side = 'buy'
