-- Every charge line with the charge type its words mean, what is expected of the charge it claims (null where no expectation is),
-- and where it stands: stranger (no such subject), other (another vendor's), moving (still in transit), apart (a claim of ours, below
-- zero, settled apart from bills) or known. A line below zero is a credit and claims nothing, except what
-- we are owed for a period, which a vendor credits. Another currency is another charge, but for what is quoted in one and settled in
-- another: billed as quoted it is held against what was quoted, without exchange; billed as settled, against what that is at the rate of
-- the day agreed: of the bill where the agreement says so, and without such a rate the line waits.
SELECT
    m.vendor_id AS vendor_id,
    m.bill_no AS bill_no,
    m.line_no AS line_no,
    m.received_on AS received_on,
    m.subject_id AS subject_id,
    m.charge_text AS charge_text,
    m.charge_type AS charge_type,
    m.claim_type AS claim_type,
    CASE WHEN m.standing = 'known' AND e.amount_minor < 0 AND NOT m.periodic THEN 'apart' ELSE m.standing END AS standing,
    m.billed_minor >= 0 OR (m.periodic AND coalesce(e.amount_minor, 0) < 0) AS claims,
    m.periodic AS periodic,
    m.billed_minor AS billed_minor,
    m.billed_g AS billed_g,
    m.billed_zone AS billed_zone,
    m.currency AS currency,
    m.currency <> e.currency AS quoted,
    e.quoted_in IS NOT NULL AND m.currency = e.currency AS exchanged,
    CASE WHEN e.provisional AND m.currency = e.currency AND b.rate_num IS NULL THEN CASE WHEN b.fits > 1 THEN 'RATE-FX-02' ELSE 'RATE-FX-01' END
    END AS fx_code,
    CASE
        WHEN e.amount_minor < 0 AND NOT m.periodic THEN NULL
        WHEN m.currency <> e.currency THEN e.quoted_minor
        WHEN NOT e.provisional THEN e.amount_minor
        WHEN e.quoted_minor >= 0 THEN ((2::HUGEINT * e.quoted_minor * b.rate_num + b.rate_den) // (2 * b.rate_den::HUGEINT))::BIGINT
        ELSE -((2::HUGEINT * -e.quoted_minor * b.rate_num + b.rate_den) // (2 * b.rate_den::HUGEINT))::BIGINT
    END AS expected_minor,
    CASE WHEN e.band_no IS NOT NULL THEN e.quantity END AS expected_g
FROM (
    SELECT
        b.vendor_id AS vendor_id,
        b.bill_no AS bill_no,
        b.line_no AS line_no,
        b.received_on AS received_on,
        b.billed_on AS billed_on,
        s.agreement_id AS agreement_id,
        s.version AS version,
        coalesce(n.subject_id, b.subject_id) AS subject_id,
        b.charge_text AS charge_text,
        coalesce(n.charge_type, o.charge_type, v.charge_type) AS charge_type,
        coalesce(s.periodic, false) AS periodic,
        CASE
            WHEN coalesce(o.charge_type, v.charge_type) = 'freight' AND s.returned THEN 'return_freight'
            ELSE coalesce(n.charge_type, o.charge_type, v.charge_type)
        END AS claim_type,
        CASE
            WHEN s.subject_id IS NULL THEN 'stranger'
            WHEN s.party_id <> b.vendor_id THEN 'other'
            WHEN s.status = 'in_transit' THEN 'moving'
            ELSE 'known'
        END AS standing,
        b.amount_minor AS billed_minor,
        b.billed_g AS billed_g,
        b.billed_zone AS billed_zone,
        b.currency AS currency
    FROM bill_lines AS b
    LEFT JOIN audit_named AS n ON n.vendor_id = b.vendor_id AND n.bill_no = b.bill_no AND n.line_no = b.line_no
    LEFT JOIN audit_subjects AS s ON s.subject_id = coalesce(n.subject_id, b.subject_id)
    LEFT JOIN audit_words AS o
        ON o.agreement_id = s.agreement_id AND o.version = s.version AND o.words = upper(trim(b.charge_text))
    LEFT JOIN audit_vendor_words AS v
        ON v.vendor_id = b.vendor_id AND v.billed_on = b.billed_on AND v.words = upper(trim(b.charge_text))
    WHERE b.kind = 'charge'
) AS m
LEFT JOIN audit_owed AS e
    ON e.subject_id = m.subject_id
    AND e.charge_type = m.claim_type
    AND m.currency IN (e.currency, e.quoted_in)
    AND (m.billed_minor >= 0 OR e.amount_minor < 0)
LEFT JOIN audit_fx AS b ON b.agreement_id = m.agreement_id AND b.version = m.version AND b.billed_on = m.billed_on
