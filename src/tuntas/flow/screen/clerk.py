"""The clerk of screen: the exceptions of one party, one by one, and the causes they add up to. The same rule as the SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tuntas.kernel.derivations import Fact, Working

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One exception: its place, cause, what was billed on it and what is at stake, in minor units."""

    place: str
    cause: str
    charge_type: str
    billed_minor: int
    at_stake_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Screened:
    """The `causes` rows of one party and the exceptions behind them."""

    rows: tuple[Mapping[str, object], ...]
    workings: tuple[Working, ...]


def exceptions(*, party_id: str, tables: Mapping[str, Iterable[Row]]) -> Iterator[Part]:
    """Every exception of a party. `tables` holds the rows the stage reads; `audited` and `rate_holds` in full."""
    for row in tables.get("audited", ()):
        if row["vendor_id"] == party_id and row["verdict"] != "matched":
            place = f"{row['bill_no']}/{row['line_no']}"
            yield Part(place, row["cause"], row["charge_type"] or "?", row["billed_minor"], _at_stake(row), row["currency"])
    for row in tables.get("bill_taxes", ()):
        if row["vendor_id"] == party_id and row["cause"] != "matched":
            yield Part(row["bill_no"], row["cause"], "*", row["vat_billed_minor"], row["vat_wrong_minor"], row["currency"])
    for row in tables.get("cod_audited", ()):
        if row["vendor_id"] == party_id and row["verdict"] not in ("matched", "outstanding"):
            at_stake = abs(row["difference_minor"])
            yield Part(row["waybill"], row["cause"], "*", row["remitted_minor"], at_stake, row["currency"])
    for row in tables.get("missing_bills", ()):
        if row["vendor_id"] == party_id:
            yield Part(str(row["expected_from"]), "missing_bill", "*", 0, row["unbilled_minor"], row["currency"])
    yield from _unrated(party_id, tables)


def _at_stake(row: Row) -> int:
    difference: int = row["difference_minor"]
    if row["verdict"] == "under":
        return -difference
    if row["verdict"] == "tolerated":
        return difference
    whole: int = row["disputed_minor"] + row["held_minor"]
    return whole


def _unrated(party_id: str, tables: Mapping[str, Iterable[Row]]) -> Iterator[Part]:
    waiting = {row["subject_id"] for row in tables.get("audited", ()) if row["verdict"] in ("no_rate", "ambiguous")}
    holds: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in tables.get("rate_holds", ()):
        if row["party_id"] == party_id and not (row["side"] == "buy" and row["subject_id"] in waiting):
            holds[row["side"], row["subject_id"], row["currency"]].append(row)
    for (_, subject_id, currency), rows in holds.items():
        code = min((row["charge_no"], row["code"]) for row in rows)[1]
        cause = "no_rate" if code.endswith("-01") else "ambiguous_rate"
        yield Part(subject_id, cause, "*", 0, 0, currency)


def screen_party(*, party_id: str, tables: Mapping[str, Iterable[Row]]) -> Screened:
    """Group a party's exceptions to causes, in the order of cause and charge type."""
    groups: dict[tuple[str, str, str], list[Part]] = defaultdict(list)
    for part in exceptions(party_id=party_id, tables=tables):
        groups[part.cause, part.charge_type, part.currency].append(part)
    rows: list[Mapping[str, object]] = []
    workings: list[Working] = []
    for (cause, charge_type, currency), parts in sorted(groups.items()):
        at_stake = sum(part.at_stake_minor for part in parts)
        rows.append(
            {
                "party_id": party_id,
                "cause": cause,
                "charge_type": charge_type,
                "line_count": len(parts),
                "billed_minor": sum(part.billed_minor for part in parts),
                "at_stake_minor": at_stake,
                "currency": currency,
            }
        )
        formula = " + ".join(str(part.at_stake_minor) for part in parts[:5]) + (" + ..." if len(parts) > 5 else "")
        facts: dict[str, Fact] = {
            "cause": cause,
            "charge_type": charge_type,
            "count": len(parts),
            "first": parts[0].place,
            "at_stake": at_stake,
        }
        workings.append(Working("screen_cause", facts, "screen/causes", formula=f"{formula} = {at_stake}", amount_minor=at_stake))
    return Screened(tuple(rows), tuple(workings))
