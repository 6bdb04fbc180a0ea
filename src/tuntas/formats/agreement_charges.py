"""The calculation sheet of an agreement page: its charges, each of one kind, with the fields that kind takes and no others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuntas.formats.agreement_cells import Cells, Mistakes
from tuntas.formats.agreement_paper import Sheets
from tuntas.formats.agreement_sheets import Row, read_bands

SUBJECTS = ("parcel", "warehouse_day", "order_line")
STATUSES = ("delivered", "returned", "lost", "damaged")
QUANTITIES = ("attempts", "pallets", "inbound", "handled")
BASES: Mapping[str, tuple[str, ...]] = {
    "parcel": ("declared", "cod", "attempts"),
    "warehouse_day": QUANTITIES[1:],
    "order_line": ("cod", "goods", "net_goods", "shipping"),
}
_EVERY = ("no", "type", "kind", "clause")
_MAY = ("text", "when", "sign")
# What each kind must have, and what else it may have.
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "bands": (("bands",), ()),
    "flat": (("amount",), ()),
    "per_unit": (("amount", "of"), ()),
    "percent": (("rate", "of"), ("plus", "min", "max")),
    "index": (("index", "of"), ("plus", "min", "max")),
    "claim": (("of",), ("max",)),
}
_WHEN = ("subject", "service", "status", "cod", "insured", "category", "areas")


def text_of(value: Any) -> str:
    """Return a plain value as text; an empty text for a map or a list."""
    return value.strip() if isinstance(value, str) else ""


def texts_of(value: Any) -> list[str]:
    """Return a list of texts from a list or from one text."""
    return [text_of(item) for item in value] if isinstance(value, list) else [text_of(value)]


def check_keys(given: Mapping[str, Any], *, must: tuple[str, ...], may: tuple[str, ...], place: str, mistakes: Mistakes) -> bool:
    """Note unknown keys and missing ones; return whether there were none."""
    unknown = [key for key in given if key not in (*must, *may)]
    missing = [key for key in must if key not in given or given[key] in ("", [], {})]
    for key in unknown:
        mistakes.add(
            "AGR-KEY-01",
            place=place,
            name=key,
            seen=key,
            wanted=f"one of {', '.join((*must, *may))}",
            help="correct or remove the key",
        )
    for key in missing:
        mistakes.add("AGR-KEY-02", place=place, name=key, seen="nothing", wanted=f"the field {key}", help="add it")
    return not (unknown or missing)


def read_charges(
    given: Any, *, sheets: Sheets, places: int, known_areas: set[str], known_indices: set[str], has_zones: bool, mistakes: Mistakes
) -> tuple[list[Row], list[Row]]:
    """Return the charges and bands of a page, without agreement and version, in the order of `no`."""
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        mistakes.add(
            "AGR-VALUE-01", place="charges", name="charges", seen="not a list", wanted="a list of charges", help="begin each with -"
        )
        return [], []
    charges: list[Row] = []
    bands: list[Row] = []
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
        _known(charge, place=place, known_areas=known_areas, known_indices=known_indices, mistakes=mistakes)
        charges.append(charge)
    _sheet_makes_sense(charges, mistakes)
    return sorted(charges, key=lambda row: int(row["charge_no"])), bands


def _charge(item: Mapping[str, Any], *, kind: str, place: str, places: int, mistakes: Mistakes) -> Row:
    read = Cells(mistakes, place, places)
    when = item.get("when") or {}
    if not isinstance(when, dict):
        mistakes.add(
            "AGR-VALUE-01", place=place, name="when", seen=str(when), wanted="a map", help="write when: {status: [delivered]}"
        )
        when = {}
    check_keys(when, must=(), may=_WHEN, place=f"{place}, when", mistakes=mistakes)
    subject = read.choice("subject", text_of(when.get("subject", "parcel")), SUBJECTS)
    statuses = texts_of(when["status"]) if "status" in when else []
    for status in statuses:
        read.choice("status", status, STATUSES)
    base, base_charges = _base(item.get("of"), kind=kind, subject=subject, place=place, mistakes=mistakes)
    unit = text_of(item.get("amount", item.get("plus", "")))
    sign = text_of(item.get("sign", "1"))
    row: Row = {
        "charge_no": read.whole("no", text_of(item["no"]), least=1),
        "charge_type": text_of(item["type"]),
        "kind": kind,
        "subject": subject,
        "clause": text_of(item["clause"]),
        "clause_text": text_of(item.get("text")) or None,
        "service": text_of(when.get("service", "*")) or "*",
        "statuses": "|".join(sorted(set(statuses))) or "*",
        "cod": read.choice("cod", text_of(when.get("cod", "any")), ("any", "yes", "no")),
        "insured": read.choice("insured", text_of(when.get("insured", "any")), ("any", "yes", "no")),
        "category": text_of(when.get("category", "*")) or "*",
        "area_list": text_of(when.get("areas")) or None,
        "base": base,
        "base_charges": base_charges,
        "rate_ppm": read.rate("rate", text_of(item["rate"])) if kind == "percent" else 0,
        "index_name": text_of(item["index"]) if kind == "index" else None,
        "unit_minor": read.amount("amount" if "amount" in item else "plus", unit) if unit else 0,
        "min_minor": read.amount("min", text_of(item["min"])) if "min" in item else None,
        "max_minor": read.amount("max", text_of(item["max"])) if "max" in item else None,
        "sign": -1 if sign == "-1" else 1,
    }
    if sign not in ("1", "-1"):
        mistakes.add("AGR-CHOICE-01", place=place, name="sign", seen=sign, wanted="1 or -1", help="-1 takes it from the party")
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
    if subject != "parcel" and (kind == "bands" or {"status", "insured", "areas"} & set(when)):
        mistakes.add(
            "AGR-SUBJECT-01",
            place=place,
            name="subject",
            seen=f"{kind} with when: {', '.join(sorted(when))}",
            wanted="bands, status, insured and areas only for parcels",
            help="remove the condition or rate parcels",
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


def _known(charge: Row, *, place: str, known_areas: set[str], known_indices: set[str], mistakes: Mistakes) -> None:
    for name, known, key in (("area_list", known_areas, "areas"), ("index_name", known_indices, "indices")):
        if charge[name] is not None and charge[name] not in known:
            mistakes.add(
                "AGR-NAME-01",
                place=place,
                name=key,
                seen=str(charge[name]),
                wanted=f"one of {', '.join(sorted(known)) or 'none defined'}",
                help=f"add it under {key}:",
            )


def _sheet_makes_sense(charges: list[Row], mistakes: Mistakes) -> None:
    numbers = [c["charge_no"] for c in charges]
    for number in sorted({n for n in numbers if numbers.count(n) > 1}):
        mistakes.add("AGR-CHARGE-01", place=f"charge {number}", name="no", seen="the number twice", wanted="once", help="renumber")
    types = {c["charge_type"] for c in charges if c["base"] != "charges"}
    for charge in charges:
        for asked in str(charge["base_charges"] or "").split("|"):
            if asked and asked not in types:
                mistakes.add(
                    "AGR-BASE-02",
                    place=f"charge {charge['charge_no']}",
                    name="of",
                    seen=asked,
                    wanted=f"a type of this sheet that is not counted on charges: {', '.join(sorted(types))}",
                    help="correct the type",
                )
