-- What each line bears: lines of one day share what the order comes to beyond earlier days by what each comes to by itself, by largest
-- remainder, in the order of their ids. Shares of a large order pass 64 bits on the way.
SELECT
    p.charge_id AS charge_id,
    p.side AS side,
    p.subject_id AS subject_id,
    p.order_id AS order_id,
    p.party_id AS party_id,
    p.agreement_id AS agreement_id,
    p.version AS version,
    p.charge_no AS charge_no,
    p.completed_on AS completed_on,
    p.raw_minor AS raw_minor,
    p.earlier_raw_minor AS earlier_raw_minor,
    p.earlier_minor AS earlier_minor,
    p.day_raw_minor AS day_raw_minor,
    p.whole_minor AS whole_minor,
    p.part_minor + CASE
        WHEN row_number() OVER (
            PARTITION BY p.side, p.party_id, p.order_id, p.agreement_id, p.version, p.charge_no, p.completed_on
            ORDER BY p.rest DESC, p.subject_id
        ) <= p.whole_minor - p.earlier_minor - sum(p.part_minor) OVER (
            PARTITION BY p.side, p.party_id, p.order_id, p.agreement_id, p.version, p.charge_no, p.completed_on
        ) THEN 1
        ELSE 0
    END AS amount_minor,
    p.currency AS currency
FROM (
    SELECT
        k.charge_id AS charge_id,
        k.side AS side,
        k.subject_id AS subject_id,
        k.order_id AS order_id,
        k.party_id AS party_id,
        k.agreement_id AS agreement_id,
        k.version AS version,
        k.charge_no AS charge_no,
        k.completed_on AS completed_on,
        k.raw_minor AS raw_minor,
        k.currency AS currency,
        d.earlier_raw_minor AS earlier_raw_minor,
        d.earlier_minor AS earlier_minor,
        d.day_raw_minor AS day_raw_minor,
        d.whole_minor AS whole_minor,
        coalesce((d.whole_minor - d.earlier_minor)::HUGEINT * k.raw_minor // nullif(d.day_raw_minor, 0), 0)::BIGINT AS part_minor,
        (d.whole_minor - d.earlier_minor)::HUGEINT * k.raw_minor % nullif(d.day_raw_minor, 0) AS rest
    FROM order_counted AS k
    LEFT JOIN (
        SELECT
            y.side AS side,
            y.party_id AS party_id,
            y.order_id AS order_id,
            y.agreement_id AS agreement_id,
            y.version AS version,
            y.charge_no AS charge_no,
            y.completed_on AS completed_on,
            y.day_raw_minor AS day_raw_minor,
            y.earlier_raw_minor AS earlier_raw_minor,
            greatest(y.before_minor, lag(y.bounded_minor) OVER days) AS earlier_minor,
            greatest(y.before_minor, y.bounded_minor) AS whole_minor
        FROM order_days AS y
        WINDOW days AS (PARTITION BY y.side, y.party_id, y.order_id, y.agreement_id, y.version, y.charge_no ORDER BY y.completed_on)
    ) AS d
        ON d.side = k.side
        AND d.party_id = k.party_id
        AND d.order_id = k.order_id
        AND d.agreement_id = k.agreement_id
        AND d.version = k.version
        AND d.charge_no = k.charge_no
        AND d.completed_on = k.completed_on
) AS p
