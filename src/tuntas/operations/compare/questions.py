"""What a comparison asks of the tables of a month; sums for the report are asked in `sums`."""

from __future__ import annotations

from tuntas.operations.drill.questions import OFFICE_GETS, PARTY_GETS

SETTLED = """
CREATE OR REPLACE VIEW {name}_then AS SELECT * FROM {name}_settled WHERE subject_kind NOT IN ({apart})
"""
# What each line of a bill would be under the candidate: the line that claims a charge moves with it. A new charge goes with the first line of
# its subject that claims anything; what no bill claims is not here.
TOUCHED = """
CREATE OR REPLACE TABLE touched AS
SELECT a.vendor_id, a.bill_no, a.line_no, c.charge_id, c.charge_type, c.difference_minor, false AS added
FROM audited_settled AS a
SEMI JOIN compared AS known ON known.charge_id = a.charge_id
LEFT JOIN compared AS c ON c.charge_id = a.charge_id
WHERE c.side = 'buy'
UNION ALL
SELECT f.vendor_id, f.bill_no, f.line_no, c.charge_id, c.charge_type, c.difference_minor, true AS added
FROM compared AS c
ANTI JOIN audited_settled AS a ON a.charge_id = c.charge_id
LEFT JOIN (
    SELECT vendor_id, subject_id, min(bill_no) AS bill_no,
        arg_min(line_no, (bill_no, line_no)) AS line_no
    FROM audited_settled WHERE charge_id IS NOT NULL GROUP BY vendor_id, subject_id
) AS f ON f.vendor_id = c.party_id AND f.subject_id = c.subject_id
WHERE c.side = 'buy' AND c.then_minor = 0 AND f.bill_no IS NOT NULL
"""
TOUCHED_BILLS = "CREATE OR REPLACE TABLE touched_bills AS SELECT DISTINCT vendor_id, bill_no FROM touched"
AUDITED = """
CREATE OR REPLACE TABLE audited_{side} AS
SELECT a.* REPLACE (
    CASE WHEN '{side}' = 'now' AND t.charge_id IS NOT NULL THEN greatest(a.billed_minor + t.difference_minor, 0)
        ELSE a.billed_minor END AS billed_minor,
    CASE WHEN '{side}' = 'now' AND t.charge_id IS NOT NULL THEN greatest(a.agreed_minor + t.difference_minor, 0)
        ELSE a.agreed_minor END AS agreed_minor)
FROM audited_settled AS a
LEFT JOIN touched AS t ON NOT t.added AND t.vendor_id = a.vendor_id AND t.bill_no = a.bill_no AND t.line_no = a.line_no
UNION ALL
SELECT a.* REPLACE (
    (1000000000 + row_number() OVER (PARTITION BY t.vendor_id, t.bill_no ORDER BY t.charge_id))::BIGINT AS line_no,
    t.charge_type AS charge_type, t.charge_id AS charge_id, t.difference_minor AS billed_minor, t.difference_minor AS agreed_minor,
    0::BIGINT AS disputed_minor, 0::BIGINT AS held_minor)
FROM touched AS t
LEFT JOIN audited_settled AS a ON a.vendor_id = t.vendor_id AND a.bill_no = t.bill_no AND a.line_no = t.line_no
WHERE t.added AND '{side}' = 'now'
"""
BILLS = """
CREATE OR REPLACE TABLE bills_{side} AS
SELECT b.* REPLACE (coalesce(t.billed_minor, 0) AS billed_minor, coalesce(t.agreed_minor, 0) AS agreed_minor)
FROM bills_settled AS b
LEFT JOIN (
    SELECT vendor_id, bill_no, sum(billed_minor)::BIGINT AS billed_minor, sum(agreed_minor)::BIGINT AS agreed_minor
    FROM audited_{side} GROUP BY vendor_id, bill_no
) AS t ON t.vendor_id = b.vendor_id AND t.bill_no = b.bill_no
"""
BARE_LINES = """
CREATE OR REPLACE VIEW bill_lines AS
SELECT * FROM bill_lines_settled SEMI JOIN touched_bills USING (vendor_id, bill_no) WHERE kind <> 'vat'
"""
LAWFUL_LINES = """
CREATE OR REPLACE VIEW bill_lines AS
SELECT l.* FROM bill_lines_settled AS l LEFT JOIN touched_bills AS t USING (vendor_id, bill_no)
WHERE l.kind <> 'vat' OR t.bill_no IS NULL
UNION ALL BY NAME
SELECT x.vendor_id, x.bill_no, (2000000000 + row_number() OVER (PARTITION BY x.vendor_id, x.bill_no ORDER BY x.tax_code))::BIGINT AS line_no,
    b.billed_on, b.received_on, 'vat' AS kind, 'VAT' AS charge_text, x.tax_code, x.vat_lawful_minor AS amount_minor, x.currency
FROM lawful_{side} AS x LEFT JOIN bills_settled AS b ON b.vendor_id = x.vendor_id AND b.bill_no = x.bill_no
WHERE x.vat_lawful_minor <> 0
"""
TAX_MOVES = f"""
CREATE OR REPLACE TABLE tax_moves AS
SELECT strftime(r.period_from, '%Y-%m') AS month, t.doc_kind, t.doc_id, t.party_id, t.tax, t.tax_code, t.object_code, t.currency,
    t.then_minor, t.now_minor, t.party_minor, t.office_minor, t.taxed_on
FROM (
    SELECT doc_kind, doc_id, party_id, tax, tax_code, object_code, currency,
        coalesce(sum(amount_minor) FILTER (sign < 0), 0)::BIGINT AS then_minor,
        coalesce(sum(amount_minor) FILTER (sign > 0), 0)::BIGINT AS now_minor,
        sum(sign * ({PARTY_GETS}))::BIGINT AS party_minor, sum(sign * ({OFFICE_GETS}))::BIGINT AS office_minor,
        max(taxed_on) AS taxed_on
    FROM (SELECT -1 AS sign, * FROM taxes_then UNION ALL SELECT 1 AS sign, * FROM taxes_now)
    GROUP BY doc_kind, doc_id, party_id, tax, tax_code, object_code, currency
    HAVING then_minor <> now_minor
) AS t
LEFT JOIN run AS r ON true
"""
# What moves when: to parties with the statement of their cycle, by its due day. A party without one pays or is paid by its terms.
CASH = """
CREATE OR REPLACE TABLE cash_moves AS
SELECT 'party' AS payee, m.party_id AS party_id, coalesce(s.due_on, (r.period_to + coalesce(p.terms_days, 30)::INTEGER)::DATE) AS due_on,
    '' AS tax, m.currency AS currency, sum(m.party_minor)::BIGINT AS amount_minor
FROM (
    SELECT party_id, party_minor, currency FROM compared
    UNION ALL SELECT party_id, party_minor, currency FROM tax_moves
) AS m
LEFT JOIN run AS r ON true
LEFT JOIN parties AS p ON p.party_id = m.party_id
LEFT JOIN {due} AS s ON s.party_id = m.party_id
GROUP BY ALL
UNION ALL
SELECT 'office', '-', max(r.period_to) - 1, t.tax || '|' || t.tax_code, t.currency, sum(t.office_minor)::BIGINT
FROM tax_moves AS t LEFT JOIN run AS r ON true
GROUP BY t.tax, t.tax_code, t.currency
"""
NAMED = """
CREATE OR REPLACE TABLE compared_charges AS
SELECT '{cycle}' AS cycle_id, c.*, coalesce(p.name, c.party_id) AS name, coalesce(p.kind, '-') AS kind,
    coalesce(s.name, c.seller_id, '-') AS seller_name
FROM compared AS c LEFT JOIN parties AS p ON p.party_id = c.party_id LEFT JOIN parties AS s ON s.party_id = c.seller_id;
CREATE OR REPLACE TABLE compared_moved AS SELECT '{cycle}' AS cycle_id, m.* FROM moved AS m
"""
TOTALS = """
SELECT k.currency AS currency, k.cycle_id AS month, k.side AS side, sum(k.charges_then)::BIGINT AS charges_then, sum(k.charges_now)::BIGINT AS charges_now,
    sum(k.then_minor)::BIGINT AS then_minor, sum(k.now_minor)::BIGINT AS now_minor
FROM (
    SELECT r.cycle_id, e.currency, e.side, 1 AS charges_then, 0 AS charges_now, e.amount_minor AS then_minor, 0 AS now_minor
    FROM expected_then AS e LEFT JOIN run AS r ON true WHERE e.accrue_on >= r.period_from AND e.accrue_on < r.period_to
    UNION ALL
    SELECT r.cycle_id, e.currency, e.side, 0, 1, 0, e.amount_minor
    FROM expected_now AS e LEFT JOIN run AS r ON true WHERE e.accrue_on >= r.period_from AND e.accrue_on < r.period_to
) AS k
GROUP BY k.currency, k.cycle_id, k.side ORDER BY k.currency, k.cycle_id, k.side
"""
# Counts of everything, in whatever currency.
COUNTS = """
SELECT (SELECT count(*) FROM subjects) AS subjects,
    (SELECT count(*) FROM expected_now WHERE subject_kind = 'period') AS periods,
    (SELECT count(*) FROM (SELECT 1 FROM expected_now AS e LEFT JOIN run AS r ON true
        WHERE e.accrue_on < r.period_from OR e.accrue_on >= r.period_to)) AS elsewhere
"""
# What differs, and what of it has no amount or no tax yet, in each currency.
COUNTS_OF = """
SELECT c.currency AS currency, count(*) AS changed, count(DISTINCT (c.side, c.subject_id)) AS changed_subjects,
    count(*) FILTER (c.cause = 'now_waits') AS waits,
    coalesce(sum(c.then_minor) FILTER (c.cause = 'now_waits'), 0) AS waits_minor,
    count(*) FILTER (c.side = 'buy' AND t.charge_id IS NULL AND c.difference_minor <> 0) AS not_billed,
    coalesce(sum(c.difference_minor) FILTER (c.side = 'buy' AND t.charge_id IS NULL), 0) AS not_billed_minor
FROM compared AS c LEFT JOIN (SELECT DISTINCT charge_id FROM touched) AS t ON t.charge_id = c.charge_id
GROUP BY c.currency ORDER BY c.currency
"""
