-- The gross each ground is taxed on. Where we bear the tax, the gross is what leaves the payee the agreed amount after tax: it lies in
-- the slice whose lower edge, less the tax up to it, is below the agreed amount. A tax counted over many documents, or one that takes
-- a document whole, is borne on the agreed amount as it stands.
SELECT
    g.doc_kind AS doc_kind,
    g.doc_id AS doc_id,
    g.party_id AS party_id,
    g.taxed_on AS taxed_on,
    g.currency AS currency,
    g.ground AS ground,
    g.tax AS tax,
    g.object_code AS object_code,
    g.form AS form,
    g.counted AS counted,
    g.base_ppm AS base_ppm,
    g.letter_ppm AS letter_ppm,
    g.borne AS borne,
    CASE
        WHEN NOT g.borne OR g.counted <> 'document' OR g.crossing = 'whole' THEN g.agreed_minor
        ELSE sign(g.agreed_minor)::BIGINT
            * (g.edge_minor + mul_ratio(abs(g.agreed_minor) - (g.edge_minor - g.below_minor), 1000000, 1000000 - g.part_ppm))
    END AS gross_minor
FROM (
    SELECT
        a.doc_kind AS doc_kind,
        a.doc_id AS doc_id,
        a.party_id AS party_id,
        a.taxed_on AS taxed_on,
        a.currency AS currency,
        a.ground AS ground,
        s.tax AS tax,
        s.object_code AS object_code,
        s.form AS form,
        s.counted AS counted,
        s.crossing AS crossing,
        s.base_ppm AS base_ppm,
        a.letter_ppm AS letter_ppm,
        a.borne AS borne,
        a.agreed_minor AS agreed_minor,
        mul_ratio(s.over_minor, 1000000, s.base_ppm) AS edge_minor,
        s.below_minor AS below_minor,
        mul_ppm(s.base_ppm, coalesce(a.letter_ppm, s.rate_ppm)) AS part_ppm,
        row_number() OVER (PARTITION BY a.doc_kind, a.doc_id, a.ground ORDER BY s.over_minor DESC) AS place
    FROM assess_agreed AS a
    LEFT JOIN assess_scale AS s
        ON s.ground = a.ground AND s.taxed_on = a.taxed_on
        AND mul_ratio(s.over_minor, 1000000, s.base_ppm) - s.below_minor < abs(a.agreed_minor)
) AS g
WHERE g.place = 1
