-- Lines of entries, debits first, then by account, party and source. Lines of nothing are left out. A reversal has the lines of what
-- it reverses with the sides exchanged.
SELECT
    n.entry_id AS entry_id,
    (row_number() OVER (
        PARTITION BY n.entry_id
        ORDER BY CASE WHEN n.signed_minor > 0 THEN 0 ELSE 1 END, n.account, n.party_id, n.source_table, n.source_id
    ))::BIGINT AS line_no,
    n.account AS account,
    n.party_id AS party_id,
    CASE WHEN n.signed_minor > 0 THEN n.signed_minor ELSE 0 END AS debit_minor,
    CASE WHEN n.signed_minor < 0 THEN -n.signed_minor ELSE 0 END AS credit_minor,
    n.source_table AS source_table,
    n.source_id AS source_id
FROM (
    SELECT h.entry_id, l.account, l.party_id, l.signed_minor, l.source_table, l.source_id
    FROM post_lines AS l
    LEFT JOIN post_heads AS h ON h.because_kind = l.because_kind AND h.because_id = l.because_id
    WHERE l.signed_minor <> 0
    UNION ALL
    SELECT v.entry_id, l.account, l.party_id, -l.signed_minor, l.source_table, l.source_id
    FROM post_reversals AS v
    LEFT JOIN post_heads AS h ON h.entry_id = v.because_id
    LEFT JOIN post_lines AS l ON l.because_kind = h.because_kind AND l.because_id = h.because_id
    WHERE l.signed_minor <> 0
) AS n
