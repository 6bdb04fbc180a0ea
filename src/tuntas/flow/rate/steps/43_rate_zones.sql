-- The zone of each lane: that of the nearest row. Two different zones equally near are both named and none is taken.
SELECT
    f.agreement_id AS agreement_id,
    f.version AS version,
    f.service AS service,
    f.origin_area AS origin_area,
    f.dest_area AS dest_area,
    CASE WHEN min(f.zone) = max(f.zone) THEN min(f.zone) END AS zone,
    CASE WHEN min(f.zone) <> max(f.zone) THEN list(f.zone) END AS rivals
FROM (
    SELECT
        fit.agreement_id AS agreement_id,
        fit.version AS version,
        fit.service AS service,
        fit.origin_area AS origin_area,
        fit.dest_area AS dest_area,
        fit.zone AS zone
    FROM rate_zone_fits AS fit
    QUALIFY fit.nearness
        = max(fit.nearness) OVER (PARTITION BY fit.agreement_id, fit.version, fit.service, fit.origin_area, fit.dest_area)
) AS f
GROUP BY f.agreement_id, f.version, f.service, f.origin_area, f.dest_area
