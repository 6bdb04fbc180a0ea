-- The causes of a party sum to what its audit found, in lines and in money: lines that are not matched, wrong VAT, cash that
-- differs, and bills that have not come.
SELECT
    w.party_id AS party_id,
    w.currency AS currency,
    sum(w.line_count)::BIGINT AS lines_off,
    sum(w.at_stake_minor)::BIGINT AS minor_off
FROM (
    SELECT
        c.party_id AS party_id,
        c.currency AS currency,
        c.line_count AS line_count,
        c.at_stake_minor AS at_stake_minor
    FROM causes AS c
    UNION ALL
    SELECT
        a.vendor_id AS party_id,
        a.currency AS currency,
        -1 AS line_count,
        -(a.disputed_minor + a.held_minor) AS at_stake_minor
    FROM audited AS a
    WHERE a.verdict <> 'matched'
    UNION ALL
    SELECT
        a.vendor_id AS party_id,
        a.currency AS currency,
        0 AS line_count,
        -abs(a.difference_minor) AS at_stake_minor
    FROM audited AS a
    WHERE a.verdict = 'under'
    UNION ALL
    SELECT
        a.vendor_id AS party_id,
        a.currency AS currency,
        0 AS line_count,
        -a.difference_minor AS at_stake_minor
    FROM audited AS a
    WHERE a.verdict = 'tolerated'
    UNION ALL
    SELECT
        t.vendor_id AS party_id,
        t.currency AS currency,
        -1 AS line_count,
        -t.vat_wrong_minor AS at_stake_minor
    FROM bill_taxes AS t
    WHERE t.cause <> 'matched'
    UNION ALL
    SELECT
        d.vendor_id AS party_id,
        d.currency AS currency,
        -1 AS line_count,
        -abs(d.difference_minor) AS at_stake_minor
    FROM cod_audited AS d
    WHERE d.verdict IN ('short', 'over', 'unknown', 'not_delivered')
    UNION ALL
    SELECT
        m.vendor_id AS party_id,
        m.currency AS currency,
        -1 AS line_count,
        -m.unbilled_minor AS at_stake_minor
    FROM missing_bills AS m
    UNION ALL
    SELECT
        s.party_id AS party_id,
        s.currency AS currency,
        -count(DISTINCT (s.side, s.subject_id)) AS line_count,
        0 AS at_stake_minor
    FROM rate_holds AS s
    WHERE s.side <> 'buy'
        OR NOT EXISTS (SELECT 1 FROM audited AS a WHERE a.subject_id = s.subject_id AND a.verdict IN ('no_rate', 'ambiguous'))
    GROUP BY s.party_id, s.currency
) AS w
GROUP BY w.party_id, w.currency
HAVING sum(w.line_count) <> 0 OR sum(w.at_stake_minor) <> 0
