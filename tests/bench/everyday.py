"""The two scripts a team writes today, over the same rows and terms: a loop of plain Python over dictionaries, and pandas merges and masks.

Both know what the agreements of the synthetic month ask and no more (no limits of weight, no promised days), say nothing of what
waits, and are given their rows in memory, so only the pricing is timed. Both must come to the money of the rating, or the bench fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from tuntas.operations.rating.terms import RatingTerms

Row = Mapping[str, Any]
Version = tuple[str, int]


class Book:
    """The terms as dictionaries, the way such a script keeps them."""

    def __init__(self, terms: RatingTerms) -> None:
        self.agreements: dict[str, list[Row]] = {}
        for row in terms.rows["agreements"]:
            if row["side"] == "buy":
                self.agreements.setdefault(row["party_id"], []).append(row)
        self.charges = _grouped(terms.rows["charges"])
        self.zones = {
            version: {(row["dest_area"], row["origin_area"], row["service"]): row["zone"] for row in rows}
            for version, rows in _grouped(terms.rows["zones"]).items()
        }
        self.areas = {
            (*version, row["area_list"], row["area"])
            for version, rows in _grouped(terms.rows["area_lists"]).items()
            for row in rows
        }
        self.indices = _grouped(terms.rows["index_rates"])
        self.bands: dict[tuple[Any, ...], list[Row]] = {}
        for version, rows in _grouped(terms.rows["bands"]).items():
            for row in rows:
                self.bands.setdefault((*version, row["charge_no"], row["service"], row["zone"]), []).append(row)

    def agreement(self, party: str, day: Any) -> Row | None:
        """The agreement of a party on a day."""
        for row in self.agreements.get(party, ()):
            if row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"]):
                return row
        return None

    def zone(self, version: Version, origin: str, dest: str, service: str) -> str | None:
        """The zone of a lane: the nearest word for the destination, then for the origin."""
        rows = self.zones.get(version, {})
        for to in _words(dest):
            for start in _words(origin):
                for named in (service, "*"):
                    if (to, start, named) in rows:
                        return rows[to, start, named]
        return None

    def band(self, version: Version, charge: int, service: str, zone: str | None, grams: int) -> Row | None:
        """The band of a weight."""
        for named in (service, "*"):
            for row in self.bands.get((*version, charge, named, zone), ()):
                if row["from_g"] <= grams and (row["to_g"] is None or grams < row["to_g"]):
                    return row
        return None

    def index(self, version: Version, name: str, day: Any) -> int | None:
        """The rate of an index on a day."""
        for row in self.indices.get(version, ()):
            if row["index_name"] == name and row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"]):
                return row["rate_ppm"]
        return None


def sample(place: Path, rows: int) -> duckdb.DuckDBPyRelation:
    """The first rows of a part that was taken in, with their names."""
    return duckdb.connect().sql(
        "SELECT r.*, p.party_id, p.service, p.rated_status AS status, p.is_cod, p.insured, p.origin_area, p.dest_area"
        f" FROM '{place}/rows.parquet' AS r JOIN '{place}/profiles.parquet' AS p ON p.profile_no = r.profile_no WHERE r.row_no < {rows}"
    )


def by_row(rows: Sequence[Row], book: Book) -> int:
    """Price one row after another; return the money, with the signs of the charges."""
    total = 0
    for row in rows:
        agreement = book.agreement(row["party_id"], row["rated_on"])
        if agreement is None:
            continue
        version = (agreement["agreement_id"], agreement["version"])
        zone = book.zone(version, row["origin_area"], row["dest_area"], row["service"])
        grams = chargeable(agreement, row)
        amounts: dict[str, int] = {}
        for charge in sorted(
            book.charges[version], key=lambda c: (c["base"] == "charges" or c["cap_charges"] is not None, c["charge_no"])
        ):
            if charge["charge_type"] in amounts or not applies(charge, row, book, version):
                continue
            amount = amount_of(charge, row, book, version, zone, grams, amounts)
            if amount is not None and charge["cap_charges"] is not None:
                of = [amounts[name] for name in charge["cap_charges"].split("|") if name in amounts]
                amount = min(amount, (2 * sum(of) * charge["cap_ppm"] + 10**6) // (2 * 10**6)) if of else None
            if amount is not None:
                amounts[charge["charge_type"]] = amount
                total += amount * charge["sign"]
    return total


def chargeable(agreement: Row, row: Row) -> int:
    """The weight an agreement charges."""
    volumetric = -(-row["volume_mm3"] // agreement["divisor"]) if agreement["divisor"] else 0
    heavier, least = max(row["actual_g"], volumetric), agreement["min_g"]
    if agreement["weight_order"] == "max_then_round":
        heavier, least = max(heavier, least), 0
    if heavier <= 0:
        return max(0, least)
    return max(max(-(-(heavier - agreement["tolerance_g"]) // agreement["step_g"]), 1) * agreement["step_g"], least)


def applies(charge: Row, row: Row, book: Book, version: Version) -> bool:
    """Whether a charge fits a row."""
    return (
        charge["subject"] == "parcel"
        and charge["service"] in (row["service"], "*")
        and (charge["statuses"] == "*" or row["status"] in charge["statuses"].split("|"))
        and charge["cod"] in ("any", "yes" if row["is_cod"] else "no")
        and charge["insured"] in ("any", "yes" if row["insured"] else "no")
        and (charge["area_list"] is None or (*version, charge["area_list"], row["dest_area"]) in book.areas)
    )


def amount_of(
    charge: Row, row: Row, book: Book, version: Version, zone: str | None, grams: int, amounts: Mapping[str, int]
) -> int | None:
    """The amount of a charge, before its sign; nothing where it does not arise."""
    if charge["kind"] == "bands":
        band = book.band(version, charge["charge_no"], row["service"], zone, grams)
        return None if band is None else price_of(band, grams)
    if charge["kind"] == "flat":
        return int(charge["unit_minor"])
    if charge["base"] == "charges":
        base = sum(amounts.get(name, 0) for name in charge["base_charges"].split("|"))
    else:
        base = row.get(f"{charge['base']}_minor", row.get(charge["base"], 0))
    if base <= 0:
        return None
    if charge["kind"] == "claim":
        return min(base, charge["max_minor"] or base)
    if charge["kind"] == "per_unit":
        amount = charge["unit_minor"] * base
    else:
        rate = charge["rate_ppm"] if charge["kind"] == "percent" else book.index(version, charge["index_name"], row["rated_on"])
        if rate is None:
            return None
        amount = (base * rate + 500_000) // 1_000_000 + charge["unit_minor"]
    if charge["min_minor"] is not None:
        amount = max(amount, charge["min_minor"])
    return amount if charge["max_minor"] is None else min(amount, charge["max_minor"])


def price_of(band: Row, grams: int) -> int:
    """The price of a weight in a band."""
    price = band["first_minor"] or 0
    if band["next_g"] and grams > band["first_g"]:
        price += -(-(grams - band["first_g"]) // band["next_g"]) * band["next_minor"]
    if band["per_kg_micro"]:
        price += (2 * grams * band["per_kg_micro"] + 10**9) // (2 * 10**9)
    return max(price, band["min_minor"] or 0)


def by_masks(frame: Any, book: Book) -> int:
    """Price a pandas frame by merges and masks, agreement by agreement and charge by charge; return the money."""
    import numpy as np
    import pandas as pd

    total = 0
    days = pd.to_datetime(frame["rated_on"])
    for party, agreements in book.agreements.items():
        for agreement in agreements:
            mask = (frame["party_id"] == party) & (days >= pd.Timestamp(agreement["valid_from"]))
            if agreement["valid_to"] is not None:
                mask &= days < pd.Timestamp(agreement["valid_to"])
            rows = frame[mask].reset_index(drop=True)
            if rows.empty:
                continue
            version = (agreement["agreement_id"], agreement["version"])
            lanes = rows[["origin_area", "dest_area", "service"]].drop_duplicates()
            lanes["zone"] = [book.zone(version, *lane) for lane in lanes.itertuples(index=False)]
            rows = rows.merge(lanes, on=["origin_area", "dest_area", "service"], how="left")
            rows["grams"] = grams_of(rows, agreement)
            amounts: dict[str, Any] = {}
            for charge in sorted(
                book.charges[version], key=lambda c: (c["base"] == "charges" or c["cap_charges"] is not None, c["charge_no"])
            ):
                fits = fitting(rows, charge, book, version)
                if charge["kind"] == "bands":
                    amount, there = banded(rows, charge, book, version)
                elif charge["kind"] == "flat":
                    amount, there = pd.Series(charge["unit_minor"], index=rows.index), pd.Series(True, index=rows.index)
                else:
                    amount, there = counted(rows, charge, book, version, amounts)
                if charge["cap_charges"] is not None:
                    of = sum(
                        (amounts[name] for name in charge["cap_charges"].split("|") if name in amounts),
                        pd.Series(0, index=rows.index),
                    )
                    amount = np.minimum(amount, (2 * of * charge["cap_ppm"] + 10**6) // (2 * 10**6))
                amount = amount.where(fits & there, 0).astype(np.int64)
                name = charge["charge_type"]
                amounts[name] = amounts[name] + amount if name in amounts else amount
                total += int(amount.sum()) * charge["sign"]
    return total


def grams_of(rows: Any, agreement: Row) -> Any:
    """The weight an agreement charges, for every row."""
    import numpy as np

    heavier = rows["actual_g"]
    if agreement["divisor"]:
        heavier = np.maximum(heavier, -(-rows["volume_mm3"] // agreement["divisor"]))
    if agreement["weight_order"] == "max_then_round":
        heavier = np.maximum(heavier, agreement["min_g"])
    steps = np.maximum(-(-(heavier - agreement["tolerance_g"]) // agreement["step_g"]), 1)
    grams = (steps * agreement["step_g"]).where(heavier > 0, 0)
    return grams if agreement["weight_order"] == "max_then_round" else np.maximum(grams, agreement["min_g"])


def fitting(rows: Any, charge: Row, book: Book, version: Version) -> Any:
    """The rows a charge fits, as a mask."""
    import pandas as pd

    fits = pd.Series(charge["subject"] == "parcel", index=rows.index)
    if charge["service"] != "*":
        fits &= rows["service"] == charge["service"]
    if charge["statuses"] != "*":
        fits &= rows["status"].isin(charge["statuses"].split("|"))
    for name, column in (("cod", "is_cod"), ("insured", "insured")):
        if charge[name] != "any":
            fits &= rows[column] == (charge[name] == "yes")
    if charge["area_list"] is not None:
        listed = {key[3] for key in book.areas if key[:3] == (*version, charge["area_list"])}
        fits &= rows["dest_area"].isin(listed)
    return fits


def banded(rows: Any, charge: Row, book: Book, version: Version) -> tuple[Any, Any]:
    """The prices of a charge with bands: merged by zone, the band of the weight kept."""
    import numpy as np
    import pandas as pd

    bands = pd.DataFrame([dict(row) for key, of in book.bands.items() if key[:3] == (*version, charge["charge_no"]) for row in of])
    bands = bands.drop(columns=["agreement_id", "version", "charge_no"])
    numbers = ["first_g", "first_minor", "next_g", "next_minor", "per_kg_micro", "min_minor"]
    bands[numbers] = bands[numbers].fillna(0).astype(np.int64)
    bands["to_g"] = bands["to_g"].fillna(2**62).astype(np.int64)
    here = rows[["zone", "service", "grams"]].reset_index()
    by_service = bands[bands["service"] != "*"]
    met = here.merge(by_service, on=["zone", "service"])
    if len(by_service) < len(bands):
        met = pd.concat([met, here.merge(bands[bands["service"] == "*"].drop(columns="service"), on="zone")])
    met = met[(met["from_g"] <= met["grams"]) & (met["grams"] < met["to_g"])].drop_duplicates("index").set_index("index")
    started = -(-(met["grams"] - met["first_g"]) // met["next_g"].replace(0, 1))
    price = met["first_minor"] + (started * met["next_minor"]).where((met["next_g"] > 0) & (met["grams"] > met["first_g"]), 0)
    price += (2 * met["grams"] * met["per_kg_micro"] + 10**9) // (2 * 10**9)
    price = np.maximum(price, met["min_minor"]).reindex(rows.index)
    return price.fillna(0), price.notna()


def counted(rows: Any, charge: Row, book: Book, version: Version, amounts: Mapping[str, Any]) -> tuple[Any, Any]:
    """The amounts of a charge counted on a number or on other charges."""
    import numpy as np
    import pandas as pd

    if charge["base"] == "charges":
        base = sum((amounts[name] for name in charge["base_charges"].split("|") if name in amounts), pd.Series(0, index=rows.index))
    else:
        base = rows[f"{charge['base']}_minor"] if f"{charge['base']}_minor" in rows else rows[charge["base"]]
    if charge["kind"] == "claim":
        return (base if charge["max_minor"] is None else np.minimum(base, charge["max_minor"])), base > 0
    if charge["kind"] == "per_unit":
        amount = charge["unit_minor"] * base
    elif charge["kind"] == "percent":
        amount = (base * charge["rate_ppm"] + 500_000) // 1_000_000 + charge["unit_minor"]
    else:
        days = rows["rated_on"].drop_duplicates()
        rates = {day: book.index(version, charge["index_name"], pd.Timestamp(day).date()) for day in days}
        amount = (base * rows["rated_on"].map(rates).astype(np.int64) + 500_000) // 1_000_000 + charge["unit_minor"]
    if charge["min_minor"] is not None:
        amount = np.maximum(amount, charge["min_minor"])
    return (amount if charge["max_minor"] is None else np.minimum(amount, charge["max_minor"])), base > 0


def _grouped(rows: Sequence[Row]) -> dict[Version, list[Row]]:
    found: dict[Version, list[Row]] = {}
    for row in rows:
        found.setdefault((row["agreement_id"], row["version"]), []).append(row)
    return found


def _words(area: str) -> Iterator[str]:
    parts = area.split(".")
    for n in range(len(parts), 0, -1):
        yield ".".join(parts[:n])
    yield "*"
