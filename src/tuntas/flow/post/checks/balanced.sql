-- Every entry balances to the unit and every entry has lines.
SELECT e.entry_id, sum(l.debit_minor) AS debit_minor, sum(l.credit_minor) AS credit_minor
FROM entries AS e
LEFT JOIN entry_lines AS l ON l.entry_id = e.entry_id
GROUP BY e.entry_id
HAVING coalesce(sum(l.debit_minor), -1) <> coalesce(sum(l.credit_minor), -2)
