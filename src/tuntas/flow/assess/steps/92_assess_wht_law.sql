-- The row of withholding law of each party, day and object, looked up once: of the rows that hold for such a payee and such a payer the
-- lowest rank decides, then the row for the kind of payee itself, then the row for the object itself. Only the first slice
-- (over_minor 0) is looked up. A payee nobody knows is of the kind * and has no tax id.
SELECT
    c.party_id AS party_id,
    c.taxed_on AS taxed_on,
    c.object AS object,
    c.row_id AS row_id,
    c.letter_ppm AS letter_ppm,
    c.borne AS borne
FROM (
    SELECT
        s.party_id AS party_id,
        s.taxed_on AS taxed_on,
        s.object AS object,
        w.row_id AS row_id,
        h.rate_ppm AS letter_ppm,
        u.party_id IS NOT NULL AS borne,
        row_number() OVER (
            PARTITION BY s.party_id, s.taxed_on, s.object ORDER BY w.rank, k.depth, s.fallen_back, w.row_id
        ) AS place
    FROM (
        SELECT party_id, taxed_on, object, object AS wanted, false AS fallen_back FROM assess_objects
        UNION
        SELECT party_id, taxed_on, object, any_object AS wanted, true AS fallen_back FROM assess_objects
    ) AS s
    LEFT JOIN run AS r ON true
    LEFT JOIN parties AS p ON p.party_id = s.party_id
    LEFT JOIN (SELECT DISTINCT entity FROM entity_kinds) AS e ON e.entity = p.entity
    LEFT JOIN (
        SELECT entity, fits, depth FROM entity_kinds
        UNION ALL
        SELECT DISTINCT entity, 'any' AS fits, 9 AS depth FROM entity_kinds
    ) AS k ON k.entity = coalesce(e.entity, '*')
    LEFT JOIN withholding_rules AS w
        ON w.object = s.wanted
        AND w.entity = k.fits
        AND w.over_minor = 0
        AND w.has_tax_id IN (CASE WHEN trim(p.tax_id) <> '' THEN 'yes' ELSE 'no' END, 'any')
        AND w.valid_from <= s.taxed_on AND (w.valid_to IS NULL OR s.taxed_on < w.valid_to)
    LEFT JOIN assess_standings AS h
        ON h.party_id = s.party_id AND h.standing = w.standing
        AND h.valid_from <= s.taxed_on AND (h.valid_to IS NULL OR s.taxed_on < h.valid_to)
    LEFT JOIN assess_standings AS y
        ON y.party_id = r.platform_id AND y.standing = w.payer_standing
        AND y.valid_from <= s.taxed_on AND (y.valid_to IS NULL OR s.taxed_on < y.valid_to)
    LEFT JOIN switches AS x
        ON x.switch = w.switch AND x.is_on
        AND x.valid_from <= s.taxed_on AND (x.valid_to IS NULL OR s.taxed_on < x.valid_to)
    LEFT JOIN assess_standings AS u
        ON u.party_id = s.party_id AND u.standing = 'gross_up'
        AND u.valid_from <= s.taxed_on AND (u.valid_to IS NULL OR s.taxed_on < u.valid_to)
    WHERE w.row_id IS NOT NULL
        AND (w.standing = 'any' OR h.party_id IS NOT NULL)
        AND (w.payer_standing = 'any' OR y.party_id IS NOT NULL)
        AND (w.switch = '-' OR x.switch IS NOT NULL)
) AS c
WHERE c.place = 1
