-- Each subject as numbers: a number of its own, its profile and party, its days, and what it weighs and counts. All later steps meet
-- on these; which number it is shows nowhere outside.
-- Where no two profiles share a number (`rate_names_apart`), that number finds the profile exactly, as each subject's names are among them.
{%- set names = ['side', 'subject_kind', 'subject_id', 'party_id', 'terms_group', 'currency', 'service', 'category', 'origin_area', 'dest_area',
    'status', 'is_cod', 'insured'] %}
SELECT
    {{ 'row_number() OVER () - 1' if is_view('subjects') else 's.rowid' }} AS row_no,
    p.profile_no::BIGINT AS profile_no,
    p.party_no::BIGINT AS party_no,
    s.subject_id AS subject_id
{%- for number in columns('subjects') if number not in names %},
    s.{{ number }} AS {{ number }}
{%- endfor %}
FROM subjects AS s
{%- if rows('rate_names_apart')[0].apart %}
LEFT JOIN rate_named AS p
    ON p.names_no = hash(
        s.side, s.subject_kind, s.party_id, s.terms_group, s.currency, s.service, s.category, s.origin_area, s.dest_area, s.status, s.is_cod,
        s.insured
    )
{%- else %}
LEFT JOIN rate_profiles AS p
    ON p.side = s.side
    AND p.subject_kind = s.subject_kind
    AND p.party_id = s.party_id
    AND p.terms_group = s.terms_group
    AND p.currency = s.currency
    AND p.service = s.service
    AND p.category = s.category
    AND p.origin_area IS NOT DISTINCT FROM s.origin_area
    AND p.dest_area IS NOT DISTINCT FROM s.dest_area
    AND p.status = s.status
    AND p.is_cod = s.is_cod
    AND p.insured = s.insured
{%- endif %}
