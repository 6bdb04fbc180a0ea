-- Objects of a document under one row of law are one ground of withholding, named by that row, and are taxed together; days of one
-- statement under the same row too, on the last of them, and by the letter of that day. An object of a bill without a row keeps its
-- place with no ground, for the check to speak about; turnover without a row is simply not taxed.
SELECT
    o.doc_kind AS doc_kind,
    o.doc_id AS doc_id,
    o.party_id AS party_id,
    o.currency AS currency,
    c.row_id AS ground,
    max(o.taxed_on) AS taxed_on,
    -- Kept in a list, because the engine's arg_max passes over nulls and a letter may name no rate.
    arg_max([c.letter_ppm], o.taxed_on)[1] AS letter_ppm,
    coalesce(arg_max(c.borne, o.taxed_on), false) AS borne,
    sum(o.gross_minor)::BIGINT AS agreed_minor
FROM assess_objects AS o
LEFT JOIN assess_wht_law AS c ON c.party_id = o.party_id AND c.taxed_on = o.taxed_on AND c.object = o.object
WHERE c.row_id IS NOT NULL OR o.doc_kind = 'bill'
GROUP BY o.doc_kind, o.doc_id, o.party_id, o.currency, c.row_id
HAVING sum(o.gross_minor) <> 0
