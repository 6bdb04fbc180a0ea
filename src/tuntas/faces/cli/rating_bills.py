"""The word `tuntas rate audit`: the bills of a month beside a rated book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from tuntas import packs
from tuntas.faces.cli.cycle import Json, Language
from tuntas.faces.cli.rating import Country, rate, stopping
from tuntas.faces.cli.telling import console, progress, tell_json, tell_table
from tuntas.formats.dispute_pack_words import CAUSES

if TYPE_CHECKING:
    from tuntas.operations.rating.bill_audit import BillAudit


@rate.command
def audit(
    book: Path,
    /,
    *bills: Path,
    agreements: Path,
    parties: Path,
    as_of: datetime,
    out: Path,
    before: Annotated[tuple[Path, ...], Parameter(negative="")] = (),
    worst: int = 10,
    memory: str = "700MB",
    country: Country = "ID",
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Hold vendors' bills against a rated book: what is billed as agreed, what differs and why, what came twice, what nobody billed yet.

    Agreements, parties and as-of are those the book was rated by. Ctrl-C stops after the step in work; the same command goes on from there.

    Parameters
    ----------
    book
        The book: a folder that `tuntas rate` made.
    bills
        Parquet files of bill lines, folders of such files, or folders with case.yaml and vendors' files in bills/ with their mappings.
    agreements
        Folder of agreements.
    parties
        Parquet file of the parties.
    as_of
        Instant of knowledge the book was rated with.
    out
        Folder that receives rest.parquet and rest.csv (a row a line neither as agreed nor forgiven at the line), matched.csv,
        tolerated.csv, unbilled.csv.
    before
        Folder of an earlier audit, so that what it settled is known when it is billed again; may be given more than once.
    worst
        How many lines to show that dispute most.
    memory
        Memory the engine may use.
    """
    from tuntas.operations.rating.bill_audit import audit_bills
    from tuntas.operations.rating.terms import read_terms

    places = packs.load(country).places
    terms = read_terms(agreements, parties=parties, as_of=as_of, places=places)
    with progress(quiet=json) as bar, stopping() as stopped:
        made = audit_bills(
            bills,
            book,
            out,
            before=before,
            terms=terms,
            currency_places=places,
            memory_limit=memory,
            progress=bar,
            cancelled=stopped,
        )
    if json:
        tell_json(asdict(made) | {"out": str(out), "rows_in": made.rows_in})
        return
    _tell(made, out=out, shown=worst, language=lang)


# For each language: the words of the tables, and of the lines above them.
_WORDS = {
    "en": {
        "label": "finding", "lines": "lines", "billed_minor": "billed", "agreed_minor": "agreed", "disputed_minor": "disputed",
        "held_minor": "held", "vendor_id": "vendor", "bill_no": "bill", "line_no": "line", "subject_id": "waybill", "charge_text": "charge",
        "expected_minor": "expected", "party_id": "party", "charge_type": "charge", "amount_minor": "amount",
        "matched": "As agreed", "tolerance": "Within tolerance", "settled_before": "earlier audit",
        "causes": "What the lines are", "worst": "Lines that dispute or hold most", "unbilled": "Expected, and billed by nobody yet",
        "sum": "All lines",
        "lead": "{rows} rows in: {lines} charge lines, {left_out} of tax, {aside} set aside, {unread} unread or repeated; {settled} charges settled before",
        "rows": "the rows are in {out}: rest.parquet and rest.csv ({rest} lines), matched.csv, tolerated.csv, unbilled.csv",
        "apart": "  ! {vendor}: all {lines} lines name what is not in this book; bills for warehouse days, trips or periods belong to the cycle (tuntas run)",
        "exchanged": "  ! quoted in another currency, so what is not billed yet of it is told by the cycle (tuntas run): {agreements}",
        "aside": "  ! {lines} lines set aside ({fault}): see {out}/taken/set_aside.parquet",
        "read": "  {path}: {rows_in} rows = {accepted} read + {quarantined} unreadable + {repeated} repeated{refused}",
    },
    "id": {
        "label": "temuan", "lines": "baris", "billed_minor": "ditagih", "agreed_minor": "disetujui", "disputed_minor": "disanggah",
        "held_minor": "ditahan", "vendor_id": "vendor", "bill_no": "tagihan", "line_no": "baris", "subject_id": "resi", "charge_text": "biaya",
        "expected_minor": "seharusnya", "party_id": "pihak", "charge_type": "biaya", "amount_minor": "jumlah",
        "matched": "Sesuai perjanjian", "tolerance": "Dalam toleransi", "settled_before": "audit sebelumnya",
        "causes": "Hasil pemeriksaan baris", "worst": "Baris dengan sanggahan atau penahanan terbesar",
        "unbilled": "Seharusnya ada, belum ditagih siapa pun", "sum": "Semua baris",
        "lead": "{rows} baris masuk: {lines} baris biaya, {left_out} baris pajak, {aside} disisihkan, {unread} tak terbaca atau berulang;"
        " {settled} biaya sudah diselesaikan sebelumnya",
        "rows": "baris-barisnya ada di {out}: rest.parquet dan rest.csv ({rest} baris), matched.csv, tolerated.csv, unbilled.csv",
        "apart": "  ! {vendor}: semua {lines} baris menyebut hal di luar buku ini; tagihan gudang, trip atau periode diperiksa dalam siklus (tuntas run)",
        "exchanged": "  ! dinyatakan dalam mata uang lain, jadi bagian yang belum ditagih dilaporkan oleh siklus (tuntas run): {agreements}",
        "aside": "  ! {lines} baris disisihkan ({fault}): lihat {out}/taken/set_aside.parquet",
        "read": "  {path}: {rows_in} baris = {accepted} terbaca + {quarantined} tak terbaca + {repeated} berulang{refused}",
    },
}  # fmt: skip
# Why a line is set aside, as people say it.
_FAULTS = {
    "en": {
        "no_vendor": "no vendor", "no_bill": "no bill number", "no_line": "no line number", "no_day": "no day of the bill or of receipt",
        "no_text": "no name of the charge", "no_amount": "no amount", "amount_range": "an amount no bill can have", "no_currency": "no currency",
        "kind": "neither a charge nor a tax", "repeated": "the same line again", "line_twice": "two different lines of one number",
    },
    "id": {
        "no_vendor": "tanpa vendor", "no_bill": "tanpa nomor tagihan", "no_line": "tanpa nomor baris",
        "no_day": "tanpa tanggal tagihan atau tanggal terima", "no_text": "tanpa nama biaya", "no_amount": "tanpa jumlah",
        "amount_range": "jumlah yang mustahil untuk tagihan", "no_currency": "tanpa mata uang", "kind": "bukan biaya dan bukan pajak",
        "repeated": "baris yang sama terulang", "line_twice": "dua baris berbeda dengan satu nomor",
    },
}  # fmt: skip
_MONEY = ("billed_minor", "agreed_minor", "disputed_minor", "held_minor")


def _tell(made: BillAudit, *, out: Path, shown: int, language: str) -> None:
    from tuntas.operations.rating.bill_audit import judged, worst

    words = _WORDS[language]

    def count(number: int) -> str:
        return f"{number:,}" if language == "en" else f"{number:,}".replace(",", ".")

    aside = made.taken.set_aside
    unread = sum(control.quarantined + control.repeated for control in made.controls)
    console.print(
        words["lead"].format(
            rows=count(made.rows_in), lines=count(made.taken.lines), left_out=count(made.taken.left_out), aside=count(sum(aside.values())),
            unread=count(unread), settled=count(made.taken.settled),
        )
    )  # fmt: skip
    for control in made.controls:
        if not (control.quarantined or control.repeated or control.refused):
            continue
        told = control.as_dict() | {"refused": f" ({control.refused})" if control.refused else ""}
        console.print(words["read"].format(**told))
    for row in made.apart:
        console.print(words["apart"].format(vendor=row["vendor_id"], lines=count(row["lines"])))
    if made.exchanged:
        console.print(words["exchanged"].format(agreements=", ".join(made.exchanged)))
    for fault, lines in sorted(aside.items()):
        console.print(words["aside"].format(lines=count(lines), fault=_FAULTS[language][fault], out=out))
    console.print()
    for currency in sorted({row["currency"] for row in (*made.causes, *made.unbilled)}):
        causes = [dict(row) | {"label": _label(row, language)} for row in made.causes if row["currency"] == currency]
        _table("causes", _with_sum(causes, words["sum"]), ("label", "lines", *_MONEY), currency, language)
        columns = ("vendor_id", "bill_no", "line_no", "subject_id", "label", "billed_minor", "expected_minor", "disputed_minor")
        most = [row | {"label": _label(row, language), "line_no": str(row["line_no"])} for row in worst(out, currency, shown)]
        _table("worst", most, columns, currency, language)
        unbilled = sorted((row for row in made.unbilled if row["currency"] == currency), key=lambda row: -row["amount_minor"])
        _table("unbilled", unbilled, ("party_id", "charge_type", "amount_minor"), currency, language)
    console.print(words["rows"].format(out=out, rest=count(judged(out))))


def _table(name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], currency: str, language: str) -> None:
    words = _WORDS[language]
    if currency not in packs.read_currencies():
        # Nobody knows how many decimals it has, so the whole number is shown as it was billed.
        rows = [dict(row) | {key: str(row[key]) for key in columns if isinstance(row.get(key), int)} for row in rows]
    if rows:
        tell_table(f"{words[name]} ({currency})", rows, {key: words[key] for key in columns}, currency=currency, language=language)


def _with_sum(rows: Sequence[Mapping[str, Any]], name: str) -> list[Mapping[str, Any]]:
    return [*rows, {"label": name} | {key: sum(row[key] for row in rows) for key in ("lines", *_MONEY)}] if rows else []


def _label(row: Mapping[str, Any], language: str) -> str:
    words = _WORDS[language]
    named = words.get(row["cause"]) or CAUSES.get(row["cause"], {}).get(language, row["cause"])
    return f"{named} ({words['settled_before']})" if row["settled_before"] else named
