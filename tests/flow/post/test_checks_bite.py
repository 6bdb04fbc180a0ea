"""Each check of assess, settle and post speaks when its promise is broken, and is silent when it is kept."""

from __future__ import annotations

import pytest
from tests.flow.months import settled
from tests.flow.post.test_ledger_page import month

from tuntas.flow import assess, post, settle

CHECKS = {f"{stage.name}/{check.table}": check for stage in (assess.STAGE, settle.STAGE, post.STAGE) for check in stage.checks}
BREAKS = {
    "assess/vat_parts_sum": [
        "UPDATE bill_taxes SET vat_wrong_minor = vat_wrong_minor + 1",
        "UPDATE bill_taxes SET vat_agreed_minor = 9999, vat_follows_minor = 220 - 9999 - vat_wrong_minor",
    ],
    "assess/vat_all_counted": ["UPDATE bill_taxes SET vat_billed_minor = 1", "UPDATE bill_taxes SET billed_base_minor = 1"],
    "assess/bill_taxes_unique": ["INSERT INTO bill_taxes SELECT * FROM bill_taxes"],
    "assess/tax_lines_unique": ["INSERT INTO tax_lines SELECT * FROM tax_lines", "UPDATE tax_lines SET row_id = NULL"],
    "assess/one_rate_a_code": ["INSERT INTO assess_coded SELECT * REPLACE (7 AS effective_ppm) FROM assess_coded"],
    "assess/withholding_found": ["DELETE FROM assess_slices", "UPDATE assess_slices SET row_id = NULL"],
    "settle/foots": [
        "UPDATE statements SET closing_minor = closing_minor + 1",
        "UPDATE statements SET payable_minor = payable_minor + 1",
        "DELETE FROM statement_lines WHERE kind = 'wht'",
        "UPDATE statements SET held_minor = -1, carried_minor = carried_minor + 1 + held_minor",
    ],
    "settle/rows_sum_to_lines": [
        "DELETE FROM statement_rows WHERE source_table = 'audited'",
        "UPDATE statement_rows SET amount_minor = amount_minor + 1",
        "DELETE FROM statement_lines WHERE kind = 'fee'",
    ],
    "settle/lines_have_statements": [
        "DELETE FROM statements WHERE side = 'buy'",
        "INSERT INTO statement_lines SELECT * FROM statement_lines",
    ],
    "settle/rows_unique": ["INSERT INTO statement_rows SELECT * FROM statement_rows"],
    "settle/statements_unique": ["INSERT INTO statements SELECT * FROM statements"],
    "settle/sales_once": [
        "DELETE FROM statement_rows WHERE source_table = 'order_lines'",
        "DELETE FROM order_lines",
        "INSERT INTO statement_rows SELECT * FROM statement_rows",
    ],
    "settle/money_in_is_money_out": [
        "UPDATE statements SET movement_minor = movement_minor + 1",
        "DELETE FROM audited",
        "DELETE FROM order_lines",
        "DELETE FROM expected",
        "DELETE FROM tax_lines",
    ],
    "settle/one_currency": ["UPDATE settle_totals SET other_currency = 'USD'"],
    "post/balanced": ["UPDATE entry_lines SET debit_minor = debit_minor + 1 WHERE account = '5110'", "DELETE FROM entry_lines"],
    "post/one_side": [
        "UPDATE entry_lines SET credit_minor = 1 WHERE debit_minor > 0",
        "UPDATE entry_lines SET debit_minor = 0, credit_minor = 0",
        "DELETE FROM entries",
        "UPDATE entry_lines SET account = NULL",
        "UPDATE entry_lines SET debit_minor = -debit_minor",
    ],
    "post/entries_unique": ["INSERT INTO entries SELECT * FROM entries", "UPDATE entries SET because_kind = 'x', because_id = 'y'"],
    "post/ruled": ["UPDATE post_ruled SET rule = NULL WHERE posting = 'sale'"],
    "post/statements_posted": [
        "UPDATE entry_lines SET credit_minor = credit_minor + 1 WHERE account = '2110'",
        "DELETE FROM entries WHERE because_kind = 'statement'",
    ],
    "post/bank_moves": ["DELETE FROM entry_lines WHERE account = '1110'", "UPDATE matches SET bank_minor = bank_minor + 1"],
}


def test_every_check_has_a_way_to_break_it():
    assert set(BREAKS) == set(CHECKS)


@pytest.fixture(scope="module")
def engine():
    with settled(month()) as made:
        yield made


@pytest.mark.parametrize(("name", "n"), [(name, n) for name, ways in BREAKS.items() for n in range(len(ways))])
def test_a_check_is_silent_over_clean_books_and_speaks_over_broken_ones(engine, name, n):
    assert engine.rows(CHECKS[name].sql) == []
    engine.con.execute("BEGIN")
    try:
        engine.con.execute(BREAKS[name][n])
        assert engine.rows(CHECKS[name].sql)
    finally:
        engine.con.execute("ROLLBACK")
