-- Objects of a document under one row of law are one ground of withholding, named by that row, and are taxed together. A document is
-- taxed on one day: a bill on its date, turnover on the last day of collection, and by the payee's letter of that day. An object of a
-- bill without a row keeps its place with no ground, for the check to speak about; turnover without a row is simply not taxed.
SELECT
    o.doc_kind AS doc_kind,
    o.doc_id AS doc_id,
    o.party_id AS party_id,
    o.currency AS currency,
    c.row_id AS ground,
    o.taxed_on AS taxed_on,
    c.letter_ppm AS letter_ppm,
    c.borne AS borne,
    sum(o.gross_minor)::BIGINT AS agreed_minor
FROM assess_objects AS o
LEFT JOIN assess_wht_law AS c ON c.party_id = o.party_id AND c.taxed_on = o.taxed_on AND c.object = o.object
WHERE c.row_id IS NOT NULL OR o.doc_kind = 'bill'
GROUP BY o.doc_kind, o.doc_id, o.party_id, o.currency, c.row_id, o.taxed_on, c.letter_ppm, c.borne
HAVING sum(o.gross_minor) <> 0
