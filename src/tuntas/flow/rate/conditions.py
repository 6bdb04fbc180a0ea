"""Conditions: whether a charge fits a subject, and the steps that tell why a charge with limits, days or lateness does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tuntas.flow.rate.terms import Row, Terms, Version
from tuntas.kernel.derivations import Fact, Working


@dataclass(frozen=True, slots=True)
class Standing:
    """What was found of a subject before its charges: its weight, and how long it was on the way against the promise.

    `days_late` is None where nothing was promised, or a parcel is not at its end yet: it is neither late nor in time then.
    """

    chargeable_g: int | None = None
    promised_days: int | None = None
    days: int | None = None

    @property
    def days_late(self) -> int | None:
        if self.promised_days is None or self.days is None:
            return None
        return max(self.days - self.promised_days, 0)

    @property
    def late(self) -> str:
        if self.days_late is None:
            return ""
        return "yes" if self.days_late else "no"


def standing_of(subject: Row, version: Version, terms: Terms, *, chargeable_g: int, zone: str | None) -> Standing:
    """Return the standing of a parcel whose zone (None when not known) was looked up."""
    promised = terms.promised(version, service=subject["service"], zone=zone)
    days = None if subject["status"] == "in_transit" else (subject["accrue_on"] - subject["rated_on"]).days
    return Standing(chargeable_g, promised, days)


def fits(subject: Row, charge: Row, version: Version, terms: Terms, standing: Standing) -> bool:
    """Tell whether a charge applies to a subject. A parcel in transit is looked at as if delivered."""
    status = "delivered" if subject["status"] == "in_transit" else subject["status"]
    asked: Mapping[str, tuple[object, object]] = {
        "subject": (charge["subject"], subject["subject_kind"]),
        "service": (charge["service"], subject["service"]),
        "category": (charge["category"], subject["category"]),
        "cod": (charge["cod"], "yes" if subject["is_cod"] else "no"),
        "insured": (charge["insured"], "yes" if subject["insured"] else "no"),
        "late": (charge["late"] or "any", standing.late),
    }
    if any(wanted not in ("*", "any") and wanted != seen for wanted, seen in asked.values()):
        return False
    if charge["statuses"] != "*" and status not in str(charge["statuses"]).split("|"):
        return False
    for of, unit in (("weight", "g"), ("size", "mm")):
        over, upto = charge[f"{of}_over_{unit}"], charge[f"{of}_upto_{unit}"]
        seen = _measured(subject, charge[f"{of}_of"], standing)
        if (over is not None and seen <= over) or (upto is not None and seen > upto):
            return False
    if charge["date_list"] is not None and not terms.days(version, name=charge["date_list"], day=subject["rated_on"]):
        return False
    listed = charge["area_list"]
    return listed is None or terms.lists(version, name=listed, area=subject["dest_area"])


def _measured(subject: Row, measure: str | None, standing: Standing) -> int:
    if measure == "chargeable":
        return standing.chargeable_g or 0
    column = {"actual": "actual_g", "longest": "longest_mm", "length_girth": "length_girth_mm"}.get(measure or "")
    return int(subject[column]) if column else 0


def told_conditions(subject: Row, charge: Row, version: Version, terms: Terms, standing: Standing) -> list[Working]:
    """Return a step for each limit, list of days and promise that made a charge apply."""
    rule_id, clause = f"{version[0]}@{version[1]}#{charge['charge_no']}", str(charge["clause"])
    told: list[tuple[str, dict[str, Fact], str]] = []
    for of, unit in (("weight", "g"), ("size", "mm")):
        over, upto = charge[f"{of}_over_{unit}"], charge[f"{of}_upto_{unit}"]
        if over is None and upto is None:
            continue
        seen = _measured(subject, charge[f"{of}_of"], standing)
        shape = "UPTO" if over is None else "OVER" if upto is None else "BETWEEN"
        formula = " < ".join(str(part) for part in (over, seen) if part is not None) + (f" <= {upto}" if upto is not None else "")
        code = f"RATE-WHEN-{str(charge[f'{of}_of']).upper().replace('_', '-')}-{shape}"
        told.append((code, {"measured": seen, "over_limit": over, "upto_limit": upto}, formula))
    if charge["date_list"] is not None:
        row = terms.days(version, name=charge["date_list"], day=subject["rated_on"])[0]
        facts: dict[str, Fact] = {"date_list": charge["date_list"], "rated_on": str(subject["rated_on"]), "source": row["source"]}
        facts |= {"valid_from": str(row["valid_from"]), "valid_to": str(row["valid_to"]) if row["valid_to"] else None}
        told.append(("RATE-WHEN-DAYS", facts, ""))
    if charge["late"] is not None or charge["base"] == "days_late":
        facts = {"days": standing.days, "promised_days": standing.promised_days, "days_late": standing.days_late}
        formula = f"max({standing.days} - {standing.promised_days}, 0) = {standing.days_late}"
        told.append(("RATE-LATE" if standing.late == "yes" else "RATE-IN-TIME", facts, formula))
    named: dict[str, Fact] = {"charge_type": charge["charge_type"]}
    return [Working(code, named | facts, rule_id, clause, formula) for code, facts, formula in told]
