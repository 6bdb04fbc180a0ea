-- What a statement moves is what its entry moves on the party's own accounts.
SELECT s.statement_id, s.moved, coalesce(p.posted, 0) AS posted
FROM (
    SELECT l.statement_id, sum(l.amount_minor) AS moved
    FROM statement_lines AS l
    WHERE l.posting <> 'memo'
    GROUP BY l.statement_id
) AS s
LEFT JOIN (
    SELECT e.because_id AS statement_id, sum(l.credit_minor - l.debit_minor) AS posted
    FROM entries AS e
    LEFT JOIN entry_lines AS l ON l.entry_id = e.entry_id
    WHERE e.because_kind = 'statement' AND l.party_id <> '-'
    GROUP BY e.because_id
) AS p ON p.statement_id = s.statement_id
WHERE s.moved <> coalesce(p.posted, 0)
