-- Between one edge and the next every band either covers all of it or none: which do, and how near each is (a named service before *).
SELECT
    cut.price_no AS price_no,
    cut.zone AS zone,
    cut.edge_g AS from_g,
    cut.next_edge_g AS upto_g,
    b.band_no AS band_no,
    b.first_g AS first_g,
    b.first_minor AS first_minor,
    b.next_g AS next_g,
    b.next_minor AS next_minor,
    b.per_kg_micro AS per_kg_micro,
    b.min_minor AS min_minor,
    cut.agreement_id || '@' || cut.version || '#' || cut.charge_no || '/' || b.band_no AS rule_id,
    CASE WHEN b.service = '*' THEN 0 ELSE 1 END AS nearness
FROM (
    SELECT
        e.price_no AS price_no,
        e.zone AS zone,
        e.agreement_id AS agreement_id,
        e.version AS version,
        e.charge_no AS charge_no,
        e.service AS service,
        e.edge_g AS edge_g,
        lead(e.edge_g) OVER (PARTITION BY e.price_no, e.zone ORDER BY e.edge_g) AS next_edge_g
    FROM rate_price_edges AS e
) AS cut
LEFT JOIN bands AS b
    ON b.agreement_id = cut.agreement_id
    AND b.version = cut.version
    AND b.charge_no = cut.charge_no
    AND b.zone = cut.zone
    AND b.service IN (cut.service, '*')
    AND b.from_g <= cut.edge_g
    AND (b.to_g IS NULL OR cut.edge_g < b.to_g)
WHERE cut.next_edge_g IS NOT NULL
    AND b.band_no IS NOT NULL
