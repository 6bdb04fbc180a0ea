-- Each reference and currency once: how many items carry it, and the item when there is one.
SELECT
    i.ref_key AS ref_key,
    i.currency AS currency,
    count(*) AS items_with_it,
    min(i.item_kind) AS item_kind,
    min(i.item_id) AS item_id,
    min(i.party_id) AS party_id,
    min(i.amount_minor) AS amount_minor
FROM reconcile_items AS i
GROUP BY i.ref_key, i.currency
