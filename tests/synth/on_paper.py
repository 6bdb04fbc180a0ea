"""Rates one waybill from the files of a case folder alone: YAML, CSV and the reference page, in exact fractions.

It knows nothing of how the month was made, so that what the agreements say and what the vendors bill can be held together.
"""

from __future__ import annotations

import csv
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

Row = dict[str, str]
AS_OF = datetime(2026, 11, 10, 23, 59, 59)


def rows_of(folder: Path) -> list[Row]:
    """All rows of the CSV files of a folder."""
    found: list[Row] = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            found.extend(csv.DictReader(stream))
    return found


def _half_up(amount: Fraction) -> int:
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def _up(amount: Fraction) -> int:
    return -(-amount.numerator // amount.denominator)


def _percent(text: str) -> Fraction:
    return Fraction(text.rstrip("%")) / 100


class Paper:
    """The buy-side agreements of a case."""

    def __init__(self, case: Path) -> None:
        self.versions: dict[str, list[dict[str, Any]]] = {}
        for sheet in sorted(case.glob("agreements/*/*.yaml")):
            told = yaml.load(sheet.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
            told["home"] = sheet.parent
            if told["side"] == "buy":
                self.versions.setdefault(told["party"], []).append(told)
        self._tables: dict[Path, list[Row]] = {}

    def in_force(self, party: str, on: date) -> dict[str, Any]:
        """The one version valid on a day."""
        found = [v for v in self.versions[party] if v["valid"]["from"] <= str(on) < v["valid"].get("to", "9999")]
        assert len(found) == 1, (party, on)
        return found[0]

    def table(self, version: dict[str, Any], name: str) -> list[Row]:
        """A CSV beside the sheet."""
        path = version["home"] / name
        if path not in self._tables:
            with path.open(encoding="utf-8", newline="") as stream:
                self._tables[path] = list(csv.DictReader(stream))
        return self._tables[path]

    def weight(self, version: dict[str, Any], parcel: Row) -> int:
        """The chargeable weight."""
        w = {key: int(value) for key, value in version["weight"].items() if key not in ("order", "clause")}
        volume = int(parcel["length_mm"]) * int(parcel["width_mm"]) * int(parcel["height_mm"])
        volumetric = _up(Fraction(volume, 1000) * 1000 / w["divisor"])

        def stepped(grams: int) -> int:
            steps = 0
            while steps * w["step_g"] + w["tolerance_g"] < grams:
                steps += 1
            return steps * w["step_g"]

        if version["weight"]["order"] == "max_then_round":
            return stepped(max(int(parcel["actual_g"]), volumetric, w["min_g"]))
        return max(stepped(int(parcel["actual_g"])), stepped(volumetric), w["min_g"])

    def zone(self, version: dict[str, Any], parcel: Row) -> str:
        """The zone of the most specific row, the destination first."""

        def rank(code: str, printed: str) -> int:
            return 3 if code == printed else 2 if printed != "*" and code.startswith(printed + ".") else 1 if printed == "*" else 0

        best: dict[tuple[int, int], set[str]] = {}
        for row in self.table(version, version["zones"]):
            there, here = rank(parcel["dest_area"], row["dest"]), rank(parcel["origin_area"], row["origin"])
            if there and here:
                best.setdefault((there, here), set()).add(row["zone"])
        zones = best[max(best)]
        assert len(zones) == 1, (parcel, zones)
        return zones.pop()

    def band_price(self, version: dict[str, Any], file: str, *, service: str, zone: str, grams: int) -> int:
        """The price of the one band that covers a weight."""
        fits = [
            row
            for row in self.table(version, file)
            if row["service"] == service and row["zone"] == zone and int(row["from_g"]) <= grams
            and (not row["to_g"] or grams < int(row["to_g"]))
        ]  # fmt: skip
        assert len(fits) == 1, (file, service, zone, grams)
        (row,) = fits
        if row["per_kg"]:
            return max(_half_up(Fraction(row["per_kg"]) * grams / 1000), int(row["min"] or 0))
        more = max(grams - int(row["first_g"]), 0)
        return int(row["first"]) + (_up(Fraction(more, int(row["next_g"]))) * int(row["next"]) if more else 0)

    def charges(self, parcel: Row, *, status: str, attempts: int) -> dict[str, int]:
        """The charges of a parcel by type, those of nothing left out."""
        on = date.fromisoformat(parcel["shipped_on"])
        version = self.in_force(parcel["vendor_id"], on)
        found: dict[str, int] = {}
        # What nobody owes comes first: a limit may be counted on it.
        for charge in sorted(version["charges"], key=lambda each: each.get("sign") != "0"):
            when = charge.get("when", {})
            if when.get("subject", "parcel") != "parcel" or ("status" in when and status not in when["status"]):
                continue
            if (when.get("cod") == "yes" and parcel["cod_minor"] == "0") or (
                when.get("insured", "any") not in ("any", "yes" if parcel["insured"] == "true" else "no")
            ):
                continue
            if "areas" in when and parcel["dest_area"] not in {
                r["area"] for r in self.table(version, version["areas"][when["areas"]])
            }:  # fmt: skip
                continue
            amount = self._amount(version, charge, parcel, found, attempts=attempts, on=on)
            if amount:
                found["owed by nobody: " * (charge.get("sign") == "0") + charge["type"]] = amount
        return {kind: amount for kind, amount in found.items() if not kind.startswith("owed by nobody")}

    def _amount(
        self, version: dict[str, Any], charge: dict[str, Any], parcel: Row, found: dict[str, int], *, attempts: int, on: date
    ) -> int:  # fmt: skip
        kind = charge["kind"]
        if kind == "bands":
            grams, zone = self.weight(version, parcel), self.zone(version, parcel)
            return self.band_price(version, charge["bands"], service=parcel["service"], zone=zone, grams=grams)
        if kind == "flat":
            return int(charge["amount"])
        if kind == "per_unit":
            return int(charge["amount"]) * attempts
        if kind == "index":
            base = sum(found.get(name, 0) for name in charge["of"]["charges"])
            rates = [
                row["rate"] for row in self.table(version, version["indices"][charge["index"]])
                if row["from"] <= str(on) < (row["to"] or "9999")
            ]  # fmt: skip
            assert len(rates) == 1, (on, rates)
            return _half_up(base * _percent(rates[0]))
        base = int(parcel[{"cod": "cod_minor", "declared": "declared_minor"}[charge["of"]]])
        if kind == "claim":
            limit = int(charge["max"])
            if "cap" in charge:
                limit = min(
                    limit,
                    sum(found[f"owed by nobody: {name}"] for name in charge["cap"]["of"]["charges"]) * int(charge["cap"]["times"]),
                )
            return -min(base, limit)
        if not base:
            return 0
        amount = _half_up(base * _percent(charge["rate"])) + int(charge.get("plus", 0))
        return min(max(amount, int(charge.get("min", 0))), int(charge.get("max", 10**15)))


def statuses(case: Path) -> dict[str, tuple[str, date | None, int]]:
    """Status as of the 10th, the day of it, and failed attempts, by waybill."""
    final: dict[str, tuple[str, date]] = {}
    attempts: dict[str, int] = {}
    for event in rows_of(case / "events"):
        if datetime.fromisoformat(event["known_at"]) > AS_OF:
            continue
        if event["event"] == "attempt_failed":
            attempts[event["waybill"]] = attempts.get(event["waybill"], 0) + 1
        elif event["event"] != "picked_up":
            final[event["waybill"]] = (event["event"], datetime.fromisoformat(event["occurred_at"]).date())
    found: dict[str, tuple[str, date | None, int]] = {}
    for parcel in rows_of(case / "shipments"):
        waybill = parcel["waybill"]
        told = (parcel["status"], date.fromisoformat(parcel["status_on"])) if parcel["status"] else ("in_transit", None)
        status, on = final.get(waybill, told)
        found[waybill] = (status, on, attempts.get(waybill, 0))
    return found
