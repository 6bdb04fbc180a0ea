-- The agreement of each decided period, and the first reason that something of it waits, in the order of the sheet.
SELECT
    s.side AS side,
    s.subject_kind AS subject_kind,
    s.subject_id AS subject_id,
    s.party_id AS party_id,
    p.agreement_id AS agreement_id,
    p.version AS version,
    s.status AS status,
    p.hold_code AS hold_code
FROM period_subjects AS s
LEFT JOIN (
    SELECT
        q.subject_id AS subject_id,
        q.agreement_id AS agreement_id,
        q.version AS version,
        arg_min(q.hold_code, q.charge_no) FILTER (WHERE q.hold_code IS NOT NULL) AS hold_code
    FROM (
        SELECT n.subject_id AS subject_id, n.agreement_id AS agreement_id, n.version AS version, n.charge_no AS charge_no, n.hold_code AS hold_code
        FROM period_results AS n
        UNION ALL
        SELECT b.subject_id, b.agreement_id, b.version, b.charge_no, NULL
        FROM charged_before AS b
    ) AS q
    GROUP BY q.subject_id, q.agreement_id, q.version
) AS p ON p.subject_id = s.subject_id
