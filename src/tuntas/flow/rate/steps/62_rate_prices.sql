-- What prices each stretch of weight of a charge in a zone. Stretches of one charge and zone never overlap, so a weight meets at most
-- one. Exactly one band is the answer; two are both named and none is taken, even where they agree.
SELECT
    f.price_no AS price_no,
    min(n.zone_no) AS zone_no,
    f.from_g AS from_g,
    min(f.upto_g) AS upto_g,
    count(*) AS fits,
    CASE WHEN count(*) = 1 THEN min(f.band_no) END AS band_no,
    min(f.first_g) AS first_g,
    min(f.first_minor) AS first_minor,
    min(f.next_g) AS next_g,
    min(f.next_minor) AS next_minor,
    min(f.per_kg_micro) AS per_kg_micro,
    min(f.min_minor) AS min_minor,
    CASE WHEN count(*) > 1 THEN string_agg(f.rule_id, ',' ORDER BY f.band_no) END AS candidates
FROM (
    SELECT
        fit.price_no AS price_no,
        fit.zone AS zone,
        fit.from_g AS from_g,
        fit.upto_g AS upto_g,
        fit.band_no AS band_no,
        fit.first_g AS first_g,
        fit.first_minor AS first_minor,
        fit.next_g AS next_g,
        fit.next_minor AS next_minor,
        fit.per_kg_micro AS per_kg_micro,
        fit.min_minor AS min_minor,
        fit.rule_id AS rule_id
    FROM rate_price_fits AS fit
    QUALIFY fit.nearness = max(fit.nearness) OVER (PARTITION BY fit.price_no, fit.zone, fit.from_g)
) AS f
LEFT JOIN rate_zone_names AS n ON n.zone = f.zone
GROUP BY f.price_no, f.zone, f.from_g
