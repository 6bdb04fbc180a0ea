-- The answer to each question "which agreement?" with all that the agreement says of every subject of that day: how it weighs, on
-- which lists the day stands, and where its limits lie. Looked up once a subject. Lists of days are numbered, 0 for none.
SELECT
    k.party_no AS party_no,
    k.rated_on AS rated_on,
    coalesce(a.fits, 0) AS fits,
    a.candidates AS candidates,
    a.agreement_id AS agreement_id,
    a.version AS version,
    n.version_no AS version_no,
    a.divisor AS divisor,
    a.step_g AS step_g,
    a.tolerance_g AS tolerance_g,
    a.min_g AS min_g,
    a.weight_order AS weight_order,
    coalesce(d.day_marks, '') AS day_marks,
    dense_rank() OVER (ORDER BY coalesce(d.day_marks, '')) - 1 AS day_no,
    l.version IS NOT NULL AS limited,
    l.chargeable_limits AS chargeable_limits,
    l.actual_limits AS actual_limits,
    l.longest_limits AS longest_limits,
    l.length_girth_limits AS length_girth_limits
FROM rate_keys AS k
LEFT JOIN rate_agreements AS a
    ON a.side = k.side
    AND a.party_id = k.party_id
    AND a.terms_group = k.terms_group
    AND a.currency = k.currency
    AND a.rated_on = k.rated_on
LEFT JOIN rate_versions AS n ON n.agreement_id = a.agreement_id AND n.version = a.version
LEFT JOIN rate_day_marks AS d ON d.agreement_id = a.agreement_id AND d.version = a.version AND d.rated_on = a.rated_on
LEFT JOIN rate_limits AS l ON l.agreement_id = a.agreement_id AND l.version = a.version
