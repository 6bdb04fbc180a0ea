"""The first look at bill lines by the million beside the rating of the same parcels, in the same run.

    python -m tests.bench.first_look FACTS --work FOLDER

FACTS holds `agreements/`, `parties.parquet` and `parts/` as tests.bench.parcel_facts makes them. A line is made for each parcel, a hundredth of
them twice in one month, a hundredth settled by an earlier month, and a hundredth under another amount, vendor or waybill. Each stage runs in a
process of its own. The counts found are held to what was put in.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.bench.rating import child, timed

from tuntas.engine import Engine
from tuntas.operations.rating.bills import take_in_bills
from tuntas.operations.rating.book import rate_book
from tuntas.operations.rating.first_look import look_first
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.rest import audit_rest
from tuntas.operations.rating.terms import RatingTerms, read_terms

Told = dict[str, Any]


def main() -> int:
    """Rate, make bills, take them in, look; print seconds and the ratio to rating."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("facts", type=Path)
    words.add_argument("--work", type=Path, required=True)
    words.add_argument("--again", action="store_true", help="the bills are there: only rate, and look")
    words.add_argument("--child", help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.child:
        print(json.dumps(STAGES[asked.child](asked.facts, asked.work)))
        return 0
    stages = [name for name in STAGES if not asked.again or name in ("rate", "look", "rest")]
    found: Told = {"load_before": os.getloadavg()}
    for name in stages:
        found[name] = json.loads(
            child(["tests.bench.first_look", str(asked.facts), "--work", str(asked.work), "--child", name]).splitlines()[-1]
        )
    for measure in ("seconds", "cpu"):
        found[f"{measure}_of_rating"] = f"{100 * found['look'][measure] / found['rate'][measure]:.0f}%"
    found["load_after"] = os.getloadavg()
    print(json.dumps(found, indent=2))
    return 0


def rate(facts: Path, work: Path) -> Told:
    """Rate the parts from their rows: taking in is done before and not timed."""
    terms = _terms(facts)
    rate_book(facts / "parts", work / "book", terms=terms)
    shutil.rmtree(work / "book" / "rated")
    rated, told = timed(lambda: rate_book(facts / "parts", work / "book", terms=terms))
    # The bytes of facts are hashed to see whether they changed; that is taking in.
    return told | {
        "seconds": rated.seconds["rate"],
        "with_hashing": told["seconds"],
        "subjects": rated.subjects,
        "lines": rated.lines,
    }


def make(facts: Path, work: Path) -> Told:
    """Bills from the book: freight of each parcel, one bill a vendor and half month."""
    bills = work / "paper"
    shutil.rmtree(bills, ignore_errors=True)
    bills.mkdir(parents=True)
    rows = 0
    with Engine() as engine:
        aliases = [
            (row["agreement_id"], row["version"], row["charge_type"], row["charge_text"]) for row in _terms(facts).rows["aliases"]
        ]
        engine.con.execute("CREATE TABLE aliases (agreement_id TEXT, version BIGINT, charge_type TEXT, charge_text TEXT)")
        engine.con.executemany("INSERT INTO aliases VALUES (?, ?, ?, ?)", aliases)
        for part in sorted(place.name for place in (work / "book" / "rated").iterdir()):
            taken_in, rated = folders_of(work / "book", part)
            slots = [
                row[0]
                for row in engine.rows(f"DESCRIBE SELECT * FROM read_parquet('{rated}/record.parquet')")
                if row[0].startswith("amount_")
            ]
            amount = " ".join(f"WHEN {name.removeprefix('amount_')} THEN r.{name}" for name in slots)
            engine.con.execute(f"""
                CREATE OR REPLACE TABLE lines AS
                SELECT p.party_id AS vendor_id, '{part}-' || (w.row_no % 2) AS bill_no, w.row_no AS line_no, w.subject_id AS subject_id,
                    k.charge_text AS charge_text, s.charge_type AS charge_type, CASE s.slot {amount} END * s.sign AS amount_minor,
                    p.currency AS currency, w.row_no % 300 AS draw
                FROM read_parquet('{taken_in}/rows.parquet') AS w
                JOIN read_parquet('{taken_in}/profiles.parquet') AS p ON p.profile_no = w.profile_no AND p.side = 'buy' AND p.status <> 'in_transit'
                JOIN read_parquet('{rated}/record.parquet') AS r ON r.row_no = w.row_no
                JOIN read_parquet('{rated}/sheets.parquet') AS s ON s.face_no = r.face_no AND s.slot = 1 AND s.sign > 0
                JOIN (SELECT agreement_id, version, charge_type, min(charge_text) AS charge_text FROM aliases GROUP BY ALL) AS k
                    ON k.agreement_id = s.agreement_id AND k.version = s.version AND k.charge_type = s.charge_type
                WHERE CASE s.slot {amount} END IS NOT NULL""")
            engine.con.execute(f"""
                COPY (
                    SELECT CASE WHEN draw = 0 THEN 'nobody' ELSE vendor_id END AS vendor_id, bill_no, line_no, DATE '2026-11-01' AS billed_on,
                        DATE '2026-11-02' AS received_on, 'charge' AS kind, CASE WHEN draw = 1 THEN subject_id || '?' ELSE subject_id END AS subject_id,
                        charge_text, NULL::TEXT AS service, NULL::BIGINT AS billed_g, NULL::TEXT AS billed_zone, NULL::TEXT AS tax_code,
                        amount_minor + CASE WHEN draw = 2 THEN 500 ELSE 0 END AS amount_minor, currency
                    FROM lines
                    UNION ALL
                    SELECT vendor_id, bill_no || '-again', line_no, DATE '2026-11-01', DATE '2026-11-03', 'charge', subject_id, charge_text, NULL, NULL,
                        NULL, NULL, amount_minor, currency
                    FROM lines WHERE draw BETWEEN 3 AND 5
                ) TO '{bills}/bill_lines-{part}.parquet' (FORMAT parquet)""")
            engine.con.execute(f"""
                COPY (SELECT vendor_id, 'earlier' AS bill_no, line_no, subject_id, charge_type FROM lines WHERE draw BETWEEN 6 AND 8)
                TO '{bills}/billed_before-{part}.parquet' (FORMAT parquet)""")
            rows += int(engine.value(f"SELECT count(*) FROM read_parquet('{bills}/bill_lines-{part}.parquet')"))
        seeded = {
            row[0]: row[1]
            for row in engine.rows(f"""
                SELECT draw, count(*) FROM (SELECT line_no % 300 AS draw FROM read_parquet('{bills}/bill_lines-*.parquet')) WHERE draw < 9 GROUP BY ALL""")
        }
    told = {"lines": rows, "seeded": [seeded.get(draw, 0) for draw in range(9)]}
    (bills / "made.json").write_text(json.dumps(told), encoding="utf-8")
    return told


def intake(facts: Path, work: Path) -> Told:
    """Take the bills in."""
    paper = work / "paper"
    taken, told = timed(
        lambda: take_in_bills(
            sorted(paper.glob("bill_lines-*.parquet")), sorted(paper.glob("billed_before-*.parquet")), work / "book", work / "bills"
        )
    )
    return told | {"lines": taken.lines, "settled": taken.settled, "strangers": taken.strangers}


def look(facts: Path, work: Path) -> Told:
    """Look; hold what was found to what was put in."""
    terms = _terms(facts)
    looked, told = timed(lambda: look_first(work / "bills", work / "book", work / "look", terms=terms))
    counted: dict[str, int] = {}
    for row in looked.by_verdict:
        counted[row["verdict"]] = counted.get(row["verdict"], 0) + row["lines"]
    made = json.loads((work / "paper" / "made.json").read_text(encoding="utf-8"))
    seeded = made["seeded"]
    wanted = {"other_vendor": seeded[0], "stranger": seeded[1], "differs": seeded[2], "duplicate": sum(seeded[3:])}
    wanted |= {"matched": made["lines"] - sum(wanted.values())}
    if counted != {name: lines for name, lines in wanted.items() if lines}:
        print(f"saw {counted}; wanted {wanted}", file=sys.stderr)
        raise SystemExit(1)
    return told | {"by_verdict": counted}


def rest(facts: Path, work: Path) -> Told:
    """Let the stage judge what was passed on."""
    paper = work / "paper"
    run = {
        "cycle_id": "bench", "period_from": date(2026, 10, 1), "period_to": date(2026, 11, 1), "as_of": datetime(2026, 12, 31), "country": "ID",
        "currency": "IDR", "platform_id": "-", "hold_days": 0, "min_payout_minor": 0,
    }  # fmt: skip
    judged, told = timed(
        lambda: audit_rest(
            sorted(paper.glob("bill_lines-*.parquet")), sorted(paper.glob("billed_before-*.parquet")), work / "bills", work / "book",
            work / "look", work / "rest.parquet", terms=_terms(facts), run=run,
        )
    )  # fmt: skip
    return told | {"lines": judged}


STAGES = {"rate": rate, "make": make, "intake": intake, "look": look, "rest": rest}


def _terms(facts: Path) -> RatingTerms:
    return read_terms(facts / "agreements", parties=facts / "parties.parquet", as_of=datetime(2026, 12, 31), places={"IDR": 0})


if __name__ == "__main__":
    sys.exit(main())
