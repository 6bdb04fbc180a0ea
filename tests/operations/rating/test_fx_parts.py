"""A part whose agreement is quoted in another currency: the record holds what is settled, and a day without a rate waits and is counted."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pytest
from tests.bench.parcel_facts import make_parcel_facts

from tuntas.operations.rating.book import rate_book
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.tell import Teller
from tuntas.operations.rating.terms import read_terms

HEAD = "source,currency,into,per,rate,valid_from,valid_to,known_on,reference\n"


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fx")
    make_parcel_facts(folder / "facts", parcels=2_000, parts=1, sellers=50, drawn=1)
    page = sorted((folder / "facts" / "agreements").glob("*/*.yaml"))[0]
    text = page.read_text(encoding="utf-8")
    assert "currency: IDR\n" in text
    words = 'currency: IDR\nfx: {quoted_in: KWD, source: KMK, day: service, clause: "7.2"}\n'
    page.write_text(text.replace("currency: IDR\n", words), encoding="utf-8")
    return folder, page.parent.name


def terms_of(folder):
    return read_terms(
        folder / "facts" / "agreements",
        parties=folder / "facts" / "parties.parquet",
        as_of=datetime(2026, 12, 31),
        places={"IDR": 0, "KWD": 0},
    )


def test_a_record_holds_what_is_settled_and_the_clerk_says_the_same(facts):
    folder, quoted = facts
    days = duckdb.sql(f"SELECT min(shipped_on), max(shipped_on) FROM '{folder}/facts/parts/*/shipments*.parquet'").fetchall()[0]
    rates = folder / "facts" / "agreements" / "fx_rates.csv"
    rates.write_text(HEAD + f"KMK,KWD,IDR,1,1.50,{days[0]},{days[1]},{days[0]},\n", encoding="utf-8")
    terms = terms_of(folder)
    rated = rate_book(folder / "facts" / "parts", folder / "book", terms=terms)
    (part,) = rated.parts
    taken_in, record = folders_of(folder / "book", part)
    asked = duckdb.sql(
        f"SELECT w.subject_id, w.rated_on, r.* EXCLUDE (row_no) FROM '{taken_in}/rows.parquet' AS w JOIN '{record}/record.parquet' AS r USING (row_no)"
        " ORDER BY w.rated_on DESC, w.subject_id"
    )
    found = [dict(zip(asked.columns, row, strict=True)) for row in asked.fetchall()]
    told = waiting = 0
    with Teller(folder / "book", terms=terms, country="ID", currency="IDR", language="en") as teller:
        for row in found[::25]:
            tree = teller.tell(row["subject_id"])
            amounts = sorted(v for name, v in row.items() if name.startswith("amount_") and v is not None)
            assert sorted(abs(node.amount_minor) for node in tree.children if node.amount_minor is not None) == amounts
            told += any("1.50 IDR per 1 KWD" in node.sentence for node in tree.children)
            waiting += row["face_no"] is None
            assert row["face_no"] is not None or any("KMK has no rate of KWD" in node.sentence for node in tree.children)
    assert told > 10
    assert waiting  # the last day has no rate
    nobody = duckdb.sql(f"SELECT count(*) FROM '{record}/record.parquet' WHERE face_no IS NULL").fetchall()[0][0]
    assert nobody == sum(1 for row in found if row["face_no"] is None) > 0
    assert quoted


def test_a_rate_that_is_added_rates_the_part_again(facts):
    folder, _ = facts
    before = terms_of(folder)
    rates = folder / "facts" / "agreements" / "fx_rates.csv"
    rates.write_text(rates.read_text(encoding="utf-8") + "KMK,KWD,IDR,1,1.75,2026-12-30,,2026-12-30,\n", encoding="utf-8")
    after = terms_of(folder)
    assert after.digest != before.digest
    changed = {version for version in after.versions if after.versions[version] != before.versions[version]}
    assert len(changed) == 1
    late = HEAD + "KMK,KWD,IDR,1,1.75,2026-12-30,,2027-01-01,\n"
    rates.write_text(late, encoding="utf-8")
    assert not terms_of(folder).rows["fx_rates"]
