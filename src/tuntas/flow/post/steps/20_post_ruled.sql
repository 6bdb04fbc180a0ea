-- Each booking with its rule: the rule of its very key, else of kind:*.
-- A currency that is not the books' own keeps its own entry.
SELECT
    b.because_kind AS because_kind,
    b.because_id || CASE WHEN b.currency = r.currency THEN '' ELSE '|' || b.currency END AS because_id,
    b.booked_on AS booked_on,
    b.occurred_on AS occurred_on,
    b.narration AS narration,
    b.posting AS posting,
    coalesce(p.posting, q.posting) AS rule,
    coalesce(p.debit, q.debit) AS debit,
    coalesce(p.credit, q.credit) AS credit,
    coalesce(p.party_on, q.party_on) AS party_on,
    b.party_id AS party_id,
    b.amount_minor AS amount_minor,
    b.source_table AS source_table,
    b.source_id AS source_id,
    b.currency AS currency
FROM post_bookings AS b
LEFT JOIN run AS r ON true
LEFT JOIN posting_rules AS p ON p.posting = b.posting
LEFT JOIN posting_rules AS q ON q.posting = split_part(b.posting, ':', 1) || ':*'
WHERE b.amount_minor <> 0
