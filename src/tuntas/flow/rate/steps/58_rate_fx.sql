-- The rate of exchange of each such version on each day it rates. A rate stands on the days of its period, and for carry_days behind it
-- where none is published; of those that stand on a day the one whose period is nearest counts. Two as near are both named and none is
-- taken; a fixed rate is that of the contract on every day. No rate is a null, and the subjects of the day wait.
SELECT
    k.version_no AS version_no,
    k.rated_on AS rated_on,
    x.quoted_in AS quoted_in,
    x.fx_day = 'bill' AS provisional,
    x.source AS source,
    CASE WHEN x.fx_day = 'fixed' THEN 1 ELSE coalesce(near.fits, 0) END AS fits,
    CASE WHEN x.fx_day = 'fixed' THEN x.rate_num WHEN near.fits = 1 THEN near.rate_num END AS rate_num,
    CASE WHEN x.fx_day = 'fixed' THEN x.rate_den WHEN near.fits = 1 THEN near.rate_den END AS rate_den,
    CASE WHEN x.fx_day = 'fixed' THEN x.published WHEN near.fits = 1 THEN near.published END AS published,
    CASE WHEN x.fx_day = 'fixed' THEN x.valid_from WHEN near.fits = 1 THEN near.fx_on END AS fx_on,
    CASE WHEN x.fx_day <> 'fixed' AND near.fits > 1 THEN near.candidates END AS candidates
FROM (
    SELECT DISTINCT t.version_no AS version_no, t.rated_on AS rated_on
    FROM rate_terms AS t
) AS k
JOIN rate_fx_terms AS x ON x.version_no = k.version_no
LEFT JOIN (
    SELECT
        fit.version_no AS version_no,
        fit.rated_on AS rated_on,
        count(*) AS fits,
        min(fit.rate_num) AS rate_num,
        min(fit.rate_den) AS rate_den,
        min(fit.published) AS published,
        min(fit.valid_from) AS fx_on,
        string_agg(fit.source || ':' || fit.valid_from, ',' ORDER BY fit.valid_from) AS candidates
    FROM (
        SELECT
            t.version_no AS version_no,
            t.rated_on AS rated_on,
            r.source AS source,
            r.valid_from AS valid_from,
            r.rate_num AS rate_num,
            r.rate_den AS rate_den,
            r.published AS published
        FROM (
            SELECT DISTINCT
                every.agreement_id AS agreement_id,
                every.version AS version,
                every.version_no AS version_no,
                every.rated_on AS rated_on
            FROM rate_terms AS every
        ) AS t
        JOIN rate_fx_terms AS c ON c.version_no = t.version_no
        JOIN fx_rates AS r
            ON r.agreement_id = t.agreement_id
            AND r.version = t.version
            AND r.valid_from <= t.rated_on
            AND t.rated_on < r.valid_to + c.carry_days::INTEGER
        QUALIFY least(t.rated_on, r.valid_to - 1) = max(least(t.rated_on, r.valid_to - 1)) OVER (PARTITION BY t.version_no, t.rated_on)
    ) AS fit
    GROUP BY fit.version_no, fit.rated_on
) AS near ON near.version_no = k.version_no AND near.rated_on = k.rated_on
