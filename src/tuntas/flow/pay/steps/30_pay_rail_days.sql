-- Each rail on each day around a due date, as our bank offers it: the bank's own terms over those for every bank over the rail's;
-- of limits the lower holds. A rail for business days only does not run on others, and one that shuts before it opens never runs.
SELECT
    d.due_on AS due_on,
    d.side AS side,
    r.rail AS rail,
    c.on_date AS send_on,
    r.min_minor AS min_minor,
    least(r.max_minor, mine.max_minor, every.max_minor) AS max_minor,
    coalesce(mine.fee_minor, every.fee_minor, r.fee_minor) AS fee_minor,
    coalesce(mine.parts_max, every.parts_max, 1) AS parts_max,
    CASE WHEN coalesce(mine.arrival_days, every.arrival_days, 0) = 0 THEN c.on_date ELSE there.on_date END AS arrives_on,
    coalesce(mine.arrival_days, every.arrival_days, 0) = 0 AND c.on_date <= d.arrive_by
        OR coalesce(mine.arrival_days, every.arrival_days, 0) > 0 AND there.on_date <= d.arrive_by AS on_time
FROM pay_days AS d
LEFT JOIN pay_calendar AS c ON c.on_date BETWEEN greatest(d.first_on, d.arrive_by - 30) AND d.arrive_by + 60
LEFT JOIN run AS u ON true
LEFT JOIN parties AS us ON us.party_id = u.platform_id
LEFT JOIN rails AS r ON r.rail <> 'in-house'
    AND (c.is_bank_day OR NOT r.business_days_only)
    AND r.valid_from <= c.on_date
    AND (r.valid_to IS NULL OR c.on_date < r.valid_to)
LEFT JOIN rail_terms AS mine ON mine.rail = r.rail
    AND left(upper(trim(mine.bank_bic)), 8) = left(upper(trim(us.bank_bic)), 8)
    AND mine.valid_from <= c.on_date
    AND (mine.valid_to IS NULL OR c.on_date < mine.valid_to)
LEFT JOIN rail_terms AS every ON every.rail = r.rail
    AND every.bank_bic = '*'
    AND every.valid_from <= c.on_date
    AND (every.valid_to IS NULL OR c.on_date < every.valid_to)
LEFT JOIN pay_calendar AS there ON there.is_bank_day
    AND there.bank_no = c.bank_no + coalesce(mine.arrival_days, every.arrival_days, 0)
WHERE r.rail IS NOT NULL
    AND (least(r.cut_off, mine.cut_off, every.cut_off) IS NULL
        OR coalesce(greatest(mine.opens, every.opens), '00:00') < least(r.cut_off, mine.cut_off, every.cut_off))
