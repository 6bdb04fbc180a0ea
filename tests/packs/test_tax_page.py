"""docs/domain/tax-indonesia.md says what the engine does."""

from __future__ import annotations

from datetime import date

from tests.flow.months import PLATFORM, audited, bills_of, party, rows, settled, vat_line
from tests.flow.pages import minor, tables

PAGE = tables("tax-indonesia")
KNOWN = {"freight", "storage", "building_rent"}


def run(cases):
    """Settle one bill a case: (party, charge type, billed, agreed, VAT)."""
    lines, vats = [], []
    for n, (who, kind, billed, agreed, vat) in enumerate(cases):
        lines.append(audited(who["party_id"], f"B{n:02}", 1, kind if kind in KNOWN else None, billed, agreed=agreed))
        vats += [vat_line(who["party_id"], f"B{n:02}", vat)] if vat else []
    people = {c[0]["party_id"]: c[0] for c in cases}
    with settled(
        {"parties": [PLATFORM, *people.values()], "audited": lines, "bills": bills_of(lines, vats), "bill_lines": vats}
    ) as engine:
        return {r["bill_no"]: r for r in rows(engine, "bill_taxes")}, {
            r["doc_id"].split("/")[1]: r for r in rows(engine, "tax_lines") if r["tax"] == "wht"
        }


def test_the_table_of_vat_on_a_bill():
    table = PAGE["PPN on a bill"]
    cases = []
    for row in table:
        charges = minor(row["charges"])
        cases.append(
            (
                party("VY" if row["PKP"] == "yes" else "VN", is_pkp=row["PKP"] == "yes"),
                row["charge type"],
                charges,
                charges,
                minor(row["PPN billed"]),
            )
        )
    taxes, _ = run(cases)
    assert len(table) == 13
    for n, row in enumerate(table):
        tax = taxes[f"B{n:02}"]
        seen = (tax["vat_lawful_minor"], tax["vat_agreed_minor"], tax["vat_wrong_minor"], tax["cause"])
        assert seen == (minor(row["lawful"]), minor(row["agreed"]), minor(row["wrong"]), row["verdict"]), row


def test_the_table_of_vat_when_part_of_a_bill_is_refused():
    table = PAGE["PPN when part of a bill is refused"]
    taxes, _ = run(
        [(party("V"), "freight", minor(r["billed charges"]), minor(r["agreed charges"]), minor(r["PPN billed"])) for r in table]
    )
    assert len(table) == 6
    for n, row in enumerate(table):
        tax = taxes[f"B{n:02}"]
        assert [tax[f"vat_{w}_minor"] for w in ("agreed", "follows", "wrong")] == [
            minor(row[w]) for w in ("agreed", "follows", "wrong")
        ], row


def test_the_table_of_tax_withheld():
    table = PAGE["PPh withheld"]
    cases = []
    for n, row in enumerate(table):
        until = date.fromisoformat(row["letter until"]) if row["letter until"] else None
        who = party(
            f"V{n}", entity=row["payee"], is_pkp=False, suket_until=until, tax_id="1" * 16 if row["tax id"] == "yes" else None
        )
        cases.append((who, row["charge type"], minor(row["agreed"]), minor(row["agreed"]), 0))
    _, withheld = run(cases)
    assert len(table) == 9
    for n, row in enumerate(table):
        line = withheld[f"B{n:02}"]
        assert (line["tax_code"], line["object_code"], line["amount_minor"]) == (
            row["tax"],
            row["object"],
            minor(row["withheld"]),
        ), row
