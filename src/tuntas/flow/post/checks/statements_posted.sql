-- What a statement moves is what its entry moves on the party's own accounts. The entry of one in another currency than the books' own says
-- so behind its id.
SELECT s.statement_id, s.moved, coalesce(p.posted, 0) AS posted
FROM (
    SELECT
        l.statement_id,
        l.statement_id || CASE WHEN l.currency = r.currency THEN '' ELSE '|' || l.currency END AS because_id,
        sum(l.amount_minor) AS moved
    FROM statement_lines AS l
    LEFT JOIN run AS r ON true
    WHERE l.posting <> 'memo'
    GROUP BY l.statement_id, l.currency, r.currency
) AS s
LEFT JOIN (
    SELECT e.because_id AS because_id, sum(l.credit_minor - l.debit_minor) AS posted
    FROM entries AS e
    LEFT JOIN entry_lines AS l ON l.entry_id = e.entry_id
    WHERE e.because_kind = 'statement' AND l.party_id <> '-'
    GROUP BY e.because_id
) AS p ON p.because_id = s.because_id
WHERE s.moved <> coalesce(p.posted, 0)
