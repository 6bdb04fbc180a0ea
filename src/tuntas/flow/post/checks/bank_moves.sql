-- The bank account moves by exactly the bank lines of the period.
SELECT b.bank_minor, l.ledger_minor
FROM (
    SELECT coalesce(sum(m.bank_minor), 0) AS bank_minor
    FROM matches AS m
    LEFT JOIN run AS r ON true
    WHERE m.booked_on >= r.period_from AND m.booked_on < r.period_to
) AS b
LEFT JOIN (
    SELECT coalesce(sum(debit_minor - credit_minor), 0) AS ledger_minor FROM entry_lines WHERE account = '1110'
) AS l ON true
WHERE b.bank_minor <> l.ledger_minor
