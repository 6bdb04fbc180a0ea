-- Everything that can be rated, in one shape. Buy side: every parcel, on the day it was shipped, with the status of its events,
-- else the status stated on it, else in transit; every warehouse day; and every trip, delivered once it has arrived. Payout side: order
-- lines that became final inside the period, and refunds of final lines, each with its share of what the line was, by the terms of the
-- day of the order. Sell side: the parcels of customers we have an agreement to bill with, once it is known what became of them.
-- A parcel's service is rendered on the day of its status, or on the day it was shipped while that is not known.
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
    s.currency AS currency,
    0::BIGINT AS distance_m,
    0::BIGINT AS load_g,
    0::BIGINT AS stops,
    0::BIGINT AS detention_min,
    0::BIGINT AS demurrage_days,
    0::BIGINT AS storage_dm3,
    0::BIGINT AS labels,
    0::BIGINT AS returned
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
    w.currency AS currency,
    0 AS distance_m,
    0 AS load_g,
    0 AS stops,
    0 AS detention_min,
    0 AS demurrage_days,
    w.storage_dm3 AS storage_dm3,
    w.label_count AS labels,
    w.returned_count AS returned
FROM warehouse_days AS w
LEFT JOIN parties AS p ON p.party_id = w.vendor_id
UNION ALL
SELECT
    'buy' AS side,
    'trip' AS subject_kind,
    t.trip_id AS subject_id,
    t.vendor_id AS party_id,
    coalesce(p.terms_group, '*') AS terms_group,
    t.service AS service,
    t.vehicle AS category,
    t.started_on AS rated_on,
    coalesce(t.arrived_on, t.started_on) AS accrue_on,
    t.origin_area AS origin_area,
    t.dest_area AS dest_area,
    0 AS actual_g,
    0 AS volume_mm3,
    0 AS longest_mm,
    0 AS length_girth_mm,
    coalesce(t.status, CASE WHEN t.arrived_on IS NULL THEN 'in_transit' ELSE 'delivered' END) AS status,
    0 AS attempts,
    false AS is_cod,
    false AS insured,
    t.declared_minor AS declared_minor,
    0 AS cod_minor,
    0 AS goods_minor,
    0 AS net_goods_minor,
    0 AS shipping_minor,
    0 AS pallets,
    0 AS inbound,
    0 AS handled,
    t.currency AS currency,
    t.distance_m AS distance_m,
    t.load_g AS load_g,
    t.stop_count AS stops,
    t.detention_min AS detention_min,
    t.demurrage_days AS demurrage_days,
    0 AS storage_dm3,
    0 AS labels,
    0 AS returned
FROM trips AS t
LEFT JOIN parties AS p ON p.party_id = t.vendor_id
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
    o.currency AS currency,
    0 AS distance_m,
    0 AS load_g,
    0 AS stops,
    0 AS detention_min,
    0 AS demurrage_days,
    0 AS storage_dm3,
    0 AS labels,
    0 AS returned
FROM order_lines AS o
LEFT JOIN parties AS p ON p.party_id = o.seller_id
WHERE o.completed_on >= (SELECT max(r.period_from) FROM run AS r)
    AND o.completed_on < (SELECT max(r.period_to) FROM run AS r)
UNION ALL
SELECT
    'payout' AS side,
    'refund' AS subject_kind,
    f.refund_id AS subject_id,
    o.seller_id AS party_id,
    coalesce(p.terms_group, '*') AS terms_group,
    '*' AS service,
    o.category AS category,
    o.ordered_on AS rated_on,
    greatest(f.refunded_on, o.completed_on) AS accrue_on,
    NULL AS origin_area,
    NULL AS dest_area,
    0 AS actual_g,
    0 AS volume_mm3,
    0 AS longest_mm,
    0 AS length_girth_mm,
    f.stage AS status,
    0 AS attempts,
    o.is_cod AS is_cod,
    false AS insured,
    0 AS declared_minor,
    CASE WHEN f.net_goods_minor = 0 OR NOT o.is_cod THEN 0
        ELSE mul_ratio(
            o.price_minor - o.seller_discount_minor - o.platform_voucher_minor + o.shipping_charged_minor, f.upto_minor, f.net_goods_minor
        ) - mul_ratio(
            o.price_minor - o.seller_discount_minor - o.platform_voucher_minor + o.shipping_charged_minor, f.from_minor, f.net_goods_minor
        ) END AS cod_minor,
    CASE WHEN f.net_goods_minor = 0 THEN 0
        ELSE mul_ratio(o.price_minor, f.upto_minor, f.net_goods_minor) - mul_ratio(o.price_minor, f.from_minor, f.net_goods_minor) END AS goods_minor,
    f.upto_minor - f.from_minor AS net_goods_minor,
    CASE WHEN f.net_goods_minor = 0 THEN 0
        ELSE mul_ratio(o.shipping_charged_minor, f.upto_minor, f.net_goods_minor) - mul_ratio(o.shipping_charged_minor, f.from_minor, f.net_goods_minor) END AS shipping_minor,
    0 AS pallets,
    0 AS inbound,
    0 AS handled,
    o.currency AS currency,
    0 AS distance_m,
    0 AS load_g,
    0 AS stops,
    0 AS detention_min,
    0 AS demurrage_days,
    0 AS storage_dm3,
    0 AS labels,
    0 AS returned
FROM rate_refunds AS f
LEFT JOIN order_lines AS o ON o.order_line_id = f.order_line_id
LEFT JOIN parties AS p ON p.party_id = o.seller_id
WHERE greatest(f.refunded_on, o.completed_on) >= (SELECT max(r.period_from) FROM run AS r)
    AND greatest(f.refunded_on, o.completed_on) < (SELECT max(r.period_to) FROM run AS r)
    AND o.completed_on IS NOT NULL
UNION ALL
SELECT
    'sell' AS side,
    'parcel' AS subject_kind,
    s.waybill AS subject_id,
    s.seller_id AS party_id,
    p.terms_group AS terms_group,
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
    0 AS goods_minor,
    0 AS net_goods_minor,
    0 AS shipping_minor,
    0 AS pallets,
    0 AS inbound,
    0 AS handled,
    s.currency AS currency,
    0 AS distance_m,
    0 AS load_g,
    0 AS stops,
    0 AS detention_min,
    0 AS demurrage_days,
    0 AS storage_dm3,
    0 AS labels,
    0 AS returned
FROM shipments AS s
LEFT JOIN rate_statuses AS t ON t.waybill = s.waybill
LEFT JOIN rate_payers AS p ON p.party_id = s.seller_id AND p.purpose = 'sell'
WHERE p.party_id IS NOT NULL
    AND coalesce(t.status, s.status) IS NOT NULL
