-- Exactly one of debit and credit is above zero, neither is below, the account is known and the line belongs to an entry.
SELECT l.entry_id, l.line_no, l.account, l.debit_minor, l.credit_minor
FROM entry_lines AS l
LEFT JOIN entries AS e ON e.entry_id = l.entry_id
WHERE l.account IS NULL OR e.entry_id IS NULL OR l.debit_minor < 0 OR l.credit_minor < 0
    OR (l.debit_minor > 0) = (l.credit_minor > 0)
