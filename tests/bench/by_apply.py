"""The script a finance team writes today: a frame of parcels, a function applied to every row of it, look-ups by filters on other frames.

It knows what `everyday.py` knows and must come to the money of the rating, or the bench fails.
"""

from __future__ import annotations

from typing import Any

from tests.bench.everyday import price_of

from tuntas.operations.rating.terms import RatingTerms

MOST = 2**62


class Frames:
    """The terms as frames, as they come out of a workbook."""

    def __init__(self, terms: RatingTerms) -> None:
        import pandas as pd

        for name in ("agreements", "charges", "zones", "bands", "area_lists", "index_rates"):
            setattr(self, name, pd.DataFrame([dict(row) for row in terms.rows[name]]))
        self.agreements = self.agreements[self.agreements["side"] == "buy"]
        for frame in (self.agreements, self.index_rates):
            frame["valid_to"] = [MOST if day is None or day != day else day.toordinal() for day in frame["valid_to"]]
            frame["valid_from"] = [day.toordinal() for day in frame["valid_from"]]
        self.bands["to_g"] = self.bands["to_g"].fillna(MOST)


def by_apply(rows: Any, terms: Frames) -> int:
    """Price a pandas frame row by row; return the money, with the signs of the charges."""
    return int(rows.apply(lambda row: priced(row, terms), axis=1).sum())


def priced(row: Any, t: Frames) -> int:
    """What one parcel costs."""
    day = row["rated_on"].toordinal()
    a = t.agreements
    found = a[(a["party_id"] == row["party_id"]) & (a["valid_from"] <= day) & (day < a["valid_to"])]
    if found.empty:
        return 0
    agreement = found.iloc[0]
    mine = {name: of(getattr(t, name), agreement) for name in ("charges", "zones", "bands", "area_lists", "index_rates")}
    zone, grams = zone_of(row, mine["zones"]), grams_of(row, agreement)
    amounts: dict[str, int] = {}
    charges = mine["charges"]
    charges = charges.assign(last=(charges["base"] == "charges") | charges["cap_charges"].notna()).sort_values(
        ["last", "charge_no"]
    )
    total = 0
    for _, charge in charges.iterrows():
        if charge["charge_type"] in amounts or not applies(row, charge, mine["area_lists"]):
            continue
        amount = amount_of(row, charge, mine, zone, grams, day, amounts)
        if amount is not None and isinstance(charge["cap_charges"], str):
            parts = [amounts[name] for name in charge["cap_charges"].split("|") if name in amounts]
            amount = min(amount, (2 * sum(parts) * int(charge["cap_ppm"]) + 10**6) // (2 * 10**6)) if parts else None
        if amount is not None:
            amounts[charge["charge_type"]] = amount
            total += amount * int(charge["sign"])
    return total


def of(frame: Any, agreement: Any) -> Any:
    """The rows of a frame that belong to an agreement."""
    return frame[(frame["agreement_id"] == agreement["agreement_id"]) & (frame["version"] == agreement["version"])]


def zone_of(row: Any, zones: Any) -> str | None:
    """The zone of a lane: the nearest word for the destination, then for the origin, then the service by name."""
    found = zones[
        zones["dest_area"].isin(words(row["dest_area"]))
        & zones["origin_area"].isin(words(row["origin_area"]))
        & zones["service"].isin([row["service"], "*"])
    ]
    if found.empty:
        return None
    near = found.assign(
        dest=found["dest_area"].map(nearness), origin=found["origin_area"].map(nearness), named=found["service"] != "*"
    )
    return str(near.sort_values(["dest", "origin", "named"]).iloc[-1]["zone"])


def nearness(word: str) -> int:
    """How much of an area a word names."""
    return 0 if word == "*" else word.count(".") + 1


def words(area: str) -> list[str]:
    """All words that name an area."""
    parts = area.split(".")
    return ["*", *(".".join(parts[:n]) for n in range(1, len(parts) + 1))]


def grams_of(row: Any, agreement: Any) -> int:
    """The weight an agreement charges."""
    from tests.bench.everyday import chargeable

    return int(chargeable(agreement, row))


def applies(row: Any, charge: Any, lists: Any) -> bool:
    """Whether a charge fits a row."""
    if charge["subject"] != "parcel" or charge["service"] not in (row["service"], "*"):
        return False
    if charge["statuses"] != "*" and row["status"] not in charge["statuses"].split("|"):
        return False
    if charge["cod"] not in ("any", "yes" if row["is_cod"] else "no") or charge["insured"] not in (
        "any",
        "yes" if row["insured"] else "no",
    ):
        return False
    if isinstance(charge["area_list"], str):
        return bool(((lists["area_list"] == charge["area_list"]) & (lists["area"] == row["dest_area"])).any())
    return True


def amount_of(
    row: Any, charge: Any, mine: dict[str, Any], zone: str | None, grams: int, day: int, amounts: dict[str, int]
) -> int | None:
    """The amount of a charge, before its sign; nothing where it does not arise."""
    if charge["kind"] == "bands":
        bands = mine["bands"]
        fits = bands[
            (bands["charge_no"] == charge["charge_no"]) & (bands["zone"] == zone) & bands["service"].isin([row["service"], "*"])
            & (bands["from_g"] <= grams) & (grams < bands["to_g"])
        ].sort_values("service")  # fmt: skip
        return (
            None if fits.empty else int(price_of({name: value for name, value in fits.iloc[-1].items() if value == value}, grams))
        )
    if charge["kind"] == "flat":
        return int(charge["unit_minor"])
    if charge["base"] == "charges":
        base = sum(amounts.get(name, 0) for name in charge["base_charges"].split("|"))
    else:
        base = int(row.get(f"{charge['base']}_minor", row.get(charge["base"], 0)))
    least, most = (
        None if charge[name] != charge[name] or charge[name] is None else int(charge[name]) for name in ("min_minor", "max_minor")
    )
    if base <= 0:
        return None
    if charge["kind"] == "claim":
        return base if most is None else min(base, most)
    if charge["kind"] == "per_unit":
        amount = int(charge["unit_minor"]) * base
    else:
        rate = int(charge["rate_ppm"])
        if charge["kind"] == "index":
            rates = mine["index_rates"]
            found = rates[(rates["index_name"] == charge["index_name"]) & (rates["valid_from"] <= day) & (day < rates["valid_to"])]
            if found.empty:
                return None
            rate = int(found.iloc[0]["rate_ppm"])
        amount = (base * rate + 500_000) // 1_000_000 + int(charge["unit_minor"])
    amount = amount if least is None else max(amount, least)
    return amount if most is None else min(amount, most)
