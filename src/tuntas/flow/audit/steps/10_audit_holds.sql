-- What waits for a rate: the whole subject (charge type *) or one charge of it. With several reasons on one charge the first code is
-- told: none (01) before two (02). A charge counted on one that waits has a row of its own among the rating holds.
SELECT
    w.subject_id AS subject_id,
    CASE WHEN w.charge_no = 0 THEN '*' ELSE coalesce(c.charge_type, p.charge_type) END AS charge_type,
    min(w.code) AS code
FROM rate_holds AS w
LEFT JOIN rated AS t ON t.subject_id = w.subject_id AND t.side = 'buy'
LEFT JOIN charges AS c ON c.agreement_id = t.agreement_id AND c.version = t.version AND c.charge_no = w.charge_no
LEFT JOIN period_charges AS p ON p.agreement_id = t.agreement_id AND p.version = t.version AND p.charge_no = w.charge_no
WHERE w.side = 'buy'
GROUP BY w.subject_id, CASE WHEN w.charge_no = 0 THEN '*' ELSE coalesce(c.charge_type, p.charge_type) END
