"""The clerk of periods: counts subject by subject, decides one period after another, and records every step it takes.

The same rule as the SQL beside it, written the slow way round. `count_subjects` is the twin of the first step; `decide` answers for one
period from the measures known, which is how an explanation recomputes a charge of a period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tuntas.flow.period.calendar import days_missing, name_of, span_of
from tuntas.flow.period.part_periods import cut_by_days
from tuntas.flow.period.tiers import Part, all_units, incremental
from tuntas.kernel.derivations import Fact, Working
from tuntas.kernel.rounding import mul_ratio

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
_WHO = (
    "agreement_id",
    "party_id",
    "currency",
    "accrue_on",
    "subject_kind",
    "service",
    "status",
    "category",
    "charge_type",
    "line_minor",
)
_SUMS = ("subject_count", "grams", "amount_minor", "held_count")
GRAMS_A_KG = 1000


@dataclass(frozen=True, slots=True)
class PeriodResult:
    """A row of `period_results` (without where it was charged before), and the steps that led to it."""

    row: dict[str, Any]
    workings: tuple[Working, ...]


# ---- counting ---------------------------------------------------------------------------------------------------------
def count_subjects(tables: Tables) -> list[dict[str, Any]]:
    """Return the measures of one run's subjects, as in `measures` where no subject is told again."""
    run = tables["run"][0]
    watched = {row["agreement_id"] for row in tables["period_charges"]}
    by_line = {row["agreement_id"] for row in tables["period_charges"] if row["rounding"] == "line"}
    ended = {
        (row["side"], row["subject_id"]): row
        for row in tables["subjects"]
        if row["status"] != "in_transit" and row["accrue_on"] < run["period_to"] and row["subject_kind"] != "period"
    }
    rated = {(row["side"], row["subject_id"]): row for row in tables["rated"]}
    sheet = {(row["agreement_id"], row["version"], row["charge_no"]): row["charge_type"] for row in tables["charges"]}
    lines: list[dict[str, Any]] = []

    def note(agreement_id: str | None, subject: Row, charge_type: str, line_minor: int = 0, **sums: int) -> None:
        if agreement_id in watched:
            told = {name: subject[name] for name in _WHO[1:-2]}
            lines.append(
                told
                | {"agreement_id": agreement_id, "charge_type": charge_type, "line_minor": line_minor}
                | dict.fromkeys(_SUMS, 0)
                | sums
            )

    for key, subject in ended.items():
        note(rated[key]["agreement_id"], subject, "-", subject_count=1, grams=rated[key]["chargeable_g"] or 0)
    for charge in tables["expected"]:
        found = ended.get((charge["side"], charge["subject_id"]))
        if found is not None:
            amount = abs(charge["amount_minor"])
            line_minor = amount if charge["agreement_id"] in by_line else 0
            note(charge["agreement_id"], found, charge["charge_type"], line_minor, subject_count=1, amount_minor=amount)
    for hold in tables["rate_holds"]:
        key = (hold["side"], hold["subject_id"])
        if key not in ended:
            continue
        version = (rated[key]["agreement_id"], rated[key]["version"])
        if hold["charge_no"] > 0:
            note(version[0], ended[key], sheet[(*version, hold["charge_no"])], held_count=1)
        elif hold["code"] == "RATE-AGREEMENT-02":
            for agreement_id in sorted({named.split("@")[0] for named in hold["candidates"].split(",")}):
                note(agreement_id, ended[key], "*", held_count=1)
        elif hold["code"] in ("RATE-FX-01", "RATE-FX-02"):
            note(version[0], ended[key], "*", held_count=1)
    return summed(lines)


def summed(lines: Iterable[Row], *, less: Iterable[Row] = ()) -> list[dict[str, Any]]:
    """Return measures with equal keys as one row, those of `less` taken off; rows that come to nothing are left out."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for sign, rows in ((1, lines), (-1, less)):
        for row in rows:
            sums = found.setdefault(tuple(row[name] for name in _WHO), [0, 0, 0, 0])
            for at, name in enumerate(_SUMS):
                sums[at] += sign * int(row[name])
    return [dict(zip((*_WHO, *_SUMS), (*key, *sums), strict=True)) for key, sums in found.items() if any(sums)]


# ---- deciding ---------------------------------------------------------------------------------------------------------
def decide_periods(tables: Tables) -> tuple[list[dict[str, Any]], list[PeriodResult]]:
    """Return the measures of a run and the result of every period it decides."""
    run = tables["run"][0]
    measures = summed(count_subjects(tables), less=tables["measured_again"])
    known = summed([*measures, *tables["measured_before"]])
    results = []
    for (agreement_id, party_id, currency, every, start, end), learnt in sorted(_spans(tables, measures).items(), key=str):
        late = end <= run["period_from"]
        if end > run["period_to"] or (late and not learnt):
            continue
        head = version_in_force(tables["agreements"], agreement_id, currency, start, end)
        if head is None:
            continue
        for charge in sorted(tables["period_charges"], key=lambda row: int(row["charge_no"])):
            if (charge["agreement_id"], charge["version"], charge["every"]) == (agreement_id, head["version"], every):
                result = decide(tables, charge, party_id=party_id, start=start, late=late, known=known)
                if not late or result.row["hold_code"] or result.row["amount_minor"]:
                    results.append(result)
    return measures, results


def decide(tables: Tables, charge: Row, *, party_id: str, start: date, late: bool, known: Iterable[Row]) -> PeriodResult:
    """Decide one period charge (a row of `period_charges`) for a party and the period that begins on `start`, from measures `known`."""
    run = tables["run"][0]
    _, end = span_of(charge["every"], start)
    heads = [row for row in tables["agreements"] if row["agreement_id"] == charge["agreement_id"]]
    head = next(row for row in heads if row["version"] == charge["version"])
    rule = f"{charge['agreement_id']}@{charge['version']}#{charge['charge_no']}"
    charge, by_days = cut_by_days(charge, heads, head, rule=rule, start=start, end=end)
    counted = [row for row in known if _counts(charge, head, row, party_id=party_id, start=start, end=end)]
    measured, base = _measured(charge, counted), _amounts(charge["base_charges"], counted)
    workings = [_told_measure(charge, rule, measured, start, end), *by_days]
    name = name_of(charge["every"], start)
    row: dict[str, Any] = {
        "agreement_id": charge["agreement_id"],
        "version": charge["version"],
        "charge_no": charge["charge_no"],
        "party_id": party_id,
        "period_from": start,
        "period_to": end,
        "period_name": name,
        "subject_id": f"{charge['agreement_id']}@{charge['version']}/{party_id}/{name}{'+' + run['cycle_id'] if late else ''}",
        "charge_type": charge["charge_type"],
        "late": late,
        "measured": measured,
        "base_minor": base if charge["base_charges"] and charge["mode"] == "all_units" else None,
        **dict.fromkeys(("tier_no", "rate_ppm", "whole_minor", "amount_minor", "hold_code", "candidates")),
        "before_minor": sum(
            before["amount_minor"]
            for before in tables["charged_before"]
            if all(before[key] == charge[key] for key in ("agreement_id", "charge_type"))
            and (before["party_id"], before["period_from"], before["period_to"], before["currency"])
            == (party_id, start, end, head["currency"])
        ),
        "currency": head["currency"],
    }
    asked = {*str(charge["measure_charges"] or "").split("|"), *str(charge["base_charges"] or "").split("|"), "*"}
    missing = days_missing(tables, charge["agreement_id"], start=start, end=end, first=min(each["valid_from"] for each in heads))
    waiting = sum(each["held_count"] for each in counted if each["charge_type"] in asked)
    parts: list[Part] = []
    if missing > 0:
        row["hold_code"] = "RATE-PERIOD-01"
    elif waiting > 0:
        row["hold_code"] = "RATE-MEASURE-01"
    elif charge["kind"] == "tiers":
        parts, row["hold_code"], row["candidates"] = _parts(tables, charge, rule, measured, base, counted)
    if row["hold_code"]:
        facts: dict[str, Fact] = {
            "charge_type": charge["charge_type"],
            "period": name,
            "measured": measured,
            "missing_days": missing,
        }
        facts |= {"held_count": waiting, "candidates": row["candidates"]}
        workings.append(Working(row["hold_code"], facts, rule, charge["clause"]))
        return PeriodResult(row, tuple(workings))
    if charge["mode"] == "all_units":
        row["tier_no"] = parts[0].tier_no
        row["rate_ppm"] = parts[0].rate_ppm if charge["base_charges"] else None
    raw = sum(part.amount_minor for part in parts) if charge["kind"] == "tiers" else _short(charge, measured)
    bounded = _bounded(charge, raw)
    row["whole_minor"] = bounded * charge["sign"]
    row["amount_minor"] = row["whole_minor"] - row["before_minor"]
    workings += [part.working for part in parts]
    workings.append(_told_whole(charge, rule, row, raw=raw, bounded=bounded, parts=parts))
    return PeriodResult(row, tuple(workings))


def version_in_force(agreements: Iterable[Row], agreement_id: str, currency: str, start: date, end: date) -> Row | None:
    """Return the last version of an agreement that is in force in a period; None without one."""
    fits = [
        row
        for row in agreements
        if row["agreement_id"] == agreement_id
        and row["currency"] == currency
        and row["valid_from"] < end
        and (row["valid_to"] is None or row["valid_to"] > start)
    ]
    return max(fits, key=lambda row: (row["valid_from"], row["version"])) if fits else None


def _spans(tables: Tables, measures: Iterable[Row]) -> dict[tuple[str, str, str, str, date, date], bool]:
    """Every period that may be decided, and whether this run has learnt something about it."""
    run, found = tables["run"][0], dict[tuple[str, str, str, str, date, date], bool]()
    words = sorted({(row["agreement_id"], row["every"]) for row in tables["period_charges"]})

    def note(agreement_id: str, party_id: str, currency: str, day: date, *, learnt: bool) -> None:
        for named, every in words:
            if named == agreement_id:
                key = (agreement_id, party_id, currency, every, *span_of(every, day))
                found[key] = found.get(key, False) or learnt

    for learnt, rows in ((True, measures), (False, tables["measured_before"])):
        for row in rows:
            note(row["agreement_id"], row["party_id"], row["currency"], row["accrue_on"], learnt=learnt)
    for head in tables["agreements"]:
        day = max(head["valid_from"], run["period_from"])
        while head["party_id"] != "*" and day < min(head["valid_to"] or run["period_to"], run["period_to"]):
            note(head["agreement_id"], head["party_id"], head["currency"], day, learnt=False)
            day += timedelta(days=1)
    return found


def _counts(charge: Row, head: Row, row: Row, *, party_id: str, start: date, end: date) -> bool:
    return (
        (row["agreement_id"], row["party_id"], row["currency"]) == (charge["agreement_id"], party_id, head["currency"])
        and start <= row["accrue_on"] < end
        and row["subject_kind"] == charge["subject"]
        and charge["service"] in ("*", row["service"])
        and charge["category"] in ("*", row["category"])
        and (charge["statuses"] == "*" or row["status"] in str(charge["statuses"]).split("|"))
    )


def _measured(charge: Row, counted: Iterable[Row]) -> int:
    if charge["measure"] == "count":
        return sum(row["subject_count"] for row in counted if row["charge_type"] == "-")
    if charge["measure"] == "kg":
        return sum(row["grams"] for row in counted)
    return _amounts(charge["measure_charges"], counted)


def _amounts(types: str | None, counted: Iterable[Row]) -> int:
    wanted = (types or "").split("|")
    return sum(row["amount_minor"] for row in counted if row["charge_type"] in wanted)


def _parts(
    tables: Tables, charge: Row, rule: str, measured: int, base: int, counted: Sequence[Row]
) -> tuple[list[Part], str | None, str | None]:
    own = [row for row in tables["tiers"] if all(row[key] == charge[key] for key in ("agreement_id", "version", "charge_no"))]
    tiers = sorted(own, key=lambda row: int(row["tier_no"]))
    lines = [row for row in counted if row["charge_type"] in str(charge["base_charges"] or "").split("|")]
    if charge["mode"] == "all_units":
        parts, code = all_units(charge, tiers, rule=rule, measured=measured, base=base, lines=lines)
    else:
        parts, code = incremental(charge, tiers, rule=rule, measured=measured)
    return parts, code, ",".join(f"{rule}/{part.tier_no}" for part in parts) if code == "RATE-TIER-02" else None


def _short(charge: Row, measured: int) -> int:
    """What a minimum asks for beyond what was measured."""
    if charge["measure"] == "amount":
        return max(int(charge["floor_minor"]) - measured, 0)
    short = max(int(charge["floor_units"]) - measured, 0)
    return (
        mul_ratio(short, int(charge["each_minor"]), GRAMS_A_KG) if charge["measure"] == "kg" else short * int(charge["each_minor"])
    )


def _bounded(charge: Row, raw: int) -> int:
    if raw == 0:
        return 0
    low, high = charge["min_minor"], charge["max_minor"]
    at_least = raw if low is None else max(raw, int(low))
    return at_least if high is None else min(at_least, int(high))


# ---- telling ----------------------------------------------------------------------------------------------------------
def _told_measure(charge: Row, rule: str, measured: int, start: date, end: date) -> Working:
    facts: dict[str, Fact] = {
        "period_from": str(start),
        "last_on": str(end - timedelta(days=1)),
        "subject": charge["subject"],
        "charges": str(charge["measure_charges"] or "").replace("|", ", "),
        "measured_minor": measured if charge["measure"] == "amount" else None,
        "measured_g": measured if charge["measure"] == "kg" else None,
        "measured": measured if charge["measure"] == "count" else None,
    }
    return Working(f"PERIOD-MEASURE-{str(charge['measure']).upper()}", facts, rule, charge["clause"])


def _told_whole(charge: Row, rule: str, row: Row, *, raw: int, bounded: int, parts: Sequence[Part]) -> Working:
    measure = str(charge["measure"]).upper()
    code = f"PERIOD-FLOOR-{measure}" if charge["kind"] == "floor" else "PERIOD-TIERS"
    formula = " + ".join(str(part.amount_minor) for part in parts) + f" = {raw}" if len(parts) > 1 else ""
    if charge["kind"] == "floor" and charge["measure"] == "amount":
        formula = f"max({charge['floor_minor']} - {row['measured']}, 0) = {raw}"
    elif charge["kind"] == "floor":
        by_gram = f" / {GRAMS_A_KG}" if charge["measure"] == "kg" else ""
        formula = f"max({charge['floor_units']} - {row['measured']}, 0) x {charge['each_minor']}{by_gram} = {raw}"
    formula += f"; {row['whole_minor']} - {row['before_minor']} = {row['amount_minor']}" if row["before_minor"] else ""
    facts: dict[str, Fact] = {
        "charge_type": charge["charge_type"],
        "period": row["period_name"],
        "raw_minor": raw,
        "amount_minor": bounded,
        "floor_minor": charge["floor_minor"],
        "floor_units": charge["floor_units"],
        "measured": row["measured"],
        "measured_minor": row["measured"],
        "measured_g": row["measured"],
        "each_minor": charge["each_minor"],
        "min_minor": charge["min_minor"],
        "max_minor": charge["max_minor"],
        "before_minor": row["before_minor"],
    }
    code += "-MIN" if bounded > raw else "-MAX" if bounded < raw else ""
    return Working(code, facts, rule, charge["clause"], formula.removeprefix("; "), row["amount_minor"])
