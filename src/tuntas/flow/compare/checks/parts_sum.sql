-- Then + differences = now, by side and party, over service rendered in the period.
SELECT k.side AS side, k.party_id AS party_id, sum(k.amount_minor)::BIGINT AS lost_minor
FROM (
    SELECT n.side AS side, n.party_id AS party_id, n.amount_minor AS amount_minor
    FROM expected_now AS n
    LEFT JOIN run AS r ON true
    WHERE n.accrue_on >= r.period_from AND n.accrue_on < r.period_to
    UNION ALL
    SELECT t.side AS side, t.party_id AS party_id, -t.amount_minor AS amount_minor
    FROM expected_then AS t
    LEFT JOIN run AS r ON true
    WHERE t.accrue_on >= r.period_from AND t.accrue_on < r.period_to
    UNION ALL
    SELECT c.side AS side, c.party_id AS party_id, -c.difference_minor AS amount_minor
    FROM compared AS c
) AS k
GROUP BY k.side, k.party_id
HAVING sum(k.amount_minor) <> 0
