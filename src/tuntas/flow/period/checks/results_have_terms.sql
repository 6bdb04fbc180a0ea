-- Every result was decided by terms that exist, of a period that is over.
SELECT p.subject_id AS subject_id, p.charge_no AS charge_no
FROM period_results AS p
LEFT JOIN period_charges AS c ON c.agreement_id = p.agreement_id AND c.version = p.version AND c.charge_no = p.charge_no
LEFT JOIN run AS r ON true
WHERE c.agreement_id IS NULL
    OR p.period_to > r.period_to
