"""The charges of an agreement page that are counted over a period: tiers with their sheets, and minimums."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuntas.formats.agreement_cells import Cells, Mistakes
from tuntas.formats.agreement_paper import Sheets
from tuntas.formats.agreement_sheets import Row, read_sheet
from tuntas.formats.agreement_words import check_keys, text_of, texts_of

EVERY = ("month", "day", "quarter", "year")
MODES, ROUNDINGS, SETTLED = ("all_units", "incremental"), ("sum", "line"), ("credit_note", "deduction")
PARTS = ("whole", "by_days")
TIER_COLUMNS = ("from", "to", "rate", "each", "amount")
SUBJECTS, STATUSES = ("parcel", "warehouse_day", "trip", "order_line"), ("delivered", "returned", "lost", "damaged")
# A whole number of kilograms on paper, grams in the tables.
GRAMS_A_KG = 1000
_EVERY_ONE, _MAY = ("no", "type", "kind", "clause", "measure"), ("text", "every", "when", "sign", "settle", "min", "max")
# What each kind must have, and what else it may have.
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "tiers": (("mode", "tiers"), ("of", "round")),
    "floor": ((), ("amount", "units", "each", "part_period")),
}


def read_periods(given: Any, *, sheets: Sheets, places: int, charges: list[Row], mistakes: Mistakes) -> tuple[list[Row], list[Row]]:
    """Return the period charges and tiers of a page, without agreement and version, in the order of `no`.

    `charges` are those of the calculation sheet, which period charges measure and share their numbers with.
    """
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        mistakes.add("AGR-VALUE-01", place="periods", name="periods", seen="not a list", wanted="a list of charges over a period",
                     help="begin each with -")  # fmt: skip
        return [], []
    periods: list[Row] = []
    tiers: list[Row] = []
    for position, item in enumerate(given, start=1):
        place = f"period charge {text_of(item.get('no')) or f'in position {position}'}"
        kind = text_of(item.get("kind"))
        if kind not in KINDS:
            mistakes.add("AGR-CHOICE-01", place=place, name="kind", seen=kind or "nothing", wanted=f"one of {', '.join(KINDS)}",
                         help="correct the kind")  # fmt: skip
            continue
        must, may = KINDS[kind]
        if not check_keys(item, must=(*_EVERY_ONE, *must), may=(*_MAY, *may), place=place, mistakes=mistakes):
            continue
        period = _period(item, kind=kind, place=place, places=places, mistakes=mistakes)
        if kind == "tiers":
            own = read_tiers(sheets, text_of(item["tiers"]), measure=period["measure"], places=places, mistakes=mistakes)
            _tiers_fit(period, own, place=place, mistakes=mistakes)
            tiers += [{"charge_no": period["charge_no"], **tier} for tier in own]
        periods.append(period)
    _periods_make_sense(periods, charges, mistakes)
    return sorted(periods, key=lambda row: int(row["charge_no"])), tiers


def _period(item: Mapping[str, Any], *, kind: str, place: str, places: int, mistakes: Mistakes) -> Row:
    read = Cells(mistakes, place, places)
    measure, measured = _measure(item["measure"], place=place, mistakes=mistakes)
    base = _types(item.get("of"))
    if item.get("of") and base is None:
        mistakes.add("AGR-BASE-01", place=place, name="of", seen=str(item["of"]), wanted="{charges: [types]}",
                     help="say of which charges the rates are taken")  # fmt: skip
    sign = read.choice("sign", text_of(item.get("sign", "1")), ("1", "-1"))
    mode = read.choice("mode", text_of(item["mode"]), MODES) if kind == "tiers" else None
    row: Row = {
        "charge_no": read.whole("no", text_of(item["no"]), least=1),
        "charge_type": text_of(item["type"]),
        "kind": kind,
        "clause": text_of(item["clause"]),
        "clause_text": text_of(item.get("text")) or None,
        "every": read.choice("every", text_of(item.get("every", EVERY[0])), EVERY),
        **_when(item.get("when") or {}, place=place, mistakes=mistakes),
        "measure": measure,
        "measure_charges": measured,
        "mode": mode,
        "base_charges": base or (measured if kind == "tiers" else None),
        "rounding": "tier" if mode == "incremental" else read.choice("round", text_of(item.get("round", "sum")), ROUNDINGS),
        "floor_minor": None,
        "floor_units": None,
        "each_minor": None,
        "min_minor": read.amount("min", text_of(item["min"])) if item.get("min") else None,
        "max_minor": read.amount("max", text_of(item["max"])) if item.get("max") else None,
        "sign": int(sign),
        "part_period": _part(item.get("part_period"), read),
        "settled_by": read.choice("settle", text_of(item.get("settle", SETTLED[0])), SETTLED),
    }
    if kind == "floor":
        row |= _floor(item, measure=measure, read=read, place=place, mistakes=mistakes)
    if row["min_minor"] is not None and row["max_minor"] is not None and row["min_minor"] > row["max_minor"]:
        mistakes.add("AGR-AMOUNT-04", place=place, name="min", seen="min above max", wanted="min up to max",
                     help="check the two amounts")  # fmt: skip
    if not row["charge_type"] or any(mark in row["charge_type"] for mark in "|:"):
        mistakes.add("AGR-VALUE-02", place=place, name="type", seen=row["charge_type"], wanted="a word without | and :",
                     help="correct the type")  # fmt: skip
    if mode == "incremental" and item.get("round"):
        mistakes.add("AGR-KEY-01", place=place, name="round", seen="round beside mode incremental", wanted="no word of rounding",
                     help="the part in each tier is rounded by itself; remove it")  # fmt: skip
    return row


def _part(given: Any, read: Cells) -> str | None:
    part = read.choice("part_period", text_of(given) or PARTS[0], PARTS)
    return part if part != PARTS[0] else None


def _measure(given: Any, *, place: str, mistakes: Mistakes) -> tuple[str, str | None]:
    types = _types(given)
    if types is not None:
        return "amount", types
    word = text_of(given)
    if word in ("count", "kg"):
        return word, None
    mistakes.add("AGR-BASE-01", place=place, name="measure", seen=word or str(given), wanted="count, kg or {charges: [types]}",
                 help="say what is counted over the period")  # fmt: skip
    return "count", None


def _types(given: Any) -> str | None:
    if not isinstance(given, dict) or set(given) != {"charges"}:
        return None
    return "|".join(sorted({t for t in texts_of(given["charges"]) if t})) or None


def _when(given: Any, *, place: str, mistakes: Mistakes) -> Row:
    read = Cells(mistakes, place, 0)
    when = given if isinstance(given, dict) else {"when": given}
    check_keys(when, must=(), may=("subject", "service", "status", "category"), place=f"{place}, when", mistakes=mistakes)
    statuses = texts_of(when["status"]) if when.get("status") else []
    for status in statuses:
        read.choice("status", status, STATUSES)
    return {
        "subject": read.choice("subject", text_of(when.get("subject", "parcel")), SUBJECTS),
        "service": text_of(when.get("service", "*")) or "*",
        "statuses": "|".join(sorted(set(statuses))) or "*",
        "category": text_of(when.get("category", "*")) or "*",
    }


def _floor(item: Mapping[str, Any], *, measure: str, read: Cells, place: str, mistakes: Mistakes) -> Row:
    wanted = ("amount",) if measure == "amount" else ("each", "units")
    given = tuple(sorted(key for key in ("amount", "units", "each") if text_of(item.get(key))))
    if given != wanted:
        mistakes.add("AGR-PERIOD-01", place=place, name="floor", seen=", ".join(given) or "nothing",
                     wanted="amount for a minimum of charges; units and each for a minimum of subjects or kg",
                     help="say what is guaranteed and what a missing unit costs")  # fmt: skip
        return {}
    if measure == "amount":
        return {"floor_minor": read.amount("amount", text_of(item["amount"]))}
    units = read.whole("units", text_of(item["units"]), least=1) * (GRAMS_A_KG if measure == "kg" else 1)
    return {"floor_units": units, "each_minor": read.amount("each", text_of(item["each"]))}


def read_tiers(sheets: Sheets, name: str, *, measure: str, places: int, mistakes: Mistakes) -> list[Row]:
    """Return the tiers of a sheet, numbered from 1 upwards in the order of the measure whatever the order of the rows."""
    rows: list[Row] = []
    for line, cell in read_sheet(sheets, name, columns=TIER_COLUMNS, mistakes=mistakes):
        read = Cells(mistakes, str(line), places, name)
        low = _units("from", cell["from"] or "0", measure=measure, read=read)
        high = _units("to", cell["to"], measure=measure, read=read) if cell["to"] else None
        if high is not None and high <= low:
            mistakes.add("AGR-TIER-03", place=str(line), name="to", seen=f"{cell['from'] or '0'} to {cell['to']}", wanted="to above from",
                         help="tiers are half-open: exactly `to` is in the next tier", file=name, table="tiers")  # fmt: skip
        rows.append(
            {
                "from_units": low,
                "to_units": high,
                "rate_ppm": read.rate("rate", cell["rate"]) if cell["rate"] else 0,
                "each_minor": read.amount("each", cell["each"]) if cell["each"] else 0,
                "fixed_minor": read.amount("amount", cell["amount"]) if cell["amount"] else 0,
                "source_ref": f"{name}:{line}",
            }
        )
    rows.sort(
        key=lambda r: (r["from_units"], r["to_units"] is None, r["to_units"] or 0, r["rate_ppm"], r["each_minor"], r["fixed_minor"])
    )
    for number, row in enumerate(rows, start=1):
        row["tier_no"] = number
    return rows


def _units(name: str, text: str, *, measure: str, read: Cells) -> int:
    if measure == "amount":
        return read.amount(name, text)
    return read.whole(name, text) * (GRAMS_A_KG if measure == "kg" else 1)


def _tiers_fit(period: Row, tiers: list[Row], *, place: str, mistakes: Mistakes) -> None:
    """What a tier gives must fit what is measured: a rate needs amounts, and under `incremental` the amounts that are measured."""
    rates, each = any(t["rate_ppm"] for t in tiers), any(t["each_minor"] for t in tiers)
    told: list[tuple[str, str, str]] = []
    if not tiers:
        told.append(("a sheet without tiers", "at least one row", "write a row from 0 with the rate 0% where nothing is given yet"))
    if rates and period["base_charges"] is None:
        told.append(("a rate without amounts", "of: {charges: [types]}", "say of which charges the rate is taken"))
    if rates and period["mode"] == "incremental" and period["base_charges"] != period["measure_charges"]:
        told.append(("rates of other charges than those measured", "under incremental, measure: {charges: [types]} alone",
                     "which parcel came first would decide the amount; measure the charges, or give an amount each"))  # fmt: skip
    if each and period["measure"] == "amount":
        told.append(("an amount each of a measure in money", "a rate", "amounts each are for count and kg"))
    for seen, wanted, help_text in told:
        mistakes.add("AGR-TIER-04", place=place, name="tiers", seen=seen, wanted=wanted, help=help_text, table="tiers")
    if not rates:
        period["base_charges"] = None


def _periods_make_sense(periods: list[Row], charges: list[Row], mistakes: Mistakes) -> None:
    numbers = [c["charge_no"] for c in (*charges, *periods)]
    for number in sorted({p["charge_no"] for p in periods if numbers.count(p["charge_no"]) > 1}):
        mistakes.add("AGR-CHARGE-01", place=f"period charge {number}", name="no", seen="the number twice", wanted="once",
                     help="charges and period charges share their numbers; renumber")  # fmt: skip
    types = [p["charge_type"] for p in periods]
    for name in sorted({t for t in types if types.count(t) > 1}):
        mistakes.add("AGR-PERIOD-02", place="periods", name="type", seen=f"{name} twice", wanted="one period charge of a type",
                     help="give the second another type, or add its tiers to the first")  # fmt: skip
    owed = {c["charge_type"] for c in charges if c["sign"]}
    for period in periods:
        for asked in sorted({*f"{period['measure_charges'] or ''}|{period['base_charges'] or ''}".split("|")} - {""} - owed):
            mistakes.add("AGR-BASE-02", place=f"period charge {period['charge_no']}", name="measure", seen=asked,
                         wanted=f"a type of the sheet that somebody owes: {', '.join(sorted(owed))}", help="correct the type")  # fmt: skip
