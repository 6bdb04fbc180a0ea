-- Item ids are unique within their kind.
SELECT i.item_kind AS item_kind, i.item_id AS item_id, count(*) AS times
FROM open_items AS i
GROUP BY i.item_kind, i.item_id
HAVING count(*) <> 1
