-- Each charge that differs with the one cause that explains it, the first that applies: it waits on one side; it stands on one side
-- alone; another agreement rates it; its zone, its chargeable weight or its band is another (for what a band prices); what it is counted on is
-- another; its rate is another; else its price. Above zero the party has more of it; of what we bill a customer it has less.
SELECT
    p.charge_id AS charge_id,
    p.side AS side,
    p.subject_kind AS subject_kind,
    p.subject_id AS subject_id,
    p.party_id AS party_id,
    CASE WHEN p.side = 'payout' THEN p.party_id ELSE h.seller_id END AS seller_id,
    p.charge_type AS charge_type,
    CASE
        WHEN NOT p.is_there THEN CASE WHEN wn.which IS NULL THEN 'dropped_charge' ELSE 'now_waits' END
        WHEN NOT p.was_there THEN CASE WHEN wt.which IS NULL THEN 'new_charge' ELSE 'no_longer_waits' END
        WHEN p.agreement_then <> p.agreement_now THEN 'other_agreement'
        WHEN bt.band_no IS NOT NULL AND bn.band_no IS NOT NULL AND rt.zone <> rn.zone THEN 'other_zone'
        WHEN bt.band_no IS NOT NULL AND bn.band_no IS NOT NULL AND rt.chargeable_g <> rn.chargeable_g THEN 'other_weight'
        WHEN bt.band_no IS NOT NULL AND bn.band_no IS NOT NULL
            AND (bt.from_g <> bn.from_g OR bt.to_g IS DISTINCT FROM bn.to_g) THEN 'other_band'
        WHEN p.base_then_minor IS DISTINCT FROM p.base_now_minor THEN 'other_base'
        WHEN p.quantity_then IS DISTINCT FROM p.quantity_now THEN 'other_quantity'
        WHEN p.rate_then_ppm IS DISTINCT FROM p.rate_now_ppm THEN 'new_rate'
        ELSE 'new_price'
    END AS cause,
    coalesce(s.service, '*') AS service,
    s.origin_area AS origin_area,
    s.dest_area AS dest_area,
    rt.zone AS zone_then,
    rn.zone AS zone_now,
    rt.chargeable_g AS chargeable_then_g,
    rn.chargeable_g AS chargeable_now_g,
    bt.from_g AS band_from_then_g,
    bt.to_g AS band_to_then_g,
    bn.from_g AS band_from_now_g,
    bn.to_g AS band_to_now_g,
    p.rule_then AS rule_then,
    p.rule_now AS rule_now,
    p.clause_then AS clause_then,
    p.clause_now AS clause_now,
    p.then_minor AS then_minor,
    p.now_minor AS now_minor,
    p.now_minor - p.then_minor AS difference_minor,
    CASE WHEN p.side = 'sell' THEN p.then_minor - p.now_minor ELSE p.now_minor - p.then_minor END AS party_minor,
    p.accrue_on AS accrue_on,
    p.currency AS currency
FROM compare_pairs AS p
LEFT JOIN subjects AS s ON s.side = p.side AND s.subject_id = p.subject_id
LEFT JOIN shipments AS h ON p.subject_kind = 'parcel' AND h.waybill = p.subject_id
LEFT JOIN rated_then AS rt ON rt.side = p.side AND rt.subject_id = p.subject_id
LEFT JOIN rated_now AS rn ON rn.side = p.side AND rn.subject_id = p.subject_id
LEFT JOIN bands_then AS bt
    ON bt.agreement_id = p.agreement_then AND bt.version = p.version_then AND bt.charge_no = p.charge_no_then
    AND bt.band_no = p.band_no_then
LEFT JOIN bands_now AS bn
    ON bn.agreement_id = p.agreement_now AND bn.version = p.version_now AND bn.charge_no = p.charge_no_now
    AND bn.band_no = p.band_no_now
LEFT JOIN (
    SELECT w.which AS which, w.side AS side, w.subject_id AS subject_id, bool_or(w.charge_type = '*') AS whole,
        list(w.charge_type) AS charge_types
    FROM compare_waits AS w
    WHERE w.which = 'then'
    GROUP BY w.which, w.side, w.subject_id
) AS wt ON wt.side = p.side AND wt.subject_id = p.subject_id AND (wt.whole OR list_contains(wt.charge_types, p.charge_type))
LEFT JOIN (
    SELECT w.which AS which, w.side AS side, w.subject_id AS subject_id, bool_or(w.charge_type = '*') AS whole,
        list(w.charge_type) AS charge_types
    FROM compare_waits AS w
    WHERE w.which = 'now'
    GROUP BY w.which, w.side, w.subject_id
) AS wn ON wn.side = p.side AND wn.subject_id = p.subject_id AND (wn.whole OR list_contains(wn.charge_types, p.charge_type))
