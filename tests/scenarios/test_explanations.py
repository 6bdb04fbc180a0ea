"""Any amount of a settled month opens to its reasons, in both languages, and the reasons recompute to the same amount."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.scenarios.command import tuntas

from tuntas.synth import make_month

ASKED = {
    "shipment": "SELECT subject_id FROM subjects WHERE side = 'buy' AND subject_kind = 'parcel' ORDER BY hash(subject_id) LIMIT 6",
    "warehouse day": "SELECT subject_id FROM subjects WHERE subject_kind = 'warehouse_day' ORDER BY subject_id LIMIT 1",
    "order line": "SELECT subject_id FROM subjects WHERE side = 'payout' ORDER BY hash(subject_id) LIMIT 2",
    "charge": "SELECT any_value(charge_id) FROM expected GROUP BY side, charge_type ORDER BY 1",
    "bill line": "SELECT any_value(vendor_id || '|' || bill_no || '|' || line_no) FROM audited GROUP BY cause ORDER BY 1",
    "statement": "SELECT any_value(statement_id) FROM statements GROUP BY side ORDER BY 1",
    "statement line": "SELECT any_value(statement_id || '|' || line_no) FROM statement_lines GROUP BY kind, source_table ORDER BY 1",
    "entry": "SELECT any_value(entry_id) FROM entries GROUP BY because_kind ORDER BY 1",
    "payment": "SELECT any_value(payment_id) FROM payments GROUP BY status ORDER BY 1",
    "order": "SELECT order_id FROM cash_ties ORDER BY hash(order_id) LIMIT 1",
}
SUMS = ("statement", "statement line", "shipment", "order line")


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("explained")
    make_month(folder / "case", parcels=1500, sellers=25, vendors=9, seed=4)
    plan = tuntas("run", folder / "case", "--as", "rina", "--approved-by", "budi", home=folder / "home")
    return folder / "home", folder / "home" / "runs" / plan["digest"]


@pytest.fixture(scope="module")
def asked(settled: tuple[Path, Path]) -> dict[str, list[str]]:
    _, run = settled
    with duckdb.connect(":memory:") as con:
        for file in run.glob("*.parquet"):
            con.execute(f"CREATE VIEW \"{file.stem}\" AS SELECT * FROM read_parquet('{file}')")
        return {kind: [row[0] for row in con.execute(sql).fetchall()] for kind, sql in ASKED.items()}


@pytest.fixture(scope="module")
def told(settled: tuple[Path, Path], asked: dict[str, list[str]], django_db_blocker: Any) -> dict[tuple[str, str, str], Any]:
    """Ask in this process: one connection to the settled home, many questions."""
    from django.conf import settings
    from django.db import connection
    from tests.store.databases import point, sqlite_at

    from tuntas.operations.explain import explain

    home, _ = settled
    before, home_before = dict(settings.DATABASES["default"]), settings.TUNTAS_HOME
    with django_db_blocker.unblock():
        point(sqlite_at(home / "books.sqlite3"), home=home)
        try:
            return {
                (kind, identity, language): explain(home=home, identity=identity, language=language)
                for kind, identities in asked.items()
                for identity in identities
                for language in ("en", "id")
            }
        finally:
            connection.close()
            point(before, home=home_before)


def nodes(tree: Any) -> Iterator[Any]:
    yield tree
    for child in tree.children:
        yield from nodes(child)


def test_every_kind_of_thing_can_be_asked_about(asked):
    assert all(asked.values()), {kind: len(ids) for kind, ids in asked.items()}


def test_the_clerk_never_contradicts_the_books(told):
    for key, tree in told.items():
        assert not [node for node in nodes(tree) if node.identity == "EXPLAIN-DIFFERS-01"], key


def test_both_languages_tell_the_same_amounts_in_other_words(told):
    for (kind, identity, language), tree in told.items():
        if language == "en":
            other = told[kind, identity, "id"]
            assert [n.amount_minor for n in nodes(tree)] == [n.amount_minor for n in nodes(other)]
            assert [n.sentence for n in nodes(tree)] != [n.sentence for n in nodes(other)], identity


def test_no_sentence_is_left_unwritten(told):
    for key, tree in told.items():
        for node in nodes(tree):
            assert "{" not in node.sentence + node.title, (key, node)
            assert not node.sentence.startswith(("RATE-", "audit_", "cause_")), (key, node.sentence)
            assert not node.title.startswith(("RATE-", "title_")), (key, node.title)


def test_the_parts_of_a_sum_make_the_whole(told):
    for (kind, identity, language), tree in told.items():
        if kind in SUMS and tree.children:
            assert sum(child.amount_minor or 0 for child in tree.children) == tree.amount_minor, (identity, language)


def test_a_charge_cites_its_clause_and_its_row(told):
    for (kind, identity, _), tree in told.items():
        if kind == "charge":
            assert tree.rule_id, identity
            assert tree.citation, identity
            assert tree.formula or tree.sentence


def test_an_unknown_id_is_refused_with_what_to_do(settled):
    refused = tuntas("explain", "NOT-A-WAYBILL", home=settled[0], status=2)
    assert refused["refused"] == "EXPLAIN-ID-01"
    assert "check the spelling" in refused["message"]
