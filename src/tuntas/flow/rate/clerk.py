"""The clerk: rates one subject in plain Python and records every step it takes.

The same rule as the SQL steps, written the slow way round; the two are compared row by row in the tests, and the workings are
what an explanation is told from. A working carries a code, the numbers it used, the rule, its clause and the arithmetic; the
sentences stand in `words.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tuntas.flow.rate.amounts import Charge, Found, counted, direct, held, in_force, is_counted, rule_of
from tuntas.flow.rate.conditions import Standing, fits, standing_of, told_conditions
from tuntas.flow.rate.exchange import Exchange, behind, exchange_of, told_exchange
from tuntas.flow.rate.terms import Row, Terms, Version
from tuntas.flow.rate.weights import weigh
from tuntas.kernel.derivations import Fact, Working


@dataclass(frozen=True)
class SubjectRating:
    """What the clerk found for one subject: rows as in `rated`, `expected`, `expected_fx` and `rate_holds`, and the steps it took."""

    rated: dict[str, Any]
    expected: tuple[dict[str, Any], ...]
    holds: tuple[dict[str, Any], ...]
    workings: tuple[Working, ...]
    expected_fx: tuple[dict[str, Any], ...] = ()


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
        workings.append(held(subject, code=str(found.hold_code), candidates=found.candidates))
        return SubjectRating(rated, (), (hold,), tuple(workings))

    agreement = found.row
    version = (str(agreement["agreement_id"]), int(agreement["version"]))
    rated |= {"agreement_id": version[0], "version": version[1]}
    workings.append(_told_agreement(subject, agreement))
    zone, standing = Found(None), Standing()
    if subject["subject_kind"] == "parcel":
        volumetric_g, chargeable_g, steps = weigh(subject, agreement)
        zone = _zone(subject, version, terms)
        rated |= {"volumetric_g": volumetric_g, "chargeable_g": chargeable_g, "zone": zone.row["zone"] if zone.row else None}
        standing = standing_of(subject, version, terms, chargeable_g=chargeable_g, zone=rated["zone"])
        workings += steps
        if zone.row:
            workings.append(_told_zone(subject, zone.row, version))

    exchange = exchange_of(subject, version, terms)
    if exchange is not None and exchange.hold_code is not None:
        rated["hold_code"] = exchange.hold_code
        hold = _hold(subject, code=exchange.hold_code, charge_no=0, candidates=exchange.candidates)
        workings.append(_held_for_rate(subject, exchange))
        return SubjectRating(rated, (), (hold,), tuple(workings))
    priced = subject if exchange is None else exchange.quoted(subject)
    fitting = _fitting(subject, version, terms, standing)
    done: dict[int, Charge] = {}
    for charge in fitting:
        if not is_counted(charge):
            worked = direct(priced, charge, version, terms, standing=standing, zone=zone)
            if worked is not None:
                done[int(charge["charge_no"])] = worked
    parts = dict(done)
    for charge in fitting:
        if is_counted(charge):
            worked = counted(priced, charge, version, terms, standing=standing, parts=parts)
            if worked is not None:
                done[int(charge["charge_no"])] = worked

    in_order = [done[number] for number in sorted(done)]
    owed = [item for item in in_order if item.hold_code is None and item.row["sign"]]
    expected = tuple(_expected(subject, version, item, exchange) for item in owed)
    expected_fx = () if exchange is None else tuple(_behind(row, item, exchange) for row, item in zip(expected, owed, strict=True))
    holds = tuple(
        _hold(subject, code=item.hold_code, charge_no=int(item.row["charge_no"]), candidates=item.candidates)
        for item in in_order
        if item.hold_code is not None
    )
    rated["hold_code"] = holds[0]["code"] if holds else None
    for item in in_order:
        workings += told_conditions(subject, item.row, version, terms, standing)
        workings += item.workings
        if item.hold_code is None and not item.row["sign"]:
            facts: dict[str, Fact] = {"charge_type": item.row["charge_type"]}
            workings.append(Working("RATE-NOT-OWED", facts, rule_of(version, item.row), str(item.row["clause"])))
        elif item.hold_code is None and exchange is not None:
            workings.append(_told_exchange(_expected(subject, version, item, exchange), item, exchange))
    return SubjectRating(rated, expected, holds, tuple(workings), expected_fx)


# ---- which agreement --------------------------------------------------------------------------------------------------
def _agreement(subject: Row, terms: Terms) -> Found:
    ranks: dict[str, list[Row]] = {"party": [], "group": [], "all": []}
    for agreement in terms.by_side.get(subject["side"], []):
        if agreement["currency"] != subject["currency"] or not in_force(agreement, subject["rated_on"]):
            continue
        if agreement["party_id"] == subject["party_id"]:
            ranks["party"].append(agreement)
        elif agreement["party_id"] == "*" and agreement["terms_group"] == "*":
            ranks["all"].append(agreement)
        elif agreement["party_id"] == "*" and agreement["terms_group"] == subject["terms_group"]:
            ranks["group"].append(agreement)
    nearest = ranks["party"] or ranks["group"] or ranks["all"]
    if not nearest:
        return Found(None, "RATE-AGREEMENT-01")
    if len(nearest) > 1:
        named = sorted((a["agreement_id"], a["version"]) for a in nearest)
        return Found(None, "RATE-AGREEMENT-02", ",".join(f"{name}@{number}" for name, number in named))
    return Found(nearest[0])


# ---- zone -------------------------------------------------------------------------------------------------------------
def area_words(area: str) -> list[str]:
    """Return the words a zone table may use for an area, the nearest first: its code, the code cut at each dot, and *."""
    words = [area]
    while "." in words[-1]:
        words.append(words[-1].rpartition(".")[0])
    return [*words, "*"]


def _zone(subject: Row, version: Version, terms: Terms) -> Found:
    for dest in area_words(subject["dest_area"]):
        for origin in area_words(subject["origin_area"]):
            rows = terms.zones(version, origin=origin, dest=dest)
            for service in (subject["service"], "*"):
                fits = [row for row in rows if row["service"] == service]
                names = sorted({row["zone"] for row in fits})
                if len(names) == 1:
                    return Found(fits[0])
                if names:
                    return Found(None, "RATE-ZONE-02", ",".join(f"{version[0]}@{version[1]}/{name}" for name in names))
    return Found(None, "RATE-ZONE-01")


# ---- which charges ----------------------------------------------------------------------------------------------------
def _fitting(subject: Row, version: Version, terms: Terms, standing: Standing) -> list[Row]:
    taken: set[str] = set()
    fitting = []
    for charge in terms.charges(version):
        if charge["charge_type"] not in taken and fits(subject, charge, version, terms, standing):
            taken.add(charge["charge_type"])
            fitting.append(charge)
    return fitting


# ---- rows and workings ------------------------------------------------------------------------------------------------
def _expected(subject: Row, version: Version, item: Charge, exchange: Exchange | None) -> dict[str, Any]:
    charge = item.row
    amount = int(item.amount_minor or 0)
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
        "rule_id": rule_of(version, charge) + (f"/{item.band_no}" if item.band_no is not None else ""),
        "clause": charge["clause"],
        "band_no": item.band_no,
        "base_minor": item.base_minor,
        "quantity": item.quantity,
        "rate_ppm": item.rate_ppm,
        "amount_minor": (amount if exchange is None else exchange.settled(amount)) * int(charge["sign"]),
        "accrue_on": subject["accrue_on"],
        "currency": subject["currency"],
    }


def _behind(row: Row, item: Charge, exchange: Exchange) -> dict[str, Any]:
    quoted = int(item.amount_minor or 0) * int(item.row["sign"])
    return behind(
        str(row["charge_id"]), exchange, quoted_minor=quoted, amount_minor=int(row["amount_minor"]), currency=str(row["currency"])
    )


def _told_exchange(row: Row, item: Charge, exchange: Exchange) -> Working:
    return told_exchange(
        exchange,
        charge_type=str(row["charge_type"]),
        rule_id=str(row["rule_id"]),
        quoted_minor=int(item.amount_minor or 0) * int(item.row["sign"]),
        amount_minor=int(row["amount_minor"]),
        currency=str(row["currency"]),
    )


def _held_for_rate(subject: Row, exchange: Exchange) -> Working:
    facts: dict[str, Fact] = {
        "party_id": subject["party_id"],
        "rated_on": str(subject["rated_on"]),
        "candidates": exchange.candidates,
    }
    facts |= {"source": exchange.source, "quoted_in": exchange.quoted_in, "currency": subject["currency"]}
    return Working(str(exchange.hold_code), facts, clause=exchange.clause)


def _hold(subject: Row, *, code: str, charge_no: int, candidates: str | None) -> dict[str, Any]:
    told = {name: subject[name] for name in ("side", "subject_kind", "subject_id", "party_id", "currency")}
    return told | {"code": code, "charge_no": charge_no, "candidates": candidates}


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
