"""A statement as a workbook and as CSV: it foots to the statement, in the statement's currency, and holds no formula."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from tests.faces.conftest import MADE_AT
from tests.faces.reading import Page
from tests.faces.small_month import small_rows, with_dollars, write_run

from tuntas.formats.statement_document import StatementDoesNotFoot
from tuntas.operations.statement_files import COLUMNS, ROWS_MAX, StatementUnknown, statement_book, statement_csv

pytestmark = pytest.mark.django_db
EVIL = '=HYPERLINK("http://example.invalid","open")'


def recorded(home: Any, rows: dict[str, list[Any]]) -> dict[str, Any]:
    from tuntas.operations.approve import record_plan

    document = write_run(home, rows)
    record_plan(home=home, digest=document["digest"], by="rina", at=MADE_AT)
    return {"digest": document["digest"], "short": document["digest"][:16], "rows": rows}


@pytest.fixture
def mixed(home: Any, people: Any) -> dict[str, Any]:
    rows = with_dollars(small_rows())
    rows["parties"] = [{**row, "name": EVIL} if row["party_id"] == "V-SRB" else row for row in rows["parties"]]
    return recorded(home, rows)


def sheets(made: bytes) -> list[list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def statement(month: dict[str, Any], party: str) -> dict[str, Any]:
    (found,) = (row for row in month["rows"]["statements"] if row["party_id"] == party)
    return found


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize(("party", "cents"), [("V-JNX", 1), ("V-SRB", 100), ("S-0005", 1)])
def test_the_workbook_foots_to_the_statement(home, mixed, party, cents, language):
    _, lines, rows = sheets(statement_book(home=home, digest=mixed["digest"], party_id=party, language=language))
    told = statement(mixed, party)
    amounts = [round(row[5] * cents) for row in lines[1:]]
    assert amounts[0] == told["opening_minor"]
    assert sum(amounts[:-1]) == amounts[-1] == told["closing_minor"]
    *inside, total = rows[1:]
    assert sum(round(row[3] * cents) for row in inside if row[3] != "") == round(total[3] * cents) == told["movement_minor"]
    # Each line has behind it what it says it has, and its own amount.
    kept = [
        row for row in mixed["rows"]["statement_lines"] if row["statement_id"] == told["statement_id"] and not row["memo_minor"]
    ]
    for line in kept:
        behind = [row for row in inside if row[0] == line["line_no"]]
        assert len(behind) == line["source_count"]
        assert sum(round(row[3] * cents) for row in behind) == line["amount_minor"]


def test_no_text_of_a_party_is_a_formula(home, mixed):
    made = statement_book(home=home, digest=mixed["digest"], party_id="V-SRB", language="en")
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        assert not any("<f>" in book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name)
        assert not any("hyperlink" in name for name in book.namelist())
    first = [str(cell) for row in sheets(made)[0] for cell in row]
    assert not any(cell.startswith("=") for cell in first)
    assert any(EVIL in cell for cell in first)


def test_the_csv_sums_to_the_closing_balance(home, mixed):
    for party in ("V-JNX", "V-SRB", "S-0005"):
        read = list(csv.DictReader(io.StringIO(statement_csv(home=home, digest=mixed["digest"], party_id=party))))
        told = statement(mixed, party)
        assert tuple(read[0]) == COLUMNS
        assert {row["currency"] for row in read} == {told["currency"]}
        assert (read[0]["line_no"], int(read[0]["amount_minor"])) == ("0", told["opening_minor"])
        assert sum(int(row["amount_minor"]) for row in read) == told["closing_minor"]


def test_what_does_not_foot_is_not_given_out(home, people):
    rows = small_rows()
    at = next(n for n, row in enumerate(rows["statements"]) if row["party_id"] == "V-JNX")
    rows["statements"][at] = {**rows["statements"][at], "closing_minor": rows["statements"][at]["closing_minor"] + 1}
    month = recorded(home, rows)
    with pytest.raises(StatementDoesNotFoot):
        statement_book(home=home, digest=month["digest"], party_id="V-JNX", language="en")
    with pytest.raises(StatementDoesNotFoot):
        statement_csv(home=home, digest=month["digest"], party_id="V-JNX")
    with pytest.raises(StatementUnknown):
        statement_csv(home=home, digest=month["digest"], party_id="V-NOBODY")


def test_rows_that_have_no_place_are_counted(home, mixed, monkeypatch):
    from tuntas.operations import statement_files

    monkeypatch.setattr(statement_files, "ROWS_MAX", 10)
    assert ROWS_MAX > 10
    first, lines, rows = sheets(statement_book(home=home, digest=mixed["digest"], party_id="V-JNX", language="en"))
    told = statement(mixed, "V-JNX")
    behind = sum(1 for row in mixed["rows"]["statement_rows"] if row["statement_id"] == told["statement_id"])
    assert any(f"{behind - 10} more rows" in str(cell) for row in first for cell in row)
    assert lines[-1][5] == told["closing_minor"]
    assert len(rows) == 1 + 10 + 1


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_page_offers_the_workbook_in_its_language(as_user, mixed, language, settings):
    client = as_user("sari")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    address = f"/plans/{mixed['short']}/statements/V-SRB/"
    (link,) = Page(client.get(address)).root.xpath("//a[contains(@href, '/xlsx/')]/@href")
    answer = client.get(link)
    assert answer.status_code == 200
    assert f"V-SRB-{language}.xlsx" in answer["Content-Disposition"]
    assert sheets(answer.content)[1][-1][1] == {"en": "Closing balance", "id": "Saldo akhir"}[language]
    assert client.get(f"/plans/{mixed['short']}/statements/V-NOBODY/xlsx/").status_code == 404
