-- What each period charge measures, and what its rates are taken of: sums over the subjects it counts. One line measured, or one subject
-- that two agreements claim, that waits makes the charge wait.
SELECT
    t.agreement_id AS agreement_id,
    t.version AS version,
    t.charge_no AS charge_no,
    t.party_id AS party_id,
    t.period_from AS period_from,
    coalesce(sum(
        CASE t.measure
            WHEN 'count' THEN CASE WHEN k.charge_type = '-' THEN k.subject_count ELSE 0 END
            WHEN 'kg' THEN k.grams
            ELSE CASE WHEN list_contains(string_split(t.measure_charges, '|'), k.charge_type) THEN k.amount_minor ELSE 0 END
        END
    ), 0)::BIGINT AS measured,
    coalesce(sum(
        CASE WHEN list_contains(string_split(t.base_charges, '|'), k.charge_type) THEN k.amount_minor ELSE 0 END
    ), 0)::BIGINT AS base_minor,
    coalesce(sum(
        CASE
            WHEN k.charge_type = '*' OR list_contains(string_split(concat_ws('|', t.measure_charges, t.base_charges), '|'), k.charge_type)
                THEN k.held_count
            ELSE 0
        END
    ), 0)::BIGINT AS held_count
FROM period_terms AS t
LEFT JOIN period_known AS k
    ON k.agreement_id = t.agreement_id
    AND k.party_id = t.party_id
    AND k.currency = t.currency
    AND k.accrue_on >= t.period_from
    AND k.accrue_on < t.period_to
    AND k.subject_kind = t.subject
    AND (t.service = '*' OR k.service = t.service)
    AND (t.category = '*' OR k.category = t.category)
    AND (t.statuses = '*' OR list_contains(string_split(t.statuses, '|'), k.status))
GROUP BY t.agreement_id, t.version, t.charge_no, t.party_id, t.period_from
