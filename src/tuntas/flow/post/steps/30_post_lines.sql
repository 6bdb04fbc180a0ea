-- Two sides of each booking, above zero a debit. The side without a party is one line a booking. The side kept by party is netted to
-- one line an entry, account and party, so that a statement shows the party one amount; it cites the entry's own subject.
SELECT
    b.because_kind AS because_kind,
    b.because_id AS because_id,
    b.debit AS account,
    '-' AS party_id,
    b.amount_minor AS signed_minor,
    b.source_table AS source_table,
    b.source_id AS source_id
FROM post_ruled AS b
WHERE b.party_on <> 'debit'
UNION ALL
SELECT b.because_kind, b.because_id, b.credit, '-', -b.amount_minor, b.source_table, b.source_id
FROM post_ruled AS b
WHERE b.party_on <> 'credit'
UNION ALL
SELECT
    b.because_kind,
    b.because_id,
    CASE b.party_on WHEN 'debit' THEN b.debit ELSE b.credit END,
    b.party_id,
    sum(CASE b.party_on WHEN 'debit' THEN b.amount_minor ELSE -b.amount_minor END)::BIGINT,
    CASE b.because_kind WHEN 'statement' THEN 'statements' ELSE min(b.source_table) END,
    CASE b.because_kind WHEN 'statement' THEN b.because_id ELSE min(b.source_id) END
FROM post_ruled AS b
WHERE b.party_on <> 'none'
GROUP BY b.because_kind, b.because_id, CASE b.party_on WHEN 'debit' THEN b.debit ELSE b.credit END, b.party_id
