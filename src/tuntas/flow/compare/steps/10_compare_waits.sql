-- What waits for a rate on each side: the whole subject (charge type *), or one charge of it, by the sheet of that side.
SELECT DISTINCT
    'then' AS which,
    w.side AS side,
    w.subject_id AS subject_id,
    CASE WHEN w.charge_no = 0 THEN '*' ELSE coalesce(c.charge_type, '*') END AS charge_type
FROM rate_holds_then AS w
LEFT JOIN rated_then AS r ON r.side = w.side AND r.subject_id = w.subject_id
LEFT JOIN charges_then AS c ON c.agreement_id = r.agreement_id AND c.version = r.version AND c.charge_no = w.charge_no
UNION ALL
SELECT DISTINCT
    'now' AS which,
    w.side AS side,
    w.subject_id AS subject_id,
    CASE WHEN w.charge_no = 0 THEN '*' ELSE coalesce(c.charge_type, '*') END AS charge_type
FROM rate_holds_now AS w
LEFT JOIN rated_now AS r ON r.side = w.side AND r.subject_id = w.subject_id
LEFT JOIN charges_now AS c ON c.agreement_id = r.agreement_id AND c.version = r.version AND c.charge_no = w.charge_no
