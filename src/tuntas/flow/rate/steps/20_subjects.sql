-- Everything that can be rated, in one shape. Buy side: every parcel, on the day it was shipped, with the status of its events,
-- else the status stated on it, else in transit; and every warehouse day. Payout side: order lines that became final inside the
-- period. A parcel's service is rendered on the day of its status, or on the day it was shipped while that is not known.
SELECT
    'buy' AS side,
    'parcel' AS subject_kind,
    s.waybill AS subject_id,
    s.vendor_id AS party_id,
    coalesce(p.terms_group, '*') AS terms_group,
    s.service AS service,
    '*' AS category,
    s.shipped_on AS rated_on,
    coalesce(CASE WHEN t.status IS NULL THEN s.status_on ELSE t.status_on END, s.shipped_on) AS accrue_on,
    s.origin_area AS origin_area,
    s.dest_area AS dest_area,
    s.actual_g AS actual_g,
    s.length_mm::BIGINT * s.width_mm * s.height_mm AS volume_mm3,
    greatest(s.length_mm, s.width_mm, s.height_mm) AS longest_mm,
    2 * (s.length_mm + s.width_mm + s.height_mm) - greatest(s.length_mm, s.width_mm, s.height_mm) AS length_girth_mm,
    coalesce(t.status, s.status, 'in_transit') AS status,
    coalesce(t.attempts, 0) AS attempts,
    s.cod_minor > 0 AS is_cod,
    s.insured AS insured,
    s.declared_minor AS declared_minor,
    s.cod_minor AS cod_minor,
    0::BIGINT AS goods_minor,
    0::BIGINT AS net_goods_minor,
    0::BIGINT AS shipping_minor,
    0::BIGINT AS pallets,
    0::BIGINT AS inbound,
    0::BIGINT AS handled,
    s.currency AS currency
FROM shipments AS s
LEFT JOIN rate_statuses AS t ON t.waybill = s.waybill
LEFT JOIN parties AS p ON p.party_id = s.vendor_id
UNION ALL
SELECT
    'buy' AS side,
    'warehouse_day' AS subject_kind,
    w.warehouse_day_id AS subject_id,
    w.vendor_id AS party_id,
    coalesce(p.terms_group, '*') AS terms_group,
    w.service AS service,
    '*' AS category,
    w.on_date AS rated_on,
    w.on_date AS accrue_on,
    NULL AS origin_area,
    NULL AS dest_area,
    0 AS actual_g,
    0 AS volume_mm3,
    0 AS longest_mm,
    0 AS length_girth_mm,
    'done' AS status,
    0 AS attempts,
    false AS is_cod,
    false AS insured,
    0 AS declared_minor,
    0 AS cod_minor,
    0 AS goods_minor,
    0 AS net_goods_minor,
    0 AS shipping_minor,
    w.pallet_count AS pallets,
    w.inbound_count AS inbound,
    w.handled_count AS handled,
    w.currency AS currency
FROM warehouse_days AS w
LEFT JOIN parties AS p ON p.party_id = w.vendor_id
UNION ALL
SELECT
    'payout' AS side,
    'order_line' AS subject_kind,
    o.order_line_id AS subject_id,
    o.seller_id AS party_id,
    coalesce(p.terms_group, '*') AS terms_group,
    '*' AS service,
    o.category AS category,
    o.ordered_on AS rated_on,
    o.completed_on AS accrue_on,
    NULL AS origin_area,
    NULL AS dest_area,
    0 AS actual_g,
    0 AS volume_mm3,
    0 AS longest_mm,
    0 AS length_girth_mm,
    'done' AS status,
    0 AS attempts,
    o.is_cod AS is_cod,
    false AS insured,
    0 AS declared_minor,
    CASE WHEN o.is_cod
        THEN o.price_minor - o.seller_discount_minor - o.platform_voucher_minor + o.shipping_charged_minor
        ELSE 0
    END AS cod_minor,
    o.price_minor AS goods_minor,
    o.price_minor - o.seller_discount_minor AS net_goods_minor,
    o.shipping_charged_minor AS shipping_minor,
    0 AS pallets,
    0 AS inbound,
    0 AS handled,
    o.currency AS currency
FROM order_lines AS o
LEFT JOIN parties AS p ON p.party_id = o.seller_id
WHERE o.completed_on >= (SELECT max(r.period_from) FROM run AS r)
    AND o.completed_on < (SELECT max(r.period_to) FROM run AS r)
