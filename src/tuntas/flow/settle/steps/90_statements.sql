-- Closing = payable + held + carried. A balance at or below zero is carried. Of one above zero the holds wait, never more than the
-- balance; the rest is payable, unless it is a payout below the smallest one, which is carried.
SELECT
    'ST/' || r.cycle_id || '/' || b.party_id AS statement_id,
    r.cycle_id AS cycle_id,
    b.party_id AS party_id,
    b.side AS side,
    b.opening_minor AS opening_minor,
    b.movement_minor AS movement_minor,
    b.opening_minor + b.movement_minor AS closing_minor,
    greatest(least(b.hold_minor, b.opening_minor + b.movement_minor), 0) AS held_minor,
    CASE
        WHEN b.opening_minor + b.movement_minor <= 0 THEN b.opening_minor + b.movement_minor
        WHEN b.side = 'payout' AND b.opening_minor + b.movement_minor - b.hold_minor < r.min_payout_minor
            THEN greatest(b.opening_minor + b.movement_minor - b.hold_minor, 0)
        ELSE 0
    END AS carried_minor,
    CASE
        WHEN b.opening_minor + b.movement_minor <= 0 THEN 0
        WHEN b.side = 'payout' AND b.opening_minor + b.movement_minor - b.hold_minor < r.min_payout_minor THEN 0
        ELSE greatest(b.opening_minor + b.movement_minor - b.hold_minor, 0)
    END AS payable_minor,
    r.period_to + b.terms_days::INTEGER AS due_on,
    b.line_count AS line_count,
    b.currency AS currency
FROM settle_balances AS b
LEFT JOIN run AS r ON true
