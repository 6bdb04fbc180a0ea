"""What a drill asks of the tables of a month: `before_...` under the law on board, `after_...` under the candidate.

`asked_...` are the same bills holding exactly the VAT each law asks for; `split_...` the same once more, each charge type as a bill of
its own (`bill_no`, the sign chr(31), the charge type). Only shapes of workings are named here, never columns of law.
"""

from __future__ import annotations

# What a tax does to its party and to the tax office. VAT of a bill reaches the office less what we credit; tax we bear for a payee
# goes to the payee, whose withholding line takes it again; VAT a collector keeps is none of ours.
PARTY_GETS = """CASE WHEN tax IN ('vat_in', 'wht_borne') THEN amount_minor
    WHEN tax = 'vat_self' OR (tax = 'vat_out' AND collected = 'buyer') THEN 0 ELSE -amount_minor END"""
OFFICE_GETS = """CASE WHEN tax = 'vat_in' THEN CASE WHEN creditable THEN -amount_minor ELSE 0 END
    WHEN tax = 'vat_self' THEN CASE WHEN creditable THEN 0 ELSE amount_minor END
    WHEN tax = 'wht_borne' OR (tax = 'vat_out' AND collected = 'buyer') THEN 0 ELSE amount_minor END"""
WITHHELD = """
CREATE OR REPLACE TABLE withheld_before AS
SELECT {listed} FROM withheld_posted WHERE (doc_kind, doc_id) NOT IN ({known})
UNION ALL
SELECT {listed} FROM withheld_drilled
"""
# Bills on which anything of VAT, or any tax by document, is not the same under both laws. The row cited does not matter here.
CHANGED_BILLS = """
CREATE OR REPLACE TABLE changed_bills AS
SELECT DISTINCT vendor_id, bill_no FROM (
    (SELECT {taxes} FROM before_bill_taxes EXCEPT ALL SELECT {taxes} FROM after_bill_taxes)
    UNION ALL (SELECT {taxes} FROM after_bill_taxes EXCEPT ALL SELECT {taxes} FROM before_bill_taxes))
UNION
SELECT b.vendor_id, b.bill_no FROM bills AS b
SEMI JOIN (
    (SELECT {lines} FROM before_tax_lines EXCEPT ALL SELECT {lines} FROM after_tax_lines)
    UNION ALL (SELECT {lines} FROM after_tax_lines EXCEPT ALL SELECT {lines} FROM before_tax_lines)
) AS t ON t.doc_kind = 'bill' AND t.doc_id = b.vendor_id || '/' || b.bill_no
"""
# One line a tax code with the VAT the law asks for, in place of what was billed.
ASKED = """
INSERT INTO bill_lines (vendor_id, bill_no, line_no, billed_on, received_on, kind, charge_text, tax_code, amount_minor, currency)
SELECT t.vendor_id, t.bill_no, row_number() OVER (PARTITION BY t.vendor_id, t.bill_no ORDER BY t.tax_code), b.billed_on, b.received_on,
    'vat', 'VAT', t.tax_code, t.vat_lawful_minor, t.currency
FROM {lawful} AS t LEFT JOIN bills AS b ON b.vendor_id = t.vendor_id AND b.bill_no = t.bill_no
SEMI JOIN changed_bills AS c ON c.vendor_id = t.vendor_id AND c.bill_no = split_part(t.bill_no, chr(31), 1)
WHERE t.vat_lawful_minor <> 0
"""
# Only the bills the laws differ on, read from the files again rather than kept.
SOME = "CREATE OR REPLACE VIEW {name} AS SELECT * FROM all_{name} SEMI JOIN changed_bills USING (vendor_id, bill_no)"
SPLIT_AUDITED = """
CREATE OR REPLACE VIEW audited AS
SELECT * REPLACE (bill_no || chr(31) || coalesce(charge_type, '?') AS bill_no)
FROM all_audited SEMI JOIN changed_bills USING (vendor_id, bill_no)
"""
SPLIT_BILLS = """
CREATE OR REPLACE VIEW bills AS
SELECT b.* REPLACE (a.bill_no AS bill_no)
FROM (SELECT DISTINCT vendor_id, bill_no, split_part(bill_no, chr(31), 1) AS whole_no FROM audited) AS a
LEFT JOIN all_bills AS b ON b.vendor_id = a.vendor_id AND b.bill_no = a.whole_no
"""
# Every tax line of the month under each law: bills on which the laws differ hold the VAT that the law asks for, and so does the VAT
# that is kept of it as a collector (a withholding named VAT and its code).
LINES = f"""
CREATE OR REPLACE TABLE drilled_lines AS
WITH told AS (
    SELECT 0 AS side, false AS asked, * FROM before_tax_lines
    UNION ALL SELECT 1, false, * FROM after_tax_lines
    UNION ALL SELECT 0, true, * FROM asked_before_tax_lines
    UNION ALL SELECT 1, true, * FROM asked_after_tax_lines
), lines AS (
    SELECT t.*, {{collected}} AS collected_by, {{taxed_on}} AS decided_on,
        t.doc_kind = 'bill' AND (t.tax LIKE 'vat%' OR t.tax_code LIKE 'VAT%') AND c.bill_no IS NOT NULL AS by_asking
    FROM told AS t
    LEFT JOIN changed_bills AS c ON t.doc_kind = 'bill' AND t.doc_id = c.vendor_id || '/' || c.bill_no
)
SELECT l.side, strftime(coalesce(l.decided_on, b.billed_on, r.period_to - 1), '%Y-%m') AS month, l.doc_kind, l.doc_id, l.party_id,
    l.tax, l.tax_code, l.object_code, l.base_minor, l.rate_ppm, l.amount_minor, l.creditable, l.collected_by AS collected,
    l.row_id, l.source,
    {PARTY_GETS.replace("collected =", "l.collected_by =").replace("amount_minor", "l.amount_minor")} AS party_minor,
    {OFFICE_GETS.replace("collected =", "l.collected_by =").replace("amount_minor", "l.amount_minor")} AS office_minor
FROM lines AS l
LEFT JOIN run AS r ON true
LEFT JOIN bills_of_month AS b ON l.doc_kind LIKE 'bill%' AND b.doc_id = l.doc_id
WHERE l.asked = l.by_asking
"""
CHANGED_LINES = """
CREATE OR REPLACE TABLE changed_lines AS
SELECT c.*, coalesce(p.name, c.party_id) AS name, coalesce(p.kind, '-') AS kind
FROM (
    SELECT month, doc_kind, doc_id, party_id, tax, tax_code, object_code,
        coalesce(sum(base_minor) FILTER (side = 0), 0)::BIGINT AS base_before_minor,
        coalesce(sum(base_minor) FILTER (side = 1), 0)::BIGINT AS base_after_minor,
        max(rate_ppm) FILTER (side = 0) AS rate_before_ppm, max(rate_ppm) FILTER (side = 1) AS rate_after_ppm,
        coalesce(sum(amount_minor) FILTER (side = 0), 0)::BIGINT AS before_minor,
        coalesce(sum(amount_minor) FILTER (side = 1), 0)::BIGINT AS after_minor,
        max(row_id) FILTER (side = 0) AS row_before, max(row_id) FILTER (side = 1) AS row_after,
        max(source) FILTER (side = 0) AS source_before, max(source) FILTER (side = 1) AS source_after,
        sum(CASE side WHEN 1 THEN party_minor ELSE -party_minor END)::BIGINT AS party_minor,
        sum(CASE side WHEN 1 THEN office_minor ELSE -office_minor END)::BIGINT AS office_minor
    FROM drilled_lines
    GROUP BY month, doc_kind, doc_id, party_id, tax, tax_code, object_code
    HAVING base_before_minor <> base_after_minor OR before_minor <> after_minor OR rate_before_ppm IS DISTINCT FROM rate_after_ppm
        OR (max(creditable) FILTER (side = 0)) IS DISTINCT FROM (max(creditable) FILTER (side = 1))
        OR (max(collected) FILTER (side = 0)) IS DISTINCT FROM (max(collected) FILTER (side = 1))
) AS c
LEFT JOIN parties AS p ON p.party_id = c.party_id
"""
# Bills on file, as they are, judged under both laws; a bill with more than one tax code bears all its verdicts.
VERDICTS = """
CREATE OR REPLACE TABLE verdicts AS
SELECT vendor_id, bill_no, verdict_before, verdict_after, vat_billed_minor, lawful_before_minor, lawful_after_minor
FROM (
    SELECT vendor_id, bill_no,
        coalesce(string_agg(DISTINCT cause, '+' ORDER BY cause) FILTER (side = 0), '-') AS verdict_before,
        coalesce(string_agg(DISTINCT cause, '+' ORDER BY cause) FILTER (side = 1), '-') AS verdict_after,
        coalesce(sum(vat_billed_minor) FILTER (side = 0), 0)::BIGINT AS vat_billed_minor,
        coalesce(sum(vat_lawful_minor) FILTER (side = 0), 0)::BIGINT AS lawful_before_minor,
        coalesce(sum(vat_lawful_minor) FILTER (side = 1), 0)::BIGINT AS lawful_after_minor
    FROM (SELECT 0 AS side, * FROM before_bill_taxes UNION ALL SELECT 1, * FROM after_bill_taxes)
    GROUP BY vendor_id, bill_no
)
WHERE verdict_before <> verdict_after
"""
DOCUMENTS = """
CREATE OR REPLACE TABLE drilled_documents AS
SELECT DISTINCT doc_kind, doc_id FROM drilled_lines UNION SELECT doc_kind, doc_id FROM posted_lines
"""
# What this law withheld in the month, in the shape that the next month inherits.
WITHHELD_HERE = """
CREATE OR REPLACE TABLE here_{side} AS
SELECT t.doc_kind, t.doc_id, t.party_id, t.tax_code, t.object_code, max(coalesce({taxed_on}, b.billed_on, r.period_to - 1)) AS taxed_on,
    sum({gross})::BIGINT AS gross_minor, sum(t.base_minor)::BIGINT AS base_minor, sum(t.amount_minor)::BIGINT AS amount_minor, t.currency
FROM {side}_tax_lines AS t
LEFT JOIN run AS r ON true
LEFT JOIN bills_of_month AS b ON t.doc_kind LIKE 'bill%' AND b.doc_id = t.doc_id
WHERE t.tax = 'wht'
GROUP BY t.doc_kind, t.doc_id, t.party_id, t.tax_code, t.object_code, t.currency
"""
TOTALS = """
SELECT month, tax, tax_code, object_code,
    coalesce(sum(base_minor) FILTER (side = 0), 0)::BIGINT AS base_before_minor,
    coalesce(sum(base_minor) FILTER (side = 1), 0)::BIGINT AS base_after_minor,
    coalesce(sum(amount_minor) FILTER (side = 0), 0)::BIGINT AS before_minor,
    coalesce(sum(amount_minor) FILTER (side = 1), 0)::BIGINT AS after_minor
FROM drilled_lines GROUP BY month, tax, tax_code, object_code ORDER BY month, tax, tax_code, object_code
"""
# The change by charge type, each counted as a bill of its own; what rounding and joint thresholds make of it is told apart.
CHARGES = f"""
SELECT split_part(doc_id, chr(31), 2) AS charge_type, sum(sign * party_minor)::BIGINT AS party_minor, sum(sign * office_minor)::BIGINT AS office_minor
FROM (
    SELECT sign, doc_id, {PARTY_GETS} AS party_minor, {OFFICE_GETS} AS office_minor
    FROM (SELECT -1 AS sign, *, {{collected}} AS collected_by FROM split_before_tax_lines AS t
          UNION ALL SELECT 1, *, {{collected}} FROM split_after_tax_lines AS t)
) GROUP BY charge_type ORDER BY charge_type
""".replace("collected =", "collected_by =")
AGREED = "SELECT coalesce(charge_type, '?') AS charge_type, sum(agreed_minor)::BIGINT AS agreed_minor FROM audited GROUP BY 1"
COUNTS = """
SELECT (SELECT count(*) FROM bills_of_month) AS bills,
    (SELECT count(*) FROM (SELECT DISTINCT doc_kind, doc_id FROM drilled_lines)) AS documents,
    (SELECT count(*) FROM (
        SELECT doc_kind, doc_id, tax, tax_code, object_code, base_minor, amount_minor FROM posted_lines
        EXCEPT ALL SELECT doc_kind, doc_id, tax, tax_code, object_code, base_minor, amount_minor FROM before_tax_lines))
    + (SELECT count(*) FROM (
        SELECT doc_kind, doc_id, tax, tax_code, object_code, base_minor, amount_minor FROM before_tax_lines
        EXCEPT ALL SELECT doc_kind, doc_id, tax, tax_code, object_code, base_minor, amount_minor FROM posted_lines)) AS posted_differs
"""
