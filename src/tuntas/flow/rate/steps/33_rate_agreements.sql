-- The nearest agreement of each question. Exactly one is the answer; two of the same nearness are both named and none is taken.
-- A question without an answer has no row here.
SELECT
    nearest.side AS side,
    nearest.party_id AS party_id,
    nearest.terms_group AS terms_group,
    nearest.currency AS currency,
    nearest.rated_on AS rated_on,
    nearest.fits AS fits,
    CASE WHEN nearest.fits > 1 THEN nearest.candidates END AS candidates,
    a.agreement_id AS agreement_id,
    a.version AS version,
    a.divisor AS divisor,
    a.step_g AS step_g,
    a.tolerance_g AS tolerance_g,
    a.min_g AS min_g,
    a.weight_order AS weight_order
FROM (
    SELECT
        f.side AS side,
        f.party_id AS party_id,
        f.terms_group AS terms_group,
        f.currency AS currency,
        f.rated_on AS rated_on,
        count(*) AS fits,
        min(f.agreement_id) AS agreement_id,
        min(f.version) AS version,
        string_agg(f.agreement_id || '@' || f.version, ',' ORDER BY f.agreement_id, f.version) AS candidates
    FROM (
        SELECT
            fit.side AS side,
            fit.party_id AS party_id,
            fit.terms_group AS terms_group,
            fit.currency AS currency,
            fit.rated_on AS rated_on,
            fit.agreement_id AS agreement_id,
            fit.version AS version
        FROM rate_agreement_fits AS fit
        QUALIFY fit.nearness
            = max(fit.nearness) OVER (PARTITION BY fit.side, fit.party_id, fit.terms_group, fit.currency, fit.rated_on)
    ) AS f
    GROUP BY f.side, f.party_id, f.terms_group, f.currency, f.rated_on
) AS nearest
LEFT JOIN agreements AS a ON nearest.fits = 1 AND a.agreement_id = nearest.agreement_id AND a.version = nearest.version
