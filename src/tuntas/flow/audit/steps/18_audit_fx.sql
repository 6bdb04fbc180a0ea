-- The rate of exchange on the day of a bill, for agreement versions that convert by it: the rate whose period is nearest, as in rating. No row
-- where none is published; two as near are counted and none is taken.
SELECT
    fit.agreement_id AS agreement_id,
    fit.version AS version,
    fit.billed_on AS billed_on,
    count(*) AS fits,
    CASE WHEN count(*) = 1 THEN min(fit.rate_num) END AS rate_num,
    CASE WHEN count(*) = 1 THEN min(fit.rate_den) END AS rate_den
FROM (
    SELECT
        f.agreement_id AS agreement_id,
        f.version AS version,
        b.billed_on AS billed_on,
        r.rate_num AS rate_num,
        r.rate_den AS rate_den
    FROM fx_terms AS f
    JOIN fx_rates AS r ON r.agreement_id = f.agreement_id AND r.version = f.version
    JOIN (
        SELECT DISTINCT l.billed_on AS billed_on
        FROM bill_lines AS l
    ) AS b ON r.valid_from <= b.billed_on AND b.billed_on < r.valid_to + f.carry_days::INTEGER
    WHERE f.fx_day = 'bill'
    QUALIFY least(b.billed_on, r.valid_to - 1) = max(least(b.billed_on, r.valid_to - 1)) OVER (PARTITION BY f.agreement_id, f.version, b.billed_on)
) AS fit
GROUP BY fit.agreement_id, fit.version, fit.billed_on
