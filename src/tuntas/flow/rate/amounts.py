"""Amounts: what each kind of charge comes to on one subject, before its sign, with the step that tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tuntas.flow.rate.conditions import Standing
from tuntas.flow.rate.terms import Row, Terms, Version
from tuntas.kernel.derivations import Fact, Working
from tuntas.kernel.rounding import ceil_div, mul_ppm, mul_ratio

MILLIONTHS_OF_A_UNIT_PER_GRAM = 1_000_000_000  # a price is in millionths a kilogram, a weight in grams

_QUANTITIES = (
    "pallets", "inbound", "handled", "storage_dm3", "labels", "returned", "attempts", "days_late",
    "distance_m", "load_g", "stops", "detention_min", "demurrage_days",
)  # fmt: skip
_AMOUNTS = ("declared", "cod", "goods", "net_goods", "shipping")


@dataclass
class Charge:
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
class Found:
    """An answer, or why there is none."""

    row: Row | None
    hold_code: str | None = None
    candidates: str | None = None


def in_force(row: Row, day: Any) -> bool:
    return bool(row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"]))


# ---- amounts ----------------------------------------------------------------------------------------------------------
def is_counted(charge: Row) -> bool:
    """Tell whether a charge, or only its limit, is counted on other charges: those come first."""
    return charge["base"] == "charges" or charge["cap_charges"] is not None


def direct(subject: Row, charge: Row, version: Version, terms: Terms, *, standing: Standing, zone: Found) -> Charge | None:
    """Work out a charge that is counted on facts alone; None where there is nothing to count."""
    if charge["kind"] == "bands":
        return _banded(subject, charge, version, terms, chargeable_g=standing.chargeable_g or 0, zone=zone)
    worked = Charge(row=charge)
    if charge["kind"] == "flat":
        worked.amount_minor = int(charge["unit_minor"])
        worked.workings.append(told(subject, version, worked, "RATE-FLAT", {"unit_minor": worked.amount_minor}, ""))
        return worked
    return _of_base(subject, worked, version, terms, base=_fact(subject, charge, standing))


def counted(
    subject: Row, charge: Row, version: Version, terms: Terms, *, standing: Standing, parts: Mapping[int, Charge]
) -> Charge | None:
    """Work out a charge that itself, or whose limit, is counted on `parts`: those of the subject that are not."""
    worked = Charge(row=charge)
    if charge["base"] == "charges":
        of = _parts(charge["base_charges"], parts)
        if not of:
            return None
        if _waits(subject, worked, version, of):
            return worked
        base = sum(part.amount_minor or 0 for part in of)
    else:
        base = _fact(subject, charge, standing)
    if base <= 0:
        return None
    if charge["cap_charges"] is None:
        return _of_base(subject, worked, version, terms, base=base)
    under = _parts(charge["cap_charges"], parts)
    if not under:
        worked.hold_code = "RATE-CAP-01"
        worked.workings.append(held(subject, code=worked.hold_code, candidates=None, charge=charge, version=version))
        return worked
    if _waits(subject, worked, version, under):
        return worked
    return _of_base(subject, worked, version, terms, base=base, capping_minor=sum(part.amount_minor or 0 for part in under))


def _parts(types: str, parts: Mapping[int, Charge]) -> list[Charge]:
    return [parts[number] for number in sorted(parts) if parts[number].row["charge_type"] in types.split("|")]


def _waits(subject: Row, worked: Charge, version: Version, parts: Sequence[Charge]) -> bool:
    """Make a charge wait for the reason of the first of its parts that does."""
    waiting = [part for part in parts if part.hold_code is not None]
    if waiting:
        worked.hold_code = waiting[0].hold_code
        worked.workings.append(held(subject, code=str(worked.hold_code), candidates=None, charge=worked.row, version=version))
    return bool(waiting)


def _fact(subject: Row, charge: Row, standing: Standing) -> int:
    """Return the quantity or amount of the subject that a charge is counted on; 0 where it has none."""
    base = charge["base"]
    if base == "days_late":
        return standing.days_late or 0
    if base in _QUANTITIES:
        return int(subject[base])
    return int(subject[f"{base}_minor"]) if base in _AMOUNTS else 0


def _of_base(
    subject: Row, worked: Charge, version: Version, terms: Terms, *, base: int, capping_minor: int | None = None
) -> Charge | None:
    """Take so much a unit, a percentage, an indexed percentage or a claim of a base; nothing of a base that is not above zero."""
    charge = worked.row
    if base <= 0:
        return None
    limit = _Limit.of(charge, capping_minor)
    if charge["kind"] == "per_unit":
        return _by_unit(subject, worked, version, base=base, limit=limit)
    worked.base_minor = base
    facts = {"base": charge["base"], "base_minor": base}
    if charge["kind"] == "claim":
        _bounded(subject, worked, version, "RATE-CLAIM", "RATE-CLAIM", base, facts, str(base), limit)
        return worked
    worked.rate_ppm = int(charge["rate_ppm"])
    if charge["kind"] == "index":
        worked.rate_ppm = None
        dated = [row for row in terms.indices(version, name=charge["index_name"]) if in_force(row, subject["rated_on"])]
        if len(dated) != 1:
            worked.hold_code = "RATE-INDEX-02" if dated else "RATE-INDEX-01"
            worked.candidates = ",".join(f"{row['index_name']}:{row['valid_from']}" for row in dated) or None
            held_back = held(subject, code=worked.hold_code, candidates=worked.candidates, charge=charge, version=version)
            worked.workings.append(held_back)
            return worked
        worked.rate_ppm = int(dated[0]["rate_ppm"])
        facts |= {"index_name": charge["index_name"], "valid_from": str(dated[0]["valid_from"]), "source": dated[0]["source"]}
    share = mul_ppm(base, worked.rate_ppm)
    plus = int(charge["unit_minor"])
    formula = f"{base} x {worked.rate_ppm} ppm = {share}"
    code = "RATE-INDEX" if charge["kind"] == "index" else "RATE-PERCENT"
    if plus:
        formula += f"; {share} + {plus} = {share + plus}"
    facts |= {"rate_ppm": worked.rate_ppm, "share_minor": share, "plus_minor": plus}
    _bounded(subject, worked, version, code, f"{code}-PLUS" if plus else code, share + plus, facts, formula, limit)
    return worked


def _by_unit(subject: Row, worked: Charge, version: Version, *, base: int, limit: _Limit | None) -> Charge | None:
    """So much a unit of what is above the free quantity: started units, or parts of a unit in proportion; None when all of it is free."""
    charge = worked.row
    unit, free, step = int(charge["unit_minor"]), int(charge.get("free") or 0), int(charge.get("step") or 1)
    rest = base - free
    if rest <= 0:
        return None
    exact = charge.get("counting") == "exact"
    worked.quantity = rest if exact else ceil_div(rest, step)
    amount = mul_ratio(rest, unit, step) if exact else worked.quantity * unit
    facts: dict[str, Fact] = {"quantity": worked.quantity, "base": charge["base"], "unit_minor": unit, "price_minor": amount}
    formula = f"{rest} x {unit} / {step} = {amount}" if exact else f"{worked.quantity} x {unit} = {amount}"
    code = "RATE-UNIT"
    if free or step > 1:
        facts |= {"measured": base, "free": free, "rest": rest, "step": step}
        code = "RATE-UNIT-EXACT" if exact else "RATE-UNIT-STARTED"
        formula = f"{base} - {free} = {rest}; " + ("" if exact else f"{rest} in units of {step}: {worked.quantity}; ") + formula
    _bounded(subject, worked, version, code, code, amount, facts, formula, limit)
    return worked


@dataclass(frozen=True, slots=True)
class _Limit:
    """The limit of a charge that is a share of other charges: what they come to, the share, and the amount."""

    capping_minor: int
    cap_ppm: int
    cap_minor: int

    @classmethod
    def of(cls, charge: Row, capping_minor: int | None) -> _Limit | None:
        if capping_minor is None:
            return None
        return cls(capping_minor, int(charge["cap_ppm"]), mul_ppm(capping_minor, int(charge["cap_ppm"])))


def _times(cap_ppm: int) -> Fact:
    """A share as a factor: 10, or 0.5."""
    whole, rest = divmod(cap_ppm, 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0") if rest else whole


def _bounded(
    subject: Row, worked: Charge, version: Version, code: str, step: str, amount: int, facts: Mapping[str, Fact], formula: str,
    limit: _Limit | None,
) -> None:  # fmt: skip
    """Hold an amount between the bounds of its charge, the limit last, and tell it by the bound that decided."""
    floor, most = worked.row["min_minor"], worked.row["max_minor"]
    bounds: dict[str, Fact] = {"min_minor": floor, "max_minor": most}
    if floor is not None and amount < floor:
        formula += f"; at least {floor}"
        amount, step = int(floor), f"{code}-MIN"
    if most is not None and amount > most:
        formula += f"; at most {most}"
        amount, step = int(most), f"{code}-MAX"
    if limit is not None:
        bounds |= {"times": _times(limit.cap_ppm), "cap_charges": ", ".join(str(worked.row["cap_charges"]).split("|"))}
        bounds |= {"capping_minor": limit.capping_minor, "cap_minor": limit.cap_minor}
        formula += f"; at most {limit.capping_minor} x {limit.cap_ppm} ppm = {limit.cap_minor}"
        if amount > limit.cap_minor:
            amount, step = limit.cap_minor, f"{code}-CAP"
    worked.amount_minor = amount
    worked.workings.append(told(subject, version, worked, step, {**facts, **bounds}, formula))


def _banded(subject: Row, charge: Row, version: Version, terms: Terms, *, chargeable_g: int, zone: Found) -> Charge:
    worked = Charge(row=charge, quantity=chargeable_g)
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
        worked.candidates = ",".join(f"{rule_of(version, charge)}/{b['band_no']}" for b in fits) or None
    held_back = held(subject, code=str(worked.hold_code), candidates=worked.candidates, charge=charge, version=version)
    worked.workings.append(held_back)
    return worked


def price_of_band(band: Row, *, weight_g: int) -> tuple[int, int]:
    """Return what a band asks for a chargeable weight before its minimum, and how many further units that counts."""
    if band["per_kg_micro"]:
        return mul_ratio(weight_g, int(band["per_kg_micro"]), MILLIONTHS_OF_A_UNIT_PER_GRAM), 0
    first_g, next_g = int(band["first_g"]), int(band["next_g"])
    further = ceil_div(weight_g - first_g, next_g) if next_g and weight_g > first_g else 0
    return int(band["first_minor"]) + further * int(band["next_minor"]), further


def _price(subject: Row, worked: Charge, version: Version, band: Row) -> None:
    weight_g = int(worked.quantity or 0)
    worked.band_no = int(band["band_no"])
    first_g, next_g, floor = int(band["first_g"]), int(band["next_g"]), int(band["min_minor"])
    facts: dict[str, Fact] = {"zone": band["zone"], "chargeable_g": weight_g, "from_g": band["from_g"], "to_g": band["to_g"]}
    facts |= {"min_minor": floor, "source_ref": band["source_ref"]}
    price, further = price_of_band(band, weight_g=weight_g)
    if band["per_kg_micro"]:
        facts |= {"per_kg_micro": int(band["per_kg_micro"])}
        formula = f"{weight_g} g x {band['per_kg_micro']} / {MILLIONTHS_OF_A_UNIT_PER_GRAM} = {price}"
        code = "RATE-BAND-KG"
    else:
        facts |= {"first_g": first_g, "first_minor": int(band["first_minor"]), "next_g": next_g}
        facts |= {"further": further, "next_minor": int(band["next_minor"])}
        formula = f"{band['first_minor']} + {further} x {band['next_minor']} = {price}"
        code = "RATE-BAND-FURTHER" if further else "RATE-BAND-FIRST"
    facts |= {"price_minor": price}
    if price < floor:
        formula += f"; at least {floor}"
        code += "-MIN"
    worked.amount_minor = max(price, floor)
    worked.workings.append(told(subject, version, worked, code, facts, formula))


# ---- workings ---------------------------------------------------------------------------------------------------------
def rule_of(version: Version, charge: Row) -> str:
    return f"{version[0]}@{version[1]}#{charge['charge_no']}"


def told(subject: Row, version: Version, item: Charge, code: str, facts: Mapping[str, Fact], formula: str) -> Working:
    charge = item.row
    # A charge nobody owes is told with its amount all the same: others are counted on it.
    signed = int(item.amount_minor or 0) * int(charge["sign"] or 1)
    rule_id = rule_of(version, charge) + (f"/{item.band_no}" if item.band_no is not None else "")
    known = {"charge_type": charge["charge_type"], "currency": subject["currency"], "amount_minor": signed}
    if "currency_places" in subject:
        known["currency_places"] = subject["currency_places"]
    provisional = {"provisional": 1} if subject["status"] == "in_transit" else {}
    return Working(code, {**known, **facts, **provisional}, rule_id, str(charge["clause"]), formula, signed)


def held(subject: Row, *, code: str, candidates: str | None, charge: Row | None = None, version: Version | None = None) -> Working:
    facts: dict[str, Fact] = {"party_id": subject["party_id"], "rated_on": str(subject["rated_on"]), "candidates": candidates}
    facts |= {"origin_area": subject["origin_area"], "dest_area": subject["dest_area"], "service": subject["service"]}
    if charge is None or version is None:
        return Working(code, facts)
    return Working(code, facts | {"charge_type": charge["charge_type"]}, rule_of(version, charge), str(charge["clause"]))
