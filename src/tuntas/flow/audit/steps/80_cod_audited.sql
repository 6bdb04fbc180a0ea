-- Cash on delivery, parcel by parcel: what was to be collected (the COD amount of a parcel delivered or damaged) against what was
-- handed over, however many remittances carried it, whoever sent them. Nothing is forgiven: a rupiah short is short.
SELECT
    c.waybill AS waybill,
    c.vendor_id AS vendor_id,
    c.order_id AS order_id,
    c.seller_id AS seller_id,
    c.delivered_on AS delivered_on,
    c.expected_minor AS expected_minor,
    c.remitted_minor AS remitted_minor,
    c.remitted_minor - c.expected_minor AS difference_minor,
    c.remittance_no AS remittance_no,
    c.verdict AS verdict,
    CASE c.verdict
        WHEN 'short' THEN 'short_cod'
        WHEN 'over' THEN 'over_cod'
        WHEN 'unknown' THEN 'never_shipped'
        ELSE c.verdict
    END AS cause,
    c.currency AS currency
FROM (
    SELECT
        k.waybill AS waybill,
        k.vendor_id AS vendor_id,
        k.order_id AS order_id,
        k.seller_id AS seller_id,
        k.delivered_on AS delivered_on,
        k.expected_minor AS expected_minor,
        k.remitted_minor AS remitted_minor,
        k.remittance_no AS remittance_no,
        CASE
            WHEN NOT k.shipped THEN 'unknown'
            WHEN k.delivered_on IS NULL THEN 'not_delivered'
            WHEN k.remittance_no IS NULL THEN 'outstanding'
            WHEN k.remitted_minor < k.expected_minor THEN 'short'
            WHEN k.remitted_minor > k.expected_minor THEN 'over'
            ELSE 'matched'
        END AS verdict,
        k.currency AS currency
    FROM (
        SELECT
            coalesce(s.waybill, m.waybill) AS waybill,
            coalesce(s.vendor_id, m.vendor_id) AS vendor_id,
            s.order_id AS order_id,
            s.seller_id AS seller_id,
            CASE WHEN j.status IN ('delivered', 'damaged') THEN j.accrue_on END AS delivered_on,
            CASE WHEN j.status IN ('delivered', 'damaged') THEN s.cod_minor ELSE 0 END AS expected_minor,
            coalesce(m.remitted_minor, 0) AS remitted_minor,
            m.remittance_no AS remittance_no,
            s.waybill IS NOT NULL AS shipped,
            coalesce(s.currency, m.currency) AS currency
        FROM shipments AS s
        FULL JOIN (
            SELECT
                r.waybill AS waybill,
                first(r.vendor_id ORDER BY r.remitted_on, r.vendor_id, r.remittance_no) AS vendor_id,
                sum(r.remitted_minor)::BIGINT AS remitted_minor,
                first(r.remittance_no ORDER BY r.remitted_on, r.vendor_id, r.remittance_no) AS remittance_no,
                first(r.currency ORDER BY r.remitted_on, r.vendor_id, r.remittance_no) AS currency
            FROM cod_remittances AS r
            GROUP BY r.waybill
        ) AS m ON m.waybill = s.waybill
        LEFT JOIN subjects AS j ON j.subject_id = s.waybill AND j.side = 'buy'
    ) AS k
    WHERE k.remittance_no IS NOT NULL OR k.expected_minor > 0
) AS c
