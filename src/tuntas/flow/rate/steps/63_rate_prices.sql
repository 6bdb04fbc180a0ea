-- The price of each question. Exactly one band is the answer; two are both named and none is taken, even where they agree.
SELECT
    f.price_no AS price_no,
    f.zone AS zone,
    f.chargeable_g AS chargeable_g,
    count(*) AS fits,
    min(f.band_no) AS band_no,
    min(f.amount_minor) AS amount_minor,
    CASE WHEN count(*) > 1 THEN string_agg(f.rule_id, ',' ORDER BY f.band_no) END AS candidates
FROM (
    SELECT
        fit.price_no AS price_no,
        fit.zone AS zone,
        fit.chargeable_g AS chargeable_g,
        fit.band_no AS band_no,
        fit.rule_id AS rule_id,
        fit.amount_minor AS amount_minor
    FROM rate_band_fits AS fit
    QUALIFY fit.nearness = max(fit.nearness) OVER (PARTITION BY fit.price_no, fit.zone, fit.chargeable_g)
) AS f
GROUP BY f.price_no, f.zone, f.chargeable_g
