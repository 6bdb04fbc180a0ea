-- What each refund gives back: the agreed share of its part of what the line bore, in this run or an earlier one; of a flat fee all of it,
-- with the refund that completes the line. A line nobody settled bore nobody knows what.
SELECT
    p.charge_id AS charge_id,
    p.side AS side,
    p.subject_id AS subject_id,
    p.party_id AS party_id,
    p.charge_no AS charge_no,
    CASE
        WHEN b.borne_minor IS NULL THEN NULL
        WHEN p.kind = 'flat' THEN b.borne_minor
        WHEN p.net_goods_minor = 0 THEN 0
        ELSE mul_ratio(b.borne_minor, p.upto_minor, p.net_goods_minor) - mul_ratio(b.borne_minor, p.from_minor, p.net_goods_minor)
    END AS part_minor,
    p.rate_ppm AS rate_ppm,
    p.sign AS sign
FROM order_parts AS p
LEFT JOIN (
    SELECT k.side AS side, k.subject_id AS subject_id, k.agreement_id AS agreement_id, k.charge_no AS charge_no, max(k.amount_minor) AS borne_minor
    FROM (
        SELECT s.side, s.subject_id, s.agreement_id, s.charge_no, s.amount_minor
        FROM order_shares AS s
        UNION ALL
        SELECT n.side, n.subject_id, n.agreement_id, n.charge_no, n.amount_minor
        FROM borne_before AS n
        WHERE n.charge_id NOT IN (SELECT s.charge_id FROM order_shares AS s)
    ) AS k
    GROUP BY k.side, k.subject_id, k.agreement_id, k.charge_no
) AS b
    ON b.side = p.side
    AND b.subject_id = p.order_line_id
    AND b.agreement_id = p.agreement_id
    AND b.charge_no = p.line_charge_no
