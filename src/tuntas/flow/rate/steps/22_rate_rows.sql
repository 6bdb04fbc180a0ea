-- Each subject as numbers: a number of its own, its profile and party, its days, and what it weighs and counts. All later steps meet
-- on these; which number it is shows nowhere outside.
{%- set names = ['side', 'subject_kind', 'subject_id', 'party_id', 'terms_group', 'currency', 'service', 'category', 'origin_area', 'dest_area',
    'status', 'is_cod', 'insured'] %}
SELECT
    {{ 'row_number() OVER () - 1' if is_view('subjects') else 's.rowid' }} AS row_no,
    p.profile_no AS profile_no,
    p.party_no AS party_no,
    s.subject_id AS subject_id
{%- for number in columns('subjects') if number not in names %},
    s.{{ number }} AS {{ number }}
{%- endfor %}
FROM subjects AS s
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
