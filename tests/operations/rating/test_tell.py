"""A rated book answers for each of its charges: the clerk rates the row again beside the record, in both languages."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pytest
from tests.bench.parcel_facts import make_parcel_facts

from tuntas.operations.rating.book import rate_book
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.tell import NotInBook, Teller
from tuntas.operations.rating.terms import read_terms


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("told")
    make_parcel_facts(folder / "facts", parcels=3_000, parts=2, sellers=50, drawn=2)
    terms = read_terms(
        folder / "facts" / "agreements",
        parties=folder / "facts" / "parties.parquet",
        as_of=datetime(2026, 12, 31),
        places={"IDR": 0},
    )
    rated = rate_book(folder / "facts" / "parts", folder / "book", terms=terms)
    return folder / "book", terms, rated


@pytest.mark.parametrize(("language", "word"), [("en", "should cost"), ("id", "semestinya")])
def test_every_charge_of_a_parcel_opens_to_its_clause_and_the_sums_are_those_of_the_record(book, language, word):
    folder, terms, rated = book
    told = charges = 0
    with Teller(folder, terms=terms, country="ID", currency="IDR", language=language) as teller:
        for part in rated.parts:
            taken_in, record = folders_of(folder, part)
            with duckdb.connect() as con:
                asked = con.execute(
                    f"SELECT w.subject_id, r.* EXCLUDE (row_no) FROM read_parquet('{taken_in / 'rows.parquet'}') AS w"
                    f" JOIN read_parquet('{record / 'record.parquet'}') AS r USING (row_no) ORDER BY w.subject_id LIMIT 40"
                )
                names = [d[0] for d in asked.description]
                rows = [dict(zip(names, row, strict=True)) for row in asked.fetchall()]
            for row in rows:
                tree = teller.tell(row["subject_id"])
                told += 1
                amounts = sorted(v for name, v in row.items() if name.startswith("amount_") and v is not None)
                assert sorted(abs(node.amount_minor) for node in tree.children if node.amount_minor is not None) == amounts
                for node in tree.children:
                    assert all((node.rule_id, node.citation, node.sentence))
                    charges += 1
                assert language != "en" or word in tree.sentence
    assert told == 80
    assert charges > 120


def test_one_charge_is_told_alone_and_a_name_nobody_knows_is_refused(book):
    folder, terms, rated = book
    taken_in, _ = folders_of(folder, next(iter(rated.parts)))
    with duckdb.connect() as con:
        waybill = con.execute(f"SELECT min(subject_id) FROM read_parquet('{taken_in / 'rows.parquet'}')").fetchone()[0]
    with Teller(folder, terms=terms, country="ID", currency="IDR") as teller:
        whole = teller.tell(waybill)
        charge = whole.children[0]
        alone = teller.tell(charge.identity)
        assert (alone.amount_minor, alone.formula, alone.rule_id) == (charge.amount_minor, charge.formula, charge.rule_id)
        with pytest.raises(NotInBook, match="no part"):
            teller.tell("NOBODY")
        with pytest.raises(NotInBook, match="no charge"):
            teller.tell(f"buy:{waybill}:storage")
