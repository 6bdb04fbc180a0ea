-- An item is cleared by one bank line at most, and a cleared pair agrees to the unit.
SELECT m.item_kind AS item_kind, m.item_id AS item_id, count(*) AS times
FROM matches AS m
WHERE m.verdict = 'matched'
GROUP BY m.item_kind, m.item_id
HAVING count(*) > 1 OR max(abs(m.difference_minor)) <> 0 OR bool_or(m.bank_minor <> m.item_minor)
