"""The clerk: rates one subject in plain Python and records every step it takes.

The same rule as the SQL steps, written the slow way round; the two are compared row by row in the tests, and the workings are
what an explanation is told from. A working carries a code, the numbers it used, the rule, its clause and the arithmetic; the
sentences stand in `words.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tuntas.flow.rate.terms import Row, Terms, Version
from tuntas.kernel.derivations import Fact, Working
from tuntas.kernel.rounding import ceil_div, mul_ppm, mul_ratio

MILLIONTHS_OF_A_UNIT_PER_GRAM = 1_000_000_000  # a price is in millionths a kilogram, a weight in grams

_QUANTITIES = ("pallets", "inbound", "handled", "attempts")
_AMOUNTS = ("declared", "cod", "goods", "net_goods", "shipping")


@dataclass(frozen=True)
class SubjectRating:
    """What the clerk found for one subject: rows as in `rated`, `expected` and `rate_holds`, and the steps it took."""

    rated: dict[str, Any]
    expected: tuple[dict[str, Any], ...]
    holds: tuple[dict[str, Any], ...]
    workings: tuple[Working, ...]


@dataclass
class _Charge:
    """One charge while it is worked out: an amount before its sign, or a reason to wait."""

    row: Row
    quantity: int | None = None
    base_minor: int | None = None
    rate_ppm: int | None = None
    band_no: int | None = None
    amount_minor: int | None = None
    hold_code: str | None = None
    candidates: str | None = None
    workings: list[Working] = field(default_factory=list)


@dataclass(frozen=True)
class _Found:
    """An answer, or why there is none."""

    row: Row | None
    hold_code: str | None = None
    candidates: str | None = None


def rate_subject(*, subject: Row, terms: Terms) -> SubjectRating:
    """Rate one subject (a row of `subjects`) under the terms.

    Nothing is raised for a missing or ambiguous rate: it is a row of `holds`.
    """
    workings: list[Working] = []
    found = _agreement(subject, terms)
    rated = {name: subject[name] for name in ("side", "subject_kind", "subject_id", "party_id", "status")}
    rated |= dict.fromkeys(("agreement_id", "version", "volumetric_g", "chargeable_g", "zone", "hold_code"))
    if found.row is None:
        hold = _hold(subject, code=str(found.hold_code), charge_no=0, candidates=found.candidates)
        rated["hold_code"] = found.hold_code
        workings.append(_held(subject, code=str(found.hold_code), candidates=found.candidates))
        return SubjectRating(rated, (), (hold,), tuple(workings))

    agreement = found.row
    version = (str(agreement["agreement_id"]), int(agreement["version"]))
    rated |= {"agreement_id": version[0], "version": version[1]}
    workings.append(_told_agreement(subject, agreement))
    zone = _Found(None)
    if subject["subject_kind"] == "parcel":
        volumetric_g, chargeable_g, told = _weight(subject, agreement)
        zone = _zone(subject, version, terms)
        rated |= {"volumetric_g": volumetric_g, "chargeable_g": chargeable_g, "zone": zone.row["zone"] if zone.row else None}
        workings += told
        if zone.row:
            workings.append(_told_zone(subject, zone.row, version))

    fitting = _fitting(subject, version, terms)
    done: dict[int, _Charge] = {}
    for charge in fitting:
        if charge["base"] != "charges":
            worked = _direct(subject, charge, version, terms, chargeable_g=rated["chargeable_g"], zone=zone)
            if worked is not None:
                done[int(charge["charge_no"])] = worked
    parts = dict(done)
    for charge in fitting:
        if charge["base"] == "charges":
            worked = _counted(subject, charge, version, terms, parts=parts)
            if worked is not None:
                done[int(charge["charge_no"])] = worked

    in_order = [done[number] for number in sorted(done)]
    expected = tuple(_expected(subject, version, item) for item in in_order if item.hold_code is None)
    holds = tuple(
        _hold(subject, code=item.hold_code, charge_no=int(item.row["charge_no"]), candidates=item.candidates)
        for item in in_order
        if item.hold_code is not None
    )
    rated["hold_code"] = holds[0]["code"] if holds else None
    for item in in_order:
        workings += item.workings
    return SubjectRating(rated, expected, holds, tuple(workings))


# ---- which agreement --------------------------------------------------------------------------------------------------
def _agreement(subject: Row, terms: Terms) -> _Found:
    ranks: dict[str, list[Row]] = {"party": [], "group": [], "all": []}
    for agreement in terms.by_side.get(subject["side"], []):
        if agreement["currency"] != subject["currency"] or not _valid(agreement, subject["rated_on"]):
            continue
        if agreement["party_id"] == subject["party_id"]:
            ranks["party"].append(agreement)
        elif agreement["party_id"] == "*" and agreement["terms_group"] == "*":
            ranks["all"].append(agreement)
        elif agreement["party_id"] == "*" and agreement["terms_group"] == subject["terms_group"]:
            ranks["group"].append(agreement)
    nearest = ranks["party"] or ranks["group"] or ranks["all"]
    if not nearest:
        return _Found(None, "RATE-AGREEMENT-01")
    if len(nearest) > 1:
        named = sorted((a["agreement_id"], a["version"]) for a in nearest)
        return _Found(None, "RATE-AGREEMENT-02", ",".join(f"{name}@{number}" for name, number in named))
    return _Found(nearest[0])


def _valid(row: Row, day: Any) -> bool:
    return bool(row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"]))


# ---- weight -----------------------------------------------------------------------------------------------------------
def whole_steps(weight_g: int, *, step_g: int, tolerance_g: int) -> int:
    """Round grams up to whole steps; up to `tolerance_g` above a step does not open the next; above zero is one step at least."""
    if weight_g <= 0:
        return 0
    whole, over = divmod(weight_g, step_g)
    steps = whole if over <= tolerance_g else whole + 1
    return max(steps, 1) * step_g


def _weight(subject: Row, agreement: Row) -> tuple[int, int, list[Working]]:
    actual_g, divisor, min_g = int(subject["actual_g"]), int(agreement["divisor"]), int(agreement["min_g"])
    step = {"step_g": int(agreement["step_g"]), "tolerance_g": int(agreement["tolerance_g"])}
    clause = str(agreement["weight_clause"])
    rule_id = f"{agreement['agreement_id']}@{agreement['version']}#weight"
    volumetric_g = ceil_div(int(subject["volume_mm3"]), divisor) if divisor else 0
    workings = []
    if volumetric_g:
        facts: dict[str, Fact] = {"volume_mm3": int(subject["volume_mm3"]), "divisor": divisor, "volumetric_g": volumetric_g}
        formula = f"ceil({subject['volume_mm3']} / {divisor}) = {volumetric_g}"
        workings.append(Working("RATE-VOLUMETRIC", facts, rule_id, clause, formula))
    if agreement["weight_order"] == "max_then_round":
        heaviest_g = max(actual_g, volumetric_g, min_g)
        chargeable_g = whole_steps(heaviest_g, **step)
        formula = f"steps(max({actual_g}, {volumetric_g}, {min_g})) = steps({heaviest_g}) = {chargeable_g}"
    else:
        each = whole_steps(actual_g, **step), whole_steps(volumetric_g, **step)
        heaviest_g = max(actual_g, volumetric_g)
        chargeable_g = max(*each, min_g)
        formula = f"max(steps({actual_g}), steps({volumetric_g}), {min_g}) = max({each[0]}, {each[1]}, {min_g}) = {chargeable_g}"
    facts = {"actual_g": actual_g, "volumetric_g": volumetric_g, "min_g": min_g, "heaviest_g": heaviest_g}
    facts |= step | {"chargeable_g": chargeable_g}
    code = "RATE-WEIGHT-MAX" if agreement["weight_order"] == "max_then_round" else "RATE-WEIGHT-EACH"
    workings.append(Working(code, facts, rule_id, clause, formula))
    return volumetric_g, chargeable_g, workings


# ---- zone -------------------------------------------------------------------------------------------------------------
def area_words(area: str) -> list[str]:
    """Return the words a zone table may use for an area, the nearest first: its code, the code cut at each dot, and *."""
    words = [area]
    while "." in words[-1]:
        words.append(words[-1].rpartition(".")[0])
    return [*words, "*"]


def _zone(subject: Row, version: Version, terms: Terms) -> _Found:
    for dest in area_words(subject["dest_area"]):
        for origin in area_words(subject["origin_area"]):
            rows = terms.zones(version, origin=origin, dest=dest)
            for service in (subject["service"], "*"):
                fits = [row for row in rows if row["service"] == service]
                names = sorted({row["zone"] for row in fits})
                if len(names) == 1:
                    return _Found(fits[0])
                if names:
                    return _Found(None, "RATE-ZONE-02", ",".join(f"{version[0]}@{version[1]}/{name}" for name in names))
    return _Found(None, "RATE-ZONE-01")


# ---- which charges ----------------------------------------------------------------------------------------------------
def _fits(subject: Row, charge: Row, version: Version, terms: Terms) -> bool:
    status = "delivered" if subject["status"] == "in_transit" else subject["status"]
    asked: Mapping[str, tuple[object, object]] = {
        "subject": (charge["subject"], subject["subject_kind"]),
        "service": (charge["service"], subject["service"]),
        "category": (charge["category"], subject["category"]),
        "cod": (charge["cod"], "yes" if subject["is_cod"] else "no"),
        "insured": (charge["insured"], "yes" if subject["insured"] else "no"),
    }
    if any(wanted not in ("*", "any") and wanted != seen for wanted, seen in asked.values()):
        return False
    if charge["statuses"] != "*" and status not in str(charge["statuses"]).split("|"):
        return False
    listed = charge["area_list"]
    return listed is None or terms.lists(version, name=listed, area=subject["dest_area"])


def _fitting(subject: Row, version: Version, terms: Terms) -> list[Row]:
    taken: set[str] = set()
    fitting = []
    for charge in terms.charges(version):
        if charge["charge_type"] not in taken and _fits(subject, charge, version, terms):
            taken.add(charge["charge_type"])
            fitting.append(charge)
    return fitting


# ---- amounts ----------------------------------------------------------------------------------------------------------
def _direct(subject: Row, charge: Row, version: Version, terms: Terms, *, chargeable_g: int | None, zone: _Found) -> _Charge | None:
    if charge["kind"] == "bands":
        return _banded(subject, charge, version, terms, chargeable_g=int(chargeable_g or 0), zone=zone)
    worked = _Charge(row=charge)
    if charge["kind"] == "flat":
        worked.amount_minor = int(charge["unit_minor"])
        worked.workings.append(_told(subject, version, worked, "RATE-FLAT", {"unit_minor": worked.amount_minor}, ""))
        return worked
    if charge["kind"] == "per_unit":
        quantity = int(subject[charge["base"]]) if charge["base"] in _QUANTITIES else 0
        if quantity <= 0:
            return None
        worked.quantity = quantity
        worked.amount_minor = quantity * int(charge["unit_minor"])
        facts: dict[str, Fact] = {"quantity": quantity, "base": charge["base"], "unit_minor": int(charge["unit_minor"])}
        formula = f"{quantity} x {charge['unit_minor']} = {worked.amount_minor}"
        worked.workings.append(_told(subject, version, worked, "RATE-UNIT", facts, formula))
        return worked
    base = int(subject[f"{charge['base']}_minor"]) if charge["base"] in _AMOUNTS else 0
    return _of_base(subject, worked, version, terms, base_minor=base)


def _counted(subject: Row, charge: Row, version: Version, terms: Terms, *, parts: Mapping[int, _Charge]) -> _Charge | None:
    types = str(charge["base_charges"]).split("|")
    counted = [parts[number] for number in sorted(parts) if parts[number].row["charge_type"] in types]
    if not counted:
        return None
    worked = _Charge(row=charge)
    waiting = [part for part in counted if part.hold_code is not None]
    if waiting:
        worked.hold_code = waiting[0].hold_code
        worked.workings.append(_held(subject, code=str(worked.hold_code), candidates=None, charge=charge, version=version))
        return worked
    return _of_base(subject, worked, version, terms, base_minor=sum(part.amount_minor or 0 for part in counted))


def _of_base(subject: Row, worked: _Charge, version: Version, terms: Terms, *, base_minor: int) -> _Charge | None:
    """Take a percentage, an indexed percentage or a claim of a base; nothing of a base that is not above zero."""
    charge = worked.row
    if base_minor <= 0:
        return None
    worked.base_minor = base_minor
    floor, cap = charge["min_minor"], charge["max_minor"]
    facts: dict[str, Fact] = {"base": charge["base"], "base_minor": base_minor}
    if charge["kind"] == "claim":
        worked.amount_minor = base_minor if cap is None else min(base_minor, int(cap))
        facts |= {"max_minor": cap}
        formula = f"min({base_minor}, {cap}) = {worked.amount_minor}" if cap is not None else str(base_minor)
        worked.workings.append(_told(subject, version, worked, "RATE-CLAIM", facts, formula))
        return worked
    worked.rate_ppm = int(charge["rate_ppm"])
    if charge["kind"] == "index":
        worked.rate_ppm = None
        dated = [row for row in terms.indices(version, name=charge["index_name"]) if _valid(row, subject["rated_on"])]
        if len(dated) != 1:
            worked.hold_code = "RATE-INDEX-02" if dated else "RATE-INDEX-01"
            worked.candidates = ",".join(f"{row['index_name']}:{row['valid_from']}" for row in dated) or None
            told = _held(subject, code=worked.hold_code, candidates=worked.candidates, charge=charge, version=version)
            worked.workings.append(told)
            return worked
        worked.rate_ppm = int(dated[0]["rate_ppm"])
        facts |= {"index_name": charge["index_name"], "valid_from": str(dated[0]["valid_from"]), "source": dated[0]["source"]}
    share = mul_ppm(base_minor, worked.rate_ppm)
    plus = int(charge["unit_minor"])
    amount = share + plus
    formula = f"{base_minor} x {worked.rate_ppm} ppm = {share}"
    if plus:
        formula += f"; {share} + {plus} = {amount}"
    if floor is not None and amount < floor:
        formula += f"; at least {floor}"
        amount = int(floor)
    if cap is not None and amount > cap:
        formula += f"; at most {cap}"
        amount = int(cap)
    worked.amount_minor = amount
    facts |= {"rate_ppm": worked.rate_ppm, "share_minor": share, "plus_minor": plus, "min_minor": floor, "max_minor": cap}
    code = "RATE-INDEX" if charge["kind"] == "index" else "RATE-PERCENT"
    worked.workings.append(_told(subject, version, worked, code, facts, formula))
    return worked


def _banded(subject: Row, charge: Row, version: Version, terms: Terms, *, chargeable_g: int, zone: _Found) -> _Charge:
    worked = _Charge(row=charge, quantity=chargeable_g)
    if zone.row is None:
        worked.hold_code, worked.candidates = zone.hold_code, zone.candidates
    else:
        rows = terms.bands(version, charge_no=int(charge["charge_no"]), zone=zone.row["zone"])
        covering = [b for b in rows if b["from_g"] <= chargeable_g and (b["to_g"] is None or chargeable_g < b["to_g"])]
        named = [b for b in covering if b["service"] == subject["service"]]
        fits = named or [b for b in covering if b["service"] == "*"]
        if len(fits) == 1:
            _price(subject, worked, version, fits[0])
            return worked
        worked.hold_code = "RATE-BAND-02" if fits else "RATE-BAND-01"
        worked.candidates = ",".join(f"{_rule(version, charge)}/{b['band_no']}" for b in fits) or None
    told = _held(subject, code=str(worked.hold_code), candidates=worked.candidates, charge=charge, version=version)
    worked.workings.append(told)
    return worked


def _price(subject: Row, worked: _Charge, version: Version, band: Row) -> None:
    weight_g = int(worked.quantity or 0)
    worked.band_no = int(band["band_no"])
    first_g, next_g, floor = int(band["first_g"]), int(band["next_g"]), int(band["min_minor"])
    facts: dict[str, Fact] = {"zone": band["zone"], "chargeable_g": weight_g, "from_g": band["from_g"], "to_g": band["to_g"]}
    facts |= {"min_minor": floor, "source_ref": band["source_ref"]}
    if band["per_kg_micro"]:
        price = mul_ratio(weight_g, int(band["per_kg_micro"]), MILLIONTHS_OF_A_UNIT_PER_GRAM)
        facts |= {"per_kg_micro": int(band["per_kg_micro"])}
        formula = f"{weight_g} g x {band['per_kg_micro']} / {MILLIONTHS_OF_A_UNIT_PER_GRAM} = {price}"
        code = "RATE-BAND-KG"
    else:
        further = ceil_div(weight_g - first_g, next_g) if next_g and weight_g > first_g else 0
        price = int(band["first_minor"]) + further * int(band["next_minor"])
        facts |= {"first_g": first_g, "first_minor": int(band["first_minor"]), "next_g": next_g}
        facts |= {"further": further, "next_minor": int(band["next_minor"])}
        formula = f"{band['first_minor']} + {further} x {band['next_minor']} = {price}"
        code = "RATE-BAND-FURTHER" if further else "RATE-BAND-FIRST"
    if price < floor:
        formula += f"; at least {floor}"
    worked.amount_minor = max(price, floor)
    worked.workings.append(_told(subject, version, worked, code, facts, formula))


# ---- rows and workings ------------------------------------------------------------------------------------------------
def _rule(version: Version, charge: Row) -> str:
    return f"{version[0]}@{version[1]}#{charge['charge_no']}"


def _expected(subject: Row, version: Version, item: _Charge) -> dict[str, Any]:
    charge = item.row
    return {
        "charge_id": f"{subject['side']}:{subject['subject_id']}:{charge['charge_type']}",
        "side": subject["side"],
        "subject_kind": subject["subject_kind"],
        "subject_id": subject["subject_id"],
        "party_id": subject["party_id"],
        "charge_type": charge["charge_type"],
        "agreement_id": version[0],
        "version": version[1],
        "charge_no": charge["charge_no"],
        "rule_id": _rule(version, charge) + (f"/{item.band_no}" if item.band_no is not None else ""),
        "clause": charge["clause"],
        "band_no": item.band_no,
        "base_minor": item.base_minor,
        "quantity": item.quantity,
        "rate_ppm": item.rate_ppm,
        "amount_minor": int(item.amount_minor or 0) * int(charge["sign"]),
        "accrue_on": subject["accrue_on"],
        "currency": subject["currency"],
    }


def _hold(subject: Row, *, code: str, charge_no: int, candidates: str | None) -> dict[str, Any]:
    told = {name: subject[name] for name in ("side", "subject_kind", "subject_id", "party_id", "currency")}
    return told | {"code": code, "charge_no": charge_no, "candidates": candidates}


def _told(subject: Row, version: Version, item: _Charge, code: str, facts: Mapping[str, Fact], formula: str) -> Working:
    charge = item.row
    signed = int(item.amount_minor or 0) * int(charge["sign"])
    rule_id = _rule(version, charge) + (f"/{item.band_no}" if item.band_no is not None else "")
    known = {"charge_type": charge["charge_type"], "currency": subject["currency"], "amount_minor": signed}
    provisional = {"provisional": 1} if subject["status"] == "in_transit" else {}
    return Working(code, {**known, **facts, **provisional}, rule_id, str(charge["clause"]), formula, signed)


def _held(subject: Row, *, code: str, candidates: str | None, charge: Row | None = None, version: Version | None = None) -> Working:
    facts: dict[str, Fact] = {"party_id": subject["party_id"], "rated_on": str(subject["rated_on"]), "candidates": candidates}
    facts |= {"origin_area": subject["origin_area"], "dest_area": subject["dest_area"], "service": subject["service"]}
    if charge is None or version is None:
        return Working(code, facts)
    return Working(code, facts | {"charge_type": charge["charge_type"]}, _rule(version, charge), str(charge["clause"]))


def _told_agreement(subject: Row, agreement: Row) -> Working:
    reach = "group" if agreement["terms_group"] != "*" else "all"
    facts: dict[str, Fact] = {
        "name": agreement["name"],
        "reach": "party" if agreement["party_id"] != "*" else reach,
        "rated_on": str(subject["rated_on"]),
        "valid_from": str(agreement["valid_from"]),
        "valid_to": str(agreement["valid_to"]) if agreement["valid_to"] is not None else None,
    }
    return Working("RATE-AGREEMENT", facts, f"{agreement['agreement_id']}@{agreement['version']}")


def _told_zone(subject: Row, zone: Row, version: Version) -> Working:
    facts: dict[str, Fact] = {
        "origin_area": subject["origin_area"],
        "dest_area": subject["dest_area"],
        "service": subject["service"],
        "zone": zone["zone"],
        "row_origin": zone["origin_area"],
        "row_dest": zone["dest_area"],
    }
    return Working("RATE-ZONE", facts, f"{version[0]}@{version[1]}#zone")
