-- What was counted before each ground and with it, over the document, month or year its tax runs over: first what earlier cycles
-- posted, then the documents of this run by day and number. Only what has a slip counts. `peak_minor` is the highest the count has
-- been, so that a credit note does not bring a payee back under an edge it has crossed.
SELECT
    n.doc_kind AS doc_kind,
    n.doc_id AS doc_id,
    n.ground AS ground,
    n.after_minor - n.gross_minor AS before_minor,
    n.after_minor AS after_minor,
    n.peak_minor AS peak_minor
FROM (
    SELECT
        c.doc_kind AS doc_kind,
        c.doc_id AS doc_id,
        c.ground AS ground,
        c.kind AS kind,
        c.own_kind AS own_kind,
        c.gross_minor AS gross_minor,
        c.after_minor AS after_minor,
        max(c.after_minor) OVER (PARTITION BY c.key ORDER BY c.earlier DESC, c.taxed_on, c.doc_kind, c.doc_id, c.ground) AS peak_minor
    FROM (
        SELECT
            d.key AS key,
            d.earlier AS earlier,
            d.taxed_on AS taxed_on,
            d.doc_kind AS doc_kind,
            d.doc_id AS doc_id,
            d.ground AS ground,
            d.kind AS kind,
            d.own_kind AS own_kind,
            d.gross_minor AS gross_minor,
            (sum(d.gross_minor) OVER (
                PARTITION BY d.key ORDER BY d.earlier DESC, d.taxed_on, d.doc_kind, d.doc_id, d.ground
            ))::BIGINT AS after_minor
        FROM (
            SELECT
                [g.party_id, g.tax, g.object_code, g.currency, k.kind, CASE k.kind
                    WHEN 'document' THEN g.doc_kind || '|' || g.doc_id || '|' || g.ground
                    WHEN 'month' THEN strftime(g.taxed_on, '%Y-%m')
                    ELSE strftime(g.taxed_on, '%Y')
                END] AS key,
                false AS earlier,
                g.taxed_on AS taxed_on,
                g.doc_kind AS doc_kind,
                g.doc_id AS doc_id,
                g.ground AS ground,
                k.kind AS kind,
                g.counted AS own_kind,
                g.gross_minor AS gross_minor
            FROM assess_grounds AS g
            LEFT JOIN (SELECT unnest(['document', 'month', 'year']) AS kind) AS k ON k.kind = g.counted OR g.form <> '-'
            UNION ALL
            SELECT
                [w.party_id, w.tax_code, w.object_code, w.currency, k.kind, CASE k.kind
                    WHEN 'month' THEN strftime(w.taxed_on, '%Y-%m')
                    ELSE strftime(w.taxed_on, '%Y')
                END] AS key,
                true AS earlier,
                w.taxed_on AS taxed_on,
                w.doc_kind AS doc_kind,
                w.doc_id AS doc_id,
                '-' AS ground,
                k.kind AS kind,
                '-' AS own_kind,
                w.gross_minor AS gross_minor
            FROM withheld_before AS w
            LEFT JOIN (SELECT unnest(['month', 'year']) AS kind) AS k ON true
            -- A cycle that is planned again finds its own documents among what was posted; they count once.
            LEFT JOIN run AS r ON true
            LEFT JOIN bills AS h ON w.doc_kind = 'bill' AND w.doc_id = h.vendor_id || '/' || h.bill_no
            WHERE h.bill_no IS NULL AND w.doc_id <> 'ST/' || r.cycle_id || '/' || w.party_id
        ) AS d
    ) AS c
) AS n
WHERE n.kind = n.own_kind
