-- What this run's subjects come to by day of service, for agreements that charge over a period: the subjects themselves (-), the lines of
-- each charge before their sign, the lines that wait, and subjects that two agreements claim or that have no rate of exchange (*). In transit is not at its end and counts
-- in the period it ends in; what ends after this run's period is left to the run it falls in. Where an agreement rounds line by line, lines
-- of different amounts are kept apart.
WITH ended AS (
    SELECT
        s.side AS side,
        s.subject_id AS subject_id,
        s.subject_kind AS subject_kind,
        s.party_id AS party_id,
        s.service AS service,
        s.status AS status,
        s.category AS category,
        s.accrue_on AS accrue_on,
        s.currency AS currency
    FROM subjects AS s
    WHERE s.status <> 'in_transit'
        AND s.accrue_on < (SELECT max(r.period_to) FROM run AS r)
        AND EXISTS (SELECT 1 FROM period_charges AS p)
),
counted AS (
    SELECT
        t.agreement_id AS agreement_id,
        s.party_id AS party_id,
        s.currency AS currency,
        s.accrue_on AS accrue_on,
        s.subject_kind AS subject_kind,
        s.service AS service,
        s.status AS status,
        s.category AS category,
        '-' AS charge_type,
        0::BIGINT AS line_minor,
        1::BIGINT AS subject_count,
        coalesce(t.chargeable_g, 0) AS grams,
        0::BIGINT AS amount_minor,
        0::BIGINT AS held_count
    FROM ended AS s
    LEFT JOIN rated AS t ON t.side = s.side AND t.subject_id = s.subject_id
    WHERE t.agreement_id IN (SELECT p.agreement_id FROM period_charges AS p)
    UNION ALL
    SELECT
        e.agreement_id AS agreement_id,
        e.party_id AS party_id,
        e.currency AS currency,
        e.accrue_on AS accrue_on,
        e.subject_kind AS subject_kind,
        s.service AS service,
        s.status AS status,
        s.category AS category,
        e.charge_type AS charge_type,
        CASE
            WHEN e.agreement_id IN (SELECT p.agreement_id FROM period_charges AS p WHERE p.rounding = 'line') THEN abs(e.amount_minor)
            ELSE 0
        END AS line_minor,
        1::BIGINT AS subject_count,
        0::BIGINT AS grams,
        abs(e.amount_minor) AS amount_minor,
        0::BIGINT AS held_count
    FROM expected AS e
    LEFT JOIN ended AS s ON s.side = e.side AND s.subject_id = e.subject_id
    WHERE e.agreement_id IN (SELECT p.agreement_id FROM period_charges AS p)
        AND s.subject_id IS NOT NULL
    UNION ALL
    SELECT
        t.agreement_id AS agreement_id,
        s.party_id AS party_id,
        s.currency AS currency,
        s.accrue_on AS accrue_on,
        s.subject_kind AS subject_kind,
        s.service AS service,
        s.status AS status,
        s.category AS category,
        c.charge_type AS charge_type,
        0::BIGINT AS line_minor,
        0::BIGINT AS subject_count,
        0::BIGINT AS grams,
        0::BIGINT AS amount_minor,
        1::BIGINT AS held_count
    FROM rate_holds AS h
    LEFT JOIN ended AS s ON s.side = h.side AND s.subject_id = h.subject_id
    LEFT JOIN rated AS t ON t.side = h.side AND t.subject_id = h.subject_id
    LEFT JOIN charges AS c ON c.agreement_id = t.agreement_id AND c.version = t.version AND c.charge_no = h.charge_no
    WHERE h.charge_no > 0
        AND s.subject_id IS NOT NULL
        AND c.agreement_id IN (SELECT p.agreement_id FROM period_charges AS p)
    UNION ALL
    SELECT
        a.agreement_id AS agreement_id,
        a.party_id AS party_id,
        a.currency AS currency,
        a.accrue_on AS accrue_on,
        a.subject_kind AS subject_kind,
        a.service AS service,
        a.status AS status,
        a.category AS category,
        '*' AS charge_type,
        0::BIGINT AS line_minor,
        0::BIGINT AS subject_count,
        0::BIGINT AS grams,
        0::BIGINT AS amount_minor,
        1::BIGINT AS held_count
    FROM (
        SELECT DISTINCT
            split_part(
                unnest(string_split(CASE h.code WHEN 'RATE-AGREEMENT-02' THEN h.candidates ELSE t.agreement_id END, ',')), '@', 1
            ) AS agreement_id,
            s.side AS side,
            s.subject_id AS subject_id,
            s.party_id AS party_id,
            s.currency AS currency,
            s.accrue_on AS accrue_on,
            s.subject_kind AS subject_kind,
            s.service AS service,
            s.status AS status,
            s.category AS category
        FROM rate_holds AS h
        LEFT JOIN ended AS s ON s.side = h.side AND s.subject_id = h.subject_id
        LEFT JOIN rated AS t ON t.side = h.side AND t.subject_id = h.subject_id
        WHERE h.code IN ('RATE-AGREEMENT-02', 'RATE-FX-01', 'RATE-FX-02')
            AND s.subject_id IS NOT NULL
    ) AS a
    WHERE a.agreement_id IN (SELECT p.agreement_id FROM period_charges AS p)
)
SELECT
    k.agreement_id AS agreement_id,
    k.party_id AS party_id,
    k.currency AS currency,
    k.accrue_on AS accrue_on,
    k.subject_kind AS subject_kind,
    k.service AS service,
    k.status AS status,
    k.category AS category,
    k.charge_type AS charge_type,
    k.line_minor AS line_minor,
    sum(k.subject_count)::BIGINT AS subject_count,
    sum(k.grams)::BIGINT AS grams,
    sum(k.amount_minor)::BIGINT AS amount_minor,
    sum(k.held_count)::BIGINT AS held_count
FROM counted AS k
GROUP BY
    k.agreement_id, k.party_id, k.currency, k.accrue_on, k.subject_kind, k.service, k.status, k.category, k.charge_type, k.line_minor
