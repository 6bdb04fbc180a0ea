"""The documents of a plan: a dispute workbook a vendor, a PDF statement a party, the run report in two languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tuntas import packs
from tuntas.flow.audit.words import tell
from tuntas.formats.dispute_pack import PackCycle, Vendor, write_dispute_pack
from tuntas.formats.figures_text import money
from tuntas.formats.run_report_page import ReportPress, run_report_html
from tuntas.formats.statement_document import StatementPress, statement_json
from tuntas.operations.report import run_report
from tuntas.packs.duties import stamp_duty
from tuntas.store.readings.run_tables import RunTables, plan_document, run_folder

Progress = Callable[[str, int, int], None]
ANSWER_DAYS = 14
TABLES = ("run", "statements", "statement_lines", "tax_lines", "payments", "parties", "audited", "causes", "expected", "transfers")
DISPUTED = """
SELECT a.*, e.clause FROM audited AS a LEFT JOIN expected AS e ON e.charge_id = a.charge_id
WHERE a.vendor_id = ? AND a.cause NOT IN ('matched', 'tolerance') ORDER BY a.bill_no, a.line_no
"""


def make_documents(
    *, home: Path, digest: str, out: Path, sellers_max: int, language: str | None, progress: Progress | None = None
) -> dict[str, list[str]]:
    """Write the documents of a plan below `out` and return their paths by kind.

    Vendors all get theirs; of the sellers the `sellers_max` with the largest payable, 0 for all. `language` left out, each party's own.
    """
    folder = run_folder(home, digest)
    document = plan_document(folder)
    made: dict[str, list[str]] = {"run report": _reports(folder, document, out)}
    with RunTables(folder, *TABLES) as run:
        parties = {row["party_id"]: row for row in run.rows("SELECT * FROM parties")}
        made["dispute workbooks"] = _dispute_packs(run, parties, document, out, language, progress)
        made["statements"] = _statements(run, parties, document, out, sellers_max, language, progress)
    return made


def statement_pdf(*, home: Path, digest: str, statement_id: str, language: str) -> bytes:
    """Return the PDF of one statement, for a page that offers it. Raises `KeyError` for a statement the run does not hold."""
    folder = run_folder(home, digest)
    document = plan_document(folder)
    with RunTables(folder, *TABLES) as run:
        parties = {row["party_id"]: row for row in run.rows("SELECT * FROM parties")}
        statement = run.row("SELECT * FROM statements WHERE statement_id = ?", [statement_id])
        if statement is None:
            raise KeyError(statement_id)
        return StatementPress().pdf(_statement(run, statement, parties, document, language))


def _reports(folder: Path, document: dict[str, Any], out: Path) -> list[str]:
    facts, press, paths = run_report(folder=folder, document=document), ReportPress(), []
    out.mkdir(parents=True, exist_ok=True)
    for language, name in (("en", "run-report"), ("id", "laporan-siklus")):
        page, pdf = out / f"{name}.html", out / f"{name}.pdf"
        page.write_text(run_report_html(facts, language=language), encoding="utf-8")
        pdf.write_bytes(press.pdf(facts, language=language))
        paths += [str(page), str(pdf)]
    return paths


def _dispute_packs(
    run: RunTables, parties: dict[str, Any], document: dict[str, Any], out: Path, language: str | None, progress: Progress | None
) -> list[str]:
    # A vendor is billed and settled in one currency a cycle, which need not be the plan's.
    vendors = run.rows(
        "SELECT vendor_id, max(currency) AS currency FROM audited WHERE cause NOT IN ('matched', 'tolerance') GROUP BY vendor_id ORDER BY vendor_id"
    )
    folder, paths = out / "disputes", []
    folder.mkdir(parents=True, exist_ok=True)
    cycle = PackCycle(
        cycle_id=str(document["cycle_id"]),
        period_from=date.fromisoformat(document["period_from"]),
        period_to=date.fromisoformat(document["period_to"]),
        answer_by=date.fromisoformat(str(document["as_of"])[:10]) + timedelta(days=ANSWER_DAYS),
        our_name=_name(parties, str(document["platform_id"])),
        currency=str(document["currency"]),
        decimal_places=packs.read_currencies()[str(document["currency"])],
        digest=str(document["digest"]),
    )
    for done, row in enumerate(vendors):
        vendor_id, currency = row["vendor_id"], str(row["currency"])
        places = packs.read_currencies()[currency]
        if progress:
            progress(f"dispute workbooks: {vendor_id}", done, len(vendors))
        said = language or str(parties.get(vendor_id, {}).get("language") or "id")

        def amount(minor: int, said: str = said, currency: str = currency, places: int = places) -> str:
            return money(minor, language=said, currency=currency, decimal_places=places)

        lines = [
            line | {"reason": " ".join(tell(row=line, language=said, amount=amount))} for line in run.rows(DISPUTED, [vendor_id])
        ]
        causes = run.rows("SELECT * FROM causes WHERE party_id = ?", [vendor_id])
        path = folder / f"{_file_name(vendor_id)}.xlsx"
        write_dispute_pack(
            path,
            vendor=Vendor(vendor_id, _name(parties, vendor_id)),
            cycle=replace(cycle, currency=currency, decimal_places=places),
            lines=lines,
            causes=causes,
            language=said,
        )
        paths.append(str(path))
    return paths


def _statements(
    run: RunTables,
    parties: dict[str, Any],
    document: dict[str, Any],
    out: Path,
    sellers_max: int,
    language: str | None,
    progress: Progress | None,
) -> list[str]:
    wanted = run.rows("SELECT * FROM statements WHERE side = 'buy' ORDER BY statement_id")
    limit = f" LIMIT {int(sellers_max)}" if sellers_max else ""
    wanted += run.rows(f"SELECT * FROM statements WHERE side <> 'buy' ORDER BY payable_minor DESC, statement_id{limit}")
    folder, press, paths = out / "statements", StatementPress(), []
    folder.mkdir(parents=True, exist_ok=True)
    for done, statement in enumerate(wanted):
        party_id = statement["party_id"]
        if progress:
            progress(f"statements: {party_id}", done, len(wanted))
        said = language or str(parties.get(party_id, {}).get("language") or "id")
        path = folder / f"{_file_name(party_id)}.pdf"
        path.write_bytes(press.pdf(_statement(run, statement, parties, document, said)))
        paths.append(str(path))
    return paths


def _statement(
    run: RunTables, statement: dict[str, Any], parties: dict[str, Any], document: dict[str, Any], language: str
) -> dict[str, Any]:
    party_id, statement_id = statement["party_id"], statement["statement_id"]
    taxes = run.rows(
        "SELECT * FROM tax_lines WHERE party_id = ? AND (doc_kind = 'bill' OR doc_id = ?) ORDER BY tax, tax_code, doc_id, object_code",
        [party_id, statement_id],
    )
    us = str(document["platform_id"])
    lines = run.rows("SELECT * FROM statement_lines WHERE statement_id = ? ORDER BY line_no", [statement_id])
    payment = run.row("SELECT * FROM payments WHERE statement_id = ?", [statement_id])
    sent = run.rows("SELECT * FROM transfers WHERE payment_id = ? ORDER BY part_no", [payment["payment_id"] if payment else ""])
    return statement_json(
        statement=statement,
        lines=lines,
        taxes=taxes,
        party=parties[party_id],
        us=parties.get(us, {"party_id": us, "name": us, "tax_id": None}),
        run=run.rows("SELECT * FROM run")[0],
        digest=str(document["digest"]),
        payment=payment,
        transfers=sent,
        stamp=statement_stamp(str(document["country"]), statement, lines, on=date.fromisoformat(str(document["as_of"])[:10])),
        language=language,
        decimal_places=packs.load(str(document["country"])).places[str(statement["currency"])],
    )


def statement_stamp(
    country: str, statement: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], *, on: date
) -> dict[str, Any] | None:
    """Return the stamp duty of a settlement statement (`duty_minor`, `source`), None when it bears none.

    A statement that sets debts off states two amounts, what is set off and what is left to pay; the larger decides.
    """
    pack = packs.load(country)
    if not pack.rows.get("stamp_duties") or statement["currency"] != pack.currency:
        return None
    set_off = sum(-int(row["amount_minor"]) for row in lines if int(row["amount_minor"]) < 0)
    if not set_off:
        return None
    stated = max(set_off, int(statement["payable_minor"]))
    found = stamp_duty(pack, document="set_off_statement", amount_minor=stated, on=on)
    return {"duty_minor": found.duty_minor, "source": found.source} if found.is_due else None


def _name(parties: dict[str, Any], party_id: str) -> str:
    return str(parties.get(party_id, {}).get("name") or party_id)


def _file_name(party_id: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in party_id)
