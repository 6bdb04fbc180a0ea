"""One version of an agreement, on a YAML page with sheets beside it or in a workbook, read into the rows of the terms tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tuntas.formats.agreement_cases import Cases, read_cases
from tuntas.formats.agreement_cells import Cells, Mistakes
from tuntas.formats.agreement_charges import read_charges
from tuntas.formats.agreement_fx import read_fx
from tuntas.formats.agreement_orders import no_order_limits
from tuntas.formats.agreement_paper import Paper, Sheets, paper_of_page
from tuntas.formats.agreement_periods import read_periods
from tuntas.formats.agreement_sheets import Row, read_areas, read_dates, read_index, read_promises, read_zones
from tuntas.formats.agreement_words import check_keys, text_of
from tuntas.formats.plain_yaml import YamlUnreadable
from tuntas.kernel.ids import digest

SIDES = ("buy", "payout", "sell")
ORDERS = ("max_then_round", "round_then_max")
_MUST = ("agreement", "version", "side", "party", "name", "currency", "valid", "charges")
_MAY = (
    "group",
    "billing_days",
    "weight",
    "zones",
    "areas",
    "dates",
    "service_level",
    "indices",
    "aliases",
    "tolerances",
    "cases",
    "periods",
    "fx",
)


@dataclass(frozen=True)
class Page:
    """One version: its rows by table, and its mistakes; with a mistake the rows are not to be used. `cases` are its golden cases."""

    file: str
    rows: Mapping[str, list[Row]]
    mistakes: Mistakes
    cases: Cases = field(default_factory=Cases)


def read_page(path: Path, *, file: str, decimal_places: Mapping[str, int]) -> Page:
    """Read one YAML page and its sheets. Never raises for what is written in them: mistakes are noted."""
    try:
        paper = paper_of_page(path, file=file)
    except (YamlUnreadable, OSError) as error:
        mistakes = Mistakes(file)
        mistakes.add(
            "AGR-FILE-01", place="", name="file", seen=str(error), wanted="a page as in the agreement form", help="correct the file"
        )
        return Page(file, {}, mistakes)
    return read_paper(paper, decimal_places=decimal_places)


def read_paper(paper: Paper, *, decimal_places: Mapping[str, int]) -> Page:
    """Read one version, whatever it was written on. Never raises for what is written: mistakes are noted."""
    mistakes = Mistakes(paper.file)
    given, file = paper.page, paper.file
    if not check_keys(given, must=_MUST, may=_MAY, place="", mistakes=mistakes):
        return Page(file, {}, mistakes)
    currency = text_of(given["currency"])
    if currency not in decimal_places:
        mistakes.add(
            "AGR-CURRENCY-01",
            place="",
            name="currency",
            seen=currency,
            wanted=f"one of {', '.join(sorted(decimal_places))}",
            help="correct the code, or add the currency to the country pack",
        )
        return Page(file, {}, mistakes)
    read = Cells(mistakes, "", decimal_places[currency])
    rows: dict[str, list[Row]] = {"agreements": [_head(given, read, mistakes)]}
    # What is quoted in another currency has its amounts in that one; what is counted over settled lines has them in this one.
    fx = read_fx(given["fx"], currency=currency, decimal_places=decimal_places, mistakes=mistakes) if given.get("fx") else None
    priced = Cells(mistakes, "", int(fx["quoted_places"])) if fx else read
    rows |= _sheets(given, paper.sheets, priced, mistakes)
    rows["fx_terms"] = [fx] if fx else []
    if fx:
        no_order_limits(rows["charges"], mistakes)
    rows["aliases"] = _aliases(given.get("aliases") or {}, mistakes)
    rows["tolerances"] = _tolerances(given.get("tolerances") or [], read, mistakes)
    rows["period_charges"], rows["tiers"] = (
        read_periods(given["periods"], sheets=paper.sheets, places=read.places, charges=rows["charges"], mistakes=mistakes)
        if given.get("periods")
        else ([], [])
    )
    key = {"agreement_id": rows["agreements"][0]["agreement_id"], "version": rows["agreements"][0]["version"]}
    rows = {name: [key | row for row in found] for name, found in rows.items()}
    if not mistakes.found:
        rows["agreements"][0]["digest"] = _content_digest(rows)
    cases = text_of(given.get("cases"))
    golden = read_cases(paper.sheets, cases, file=file, places=read.places) if cases else Cases()
    return Page(file, rows, mistakes, golden)


def _head(given: Mapping[str, Any], read: Cells, mistakes: Mistakes) -> Row:
    valid = _map(given["valid"], "valid", mistakes)
    check_keys(valid, must=("from",), may=("to",), place="valid", mistakes=mistakes)
    first = read.day("valid.from", text_of(valid.get("from")))
    last = read.day("valid.to", text_of(valid["to"])) if valid.get("to") else None
    if first and last and last <= first:
        mistakes.add(
            "AGR-DATE-02",
            place="valid",
            name="to",
            seen=f"{first} to {last}",
            wanted="an end after the start",
            help="periods are half-open: `to` is the day after the last",
        )
    party, group = text_of(given["party"]), text_of(given.get("group", "*")) or "*"
    if party != "*" and group != "*":
        mistakes.add(
            "AGR-PARTY-01",
            place="",
            name="group",
            seen=group,
            wanted="* beside a named party",
            help="name a party or a group, not both",
        )
    if re.search(r"[@#|,\s]", text_of(given["agreement"])):
        mistakes.add(
            "AGR-VALUE-02",
            place="",
            name="agreement",
            seen=text_of(given["agreement"]),
            wanted="an id without spaces and without @ # | and commas",
            help="correct the id in all its versions",
        )
    head: Row = {
        "agreement_id": text_of(given["agreement"]),
        "version": read.whole("version", text_of(given["version"]), least=1),
        "side": read.choice("side", text_of(given["side"]), SIDES),
        "party_id": party,
        "terms_group": group,
        "name": text_of(given["name"]),
        "currency": text_of(given["currency"]),
        "valid_from": first,
        "valid_to": last,
    }
    head |= _weight(given.get("weight"), mistakes)
    head["billing_days"] = read.whole("billing_days", text_of(given.get("billing_days", "0")) or "0")
    return head


def _weight(given: Any, mistakes: Mistakes) -> Row:
    none: Row = {"divisor": 0, "step_g": 1, "tolerance_g": 0, "min_g": 0, "weight_order": "max_then_round", "weight_clause": "-"}
    if given is None:
        return none
    weight = _map(given, "weight", mistakes)
    may = ("divisor", "tolerance_g", "min_g", "order")
    if not check_keys(weight, must=("step_g", "clause"), may=may, place="weight", mistakes=mistakes):
        return none
    read = Cells(mistakes, "weight", 0)
    step_g = read.whole("step_g", text_of(weight["step_g"]), least=1)
    tolerance_g = read.whole("tolerance_g", text_of(weight.get("tolerance_g", "0")))
    if tolerance_g >= max(step_g, 1):
        mistakes.add(
            "AGR-WEIGHT-01",
            place="weight",
            name="tolerance_g",
            seen=f"{tolerance_g} g in steps of {step_g} g",
            wanted="less than a step",
            help="check the two weights",
        )
    return {
        "divisor": read.whole("divisor", text_of(weight.get("divisor", "0"))),
        "step_g": step_g,
        "tolerance_g": tolerance_g,
        "min_g": read.whole("min_g", text_of(weight.get("min_g", "0"))),
        "weight_order": read.choice("order", text_of(weight.get("order", ORDERS[0])), ORDERS),
        "weight_clause": text_of(weight["clause"]),
    }


def _sheets(given: Mapping[str, Any], sheets: Sheets, read: Cells, mistakes: Mistakes) -> dict[str, list[Row]]:
    zones = read_zones(sheets, text_of(given["zones"]), mistakes=mistakes) if given.get("zones") else []
    lists = _named(given, "areas", mistakes)
    areas: list[Row] = []
    for name, sheet in lists.items():
        areas += [{"area_list": name, "area": area} for area in read_areas(sheets, sheet, mistakes=mistakes)]
    days = _named(given, "dates", mistakes)
    dates = [{"date_list": name, **row} for name, sheet in days.items() for row in read_dates(sheets, sheet, mistakes=mistakes)]
    named = _named(given, "indices", mistakes)
    indices: list[Row] = []
    for name, sheet in named.items():
        indices += [{"index_name": name, **row} for row in read_index(sheets, sheet, places=read.places, mistakes=mistakes)]
    promised = text_of(given.get("service_level"))
    charges, bands = read_charges(
        given["charges"],
        sheets=sheets,
        places=read.places,
        known={"areas": set(lists), "dates": set(days), "indices": set(named)},
        has_zones=bool(given.get("zones")),
        has_promises=bool(promised),
        mistakes=mistakes,
    )
    return {
        "charges": charges,
        "bands": bands,
        "zones": zones,
        "area_lists": areas,
        "date_lists": dates,
        "service_levels": read_promises(sheets, promised, mistakes=mistakes) if promised else [],
        "index_rates": indices,
    }


def _named(given: Mapping[str, Any], key: str, mistakes: Mistakes) -> dict[str, str]:
    """Return the sheets a page names under a key, in the order of their names; lists stand between bars, so a name has none."""
    found = _map(given.get(key) or {}, key, mistakes)
    for name in sorted(found):
        if "|" in name and key != "indices":
            mistakes.add("AGR-VALUE-02", place=key, name=name, seen=name, wanted="a name without |", help="rename the list")
    return {name: text_of(found[name]) for name in sorted(found)}


def _aliases(given: Any, mistakes: Mistakes) -> list[Row]:
    found: dict[str, str] = {}
    for words, charge_type in _map(given, "aliases", mistakes).items():
        key, kind = words.strip().upper(), text_of(charge_type)
        if not key or not kind or found.get(key, kind) != kind:
            mistakes.add(
                "AGR-ALIAS-01",
                place="aliases",
                name=words,
                seen=f"{words}: {kind or 'nothing'}",
                wanted="each of the vendor's words once, with one charge type",
                help="upper case and outer spaces make no difference",
            )
        found[key] = kind
    return [{"charge_text": key, "charge_type": found[key]} for key in sorted(found)]


def _tolerances(given: Any, read: Cells, mistakes: Mistakes) -> list[Row]:
    if not isinstance(given, list):
        mistakes.add(
            "AGR-VALUE-01", place="tolerances", name="tolerances", seen="not a list", wanted="a list", help="begin each with -"
        )
        return []
    rows: list[Row] = []
    for item in given:
        each = _map(item, "tolerances", mistakes)
        if not check_keys(each, must=("type", "level"), may=("under", "over"), place="tolerances", mistakes=mistakes):
            continue
        level = read.choice("level", text_of(each["level"]), ("line", "document"))
        row = {"charge_type": text_of(each["type"]), "level": level}
        if any(row.items() <= other.items() for other in rows):
            mistakes.add(
                "AGR-TOLERANCE-01",
                place="tolerances",
                name="type",
                seen=f"{row['charge_type']} at {level} twice",
                wanted="once",
                help="remove one",
            )
        under, over = text_of(each.get("under", "0")), text_of(each.get("over", "0"))
        rows.append({**row, "under_minor": read.amount("under", under), "over_minor": read.amount("over", over)})
    return sorted(rows, key=lambda r: (str(r["charge_type"]), str(r["level"])))


def _map(given: Any, name: str, mistakes: Mistakes) -> dict[str, Any]:
    if isinstance(given, dict):
        return given
    mistakes.add("AGR-VALUE-01", place=name, name=name, seen=str(given), wanted="a map", help=f"write {name}: {{key: value}}")
    return {}


# Words the form got later: where a version does not use them it says what it said before, and its digest is the one on file.
_LATER_COLUMNS = (
    "date_list", "weight_of", "weight_over_g", "weight_upto_g", "size_of", "size_over_mm", "size_upto_mm", "late", "cap_ppm", "cap_charges",
    "free", "step", "counting", "order_min_minor", "order_max_minor", "part_period",
)  # fmt: skip
_LATER_TABLES = ("date_lists", "service_levels", "period_charges", "tiers", "fx_terms")


def _content_digest(rows: Mapping[str, list[Row]]) -> str:
    """Digest what the version says: not the names of its files, nor the order of their rows."""
    said = {
        name: sorted(digest({k: v for k, v in row.items() if _said(k, v)}) for row in found)
        for name, found in rows.items()
        if found or name not in _LATER_TABLES
    }
    return digest(said)


def _said(column: str, value: object) -> bool:
    return column != "source_ref" and (value is not None or column not in _LATER_COLUMNS)
