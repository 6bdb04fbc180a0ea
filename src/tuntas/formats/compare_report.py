"""The comparison of agreements in the words and figures of one language: facts, notes, numbers, pictures and tables.

The view has the shape of a drill report, and is set as a page and as a workbook by the same hands. Every table that has a total adds up
to it; what is not shown by name is summed as "others".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tuntas.formats import figures, figures_text
from tuntas.formats.compare_report_facts import CUTS, ChargeChange, CompareReport, Cut, PartyChange
from tuntas.formats.compare_report_words import WORDS
from tuntas.formats.drill_report import Cell, Say
from tuntas.formats.statement_document_words import CHARGE_TYPES

__all__ = ["ChargeChange", "CompareReport", "view"]
SHOWN, BARS_SHOWN = 15, 5
_HEADS: dict[str, tuple[str, ...]] = {
    "cause": ("cause",),
    "charge": ("side", "charge"),
    "lane": ("origin", "dest"),
    "weight": ("weight_class",),
    "zone": ("zone_then", "zone_now"),
    "service": ("service",),
    "seller": ("seller_id", "party"),
    "month": ("cycle",),
}


def view(report: CompareReport, *, language: str, whole: bool = False, charges: Sequence[ChargeChange] = ()) -> dict[str, Any]:
    """Return the report in one language. `whole` shows every part of every cut and the `charges`, as a workbook does."""
    say = Say(report, language, WORDS)
    money = {
        "party": say.signed(report.charges_minor),
        "tax": say.signed(report.tax_minor),
        "office": say.signed(report.office_minor),
        "cost": say.signed(report.cost_minor),
    }
    counts = {"changed": say.number(report.changed), "subjects": say.number(report.subjects)}
    tables = [
        _sides(say),
        *((_parties(say, "parties", report.parties, len(report.parties)),) if whole else _gain_and_lose(say)),
        *(_cut(say, name, whole) for name in CUTS),
        _crossings(say, whole),
        _taxes(say),
        _cash(say),
        _charges(say, "largest", report.largest),
        *((_charges(say, "charges_listed", charges),) if whole else ()),
        _controls(say),
    ]
    tried = ", ".join(f"{name}@{version}" for name, version, _ in report.versions)
    return {
        "lang": language,
        "title": f"{say('title')}: {report.candidate}",
        "our_name": report.our_name,
        "facts": [
            [say("cycles"), ", ".join(report.cycles)],
            [say("versions"), tried],
            [say("begins"), figures_text.day(report.begins, language=language)],
            [say("digest"), report.digest[:12]],
            ["", say("unit").format(unit=figures_text.UNIT_WORDS.get(report.currency, report.currency))],
        ],
        "lead": _lead(say).format(**counts, **money),
        "notes": [say.note(note) for note in report.notes],
        "numbers": _numbers(say, money),
        "pictures": _pictures(say) if report.changed else [],
        "tables": [table for table in tables if table["rows"] or table["name"] == "controls"],
        "as_table": say("as_table"),
        "empty": say("empty"),
        "apart": [
            view(other, language=language) | {"title": say("apart").format(currency=other.currency)} for other in report.others
        ],
    }


def _lead(say: Say) -> str:
    report: CompareReport = say.report
    elsewhere = ", ".join(other.currency for other in report.others if other.changed)
    if report.changed or not elsewhere:
        return say("lead" if report.changed else "lead_same")
    return say("lead_apart").replace("{currency}", report.currency).replace("{others}", elsewhere)


def _numbers(say: Say, money: dict[str, str]) -> list[dict[str, str]]:
    report: CompareReport = say.report
    gain = sum(1 for p in report.parties if p.party_minor + p.tax_minor > 0)
    lose = sum(1 for p in report.parties if p.party_minor + p.tax_minor < 0)
    waits = sum(c.count for c in report.crossings if c.what == "hold" and c.before == "-")
    gone = sum(c.count for c in report.crossings if c.what == "hold" and c.after == "-")
    crossed = sum(c.count for c in report.crossings if c.what in ("zone", "band"))
    told = (
        (
            "changed",
            say.number(report.changed),
            say("changed_note").format(subjects=say.number(report.changed_subjects)),
            "total",
        ),
        ("party_gets", money["party"], say("party_note"), "bar"),
        ("tax_gets", money["tax"], say("tax_note"), "quiet"),
        ("office", money["office"], say("office_note"), "down"),
        ("cost", money["cost"], say("cost_note"), "held"),
        ("winners", say.number(gain), say("winners_note").format(lose=say.number(lose)), "quiet"),
        ("waits", say.number(waits), say("waits_note").format(gone=say.number(gone)), "quiet"),
        ("crossed", say.number(crossed), say("crossed_note"), "quiet"),
    )
    return [{"label": say(name), "text": text, "note": note, "tone": tone} for name, text, note, tone in told]


def _pictures(say: Say) -> list[dict[str, Any]]:
    report: CompareReport = say.report
    ranked = sorted(report.parties, key=lambda p: (-(p.party_minor + p.tax_minor), p.party_id))
    nets = [(p.name, p.party_minor + p.tax_minor) for p in ranked]
    gain, lose = [n for n in nets if n[1] > 0], [n for n in nets if n[1] < 0]
    parties = [*gain[:BARS_SHOWN], *lose[-BARS_SHOWN:]]
    causes = [(say(c.key[0]), c.difference_minor) for c in report.cuts["cause"]]
    weights = [(_weight(say, c), c.difference_minor) for c in sorted(report.cuts["weight"], key=_by_weight)]
    weeks = [(figures_text.day(w.week, language=say.language), w.party_minor + w.office_minor) for w in report.cash]
    total = say.signed(sum(amount for _, amount in causes))
    said = say("picture_parties_says").format(gain=say.number(len(gain)), lose=say.number(len(lose)))
    return [
        _picture(say, "picture_parties", parties, said, "party"),
        _picture(say, "picture_causes", causes, say("picture_causes_says").format(total=total), "cause"),
        _picture(say, "picture_weight", weights, say("picture_weight"), "weight_class"),
        _picture(say, "picture_cash", weeks, say("picture_cash_says"), "week"),
    ]


def _picture(say: Say, name: str, told: Sequence[tuple[str, int]], says: str, what: str) -> dict[str, Any]:
    marks = [figures.Mark(label, value, say.signed(value), "down" if value < 0 else "bar") for label, value in told]
    # Several currencies stand on one page, and the name of a picture is unique on it.
    drawn = (
        figures.bars(marks, name=f"{name}_{say.report.currency}", title=say(name), description=says, width=470, label_width=172)
        if marks
        else ""
    )
    return {
        "title": say(name),
        "svg": drawn,
        "twin": figures.twin(marks, caption=says, what=say(what), amount=say("difference")),
        "empty": say("empty"),
    }


def _sides(say: Say) -> dict[str, Any]:
    found = say.report.sides
    rows = [
        [
            s.month,
            say.known(s.side),
            say.count(s.charges_then),
            say.count(s.charges_now),
            say.cell(s.then_minor),
            say.cell(s.now_minor),
            say.cell(s.now_minor - s.then_minor),
        ]
        for s in found
    ]
    heads = [
        ("cycle", False),
        ("side", False),
        ("count_then", True),
        ("count_now", True),
        ("then", True),
        ("now", True),
        ("difference", True),
    ]

    def sum_of(name: str) -> int:
        return sum(int(getattr(s, name)) for s in found)

    then, now = sum_of("then_minor"), sum_of("now_minor")
    counts = [say.count(sum_of("charges_then")), say.count(sum_of("charges_now"))]
    total = [say("total"), "", *counts, say.cell(then), say.cell(now), say.cell(now - then)]
    return say.table("sides", heads, rows, total if rows else [])


def _parties(say: Say, name: str, found: Sequence[PartyChange], shown: int) -> dict[str, Any]:
    rows: list[list[Any]] = [[p.name, p.party_id, say.known(p.kind), *_party_money(say, [p])] for p in found[:shown]]
    rest = found[shown:]
    if rest:
        rows.append([say("others").format(count=say.number(len(rest))), "", "", *_party_money(say, rest)])
    heads = [
        ("party", False),
        ("party_id", False),
        ("party_kind", False),
        ("count", True),
        ("then", True),
        ("now", True),
        ("difference", True),
        ("tax_of_party", True),
        ("net", True),
    ]
    return say.table(name, heads, rows, [say("total"), "", "", *_party_money(say, found)] if rows else [])


def _party_money(say: Say, found: Sequence[PartyChange]) -> list[Cell]:
    then, now = sum(p.then_minor for p in found), sum(p.now_minor for p in found)
    party, tax = sum(p.party_minor for p in found), sum(p.tax_minor for p in found)
    count = say.count(sum(p.charges for p in found))
    return [count, say.cell(then), say.cell(now), say.cell(now - then), say.cell(tax), say.cell(party + tax)]


def _gain_and_lose(say: Say) -> tuple[dict[str, Any], dict[str, Any]]:
    ranked = sorted(say.report.parties, key=lambda p: (-abs(p.party_minor + p.tax_minor), p.party_id))
    gain = [p for p in ranked if p.party_minor + p.tax_minor > 0]
    lose = [p for p in ranked if p.party_minor + p.tax_minor < 0]
    return _parties(say, "gain", gain, SHOWN), _parties(say, "lose", lose, SHOWN)


def _cut(say: Say, name: str, whole: bool) -> dict[str, Any]:
    found: Sequence[Cut] = say.report.cuts[name]
    if name == "weight":
        found = sorted(found, key=_by_weight)
    shown = len(found) if whole or name in ("cause", "weight", "charge", "month", "service") else SHOWN
    keys = _HEADS[name]
    rows: list[list[Any]] = [[*_key(say, name, cut), *_cut_money(say, [cut])] for cut in found[:shown]]
    rest = found[shown:]
    blank = [""] * (len(keys) - 1)
    if rest:
        rows.append([say("others").format(count=say.number(len(rest))), *blank, *_cut_money(say, rest)])
    heads = [*((key, False) for key in keys), ("count", True), ("then", True), ("now", True), ("difference", True)]
    return say.table(f"by_{name}", heads, rows, [say("total"), *blank, *_cut_money(say, found)] if rows else [])


def _cut_money(say: Say, found: Sequence[Cut]) -> list[Cell]:
    then, now = sum(c.then_minor for c in found), sum(c.now_minor for c in found)
    return [say.count(sum(c.charges for c in found)), say.cell(then), say.cell(now), say.cell(now - then)]


def _key(say: Say, name: str, cut: Cut) -> list[str]:
    if name == "weight":
        return [_weight(say, cut)]
    if name == "charge":
        return [say.known(cut.key[0]), charge_words(say, cut.key[1])]
    if name == "cause":
        return [say.known(part) for part in cut.key]
    # A fee on an order line has no lane, no zone and no service; it is named so once.
    none = {"lane": "no_lane", "zone": "no_zone", "service": "no_service", "seller": "no_seller"}.get(name)
    if none and all(part in ("-", "*") for part in cut.key):
        return [say(none), *([""] * (len(cut.key) - 1))]
    return list(cut.key)


def charge_words(say: Say, code: str) -> str:
    """The words of a type of charge, as statements say it; a type without words is shown as it is."""
    return CHARGE_TYPES[code][say.language] if code in CHARGE_TYPES else say.known(code)


def _weight(say: Say, cut: Cut) -> str:
    return (
        say("no_weight")
        if cut.key[0] == "-"
        else cut.key[0].replace("-", " - ")
        if cut.key[0][-1] != "-"
        else f"> {cut.key[0][:-1]}"
    )


def _by_weight(cut: Cut) -> int:
    """Order of the classes: without weight first, then by their lower edge."""
    return -1 if cut.key[0] == "-" else int(cut.key[0].split("-")[0])


def _crossings(say: Say, whole: bool) -> dict[str, Any]:
    found = list(say.report.crossings)
    shown = found if whole else found[: 2 * SHOWN]
    rows: list[list[Any]] = [
        [
            say(f"what_{c.what}"),
            say.known(c.before) if c.before in WORDS else c.before,
            say.known(c.after) if c.after in WORDS else c.after,
            say.count(c.count),
            say.cell(c.difference_minor),
        ]
        for c in shown
    ]
    rest = found[len(shown) :]
    if rest:
        many = say("others").format(count=say.number(len(rest)))
        rows.append([many, "", "", say.count(sum(c.count for c in rest)), say.cell(sum(c.difference_minor for c in rest))])
    heads = [("what", False), ("before", False), ("after", False), ("how_many", True), ("difference", True)]
    return say.table("crossings", heads, rows)


def _taxes(say: Say) -> dict[str, Any]:
    found = say.report.taxes
    rows = [
        [
            t.month,
            say.known(t.tax),
            t.tax_code,
            t.object_code,
            say.count(t.documents),
            say.cell(t.then_minor),
            say.cell(t.now_minor),
            say.cell(t.party_minor),
            say.cell(t.office_minor),
        ]
        for t in found
    ]
    heads = [
        ("month", False),
        ("tax", False),
        ("code", False),
        ("object", False),
        ("documents", True),
        ("then", True),
        ("now", True),
        ("party_gets", True),
        ("office", True),
    ]
    # Taxes we credit and taxes we owe make no sum of their own; what each party to them has more of does.
    party, office = sum(t.party_minor for t in found), sum(t.office_minor for t in found)
    total = [say("total"), "", "", "", say.count(sum(t.documents for t in found)), "", "", say.cell(party), say.cell(office)]
    return say.table("taxes", heads, rows, total if rows else [])


def _cash(say: Say) -> dict[str, Any]:
    found = say.report.cash
    rows = [
        [
            figures_text.day(w.week, language=say.language),
            say.cell(w.party_minor),
            say.cell(w.office_minor),
            say.cell(w.party_minor + w.office_minor),
        ]
        for w in found
    ]
    party, office = sum(w.party_minor for w in found), sum(w.office_minor for w in found)
    total = [say("total"), say.cell(party), say.cell(office), say.cell(party + office)] if rows else []
    return say.table("cash", [("week", False), ("to_parties", True), ("to_office", True), ("together", True)], rows, total)


def _charges(say: Say, name: str, found: Sequence[ChargeChange]) -> dict[str, Any]:
    rows = [
        [
            c.cycle_id,
            c.subject_id,
            c.name,
            charge_words(say, c.charge_type),
            say(c.cause),
            say.cell(c.then_minor),
            say.cell(c.now_minor),
            say.cell(c.difference_minor),
            why(say, c),
        ]
        for c in found
    ]
    heads = [
        ("cycle", False),
        ("subject", False),
        ("party", False),
        ("charge", False),
        ("cause", False),
        ("then", True),
        ("now", True),
        ("difference", True),
        ("why", False),
    ]
    count = say.report.changed
    cut = name == "charges_listed" and len(found) < count
    note = say("charges_cut").format(shown=say.number(len(found)), count=say.number(count)) if cut else ""
    return say.table(name, heads, rows, note=note)


def why(say: Say, charge: ChargeChange) -> str:
    """Say in a sentence which rule priced a charge on each side, and what moved of its zone and weight."""

    def side(rule: str | None, clause: str | None) -> str:
        return say("why_none") if rule is None else say("why_side").format(rule=rule, clause=clause)

    told = say("why_rule").format(then=side(charge.rule_then, charge.clause_then), now=side(charge.rule_now, charge.clause_now))
    if charge.zone_then != charge.zone_now:
        told += say("why_zone").format(then=charge.zone_then or "-", now=charge.zone_now or "-")
    if charge.chargeable_then_g != charge.chargeable_now_g:
        then, now = (say.number(value or 0) for value in (charge.chargeable_then_g, charge.chargeable_now_g))
        told += say("why_weight").format(then=then, now=now)
    return told


def _controls(say: Say) -> dict[str, Any]:
    rows = [
        [say(c.name), say.cell(c.seen), say.cell(c.wanted), say("ok" if c.seen == c.wanted else "not_ok")]
        for c in say.report.controls
    ]
    return say.table("controls", [("control", False), ("seen", True), ("wanted", True), ("verdict_of_control", False)], rows)
