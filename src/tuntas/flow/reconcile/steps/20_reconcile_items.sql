-- One item a kind, reference, party and currency: the sum of its parts, due on the latest of their days.
-- Where one reference of a kind stands for several parties or currencies the item's id says which, so that ids stay unique.
SELECT
    g.item_kind AS item_kind,
    CASE
        WHEN count(*) OVER (PARTITION BY g.item_kind, g.ref_key) = 1 THEN g.item_ref
        ELSE g.item_ref || '|' || g.party_id || '|' || g.currency
    END AS item_id,
    g.ref_key AS ref_key,
    g.party_id AS party_id,
    g.amount_minor AS amount_minor,
    g.item_on AS item_on,
    g.currency AS currency
FROM (
    SELECT
        p.item_kind AS item_kind,
        p.ref_key AS ref_key,
        p.party_id AS party_id,
        p.currency AS currency,
        min(p.item_ref) AS item_ref,
        sum(p.amount_minor)::BIGINT AS amount_minor,
        max(p.item_on) AS item_on
    FROM reconcile_parts AS p
    GROUP BY p.item_kind, p.ref_key, p.party_id, p.currency
) AS g
