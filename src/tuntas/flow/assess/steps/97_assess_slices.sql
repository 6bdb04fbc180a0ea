-- The tax of each ground in each slice it reaches. Where what is above an edge is taxed (part), it is the tax on everything counted up
-- to and with this document, less the tax on what was counted before it, so that the sum of a year does not depend on how it is cut
-- into documents. Where a document is taxed whole, it takes the rate of the slice the count has reached. A rate on the payee's
-- letter stands in for the rate of the row.
SELECT
    r.doc_kind AS doc_kind,
    r.doc_id AS doc_id,
    r.ground AS ground,
    r.row_id AS row_id,
    r.source AS source,
    r.over_minor AS over_minor,
    r.rate_ppm AS rate_ppm,
    CASE WHEN r.crossing = 'whole' THEN r.own_minor ELSE r.after_minor - r.before_minor END AS base_minor,
    CASE
        WHEN r.crossing = 'whole' THEN mul_ppm_as(r.own_minor, r.rate_ppm, r.mode)
        ELSE mul_ppm_as(
                CASE WHEN r.after_minor < 0 THEN -1 ELSE 1 END
                * greatest(least(abs(r.after_minor), r.upto_minor) - r.over_minor, 0),
                r.rate_ppm, r.mode
            )
            - mul_ppm_as(
                CASE WHEN r.before_minor < 0 THEN -1 ELSE 1 END
                * greatest(least(abs(r.before_minor), r.upto_minor) - r.over_minor, 0),
                r.rate_ppm, r.mode
            )
    END AS amount_minor
FROM (
    SELECT
        g.doc_kind AS doc_kind,
        g.doc_id AS doc_id,
        g.ground AS ground,
        s.row_id AS row_id,
        s.source AS source,
        s.crossing AS crossing,
        s.over_minor AS over_minor,
        s.upto_minor AS upto_minor,
        coalesce(g.letter_ppm, s.rate_ppm) AS rate_ppm,
        s.mode AS mode,
        mul_ppm(g.gross_minor, s.base_ppm) AS own_minor,
        mul_ppm(c.before_minor, s.base_ppm) AS before_minor,
        mul_ppm(c.after_minor, s.base_ppm) AS after_minor,
        CASE WHEN s.counted = 'document' THEN abs(mul_ppm(c.after_minor, s.base_ppm)) ELSE mul_ppm(c.peak_minor, s.base_ppm) END
            AS reached_minor
    FROM assess_grounds AS g
    LEFT JOIN assess_counted AS c ON c.doc_kind = g.doc_kind AND c.doc_id = g.doc_id AND c.ground = g.ground
    LEFT JOIN assess_scale AS s ON s.ground = g.ground AND s.taxed_on = g.taxed_on
) AS r
WHERE CASE
    WHEN r.crossing = 'whole'
        THEN (r.over_minor = 0 OR r.over_minor < r.reached_minor) AND (r.upto_minor IS NULL OR r.reached_minor <= r.upto_minor)
    ELSE (r.over_minor = 0 OR r.over_minor < greatest(abs(r.before_minor), abs(r.after_minor)))
        AND (
            r.upto_minor IS NULL OR (r.before_minor < 0) <> (r.after_minor < 0)
            OR least(abs(r.before_minor), abs(r.after_minor)) <= r.upto_minor
        )
END
