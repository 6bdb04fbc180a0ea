-- The agreement versions that rate something here and are quoted in another currency than they are settled in, with how they convert.
-- Without one the steps below have no column for it, and prices are what they were.
SELECT
    n.version_no AS version_no,
    f.quoted_in AS quoted_in,
    f.fx_day AS fx_day,
    f.source AS source,
    f.carry_days AS carry_days,
    f.rate_num AS rate_num,
    f.rate_den AS rate_den,
    f.published AS published,
    a.valid_from AS valid_from
FROM fx_terms AS f
JOIN rate_versions AS n ON n.agreement_id = f.agreement_id AND n.version = f.version
JOIN (
    SELECT DISTINCT t.version_no AS version_no
    FROM rate_terms AS t
) AS used ON used.version_no = n.version_no
LEFT JOIN agreements AS a ON a.agreement_id = f.agreement_id AND a.version = f.version
