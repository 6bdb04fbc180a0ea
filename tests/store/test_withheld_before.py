"""What earlier cycles withheld reaches the next one from the settled runs, on each database, whatever version wrote them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tuntas.engine import Engine
from tuntas.formats.case_settings import read_case
from tuntas.operations.carry import carry_forward
from tuntas.store.readings.position import applied_runs
from tuntas.tables import table

CASE = (
    "cycle: {cycle}\nperiod: {{from: {start}, to: {end}}}\nas_of: 2027-01-10T23:59:59\ncountry: ID\ncurrency: IDR\n"
    "platform: P-TUNTAS\nhold_days: 2\nmin_payout: 10000\n"
)


def line(doc_kind: str, doc_id: str, minor: int, **more: Any) -> dict[str, Any]:
    """A tax line of a hundred times its tax."""
    return {"doc_kind": doc_kind, "doc_id": doc_id, "party_id": "S-001", "tax": "wht", "tax_code": "PPh 22", "object_code": "-",
            "base_minor": minor * 100, "rate_ppm": 10_000, "amount_minor": minor, "creditable": False, "row_id": "R", "source": "S",
            "currency": "IDR", "taxed_on": date(2026, 10, 20), "gross_minor": minor * 200, "form": "SDocs", "collected": "payee"} | more  # fmt: skip


def write(
    home: Path, digest: str, lines: list[dict[str, Any]], *, bills: tuple[dict[str, Any], ...] = (), old: bool = False
) -> None:
    """Put tax lines and bills beside a settled run; `old` writes them without the columns that came later."""
    folder = home / "runs" / digest
    with Engine(memory_limit="256MB") as engine:
        engine.load_rows(table("tax_lines"), lines)
        engine.load_rows(table("bills"), bills)
        if old:
            for name in ("taxed_on", "gross_minor", "form", "collected"):
                engine.con.execute(f"ALTER TABLE tax_lines DROP COLUMN {name}")
        engine.create(table("audited"))
        for name in ("tax_lines", "bills", "audited"):
            engine.export(name, folder / f"{name}.parquet")


def handed(home: Path, tmp_path: Path, *, cycle: str = "2026-12") -> list[dict[str, Any]]:
    """The table `withheld_before` of a next cycle."""
    year, month = (int(part) for part in cycle.split("-"))
    case = tmp_path / "case"
    case.mkdir(exist_ok=True)
    end = date(year + month // 12, month % 12 + 1, 1)
    (case / "case.yaml").write_text(CASE.format(cycle=cycle, start=f"{cycle}-01", end=end), encoding="utf-8")
    settings = read_case(case, currency_places={"IDR": 0})
    with Engine(memory_limit="256MB") as engine:
        engine.load_rows(table("parties"), [{"party_id": "P-TUNTAS", "name": "us", "kind": "platform"}])
        carry = carry_forward(home=home, engine=engine, settings=settings)
        carry.load(engine)
        assert [row[0] for row in engine.rows("DESCRIBE withheld_before")] == [c.name for c in table("withheld_before").columns]
        return engine.dicts("SELECT * FROM withheld_before ORDER BY doc_kind, doc_id")


def test_lines_of_withholding_are_handed_on_and_others_are_not(settled, tmp_path):
    write(settled.home, settled.first, [line("statement", "ST/2026-10/S-001", 50), line("statement", "X", 70, tax="vat_out")])
    write(settled.home, settled.second, [line("statement", "ST/2026-11/S-001", 30, taxed_on=date(2026, 11, 9))])
    found = handed(settled.home, tmp_path)
    assert [(r["doc_id"], r["amount_minor"], r["gross_minor"], r["taxed_on"]) for r in found] == [
        ("ST/2026-10/S-001", 50, 10_000, date(2026, 10, 20)),
        ("ST/2026-11/S-001", 30, 6_000, date(2026, 11, 9)),
    ]


def test_what_was_given_back_in_two_cycles_is_one_row(settled, tmp_path):
    back = line("statement_correction", "ST/2026-09/S-001", -10)
    write(settled.home, settled.first, [back])
    write(settled.home, settled.second, [back | {"taxed_on": date(2026, 11, 30)}])
    assert [(r["amount_minor"], r["base_minor"], r["taxed_on"]) for r in handed(settled.home, tmp_path)] == [
        (-20, -2_000, date(2026, 11, 30))
    ]


def test_a_run_of_an_older_version_takes_the_day_of_the_bill_or_the_end_of_its_period(settled, tmp_path):
    bill = {"vendor_id": "S-001", "bill_no": "B1", "billed_on": date(2026, 10, 8), "received_on": date(2026, 10, 9), "line_count": 1,
            "billed_minor": 0, "agreed_minor": 0, "disputed_minor": 0, "held_minor": 0, "vat_billed_minor": 0, "currency": "IDR"}  # fmt: skip
    write(
        settled.home,
        settled.first,
        [line("bill", "S-001/B1", 5), line("statement", "ST/2026-10/S-001", 7)],
        bills=(bill,),
        old=True,
    )
    write(settled.home, settled.second, [])
    assert [(r["doc_id"], r["taxed_on"], r["gross_minor"]) for r in handed(settled.home, tmp_path)] == [
        ("S-001/B1", date(2026, 10, 8), 500),
        ("ST/2026-10/S-001", date(2026, 10, 31), 700),
    ]


def test_a_cycle_does_not_inherit_from_itself_and_does_from_a_later_one(settled, tmp_path):
    write(settled.home, settled.first, [line("statement", "ST/2026-10/S-001", 50)])
    write(settled.home, settled.second, [line("statement", "ST/2026-11/S-001", 30)])
    assert [r["doc_id"] for r in handed(settled.home, tmp_path, cycle="2026-10")] == ["ST/2026-11/S-001"]


@pytest.mark.parametrize(
    ("asked", "names"),
    [({}, ["first", "second"]), ({"before": date(2026, 11, 1)}, ["first"]), ({"besides": "2026-10"}, ["second"]),
     ({"before": date(2026, 10, 1)}, [])],
)  # fmt: skip
def test_settled_runs_are_found_by_their_period(settled, asked, names):
    told = {"first": settled.first, "second": settled.second}
    assert [run.name for run in applied_runs(home=settled.home, **asked)] == [told[name] for name in names]


def test_a_party_that_left_the_master_data_keeps_its_balance(settled, tmp_path):
    write(settled.home, settled.first, [])
    write(settled.home, settled.second, [])
    handed(settled.home, tmp_path)
    settings = read_case(tmp_path / "case", currency_places={"IDR": 0})
    with Engine(memory_limit="256MB") as engine:
        engine.load_rows(table("parties"), [{"party_id": "P-TUNTAS", "name": "us", "kind": "platform"}])
        opened = carry_forward(home=settled.home, engine=engine, settings=settings).rows["openings"]
    left = {row["party_id"]: row for row in opened if row["party_id"] != "P-TUNTAS"}
    assert left
    assert all(row["opening_minor"] and not row["first_time"] for row in left.values())
