-- The answer to each question "which agreement?" with all that the agreement says of every subject of that day: how it weighs, on
-- which lists the day stands, and where its limits lie. Looked up once a subject.
SELECT
    a.side AS side,
    a.party_id AS party_id,
    a.currency AS currency,
    a.rated_on AS rated_on,
    a.fits AS fits,
    a.candidates AS candidates,
    a.agreement_id AS agreement_id,
    a.version AS version,
    a.divisor AS divisor,
    a.step_g AS step_g,
    a.tolerance_g AS tolerance_g,
    a.min_g AS min_g,
    a.weight_order AS weight_order,
    coalesce(d.day_marks, '') AS day_marks,
    l.chargeable_limits AS chargeable_limits,
    l.actual_limits AS actual_limits,
    l.longest_limits AS longest_limits,
    l.length_girth_limits AS length_girth_limits
FROM rate_agreements AS a
LEFT JOIN rate_day_marks AS d ON d.agreement_id = a.agreement_id AND d.version = a.version AND d.rated_on = a.rated_on
LEFT JOIN rate_limits AS l ON l.agreement_id = a.agreement_id AND l.version = a.version
