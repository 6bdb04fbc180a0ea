-- What each order comes to up to each day its lines became final, within its limits; lines that earlier runs settled stand before all of
-- them, under whatever version they were. Lines that come to nothing bear nothing, whatever the minimum.
SELECT
    d.side AS side,
    d.party_id AS party_id,
    d.order_id AS order_id,
    d.agreement_id AS agreement_id,
    d.version AS version,
    d.charge_no AS charge_no,
    d.completed_on AS completed_on,
    d.day_raw_minor AS day_raw_minor,
    d.raw_minor - d.day_raw_minor AS earlier_raw_minor,
    d.before_minor AS before_minor,
    d.before_raw_minor AS before_raw_minor,
    CASE WHEN d.raw_minor = d.before_raw_minor THEN 0 ELSE least(greatest(d.raw_minor, d.order_min_minor), d.order_max_minor) END AS bounded_minor
FROM (
    SELECT
        g.side AS side,
        g.party_id AS party_id,
        g.order_id AS order_id,
        g.agreement_id AS agreement_id,
        g.version AS version,
        g.charge_no AS charge_no,
        g.completed_on AS completed_on,
        g.order_min_minor AS order_min_minor,
        g.order_max_minor AS order_max_minor,
        g.day_raw_minor AS day_raw_minor,
        coalesce(b.raw_minor, 0) AS before_raw_minor,
        coalesce(b.amount_minor, 0) AS before_minor,
        coalesce(b.raw_minor, 0) + (sum(g.day_raw_minor) OVER (
            PARTITION BY g.side, g.party_id, g.order_id, g.agreement_id, g.version, g.charge_no
            ORDER BY g.completed_on ROWS UNBOUNDED PRECEDING
        ))::BIGINT AS raw_minor
    FROM (
        SELECT
            k.side AS side,
            k.party_id AS party_id,
            k.order_id AS order_id,
            k.agreement_id AS agreement_id,
            k.version AS version,
            k.charge_no AS charge_no,
            k.completed_on AS completed_on,
            k.order_min_minor AS order_min_minor,
            k.order_max_minor AS order_max_minor,
            sum(k.raw_minor)::BIGINT AS day_raw_minor
        FROM order_counted AS k
        GROUP BY k.side, k.party_id, k.order_id, k.agreement_id, k.version, k.charge_no, k.completed_on,
            k.order_min_minor, k.order_max_minor
    ) AS g
    LEFT JOIN (
        SELECT
            n.side AS side,
            n.party_id AS party_id,
            n.order_id AS order_id,
            n.agreement_id AS agreement_id,
            n.charge_no AS charge_no,
            sum(n.raw_minor)::BIGINT AS raw_minor,
            sum(n.amount_minor)::BIGINT AS amount_minor
        FROM borne_before AS n
        WHERE n.charge_id NOT IN (SELECT k.charge_id FROM order_counted AS k)
        GROUP BY n.side, n.party_id, n.order_id, n.agreement_id, n.charge_no
    ) AS b
        ON b.side = g.side
        AND b.party_id = g.party_id
        AND b.order_id = g.order_id
        AND b.agreement_id = g.agreement_id
        AND b.charge_no = g.charge_no
) AS d
