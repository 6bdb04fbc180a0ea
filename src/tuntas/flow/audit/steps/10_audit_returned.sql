-- Returned parcels whose agreement charges the way back (return_freight) and not the way out (freight). A freight line billed on
-- one of them claims the return_freight expectation. A return_freight that waits for a rate counts as well as one that is priced.
SELECT DISTINCT
    r.subject_id AS subject_id
FROM (
    SELECT e.subject_id AS subject_id
    FROM expected AS e
    WHERE e.side = 'buy' AND e.charge_type = 'return_freight' AND e.amount_minor >= 0
    UNION ALL
    SELECT h.subject_id AS subject_id
    FROM rate_holds AS h
    LEFT JOIN rated AS t ON t.subject_id = h.subject_id AND t.side = 'buy'
    LEFT JOIN charges AS c ON c.agreement_id = t.agreement_id AND c.version = t.version AND c.charge_no = h.charge_no
    WHERE h.side = 'buy' AND c.charge_type = 'return_freight'
) AS r
LEFT JOIN subjects AS s ON s.subject_id = r.subject_id AND s.side = 'buy'
LEFT JOIN expected AS f ON f.subject_id = r.subject_id AND f.charge_type = 'freight' AND f.side = 'buy'
WHERE s.status = 'returned' AND f.charge_id IS NULL
