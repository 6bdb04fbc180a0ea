-- What a vendor may call a period that it bills or credits: 2026-10, 10/2026, 10-2026, 202610, the month in words (OKTOBER 2026, OKT 2026,
-- OCTOBER 2026, OCT 2026), or the subject itself. A correction of a period is called by both months, 2026-10+2026-11; by the month alone
-- where there is no charge of the month itself.
SELECT
    n.vendor_id AS vendor_id,
    n.name AS name,
    n.charge_type AS charge_type,
    arg_min(n.subject_id, (n.late, n.subject_id)) AS subject_id,
    arg_min(n.agreement_id, (n.late, n.subject_id)) AS agreement_id,
    arg_min(n.version, (n.late, n.subject_id)) AS version
FROM (
    SELECT
        p.party_id AS vendor_id,
        p.charge_type AS charge_type,
        p.subject_id AS subject_id,
        p.agreement_id AS agreement_id,
        p.version AS version,
        p.late AS late,
        unnest(CASE
            WHEN regexp_full_match(p.period_name, '[0-9]{4}-[0-9]{2}') THEN [
                p.period_name,
                upper(p.subject_id),
                upper(split_part(p.subject_id, '/', 3)),
                strftime(p.period_from, '%m/%Y'),
                strftime(p.period_from, '%m-%Y'),
                strftime(p.period_from, '%Y%m'),
                upper(strftime(p.period_from, '%B %Y')),
                upper(strftime(p.period_from, '%b %Y')),
                list_extract(
                    [
                        'JANUARI', 'FEBRUARI', 'MARET', 'APRIL', 'MEI', 'JUNI', 'JULI', 'AGUSTUS', 'SEPTEMBER', 'OKTOBER', 'NOVEMBER',
                        'DESEMBER'
                    ],
                    month(p.period_from)
                ) || strftime(p.period_from, ' %Y'),
                list_extract(
                    ['JAN', 'FEB', 'MAR', 'APR', 'MEI', 'JUN', 'JUL', 'AGU', 'SEP', 'OKT', 'NOV', 'DES'], month(p.period_from)
                ) || strftime(p.period_from, ' %Y')
            ]
            ELSE [p.period_name, upper(p.subject_id), upper(split_part(p.subject_id, '/', 3))]
        END) AS name
    FROM (
        SELECT
            q.party_id AS party_id, q.charge_type AS charge_type, q.subject_id AS subject_id, q.agreement_id AS agreement_id,
            q.version AS version, q.late AS late, q.period_name AS period_name, q.period_from AS period_from
        FROM period_results AS q
        UNION ALL
        SELECT
            b.party_id, b.charge_type, b.subject_id, b.agreement_id, b.version, contains(b.subject_id, '+'), b.period_name, b.period_from
        FROM charged_before AS b
    ) AS p
) AS n
GROUP BY n.vendor_id, n.name, n.charge_type
