"""A law with more edges than the real one: rows that end and begin on the days the drawn worlds use, and codes that are shared."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.flow.months import RUN, law

BILL_DAY = date(2026, 10, 9)
END = RUN["period_to"]
Row = dict[str, Any]


def split(row: Row, day: date, **later: Any) -> list[Row]:
    """The row up to a day, and another from that day on."""
    return [row | {"valid_to": day}, row | {"valid_from": day, "row_id": row["row_id"] + "-LATER"} | later]


def ahead(row: Row, **later: Any) -> list[Row]:
    """The row, left open, and another that begins when the period is over and must not be seen."""
    return [row, row | {"valid_from": END, "row_id": row["row_id"] + "-AHEAD"} | later]


def edge_law(*, switched: bool) -> dict[str, list[Row]]:
    """The Indonesian rows, some of them split on the days the worlds draw, and the switch set."""
    held = {name: [dict(row) for row in rows] for name, rows in law().items()}
    (switch,) = held["switches"]
    before, now = split(switch | {"is_on": True}, BILL_DAY, is_on=switched)
    others = [switch | {"row_id": key, "switch": key, "is_on": True} for key in ("other", "another")]
    return held | {
        "treatments": _treatments(held["treatments"]),
        "vat_rules": _vat_rules(held["vat_rules"]),
        "withholding_rules": _withholding_rules(held["withholding_rules"]),
        "switches": [before, *ahead(now, is_on=True), *others],
    }


def _treatments(rows: list[Row]) -> list[Row]:
    made: list[Row] = []
    for row in rows:
        if row["charge_type"] == "storage":
            made += split(row, BILL_DAY, vat_treatment="parcel", withholding_object="transport")
        elif row["charge_type"] == "processing_fee":
            made += split(row, BILL_DAY, vat_treatment="parcel")
        elif row["charge_type"] == "commission":
            made += split(row, END, vat_treatment="parcel")
        elif row["charge_type"] == "*":
            early, late = split(row, BILL_DAY, vat_treatment="forwarding", withholding_object="none")
            made += [early, *ahead(late, vat_treatment="general")]
        else:
            made.append(row)
    named = {row["charge_type"]: row for row in rows}
    for key, like in (("fee_p", "freight"), ("fee_f", "forwarding")):
        made.append(named[like] | {"row_id": key, "charge_type": key})
    return made


def _vat_rules(rows: list[Row]) -> list[Row]:
    made: list[Row] = []
    for row in rows:
        row["creditable"] = row["treatment"] != "parcel"
        made += ahead(row, effective_ppm=120_000) if row["row_id"] == "ID-VAT-GENERAL-2025" else [row]
    return made


def _withholding_rules(rows: list[Row]) -> list[Row]:
    made: list[Row] = []
    for row in rows:
        if row["object"] == "packing":
            made.append(row | {"object_code": "24-104-44", "source": "another source"})
        elif row["object"] == "loading":
            made += split(row, BILL_DAY, rate_ppm=row["rate_ppm"] + 1)
        elif row["object"] == "agency":
            slices = ((0, 50), (50, 33_333), (33_333, None))
            made += [
                row | {"row_id": f"{row['row_id']}-{low}", "over_minor": low, "upto_minor": high, "rate_ppm": row["rate_ppm"] + low}
                for low, high in slices
            ]
        elif row["object"] == "marketplace_sale" and row["entity"] == "company":
            for n, (has, suket) in enumerate((("yes", "no"), ("no", "no"), ("yes", "yes"), ("no", "yes"))):
                part = row | {"row_id": f"{row['row_id']}-{n}", "has_tax_id": has, "suket": suket, "rate_ppm": 777}
                early, late = split(part, BILL_DAY, rate_ppm=5_000 * (n + 1))
                made += [early, *ahead(late, rate_ppm=999)]
        else:
            made.append(row)
    return made
