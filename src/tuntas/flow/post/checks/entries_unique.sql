-- One entry an id, and one id a reason.
SELECT entry_id, count(*) AS copies
FROM entries
GROUP BY entry_id
HAVING count(*) > 1
UNION ALL
SELECT because_kind || '|' || because_id, count(*)
FROM entries
GROUP BY because_kind, because_id
HAVING count(*) > 1
