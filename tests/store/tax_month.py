"""A small settled month whose tax lines stand behind its statements: our VAT on fees, a vendor's VAT, tax withheld on its bill."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tests.store.month import AT, rows, write_plan

from tuntas.tables import table

TINS = {"P-TUNTAS": "0918273645012000", "V-JNX": "0013121660091000", "S-001": "3174012304850001", "S-002": "0029482015507000"}


def tax_rows(*, cycle: str = "2026-10", opening: bool = True) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a month with two sellers, master data a tax invoice needs, and tax lines that come to the statements."""
    made = rows(cycle=cycle, sellers=2, opening=opening)
    last = made["run"][0]["period_to"]
    on = date.fromordinal(last.toordinal() - 1)
    for party in made["parties"]:
        party |= {"tax_id": TINS.get(party["party_id"]), "address": f"Jalan {party['party_id']} 1, Jakarta"}
    made["tax_lines"] = []
    for line in made["statement_lines"]:
        vendor = line["statement_id"].endswith("/V-JNX")
        party = line["statement_id"].rsplit("/", 1)[1]
        if line["kind"] == "fee_vat":
            line["charge_type"] = "04"
            key = _tax(made, "statement", line["statement_id"], party, "vat_out", "04", "-", -line["amount_minor"], 110_000, on)
            _behind(made, line, "tax_lines", key)
        elif line["kind"] == "vat":
            line["charge_type"] = "05"
            _tax(made, "bill", f"{party}/B-1", party, "vat_in", "05", "-", line["amount_minor"], 11_000, on)
            _behind(made, line, "bill_taxes", f"{party}|B-1|05")
        elif line["kind"] == "wht" and vendor:
            line["charge_type"] = "24-104-56"
            amount = -line["amount_minor"]
            key = _tax(made, "bill", f"{party}/B-1", party, "wht", "PPh 23", "24-104-56", amount, 20_000, on)
            _behind(made, line, "tax_lines", key)
    return made


def settle_tax(home: Path, made: dict[str, list[dict[str, Any]]] | None = None) -> str:
    """Write, record, approve and apply the month; return its plan's digest."""
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan, record_plan
    from tuntas.store.trail import ledger_head

    digest = write_plan(home, made or tax_rows(), head=ledger_head())
    record_plan(digest=digest, by="rina", at=AT)
    approve_plan(digest=digest, by="budi", at=AT)
    apply_plan(digest=digest, by="rina", at=AT)
    return digest


def _tax(
    made: dict[str, list[dict[str, Any]]],
    doc_kind: str,
    doc_id: str,
    party: str,
    tax: str,
    tax_code: str,
    object_code: str,
    amount: int,
    rate: int,
    on: date,
) -> str:
    base = amount * 1_000_000 // rate
    told = {
        "doc_kind": doc_kind, "doc_id": doc_id, "party_id": party, "tax": tax, "tax_code": tax_code, "object_code": object_code,
        "base_minor": base, "rate_ppm": rate, "amount_minor": amount, "creditable": tax == "vat_in", "source": "a regulation",
        "row_id": {"vat_out": "ID-VAT-GENERAL-2025", "vat_in": "ID-VAT-PARCEL-2025"}.get(tax, "ID-PPH23-TRANSPORT-NPWP"),
        "currency": "IDR", "taxed_on": on, "gross_minor": base, "form": "BPPU" if tax == "wht" else "-", "collected": "seller",
    }  # fmt: skip
    made["tax_lines"].append({column.name: told.get(column.name, column.default) for column in table("tax_lines").columns})
    return f"{doc_kind}|{doc_id}|{tax}|{tax_code}|{object_code}"


def _behind(made: dict[str, list[dict[str, Any]]], line: dict[str, Any], source_table: str, source_id: str) -> None:
    """Put one row behind a line in place of the two halves the plain month has."""
    place = (line["statement_id"], line["line_no"])
    made["statement_rows"] = [row for row in made["statement_rows"] if (row["statement_id"], row["line_no"]) != place]
    made["statement_rows"].append(
        {
            "statement_id": place[0],
            "line_no": place[1],
            "source_table": source_table,
            "source_id": source_id,
            "amount_minor": line["amount_minor"],
        }
    )
    line |= {"source_table": source_table, "source_count": 1}
