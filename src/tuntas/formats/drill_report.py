"""The drill report in the words and figures of one language: facts, notes, numbers, pictures and tables.

The same view is set as a page (`drill_report_page`) and as a workbook (`drill_report_book`). Every table that has a total adds up to
it; what is not shown by name is summed as "others".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tuntas.formats import figures, figures_text
from tuntas.formats.drill_report_facts import DrillReport, LineMove, Note, PartyMove, TaxMove
from tuntas.formats.drill_report_words import WORDS

__all__ = ["DrillReport", "view"]
PARTIES_SHOWN, FILINGS_SHOWN, BARS_SHOWN = 10, 60, 5
FAMILIES = ("vat_in", "vat_out", "vat_self", "wht", "wht_borne")
Cell = dict[str, Any]


def view(report: DrillReport, *, language: str, whole: bool = False, lines: Sequence[LineMove] = ()) -> dict[str, Any]:
    """Return the report in one language. `whole` shows every party and filing and the changed `lines`, as a workbook does."""
    say = Say(report, language)
    names = {"documents": say.number(report.documents), "changed": say.number(report.changed_documents)}
    money = {
        "office": say.signed(report.office_minor),
        "party": say.signed(report.party_minor),
        "cost": say.signed(report.cost_minor),
    }
    begins = figures_text.day(report.begins, language=language) if report.begins else say("none")
    tables = [
        _law(say),
        _taxes(say),
        _filings(say, whole),
        _months(say),
        *((_parties(say),) if whole else (_side(say, "gain"), _side(say, "lose"))),
        _charges(say),
        _verdicts(say),
        _papers(say),
        *(_largest(say, family) for family in FAMILIES),
        *((_lines(say, lines),) if whole else ()),
        _controls(say),
    ]
    return {
        "lang": language,
        "title": f"{say('title')}: {report.candidate}",
        "our_name": report.our_name,
        "facts": [
            [say("months_drilled"), figures_text.days(report.period_from, report.period_to, language=language)],
            [say("begins"), begins],
            [say("digests"), f"{report.base_digest[:12]}, {report.candidate_digest[:12]}"],
            ["", say("unit").format(unit=figures_text.UNIT_WORDS.get(report.currency, report.currency))],
        ],
        "lead": say("lead" if report.months else "lead_same").format(**names, **money),
        "notes": [say.note(note) for note in report.notes],
        "numbers": _numbers(say, money, names),
        "pictures": _pictures(say) if report.months else [],
        "tables": [table for table in tables if table["rows"] or table["name"] in ("law", "controls")],
        "as_table": say("as_table"),
        "empty": say("empty"),
    }


class Say:
    """Words and figures of one report in one language."""

    def __init__(self, report: Any, language: str, words: Mapping[str, Mapping[str, str]] = WORDS) -> None:
        # Any report that has a currency and its decimal places; each has its words.
        self.report, self.language, self.words = report, language, words

    def __call__(self, name: str) -> str:
        return self.words[name][self.language]

    def known(self, name: str) -> str:
        """The word of a key, or the key itself when it is none."""
        return self.words[name][self.language] if name in self.words else name.replace("_", " ")

    def note(self, note: Note) -> str:
        """The sentence of a note; a fact whose name ends in `_minor` is money."""
        told = {name: self.money(int(value)) if name.endswith("_minor") else value for name, value in note.facts}
        return self(note.name).format(**told)

    def number(self, value: int) -> str:
        return figures_text.whole(value, language=self.language)

    def money(self, minor: int) -> str:
        report = self.report
        return figures_text.money(minor, language=self.language, currency=report.currency, decimal_places=report.decimal_places)

    def signed(self, minor: int) -> str:
        """Return an amount with its sign also when it is above zero, as a difference reads."""
        return ("+" if minor > 0 else "") + self.money(minor)

    def cell(self, minor: int) -> Cell:
        text = figures_text.figure(minor, language=self.language, decimal_places=self.report.decimal_places)
        return {"text": text, "value": minor, "kind": "money"}

    def count(self, value: int) -> Cell:
        return {"text": self.number(value), "value": value, "kind": "count"}

    def rate(self, ppm: int | None) -> Cell:
        return {"text": "—" if ppm is None else figures_text.rate(ppm, language=self.language), "value": None, "kind": "rate"}

    def table(
        self,
        name: str,
        heads: Sequence[tuple[str, bool]],
        rows: Iterable[Sequence[Any]],
        total: Sequence[Any] = (),
        *,
        title: str = "",
        note: str = "",
    ) -> dict[str, Any]:
        return {
            "name": name,
            "title": title or self(name),
            "columns": [{"label": self(head), "num": is_number} for head, is_number in heads],
            "rows": [[_cell(value) for value in row] for row in rows],
            "total": [_cell(value) for value in total],
            "note": note,
        }


def _cell(value: Any) -> Cell:
    return value if isinstance(value, dict) else {"text": str(value), "value": None, "kind": "text"}


def _numbers(say: Say, money: dict[str, str], names: dict[str, str]) -> list[dict[str, str]]:
    report = say.report
    filings = sum(1 for move in report.taxes if move.documents)
    parcels = say("parcels_note").format(bills=say.number(report.bills), lines=say.number(report.order_lines))
    told = (
        ("documents", names["changed"], say("documents_note").format(documents=names["documents"]), "total"),
        ("office", money["office"], say("office_note"), "down"),
        ("party_gets", money["party"], say("party_note"), "bar"),
        ("cost", money["cost"], say("cost_note"), "held"),
        ("rows_changed", say.number(len(report.law)), say("rows_note").format(gaps=say.number(len(report.gaps))), "quiet"),
        ("filings_changed", say.number(filings), say("filings_note"), "quiet"),
        ("bills_judged", say.number(sum(v.bills for v in report.verdicts)), say("bills_judged_note"), "quiet"),
        ("parcels", say.number(report.parcels), parcels, "quiet"),
    )
    return [{"label": say(name), "text": text, "note": note, "tone": tone} for name, text, note, tone in told]


def _pictures(say: Say) -> list[dict[str, Any]]:
    report = say.report
    taxes = [(_tax_name(say, m), m.difference_minor) for m in _summed(report.taxes) if m.difference_minor]
    taxes.sort(key=lambda told: -abs(told[1]))
    ranked = sorted(report.parties, key=lambda p: (-p.party_minor, p.party_id))
    gain = [p for p in ranked if p.party_minor > 0]
    lose = [p for p in reversed(ranked) if p.party_minor < 0]
    parties = [(p.name, p.party_minor) for p in (*gain[:BARS_SHOWN], *reversed(lose[:BARS_SHOWN]))]
    months = [(m.month, m.office_minor) for m in report.months]
    told = say("picture_taxes_says").format(total=say.signed(sum(amount for _, amount in taxes)))
    said = say("picture_parties_says").format(gain=say.number(len(gain)), lose=say.number(len(lose)))
    return [
        _picture(say, "picture_taxes", taxes, told, "tax"),
        _picture(say, "picture_months", months, say("picture_months"), "month"),
        _picture(say, "picture_parties", parties, said, "party"),
    ]


def _tax_name(say: Say, move: TaxMove) -> str:
    """Withholding by its own name and object, VAT by whose it is and its code."""
    if move.tax.startswith("vat"):
        return f"{say(move.tax)} {move.tax_code}"
    return move.tax_code if move.object_code == "-" else f"{move.tax_code} {move.object_code}"


def _picture(say: Say, name: str, told: Sequence[tuple[str, int]], says: str, what: str) -> dict[str, Any]:
    marks = [figures.Mark(label, value, say.signed(value), "down" if value < 0 else "bar") for label, value in told]
    drawn = figures.bars(marks, name=name, title=say(name), description=says, width=470, label_width=172) if marks else ""
    return {
        "title": say(name),
        "svg": drawn,
        "twin": figures.twin(marks, caption=says, what=say(what), amount=say("difference")),
        "empty": say("empty"),
    }


def _law(say: Say) -> dict[str, Any]:
    rows: list[list[str]] = []
    for row in say.report.law:
        if row.kind == "changed":
            rows += [[row.table, row.key, say(row.kind), name, before or "—", after or "—"] for name, before, after in row.fields]
            continue
        # Of a row that is new or gone all it says stands in one place.
        said = [f"{name} {before or after}" for name, before, after in row.fields if (before or after) not in ("", row.key)]
        told = "; ".join(said)
        before, after = ("", told) if row.kind == "added" else (told, "")
        rows.append([row.table, row.key, say(row.kind), "", before, after])
    heads = [(head, False) for head in ("table", "row", "kind", "column", "before", "after")]
    return say.table("law", heads, rows)


_TAX_MONEY = ("base_before_minor", "base_after_minor", "before_minor", "after_minor", "difference_minor")
_TAX_HEADS = (("base_before", True), ("base_after", True), ("tax_before", True), ("tax_after", True), ("difference", True))


def _summed(moves: Sequence[TaxMove]) -> list[TaxMove]:
    """Return the moves of all months as one a tax, code and object."""
    summed: dict[tuple[str, str, str], list[int]] = {}
    for move in moves:
        held = summed.setdefault((move.tax, move.tax_code, move.object_code), [0, 0, 0, 0, 0])
        for at, name in enumerate(("documents", *_TAX_MONEY[:4])):
            held[at] += int(getattr(move, name))
    return [TaxMove("", *key, *held) for key, held in sorted(summed.items())]


def _taxes(say: Say) -> dict[str, Any]:
    found = _summed(say.report.taxes)
    heads = [("tax", False), ("code", False), ("object", False), ("lines_changed", True), *_TAX_HEADS]
    rows = [[say.known(m.tax), m.tax_code, m.object_code, say.count(m.documents), *_moneys(say, m, _TAX_MONEY)] for m in found]
    return say.table("taxes", heads, rows, [say("total"), "", "", *_sums(say, found, ("documents",), _TAX_MONEY)] if rows else [])


def _filings(say: Say, whole: bool) -> dict[str, Any]:
    found = [m for m in say.report.taxes if m.documents]
    shown, rest = (found, []) if whole else (found[:FILINGS_SHOWN], found[FILINGS_SHOWN:])
    heads = [("month", False), ("tax", False), ("code", False), ("object", False), ("lines_changed", True), *_TAX_HEADS]
    rows = [
        [m.month, say.known(m.tax), m.tax_code, m.object_code, say.count(m.documents), *_moneys(say, m, _TAX_MONEY)] for m in shown
    ]
    if rest:
        rows.append([say("others").format(count=len(rest)), "", "", "", *_sums(say, rest, ("documents",), _TAX_MONEY)])
    total = [say("total"), "", "", "", *_sums(say, found, ("documents",), _TAX_MONEY)] if rows else []
    return say.table("filings", heads, rows, total)


def _moneys(say: Say, item: object, names: Sequence[str]) -> list[Cell]:
    return [say.cell(int(getattr(item, name))) for name in names]


def _sums(say: Say, items: Sequence[object], counts: Sequence[str], moneys: Sequence[str]) -> list[Cell]:
    def total(name: str) -> int:
        return sum(int(getattr(item, name)) for item in items)

    return [*(say.count(total(name)) for name in counts), *(say.cell(total(name)) for name in moneys)]


_FLOW = ("party_minor", "office_minor")
_FLOW_HEADS = (("party_gets", True), ("office", True), ("cost", True))


def _flow(say: Say, items: Sequence[Any]) -> list[Cell]:
    party, office = (sum(int(getattr(item, name)) for item in items) for name in _FLOW)
    return [say.cell(party), say.cell(office), say.cell(party + office)]


def _months(say: Say) -> dict[str, Any]:
    found = say.report.months
    rows = [[m.month, say.count(m.documents), *_flow(say, [m])] for m in found]
    total = [say("total"), say.count(say.report.changed_documents), *_flow(say, found)]
    return say.table("months", [("month", False), ("documents", True), *_FLOW_HEADS], rows, total if rows else [])


def _party_table(say: Say, name: str, found: Sequence[PartyMove], shown: int) -> dict[str, Any]:
    rows: list[list[Any]] = [
        [p.name, p.party_id, say.known(p.kind), say.count(p.documents), *_flow(say, [p])] for p in found[:shown]
    ]
    rest = found[shown:]
    if rest:
        many = say("others").format(count=say.number(len(rest)))
        rows.append([many, "", "", say.count(sum(p.documents for p in rest)), *_flow(say, rest)])
    heads = [("party", False), ("party_id", False), ("party_kind", False), ("documents", True), *_FLOW_HEADS]
    total = [say("total"), "", "", say.count(sum(p.documents for p in found)), *_flow(say, found)] if rows else []
    return say.table(name, heads, rows, total)


def _side(say: Say, name: str) -> dict[str, Any]:
    kept: Callable[[PartyMove], bool] = (lambda p: p.party_minor > 0) if name == "gain" else (lambda p: p.party_minor < 0)
    found = sorted((p for p in say.report.parties if kept(p)), key=lambda p: (-abs(p.party_minor), p.party_id))
    return _party_table(say, name, found, PARTIES_SHOWN)


def _parties(say: Say) -> dict[str, Any]:
    return _party_table(say, "parties", say.report.parties, len(say.report.parties))


def _charges(say: Say) -> dict[str, Any]:
    special = {"-": "charge_rest", "?": "charge_unknown"}
    rows = [
        [
            say(special[c.charge_type]) if c.charge_type in special else c.charge_type.replace("_", " "),
            say.cell(c.agreed_minor),
            *_flow(say, [c]),
        ]
        for c in say.report.charges
    ]
    total = [say("total"), say.cell(sum(c.agreed_minor for c in say.report.charges)), *_flow(say, say.report.charges)]
    return say.table("charges", [("charge", False), ("agreed", True), *_FLOW_HEADS], rows, total if rows else [])


def _verdicts(say: Say) -> dict[str, Any]:
    def told(verdict: str) -> str:
        return ", ".join(say.known(part) for part in verdict.split("+"))

    money = ("vat_billed_minor", "lawful_before_minor", "lawful_after_minor")
    found = say.report.verdicts
    rows = [[told(v.before), told(v.after), say.count(v.bills), *_moneys(say, v, money)] for v in found]
    heads = [
        ("verdict_before", False),
        ("verdict_after", False),
        ("bills", True),
        ("vat_billed", True),
        ("lawful_before", True),
        ("lawful_after", True),
    ]
    return say.table("verdicts", heads, rows, [say("total"), "", *_sums(say, found, ("bills",), money)] if rows else [])


def _papers(say: Say) -> dict[str, Any]:
    rows = [[say.known(f"paper_{p.tax}"), say.count(p.documents), say.count(p.new), say.count(p.gone)] for p in say.report.papers]
    return say.table("papers", [("paper", False), ("documents", True), ("new", True), ("gone", True)], rows)


_LINE_HEADS = (
    ("document", False),
    ("party", False),
    ("code", False),
    ("object", False),
    ("tax_before", True),
    ("tax_after", True),
    ("difference", True),
    ("why", False),
)


def _line(say: Say, line: LineMove) -> list[Any]:
    money = _moneys(say, line, ("before_minor", "after_minor", "difference_minor"))
    return [line.doc_id, line.name, line.tax_code, line.object_code, *money, why(say, line)]


def _largest(say: Say, family: str) -> dict[str, Any]:
    return say.table(f"largest_{family}", _LINE_HEADS, [_line(say, m) for m in say.report.largest if m.tax == family])


def _lines(say: Say, lines: Sequence[LineMove]) -> dict[str, Any]:
    count = sum(move.documents for move in say.report.taxes)
    note = say("lines_cut").format(shown=say.number(len(lines)), count=say.number(count)) if len(lines) < count else ""
    rows = [[m.month, say.known(m.tax), *_line(say, m)] for m in lines]
    return say.table("lines", [("month", False), ("tax", False), *_LINE_HEADS], rows, note=note)


def why(say: Say, line: LineMove) -> str:
    """Say in a sentence what each law makes of a line: base, rate, tax, row and source."""

    def side(base: int, rate: int | None, tax: int, row: str | None, source: str | None) -> str:
        if row is None:
            return say("why_nothing")
        told = "—" if rate is None else figures_text.rate(rate, language=say.language)
        return say("why_side").format(base=say.money(base), rate=told, tax=say.money(tax), row=row, source=source or "-")

    clerk = "".join(
        f" {say(f'clerk_{side}')} {sentence}"
        for order in ("before", "after")
        for language, side, sentence in line.clerk
        if language == say.language and side == order
    )
    told = say("why_line").format(
        before=side(line.base_before_minor, line.rate_before_ppm, line.before_minor, line.row_before, line.source_before),
        after=side(line.base_after_minor, line.rate_after_ppm, line.after_minor, line.row_after, line.source_after),
    )
    return told + clerk


def _controls(say: Say) -> dict[str, Any]:
    rows = [
        [say(c.name), say.cell(c.seen), say.cell(c.wanted), say("ok" if c.seen == c.wanted else "not_ok")]
        for c in say.report.controls
    ]
    return say.table("controls", [("control", False), ("seen", True), ("wanted", True), ("verdict_of_control", False)], rows)
