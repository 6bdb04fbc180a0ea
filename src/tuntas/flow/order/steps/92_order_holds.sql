-- Refunds of lines that no run settled: what the line bore of its order is not known.
SELECT
    g.side AS side,
    'refund' AS subject_kind,
    g.subject_id AS subject_id,
    g.party_id AS party_id,
    'RATE-ORDER-01' AS code,
    g.charge_no AS charge_no,
    NULL AS candidates,
    e.currency AS currency
FROM order_given_back AS g
LEFT JOIN expected AS e ON e.charge_id = g.charge_id
WHERE g.part_minor IS NULL
