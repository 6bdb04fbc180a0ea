"""When a charge applies: the `when` of a charge, with the limits of weight and size, the lists of days and the promised days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuntas.formats.agreement_cells import Cells, Mistakes
from tuntas.formats.agreement_refunds import STAGES_AND_PARTS
from tuntas.formats.agreement_sheets import Row
from tuntas.formats.agreement_words import check_keys, text_of, texts_of

SUBJECTS = ("parcel", "warehouse_day", "trip", "order_line", "refund")
STATUSES = ("delivered", "returned", "lost", "damaged")
WEIGHTS, SIZES = ("chargeable", "actual"), ("longest", "length_girth")
_WHEN = ("subject", "service", "status", "cod", "insured", "category", "areas", "dates", "late", "weight", "size")
_PARCELS_ONLY = ("status", "insured", "areas", "late", "weight", "size")
# Further subjects that have one of them: a trip ends somewhere and somehow, a refund comes at a stage.
_ALSO = {"trip": ("status", "areas"), "refund": ("status",)}


def read_when(given: Any, *, kind: str, place: str, mistakes: Mistakes) -> Row:
    """Return the columns of `charges` that say when one applies."""
    read = Cells(mistakes, place, 0)
    when = _map(given or {}, "when", "when: {status: [delivered]}", place, mistakes)
    check_keys(when, must=(), may=_WHEN, place=f"{place}, when", mistakes=mistakes)
    subject = read.choice("subject", text_of(when.get("subject", "parcel")), SUBJECTS)
    statuses = texts_of(when["status"]) if "status" in when else []
    for status in statuses:
        read.choice("status", status, STAGES_AND_PARTS if subject == "refund" else STATUSES)
    late = read.choice("late", text_of(when.get("late", "any")), ("any", "yes", "no"))
    row: Row = {
        "subject": subject,
        "service": text_of(when.get("service", "*")) or "*",
        "statuses": "|".join(sorted(set(statuses))) or "*",
        "cod": read.choice("cod", text_of(when.get("cod", "any")), ("any", "yes", "no")),
        "insured": read.choice("insured", text_of(when.get("insured", "any")), ("any", "yes", "no")),
        "category": text_of(when.get("category", "*")) or "*",
        "area_list": text_of(when.get("areas")) or None,
        "date_list": text_of(when.get("dates")) or None,
        "late": None if late == "any" else late,
    }
    row |= _limits(when.get("weight"), "weight", "g", WEIGHTS, place=place, mistakes=mistakes)
    row |= _limits(when.get("size"), "size", "mm", SIZES, place=place, mistakes=mistakes)
    if subject != "parcel" and (kind == "bands" or set(_PARCELS_ONLY) & set(when) - set(_ALSO.get(subject, ()))):
        mistakes.add(
            "AGR-SUBJECT-01",
            place=place,
            name="subject",
            seen=f"{kind} with when: {', '.join(sorted(when))}",
            wanted=f"bands, {', '.join(_PARCELS_ONLY)} only for parcels",
            help="remove the condition or rate parcels",
        )
    return row


def _limits(given: Any, name: str, unit: str, measures: tuple[str, ...], *, place: str, mistakes: Mistakes) -> Row:
    """Read `{of, over_UNIT, upto_UNIT}`: what is measured (the first of `measures` when left out), above what, and up to what."""
    over, upto = f"over_{unit}", f"upto_{unit}"
    row: Row = {f"{name}_of": None, f"{name}_{over}": None, f"{name}_{upto}": None}
    if given in (None, "", {}):
        return row
    where = f"{place}, when.{name}"
    limits = _map(given, name, f"{name}: {{{over}: 30000}}", place, mistakes)
    read = Cells(mistakes, where, 0)
    if not check_keys(limits, must=(), may=("of", over, upto), place=where, mistakes=mistakes):
        return row
    row[f"{name}_of"] = read.choice("of", text_of(limits.get("of", measures[0])) or measures[0], measures)
    for key in (over, upto):
        if text_of(limits.get(key)):
            row[f"{name}_{key}"] = read.whole(key, text_of(limits[key]))
    low, high = row[f"{name}_{over}"], row[f"{name}_{upto}"]
    if (low is None and high is None) or (low is not None and high is not None and high <= low):
        mistakes.add(
            "AGR-LIMIT-01",
            place=place,
            name=name,
            seen=f"above {'nothing' if low is None else low} and up to {'nothing' if high is None else high}",
            wanted=f"{over}, {upto} or both, with {upto} the larger",
            help=f"{over} is passed by what is above it; {upto} still holds what is at it",
        )
    return row


def _map(given: Any, name: str, example: str, place: str, mistakes: Mistakes) -> Mapping[str, Any]:
    if isinstance(given, dict):
        return given
    mistakes.add("AGR-VALUE-01", place=place, name=name, seen=str(given), wanted="a map", help=f"write {example}")
    return {}
