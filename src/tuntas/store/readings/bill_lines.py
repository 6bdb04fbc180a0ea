"""Bill lines by cause. Whatever is filtered, billed = agreed + disputed + held, and the causes sum to the whole, in each currency."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuntas.store.readings.run_tables import RunTables, like, own_first

PAGE = 50

_SUMS = """count(*) AS line_count,
    coalesce(sum(billed_minor), 0)::BIGINT AS billed_minor,
    coalesce(sum(expected_minor), 0)::BIGINT AS expected_minor,
    coalesce(sum(difference_minor), 0)::BIGINT AS difference_minor,
    coalesce(sum(agreed_minor), 0)::BIGINT AS agreed_minor,
    coalesce(sum(disputed_minor), 0)::BIGINT AS disputed_minor,
    coalesce(sum(held_minor), 0)::BIGINT AS held_minor,
    coalesce(sum(disputed_minor + held_minor), 0)::BIGINT AS open_minor"""

_LINE = """vendor_id, bill_no, line_no, subject_id, charge_text, charge_type, charge_id, verdict, cause, billed_minor,
    expected_minor, difference_minor, agreed_minor, disputed_minor, held_minor,
    (disputed_minor + held_minor)::BIGINT AS open_minor, billed_g, expected_g,
    billed_zone, expected_zone, first_seen, evidence, currency"""

# The largest amount in question first, one currency after the other; the key makes the order total, so that a page never shows a line twice.
_ORDER = "abs(disputed_minor + held_minor) DESC, abs(difference_minor) DESC, vendor_id, bill_no, line_no"


@dataclass(frozen=True, slots=True)
class BillFilter:
    """What the reader asked for; empty fields do not narrow. A cause is asked for in one currency where a run has several."""

    cause: str = ""
    currency: str = ""
    vendor: str = ""
    bill: str = ""
    search: str = ""

    def where(self, *, with_cause: bool = True) -> tuple[str, list[object]]:
        """Return the WHERE text and its parameters."""
        parts: list[str] = ["true"]
        values: list[object] = []
        narrow = (("cause", self.cause), ("currency", self.currency)) if with_cause else ()
        for column, value in (*narrow, ("vendor_id", self.vendor), ("bill_no", self.bill)):
            if value:
                parts.append(f"{column} = ?")
                values.append(value)
        if self.search:
            parts.append("(subject_id ILIKE ? ESCAPE '!' OR bill_no ILIKE ? ESCAPE '!' OR charge_text ILIKE ? ESCAPE '!')")
            values += [like(self.search)] * 3
        return " AND ".join(parts), values


@dataclass(frozen=True, slots=True)
class BillPage:
    """One page of lines, the whole filter's sums, the sums and causes under the other filters, and where the next page starts.

    `sums` and `whole` hold one row a currency, the run's own first; each row of `whole` carries its `causes`.
    """

    lines: list[dict[str, Any]]
    sums: list[dict[str, Any]]
    whole: list[dict[str, Any]]
    vendors: list[dict[str, Any]]
    after: str


def line_key(line: dict[str, Any]) -> str:
    """Return the key of a line as one text: vendor|bill|line."""
    return f"{line['vendor_id']}|{line['bill_no']}|{line['line_no']}"


def _split(key: str) -> tuple[str, str, int] | None:
    head, _, number = key.rpartition("|")
    vendor, _, bill = head.partition("|")
    return (vendor, bill, int(number)) if vendor and bill and number.isdigit() else None


def bill_page(folder: Path, *, asked: BillFilter, own: str, after: str = "", limit: int = PAGE) -> BillPage:
    """Return lines of a run's bills after the line of key `after`: those in the currency `own` first, largest amount in question first."""
    where, values = asked.where()
    wide, wide_values = asked.where(with_cause=False)
    start = _split(after)
    first = own_first(own)
    with RunTables(folder, "audited", "parties") as run:
        keyset, keyset_values = "", []
        if start is not None:
            keyset = """WHERE row_number > coalesce((SELECT min(row_number) FROM ranked
                WHERE vendor_id = ? AND bill_no = ? AND line_no = ?), 0)"""
            keyset_values = list(start)
        lines = run.rows(
            f"""WITH ranked AS (SELECT {_LINE}, row_number() OVER (ORDER BY {first}, {_ORDER}) AS row_number FROM audited WHERE {where})
            SELECT * EXCLUDE (row_number) FROM ranked {keyset} ORDER BY row_number LIMIT {int(limit) + 1}""",
            [*values, *keyset_values],
        )
        by_currency = f"SELECT currency, {_SUMS} FROM audited WHERE {{}} GROUP BY currency ORDER BY {first}"
        sums = run.rows(by_currency.format(where), values)
        whole = run.rows(by_currency.format(wide), wide_values) or run.rows(
            f"SELECT ? AS currency, {_SUMS} FROM audited WHERE false", [own]
        )
        causes = run.rows(
            f"SELECT * FROM (SELECT currency, cause, {_SUMS} FROM audited WHERE {wide} GROUP BY currency, cause) "
            "ORDER BY abs(open_minor) DESC, abs(difference_minor) DESC, line_count, cause",
            wide_values,
        )
        vendors = run.rows(
            """SELECT a.vendor_id AS party_id, coalesce(any_value(p.name), a.vendor_id) AS name, count(*) AS line_count
            FROM audited a LEFT JOIN parties p ON p.party_id = a.vendor_id GROUP BY 1 ORDER BY 2, 1"""
        )
    more = len(lines) > limit
    lines = lines[:limit]
    for line in lines:
        line["key"] = line_key(line)
    for row in whole:
        row["causes"] = [cause for cause in causes if cause["currency"] == row["currency"]]
    return BillPage(lines, sums, whole, vendors, lines[-1]["key"] if more else "")


def bill_line(folder: Path, key: str) -> dict[str, Any] | None:
    """Return one audited line by its key, with the bill it stands on and the parcel behind it, or None."""
    start = _split(key)
    if start is None:
        return None
    with RunTables(folder, "audited", "bills", "parties", "shipments", "rated") as run:
        line = run.row(f"SELECT {_LINE} FROM audited WHERE vendor_id = ? AND bill_no = ? AND line_no = ?", list(start))
        if line is None:
            return None
        line["key"] = key
        line["vendor"] = run.row("SELECT name FROM parties WHERE party_id = ?", [line["vendor_id"]])
        line["bill"] = run.row(
            "SELECT billed_on, received_on, line_count, billed_minor FROM bills WHERE vendor_id = ? AND bill_no = ?",
            list(start[:2]),
        )
        line["shipment"] = run.row(
            """SELECT waybill, service, shipped_on, origin_area, dest_area, actual_g, length_mm, width_mm, height_mm, cod_minor
            FROM shipments WHERE waybill = ? ORDER BY waybill LIMIT 1""",
            [line["subject_id"]],
        )
        line["rated"] = run.row(
            """SELECT agreement_id, version, volumetric_g, chargeable_g, zone, status, hold_code FROM rated
            WHERE subject_id = ? AND side = 'buy' LIMIT 1""",
            [line["subject_id"]],
        )
    return line


def other_causes(folder: Path, *, own: str) -> list[dict[str, Any]]:
    """Return the causes found on documents and on cash rather than on a bill line: wrong tax, short COD, bills not received.

    One row a currency and cause, those in the currency `own` first.
    """
    with RunTables(folder, "causes", "audited") as run:
        return run.rows(
            f"""SELECT currency, cause, sum(line_count)::BIGINT AS line_count, sum(at_stake_minor)::BIGINT AS at_stake_minor
            FROM causes WHERE cause NOT IN (SELECT DISTINCT cause FROM audited) GROUP BY currency, cause
            ORDER BY {own_first(own)}, at_stake_minor DESC, cause"""
        )
