"""The calculation sheet of an agreement page: its charges, each of one kind, with the fields that kind takes and no others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuntas.formats.agreement_cells import Cells, Mistakes
from tuntas.formats.agreement_orders import order_limits_fit, read_order_limits
from tuntas.formats.agreement_paper import Sheets
from tuntas.formats.agreement_refunds import MADE_FROM, read_refund, refund_charges
from tuntas.formats.agreement_sheets import Row, read_bands
from tuntas.formats.agreement_when import read_when
from tuntas.formats.agreement_words import check_keys, text_of, texts_of

WAREHOUSE = ("pallets", "inbound", "handled", "storage_dm3", "labels", "returned")
TRIP = ("distance_m", "load_g", "stops", "detention_min", "demurrage_days")
QUANTITIES = ("attempts", "days_late", *WAREHOUSE, *TRIP)
BASES: Mapping[str, tuple[str, ...]] = {
    "parcel": ("declared", "cod", "attempts", "days_late"),
    "warehouse_day": WAREHOUSE,
    "trip": ("declared", *TRIP),
    "order_line": ("cod", "goods", "net_goods", "shipping"),
    "refund": ("cod", "goods", "net_goods", "shipping"),
}
_EVERY = ("no", "type", "kind", "clause")
_MAY = ("text", "when", "sign", "refund")
# What each kind must have, and what else it may have.
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "bands": (("bands",), ()),
    "flat": (("amount",), ("order",)),
    "per_unit": (("amount", "of"), ("min", "max", "cap", "free", "step", "counting")),
    "percent": (("rate", "of"), ("plus", "min", "max", "cap", "order")),
    "index": (("index", "of"), ("plus", "min", "max", "cap")),
    "claim": (("of",), ("max", "cap")),
}
SIGNS = ("1", "-1", "0")
COUNTING = ("started", "exact")


def read_charges(
    given: Any,
    *,
    sheets: Sheets,
    places: int,
    known: Mapping[str, set[str]],
    has_zones: bool,
    has_promises: bool,
    mistakes: Mistakes,
) -> tuple[list[Row], list[Row]]:
    """Return the charges and bands of a page, without agreement and version, in the order of `no`.

    `known` holds the names the page defines under `areas`, `dates` and `indices`.
    """
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        mistakes.add(
            "AGR-VALUE-01", place="charges", name="charges", seen="not a list", wanted="a list of charges", help="begin each with -"
        )
        return [], []
    charges: list[Row] = []
    bands: list[Row] = []
    refunds: dict[int, dict[str, int] | None] = {}
    for position, item in enumerate(given, start=1):
        place = f"charge {text_of(item.get('no')) or f'in position {position}'}"
        kind = text_of(item.get("kind"))
        if kind not in KINDS:
            mistakes.add(
                "AGR-CHOICE-01",
                place=place,
                name="kind",
                seen=kind or "nothing",
                wanted=f"one of {', '.join(KINDS)}",
                help="correct the kind",
            )
            continue
        must, may = KINDS[kind]
        if not check_keys(item, must=(*_EVERY, *must), may=(*_MAY, *may), place=place, mistakes=mistakes):
            continue
        charge = _charge(item, kind=kind, place=place, places=places, mistakes=mistakes)
        if kind == "bands":
            bands += [
                {"charge_no": charge["charge_no"], **b}
                for b in read_bands(sheets, text_of(item["bands"]), places=places, mistakes=mistakes)
            ]
            if not has_zones:
                mistakes.add(
                    "AGR-KEY-02",
                    place=place,
                    name="zones",
                    seen="bands without zones",
                    wanted="a zones file",
                    help="add zones: zones.csv",
                )
        if not has_promises and (charge["late"] or charge["base"] == "days_late"):
            mistakes.add(
                "AGR-KEY-02",
                place=place,
                name="service_level",
                seen="days late without promised days",
                wanted="a service level file",
                help="add service_level: sla.csv",
            )
        _known(charge, place=place, known=known, mistakes=mistakes)
        refunds[charge["charge_no"]] = read_refund(item.get("refund"), place=place, places=places, mistakes=mistakes)
        charges.append(charge)
    order_limits_fit(charges, mistakes)
    charges += refund_charges(charges, refunds, mistakes=mistakes)
    _sheet_makes_sense(charges, mistakes)
    return sorted(charges, key=lambda row: int(row["charge_no"])), bands


def _charge(item: Mapping[str, Any], *, kind: str, place: str, places: int, mistakes: Mistakes) -> Row:
    read = Cells(mistakes, place, places)
    when = read_when(item.get("when"), kind=kind, place=place, mistakes=mistakes)
    base, base_charges = _base(item.get("of"), kind=kind, subject=when["subject"], place=place, mistakes=mistakes)
    cap_ppm, cap_charges = _cap(item.get("cap"), read=read, place=place, mistakes=mistakes)
    unit = text_of(item.get("amount", item.get("plus", "")))
    sign = text_of(item.get("sign", "1"))
    row: Row = {
        "charge_no": read.whole("no", text_of(item["no"]), least=1),
        "charge_type": text_of(item["type"]),
        "kind": kind,
        "clause": text_of(item["clause"]),
        "clause_text": text_of(item.get("text")) or None,
        **when,
        "base": base,
        "base_charges": base_charges,
        "rate_ppm": read.rate("rate", text_of(item["rate"])) if kind == "percent" else 0,
        "index_name": text_of(item["index"]) if kind == "index" else None,
        "unit_minor": read.amount("amount" if "amount" in item else "plus", unit) if unit else 0,
        "min_minor": read.amount("min", text_of(item["min"])) if "min" in item else None,
        "max_minor": read.amount("max", text_of(item["max"])) if "max" in item else None,
        "cap_ppm": cap_ppm,
        "cap_charges": cap_charges,
        "sign": int(sign) if sign in SIGNS else 1,
        **_units(item, read=read),
        **read_order_limits(item.get("order"), read=read, place=place, mistakes=mistakes),
    }
    if int(row["charge_no"]) >= MADE_FROM:
        mistakes.add(
            "AGR-NUMBER-01",
            place=place,
            name="no",
            seen=str(row["charge_no"]),
            wanted=f"a number below {MADE_FROM}",
            help="renumber",
        )
    if sign not in SIGNS:
        mistakes.add(
            "AGR-CHOICE-01",
            place=place,
            name="sign",
            seen=sign,
            wanted="1, -1 or 0",
            help="-1 takes it from the party; 0 only lets others be counted on it",
        )
    if row["min_minor"] is not None and row["max_minor"] is not None and row["min_minor"] > row["max_minor"]:
        mistakes.add(
            "AGR-AMOUNT-04", place=place, name="min", seen="min above max", wanted="min up to max", help="check the two amounts"
        )
    if not row["charge_type"] or any(mark in row["charge_type"] for mark in "|:"):
        mistakes.add(
            "AGR-VALUE-02",
            place=place,
            name="type",
            seen=row["charge_type"],
            wanted="a word without | and :",
            help="correct the type",
        )
    return row


def _base(given: Any, *, kind: str, subject: str, place: str, mistakes: Mistakes) -> tuple[str | None, str | None]:
    if kind in ("bands", "flat"):
        return None, None
    if isinstance(given, dict):
        types = sorted({t for t in texts_of(given.get("charges", [])) if t})
        if set(given) == {"charges"} and types and kind != "per_unit":
            return "charges", "|".join(types)
        wanted: tuple[str, ...] = ("{charges: [types]}",) if kind != "per_unit" else ()
    else:
        wanted = ()
    allowed = tuple(b for b in BASES[subject] if (b in QUANTITIES) == (kind == "per_unit"))
    word = text_of(given)
    if word in allowed:
        return word, None
    choices = ", ".join((*allowed, *(wanted or (("{charges: [types]}",) if kind != "per_unit" else ()))))
    mistakes.add(
        "AGR-BASE-01",
        place=place,
        name="of",
        seen=word or str(given),
        wanted=f"for {kind} of a {subject}: {choices or 'nothing'}",
        help="correct what the charge is counted on",
    )
    return None, None


def _units(item: Mapping[str, Any], *, read: Cells) -> Row:
    """Read what is free of a quantity, how much of it is one unit, and whether a started unit counts as a whole one."""
    free, step, counting = (text_of(item.get(name, "")) for name in ("free", "step", "counting"))
    exact = bool(counting) and read.choice("counting", counting, COUNTING) == "exact"
    return {
        "free": read.whole("free", free, least=1) if free else None,
        "step": read.whole("step", step, least=1) if step else None,
        "counting": "exact" if exact else None,
    }


def _cap(given: Any, *, read: Cells, place: str, mistakes: Mistakes) -> tuple[int | None, str | None]:
    """Read `{times: 10, of: {charges: [freight]}}`: a limit that is a share of other charges."""
    if given in (None, "", {}):
        return None, None
    cap = given if isinstance(given, dict) else {}
    of = cap.get("of")
    types = sorted({t for t in texts_of(of.get("charges", [])) if t}) if isinstance(of, dict) and set(of) == {"charges"} else []
    if set(cap) != {"times", "of"} or not types:
        mistakes.add(
            "AGR-CAP-01",
            place=place,
            name="cap",
            seen=str(given),
            wanted="{times: 10, of: {charges: [types]}}",
            help="say how many times which charges the limit is",
        )
        return None, None
    return read.times("times", text_of(cap["times"])), "|".join(types)


def _known(charge: Row, *, place: str, known: Mapping[str, set[str]], mistakes: Mistakes) -> None:
    for name, key in (("area_list", "areas"), ("date_list", "dates"), ("index_name", "indices")):
        if charge[name] is not None and charge[name] not in known[key]:
            mistakes.add(
                "AGR-NAME-01",
                place=place,
                name=key,
                seen=str(charge[name]),
                wanted=f"one of {', '.join(sorted(known[key])) or 'none defined'}",
                help=f"add it under {key}:",
            )


def _sheet_makes_sense(charges: list[Row], mistakes: Mistakes) -> None:
    numbers = [c["charge_no"] for c in charges]
    for number in sorted({n for n in numbers if numbers.count(n) > 1}):
        mistakes.add("AGR-CHARGE-01", place=f"charge {number}", name="no", seen="the number twice", wanted="once", help="renumber")
    types = {c["charge_type"] for c in charges if c["base"] != "charges" and c["cap_charges"] is None}
    for charge in charges:
        for asked in f"{charge['base_charges'] or ''}|{charge['cap_charges'] or ''}".split("|"):
            if asked and asked not in types:
                mistakes.add(
                    "AGR-BASE-02",
                    place=f"charge {charge['charge_no']}",
                    name="of",
                    seen=asked,
                    wanted=f"a type of this sheet that is not counted on charges: {', '.join(sorted(types))}",
                    help="correct the type",
                )
