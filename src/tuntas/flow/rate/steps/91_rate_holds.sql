-- What waits, and why: a subject without an agreement or with two, or without a rate of exchange or with two (charge 0), and each charge without a price or with two.
SELECT
    f.side AS side,
    f.subject_kind AS subject_kind,
    p.subject_id AS subject_id,
    f.party_id AS party_id,
    line.code AS code,
    line.charge_no AS charge_no,
    line.candidates AS candidates,
    f.currency AS currency
FROM (
    SELECT
        u.row_no AS row_no,
        0::BIGINT AS charge_no,
        CASE WHEN t.fits > 1 THEN 'RATE-AGREEMENT-02' ELSE 'RATE-AGREEMENT-01' END AS code,
        t.candidates AS candidates
    FROM rate_priced AS u
    LEFT JOIN rate_terms AS t ON t.party_no = u.party_no AND t.rated_on = u.rated_on
    WHERE u.version_no IS NULL
    UNION ALL
    SELECT
        u.row_no AS row_no,
        0::BIGINT AS charge_no,
        CASE WHEN x.fits > 1 THEN 'RATE-FX-02' ELSE 'RATE-FX-01' END AS code,
        x.candidates AS candidates
    FROM rate_priced AS u
    JOIN rate_fx AS x ON x.version_no = u.version_no AND x.rated_on = u.rated_on
    WHERE x.rate_num IS NULL
    UNION ALL
    SELECT w.row_no AS row_no, w.charge_no AS charge_no, w.code AS code, w.candidates AS candidates
    FROM rate_waiting AS w
    UNION ALL
    SELECT c.row_no AS row_no, c.charge_no AS charge_no, c.code AS code, c.candidates AS candidates
    FROM rate_waiting_counted AS c
) AS line
LEFT JOIN rate_priced AS p ON p.row_no = line.row_no
LEFT JOIN rate_profiles AS f ON f.profile_no = p.profile_no
