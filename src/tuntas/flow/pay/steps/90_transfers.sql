-- What the bank carries out: as few transfers as the limits of the rail allow, full ones first, each of at least the smallest amount
-- the rail takes. The k-th ends where k full ones end, or earlier when those after it would fall below the smallest amount.
SELECT
    CASE WHEN t.parts = 1 THEN t.payment_id ELSE t.payment_id || '/' || t.part_no END AS transfer_id,
    t.payment_id AS payment_id,
    t.part_no AS part_no,
    t.rail AS rail,
    t.send_on AS send_on,
    t.arrives_on AS arrives_on,
    CASE
        WHEN t.parts = 1 THEN t.amount_minor
        ELSE least(t.part_no * t.max_minor, t.amount_minor - (t.parts - t.part_no) * t.min_minor)
            - least((t.part_no - 1) * t.max_minor, t.amount_minor - (t.parts - t.part_no + 1) * t.min_minor)
    END AS amount_minor,
    t.fee_minor AS fee_minor,
    t.currency AS currency
FROM (
    SELECT
        p.payment_id AS payment_id,
        p.rail AS rail,
        p.pay_on AS send_on,
        CASE WHEN p.rail = 'in-house' THEN p.pay_on ELSE d.way.arrives_on END AS arrives_on,
        CASE WHEN p.rail = 'in-house' THEN 0 ELSE d.way.fee_minor END AS fee_minor,
        CASE WHEN p.rail = 'in-house' THEN 1 ELSE d.way.parts END AS parts,
        unnest(range(1, CASE WHEN p.rail = 'in-house' THEN 2 ELSE d.way.parts + 1 END)) AS part_no,
        d.way.min_minor AS min_minor,
        d.way.max_minor AS max_minor,
        p.amount_minor AS amount_minor,
        p.currency AS currency
    FROM payments AS p
    LEFT JOIN pay_decided AS d ON d.payment_id = p.payment_id
    WHERE p.status = 'proposed'
) AS t
