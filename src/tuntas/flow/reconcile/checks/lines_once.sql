-- Every bank line has exactly one row in matches, with its own amount.
SELECT b.bank_line_id AS bank_line_id, count(m.bank_line_id) AS times
FROM bank_lines AS b
LEFT JOIN matches AS m ON m.bank_line_id = b.bank_line_id AND m.bank_minor = b.amount_minor AND m.currency = b.currency
GROUP BY b.bank_line_id
HAVING count(m.bank_line_id) <> 1
