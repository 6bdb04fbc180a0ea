-- The verdict of every charge line, the first that applies: duplicate, credit, unknown subject, not delivered, held for a rate, off
-- contract, matched, tolerated, under, over. Over agrees what we expect and disputes the rest; under and credits are agreed as
-- billed; what waits for a rate is held; all else is disputed whole. Billed = agreed + disputed + held.
SELECT
    v.vendor_id AS vendor_id,
    v.bill_no AS bill_no,
    v.line_no AS line_no,
    v.subject_id AS subject_id,
    v.charge_text AS charge_text,
    v.charge_type AS charge_type,
    CASE WHEN v.compared THEN 'buy:' || v.subject_id || ':' || v.claim_type END AS charge_id,
    v.verdict AS verdict,
    v.cause AS cause,
    v.billed_minor AS billed_minor,
    CASE WHEN v.compared THEN v.expected_minor END AS expected_minor,
    v.billed_minor - CASE WHEN v.compared THEN v.expected_minor ELSE 0 END AS difference_minor,
    CASE
        WHEN v.verdict = 'over' THEN v.expected_minor
        WHEN v.verdict IN ('matched', 'tolerated', 'under') THEN v.billed_minor
        ELSE 0
    END AS agreed_minor,
    CASE
        WHEN v.verdict = 'over' THEN v.billed_minor - v.expected_minor
        WHEN v.verdict IN ('duplicate', 'unknown_subject', 'not_delivered', 'off_contract') THEN v.billed_minor
        ELSE 0
    END AS disputed_minor,
    CASE WHEN v.verdict IN ('no_rate', 'ambiguous') THEN v.billed_minor ELSE 0 END AS held_minor,
    v.billed_g AS billed_g,
    CASE WHEN v.compared THEN v.expected_g END AS expected_g,
    v.billed_zone AS billed_zone,
    CASE WHEN v.compared AND v.expected_g IS NOT NULL THEN v.expected_zone END AS expected_zone,
    v.first_seen AS first_seen,
    CASE v.cause
        WHEN 'duplicate_in_bill' THEN 'duplicate_in_bill: first ' || v.first_seen
        WHEN 'duplicate_across_bills' THEN 'duplicate_across_bills: first ' || v.first_seen
        WHEN 'bill_twice' THEN 'bill_twice: copy of ' || v.copy_of
        WHEN 'never_shipped' THEN 'never_shipped: subject ' || coalesce(v.subject_id, '-')
        WHEN 'wrong_vendor' THEN 'wrong_vendor: subject ' || v.subject_id || ', vendor ' || v.owner_id
        WHEN 'not_delivered' THEN 'not_delivered: status in_transit'
        WHEN 'no_rate' THEN 'no_rate: ' || v.hold_code
        WHEN 'ambiguous_rate' THEN 'ambiguous_rate: ' || v.hold_code
        WHEN 'off_contract' THEN 'off_contract: ' || v.charge_type || ', agreement '
            || coalesce(v.agreement_id || '@' || v.version, '-') || ', currency ' || v.currency
        WHEN 'unknown_charge' THEN 'unknown_charge: ' || upper(trim(v.charge_text))
        ELSE CASE WHEN v.billed_minor < 0 AND NOT v.claims THEN 'credit: ' || v.billed_minor ELSE v.evidence END
    END AS evidence,
    v.currency AS currency
FROM (
    SELECT
        j.vendor_id AS vendor_id,
        j.bill_no AS bill_no,
        j.line_no AS line_no,
        j.subject_id AS subject_id,
        j.charge_text AS charge_text,
        j.charge_type AS charge_type,
        j.claim_type AS claim_type,
        j.agreement_id AS agreement_id,
        j.version AS version,
        j.owner_id AS owner_id,
        j.expected_zone AS expected_zone,
        j.verdict AS verdict,
        j.verdict IN ('matched', 'tolerated', 'over') OR (j.verdict = 'under' AND j.claims AND j.expected_minor IS NOT NULL) AS compared,
        CASE j.verdict
            WHEN 'matched' THEN 'matched'
            WHEN 'duplicate' THEN CASE
                WHEN j.copy_of IS NOT NULL THEN 'bill_twice'
                WHEN j.first_cycle_order = 1 AND j.first_bill_no = j.bill_no THEN 'duplicate_in_bill'
                ELSE 'duplicate_across_bills'
            END
            WHEN 'unknown_subject' THEN CASE WHEN j.standing = 'other' THEN 'wrong_vendor' ELSE 'never_shipped' END
            WHEN 'not_delivered' THEN 'not_delivered'
            WHEN 'no_rate' THEN 'no_rate'
            WHEN 'ambiguous' THEN 'ambiguous_rate'
            WHEN 'off_contract' THEN CASE WHEN j.charge_type IS NULL THEN 'unknown_charge' ELSE 'off_contract' END
            ELSE coalesce(j.found_cause, 'underbilled')
        END AS cause,
        j.billed_minor AS billed_minor,
        j.claims AS claims,
        j.expected_minor AS expected_minor,
        j.billed_g AS billed_g,
        j.expected_g AS expected_g,
        j.billed_zone AS billed_zone,
        j.copy_of AS copy_of,
        j.hold_code AS hold_code,
        CASE WHEN j.verdict = 'duplicate' THEN j.vendor_id || '/' || j.first_bill_no || '/' || j.first_line_no END AS first_seen,
        j.found_evidence AS evidence,
        j.currency AS currency
    FROM (
        SELECT
            l.vendor_id AS vendor_id,
            l.bill_no AS bill_no,
            l.line_no AS line_no,
            l.subject_id AS subject_id,
            l.charge_text AS charge_text,
            l.charge_type AS charge_type,
            l.claim_type AS claim_type,
            s.agreement_id AS agreement_id,
            s.version AS version,
            s.party_id AS owner_id,
            s.zone AS expected_zone,
            l.standing AS standing,
            l.billed_minor AS billed_minor,
            l.claims AS claims,
            l.expected_minor AS expected_minor,
            l.billed_g AS billed_g,
            l.expected_g AS expected_g,
            l.billed_zone AS billed_zone,
            l.currency AS currency,
            y.copy_of AS copy_of,
            c.first_cycle_order AS first_cycle_order,
            c.first_bill_no AS first_bill_no,
            c.first_line_no AS first_line_no,
            coalesce(l.fx_code, h.code, w.code) AS hold_code,
            o.cause AS found_cause,
            o.evidence AS found_evidence,
            CASE
                WHEN y.copy_of IS NOT NULL OR c.seat > 1 THEN 'duplicate'
                WHEN l.standing = 'apart' THEN 'off_contract'
                WHEN l.billed_minor < 0 AND NOT l.claims AND NOT (l.periodic AND coalesce(l.fx_code, h.code, w.code) IS NOT NULL) THEN 'under'
                WHEN l.standing IN ('stranger', 'other') THEN 'unknown_subject'
                WHEN l.standing = 'moving' THEN 'not_delivered'
                WHEN l.expected_minor IS NULL AND coalesce(l.fx_code, h.code, w.code) LIKE '%-01' THEN 'no_rate'
                WHEN l.expected_minor IS NULL AND coalesce(l.fx_code, h.code, w.code) IS NOT NULL THEN 'ambiguous'
                WHEN l.expected_minor IS NULL THEN 'off_contract'
                WHEN l.billed_minor = l.expected_minor THEN 'matched'
                WHEN o.cause = 'tolerance' THEN 'tolerated'
                WHEN l.billed_minor < l.expected_minor THEN 'under'
                ELSE 'over'
            END AS verdict
        FROM audit_lines AS l
        LEFT JOIN audit_crowds AS c
            ON c.vendor_id = l.vendor_id AND c.bill_no = l.bill_no AND c.line_no = l.line_no AND c.cycle_order = 1
        LEFT JOIN audit_copies AS y ON y.vendor_id = l.vendor_id AND y.bill_no = l.bill_no
        LEFT JOIN audit_holds AS h ON h.subject_id = l.subject_id AND h.charge_type = l.claim_type
        LEFT JOIN audit_holds AS w ON w.subject_id = l.subject_id AND w.charge_type = '*'
        LEFT JOIN audit_opinions AS o ON o.vendor_id = l.vendor_id AND o.bill_no = l.bill_no AND o.line_no = l.line_no
        LEFT JOIN audit_subjects AS s ON s.subject_id = l.subject_id
    ) AS j
) AS v
