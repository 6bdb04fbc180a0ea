"""The margin of a run in one language: what was billed on and what it cost, by customer, lane and month, and the tie to the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tuntas.formats import figures_text
from tuntas.formats.drill_report import Say

CUTS = ("customer", "lane", "kind", "month")
NO_CUSTOMER = "-"


@dataclass(frozen=True, slots=True)
class MarginRow:
    """One part of a cut, minor units. `sold` and `claimed_by` are what a customer is billed and claims of us; `cost` what vendors were
    agreed or are expected to be paid, `claimed_from` what we claim of them. `waiting` counts subjects with a side on hold."""

    key: tuple[str, ...]
    subjects: int
    waiting: int
    sold_minor: int
    claimed_by_minor: int
    cost_minor: int
    claimed_from_minor: int

    @property
    def margin_minor(self) -> int:
        """What is left."""
        return self.sold_minor - self.claimed_by_minor - self.cost_minor + self.claimed_from_minor


@dataclass(frozen=True, slots=True)
class Tie:
    """One figure of the report beside what the entries of the run booked on its accounts."""

    name: str
    accounts: tuple[str, ...]
    report_minor: int
    ledger_minor: int


@dataclass(frozen=True, slots=True)
class MarginReport:
    """The margin of one run in one currency. Every cut sums to `whole`; `largest_losses` are subjects by their margin, the worst first.

    `others` are the same in each other currency of the run.
    """

    cycle: str
    our_name: str
    currency: str
    decimal_places: int
    digest: str
    whole: MarginRow
    cuts: Mapping[str, Sequence[MarginRow]]
    largest_losses: Sequence[MarginRow]
    ties: Sequence[Tie]
    others: Sequence[MarginReport] = ()


WORDS: dict[str, dict[str, str]] = {
    "title": {"en": "Margin", "id": "Margin"},
    "cycle": {"en": "Cycle", "id": "Siklus"},
    "digest": {"en": "Plan", "id": "Rencana"},
    "unit": {"en": "Amounts in {unit}, without VAT.", "id": "Nilai dalam {unit}, tanpa PPN."},
    "lead": {
        "en": "Billed on {sold}, which cost {cost}; with claims either way {margin} is left, over {subjects} shipments and other services.",
        "id": "Ditagihkan {sold}, dengan biaya {cost}; setelah klaim kedua arah tersisa {margin}, dari {subjects} kiriman dan jasa lain.",
    },
    "sold": {"en": "Billed on", "id": "Ditagihkan"},
    "claimed_by": {"en": "Claimed of us", "id": "Klaim kepada kami"},
    "cost": {"en": "Cost", "id": "Biaya"},
    "claimed_from": {"en": "Claimed of vendors", "id": "Klaim kepada vendor"},
    "margin": {"en": "Margin", "id": "Margin"},
    "subjects": {"en": "Services", "id": "Jasa"},
    "waiting": {"en": "With a side on hold", "id": "Ada sisi yang ditahan"},
    "customer": {"en": "Customer", "id": "Pelanggan"},
    "lane": {"en": "Lane", "id": "Rute"},
    "origin": {"en": "From", "id": "Dari"},
    "dest": {"en": "To", "id": "Ke"},
    "kind": {"en": "Kind of service", "id": "Jenis jasa"},
    "month": {"en": "Month of service", "id": "Bulan jasa"},
    "name": {"en": "Name", "id": "Nama"},
    "losses": {"en": "Largest losses", "id": "Kerugian terbesar"},
    "subject": {"en": "Waybill or number", "id": "Resi atau nomor"},
    "ties": {"en": "Tie to the ledger", "id": "Kecocokan dengan buku besar"},
    "figure": {"en": "Figure", "id": "Angka"},
    "accounts": {"en": "Accounts", "id": "Akun"},
    "report": {"en": "This report", "id": "Laporan ini"},
    "ledger": {"en": "Entries of the run", "id": "Jurnal siklus"},
    "difference": {"en": "Difference", "id": "Selisih"},
    "no_customer": {"en": "not billed on", "id": "tidak ditagihkan"},
    "cost_note": {
        "en": "Cost is what we agreed to of vendors' bills and what is rendered and not billed yet; it is without the reversal of last month's "
        "accrual, and what is disputed is not in it.",
        "id": "Biaya adalah tagihan vendor yang disetujui dan jasa yang belum ditagih; tanpa pembalikan akrual bulan lalu, dan yang "
        "disengketakan tidak termasuk.",
    },
    "nothing_sold": {
        "en": "Nothing was billed on to a customer in this cycle: the figures are what it cost, and the margin is that cost.",
        "id": "Tidak ada yang ditagihkan kepada pelanggan pada siklus ini: angkanya adalah biaya, dan margin sama dengan biaya itu.",
    },
    "mixed": {
        "en": "This cycle has amounts in {others} as well. They are told apart and stand in no figure here.",
        "id": "Siklus ini juga memuat nilai dalam {others}. Nilai itu disajikan terpisah dan tidak termasuk dalam angka di sini.",
    },
    "total": {"en": "Total", "id": "Jumlah"},
    "no_losses": {
        "en": "Nothing that was billed on was sold below its cost.",
        "id": "Tidak ada jasa yang ditagihkan di bawah biayanya.",
    },
    "no_lane": {"en": "without a lane", "id": "tanpa rute"},
    "no_month": {"en": "without a day", "id": "tanpa tanggal"},
    "parcel": {"en": "Parcels", "id": "Paket"},
    "trip": {"en": "Line-haul trips", "id": "Perjalanan line-haul"},
    "warehouse_day": {"en": "Warehouse days", "id": "Hari gudang"},
    "period": {"en": "Charges of a period", "id": "Biaya periode"},
    "adjustment": {"en": "Adjustments of earlier periods", "id": "Penyesuaian periode terdahulu"},
    "other": {"en": "Other", "id": "Lain-lain"},
}
_MONEY = ("sold", "claimed_by", "cost", "claimed_from", "margin")


def as_dict(report: MarginReport) -> dict[str, Any]:
    """Return the report as plain values, every part with its margin."""

    def told(row: MarginRow) -> dict[str, Any]:
        return asdict(row) | {"margin_minor": row.margin_minor}

    return asdict(report) | {
        "others": [as_dict(other) for other in report.others],
        "whole": told(report.whole),
        "cuts": {name: [told(row) for row in rows] for name, rows in report.cuts.items()},
        "largest_losses": [told(row) for row in report.largest_losses],
    }


def view(report: MarginReport, *, language: str) -> dict[str, Any]:
    """Return the report in one language, in the shape that the report workbook is written from."""
    say = Say(report, language, WORDS)
    whole = report.whole
    told = {name: say.money(getattr(whole, f"{name}_minor")) for name in _MONEY}
    return {
        "lang": language,
        "title": f"{say('title')}: {report.cycle}",
        "our_name": report.our_name,
        "facts": [
            [say("cycle"), report.cycle],
            [say("digest"), report.digest[:12]],
            ["", say("unit").format(unit=figures_text.UNIT_WORDS.get(report.currency, report.currency))],
        ],
        "lead": say("lead").format(**told, subjects=say.number(whole.subjects)),
        "notes": [say("cost_note"), *_notes(say)],
        "numbers": [{"label": say(name), "text": told[name], "note": "", "tone": "total"} for name in _MONEY],
        "tables": [
            _cut(say, "customer", ("customer", "name")),
            _cut(say, "lane", ("origin", "dest")),
            _cut(say, "kind", ("kind",)),
            _cut(say, "month", ("month",)),
            _losses(say),
            _ties(say),
        ],
    }


def _notes(say: Say) -> list[str]:
    report = say.report
    notes = [] if report.whole.sold_minor or not report.whole.subjects else [say("nothing_sold")]
    if report.others:
        notes.append(say("mixed").format(others=", ".join(other.currency for other in report.others)))
    return notes


def _cut(say: Say, name: str, heads: tuple[str, ...]) -> dict[str, Any]:
    return _table(say, name, heads, say.report.cuts[name], total=True)


def _losses(say: Say) -> dict[str, Any]:
    found = say.report.largest_losses
    made = _table(say, "losses", ("subject", "kind", "customer"), found, total=False)
    return made if found else made | {"note": say("no_losses")}


def _table(say: Say, name: str, heads: tuple[str, ...], found: Sequence[MarginRow], *, total: bool) -> dict[str, Any]:
    def figures(row: MarginRow) -> list[Any]:
        return [say.count(row.subjects), say.count(row.waiting), *(say.cell(getattr(row, f"{what}_minor")) for what in _MONEY)]

    named = [(head, False) for head in heads] + [(what, True) for what in ("subjects", "waiting", *_MONEY)]
    rows = [[*(_told(say, head, part) for head, part in zip(heads, row.key, strict=True)), *figures(row)] for row in found]
    last = [say("total"), *([""] * (len(heads) - 1)), *figures(say.report.whole)] if total and rows else ()
    return say.table(name, named, rows, last)


def _told(say: Say, head: str, part: str) -> str:
    if head == "kind":
        return say.known(part)
    if part == NO_CUSTOMER:
        return {"customer": say("no_customer"), "origin": say("no_lane"), "month": say("no_month"), "name": "", "dest": ""}.get(
            head, part
        )
    return part


def _ties(say: Say) -> dict[str, Any]:
    heads = [("figure", False), ("accounts", False), ("report", True), ("ledger", True), ("difference", True)]
    rows = [
        [
            say(t.name),
            ", ".join(t.accounts),
            say.cell(t.report_minor),
            say.cell(t.ledger_minor),
            say.cell(t.report_minor - t.ledger_minor),
        ]
        for t in say.report.ties
    ]
    return say.table("ties", heads, rows)
