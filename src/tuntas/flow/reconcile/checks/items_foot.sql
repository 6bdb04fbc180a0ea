-- Per kind and currency: items = cleared + still open, and items = the facts they were summed from.
SELECT k.item_kind AS item_kind, k.currency AS currency, k.parts AS parts, k.items AS items, k.cleared AS cleared, k.still_open AS still_open
FROM (
    SELECT
        s.item_kind AS item_kind,
        s.currency AS currency,
        sum(s.parts)::BIGINT AS parts,
        sum(s.items)::BIGINT AS items,
        sum(s.cleared)::BIGINT AS cleared,
        sum(s.still_open)::BIGINT AS still_open
    FROM (
        SELECT item_kind, currency, amount_minor AS parts, 0 AS items, 0 AS cleared, 0 AS still_open FROM reconcile_parts
        UNION ALL
        SELECT item_kind, currency, 0 AS parts, amount_minor AS items, 0 AS cleared, 0 AS still_open FROM open_items
        UNION ALL
        SELECT item_kind, currency, 0 AS parts, 0 AS items, item_minor AS cleared, 0 AS still_open FROM matches WHERE verdict = 'matched'
        UNION ALL
        SELECT item_kind, currency, 0 AS parts, 0 AS items, 0 AS cleared, amount_minor AS still_open FROM open_after
    ) AS s
    GROUP BY s.item_kind, s.currency
) AS k
WHERE k.parts <> k.items OR k.items <> k.cleared + k.still_open
