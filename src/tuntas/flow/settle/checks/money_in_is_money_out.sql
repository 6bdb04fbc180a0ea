-- What the sources give is what the statements move: agreed charges, agreed VAT, sales, fees, what customers are billed, taxes, claims, refunds,
-- payments. VAT
-- we owe ourselves and VAT a collector keeps move no statement; tax we bear gives back what was withheld.
SELECT given.minor AS given_minor, moved.minor AS moved_minor
FROM (
    SELECT
        (SELECT coalesce(sum(agreed_minor), 0) FROM audited)
        + (SELECT coalesce(sum(vat_agreed_minor), 0) FROM bill_taxes)
        - (SELECT coalesce(sum(CASE tax WHEN 'wht_borne' THEN -amount_minor ELSE amount_minor END), 0) FROM tax_lines
            WHERE tax IN ('wht', 'wht_borne') OR (tax = 'vat_out' AND collected IS DISTINCT FROM 'buyer'))
        + (SELECT coalesce(sum(CASE e.side WHEN 'sell' THEN -e.amount_minor ELSE e.amount_minor END), 0)
            FROM expected AS e LEFT JOIN run AS r ON true
            WHERE e.accrue_on >= r.period_from AND e.accrue_on < r.period_to
                AND ((e.side = 'buy' AND e.subject_kind IS DISTINCT FROM 'period' AND e.amount_minor < 0) OR e.side IN ('payout', 'sell')))
        + (SELECT coalesce(sum(b.amount_minor), 0) FROM rebates AS b LEFT JOIN run AS r ON true
            WHERE b.settled_by = 'deduction' AND b.standing = 'open' AND b.accrue_on >= r.period_from AND b.accrue_on < r.period_to)
        + (SELECT coalesce(sum(l.price_minor - l.seller_discount_minor), 0) FROM order_lines AS l LEFT JOIN run AS r ON true
            WHERE l.completed_on >= r.period_from AND l.completed_on < r.period_to)
        - (SELECT coalesce(sum(amount_minor), 0) FROM settle_refunds)
        + (SELECT coalesce(sum(amount_minor), 0) FROM settle_payments) AS minor
) AS given
LEFT JOIN (SELECT coalesce(sum(movement_minor), 0) AS minor FROM statements) AS moved ON true
WHERE given.minor <> moved.minor
