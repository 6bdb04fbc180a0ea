"""The audit of bill lines by the million beside the rating of the same parcels, in the same run.

    python -m tests.bench.first_look FACTS --work FOLDER [--several] [--rounded]

FACTS holds `agreements/`, `parties.parquet` and `parts/` as tests.bench.parcel_facts makes them. A line is made for the first charge of each
parcel, or with `--several` for every charge of it (freight, fuel, COD fee and the like, each a line of its own). A hundredth of them comes twice in one
month, a hundredth was settled by an earlier month, and a hundredth has another amount, vendor or waybill. With `--rounded` 38 of 100 lines are off by
what their agreement forgives on a line, as of vendors that round their own way. Each stage runs in a process of its own.
What is found is held to what was put in. docs/reference/benchmarks.md explains each line of the table.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.bench.rating import child, machine, timed

from tuntas.engine import Engine
from tuntas.operations.rating.bills import take_in_bills
from tuntas.operations.rating.book import rate_book
from tuntas.operations.rating.first_look import look_first
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.rest import audit_rest
from tuntas.operations.rating.settled import write_settled
from tuntas.operations.rating.terms import RatingTerms, read_terms
from tuntas.tables import table

Told = dict[str, Any]
MEMORY = "700MB"


def main() -> int:
    """Rate, make bills, take them in, look, judge; print seconds and their ratio to rating."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("facts", type=Path)
    words.add_argument("--work", type=Path, required=True)
    words.add_argument("--several", action="store_true", help="a line for every charge of a parcel")
    words.add_argument("--rounded", action="store_true", help="38 of 100 lines differ by what their agreement forgives")
    words.add_argument(
        "--again", action="store_true", help="the bills are there: take them in and audit them again, beside the times of rating"
    )
    words.add_argument("--json", action="store_true")
    words.add_argument("--child", help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.child:
        rounded = {"rounded": True} if asked.rounded and asked.child.startswith("make") else {}
        print(json.dumps(STAGES[asked.child](asked.facts, asked.work, **rounded)))
        return 0
    asked.work.mkdir(parents=True, exist_ok=True)
    kept = asked.work / "measured.json"
    before = json.loads(kept.read_text(encoding="utf-8")) if asked.again and kept.is_file() else {}
    found: Told = before | {"machine": machine(), "load_before": os.getloadavg()}
    for name in STAGES:
        if (name == "make_one" and asked.several) or (name == "make_several" and not asked.several) or name in before:
            continue
        if asked.again and name in ("files", "rate", "make_one", "make_several"):
            continue
        rounded = ["--rounded"] if asked.rounded else []
        told = child(["tests.bench.first_look", str(asked.facts), "--work", str(asked.work), "--child", name, *rounded])
        found[name] = json.loads(told.splitlines()[-1])
        if name in ("files", "rate"):
            kept.write_text(json.dumps({name: found[name] for name in ("files", "rate") if name in found}), encoding="utf-8")
    found["load_after"] = os.getloadavg()
    print(json.dumps(found, indent=2) if asked.json else _table(found))
    return 0


def files(facts: Path, work: Path) -> Told:
    """Take the parts in and rate them, from their files."""
    shutil.rmtree(work / "book", ignore_errors=True)
    terms = _terms(facts)
    return timed(lambda: rate_book(facts / "parts", work / "book", terms=terms))[1]


def rate(facts: Path, work: Path) -> Told:
    """Rate the parts again from their rows: taking in is done before and not timed."""
    shutil.rmtree(work / "book" / "rated")
    terms = _terms(facts)
    rated, told = timed(lambda: rate_book(facts / "parts", work / "book", terms=terms))
    # The bytes of facts are hashed to see whether they changed; that is taking in.
    return told | {
        "seconds": rated.seconds["rate"],
        "with_hashing": told["seconds"],
        "subjects": rated.subjects,
        "lines": rated.lines,
    }


def make_one(facts: Path, work: Path, *, rounded: bool = False) -> Told:
    """Bills of the first charge of each parcel, one bill a vendor and half of a part."""
    return _make(facts, work, "s.slot = 1", rounded)


def make_several(facts: Path, work: Path, *, rounded: bool = False) -> Told:
    """Bills of every charge of each parcel."""
    return _make(facts, work, "true", rounded)


# Of 300 lines, by the number of the line: 0 to 8 are errors, and these, where asked for, are forgiven.
_ROUNDED = range(9, 123)


def _make(facts: Path, work: Path, chosen: str, rounded: bool) -> Told:
    bills = work / "paper"
    shutil.rmtree(bills, ignore_errors=True)
    bills.mkdir(parents=True)
    with Engine() as engine:
        terms = _terms(facts)
        aliases = [(row["agreement_id"], row["version"], row["charge_type"], row["charge_text"]) for row in terms.rows["aliases"]]
        engine.con.execute("CREATE TABLE aliases (agreement_id TEXT, version BIGINT, charge_type TEXT, charge_text TEXT)")
        engine.con.executemany("INSERT INTO aliases VALUES (?, ?, ?, ?)", aliases)
        forgiven = 0
        engine.load_rows(table("tolerances"), terms.rows["tolerances"] if rounded else ())
        for part in sorted(place.name for place in (work / "book" / "rated").iterdir()):
            forgiven += _bill_part(engine, work, part, chosen)
        drawn = dict(
            engine.rows(f"""
                SELECT draw, count(*) FROM (SELECT line_no % 300 AS draw FROM read_parquet('{bills}/bill_lines-*.parquet')) WHERE draw < 9 GROUP BY ALL""")
        )
        rows = int(engine.value(f"SELECT count(*) FROM read_parquet('{bills}/bill_lines-*.parquet')"))
    told = {"lines": rows, "seeded": [drawn.get(draw, 0) for draw in range(9)], "forgiven": forgiven}
    (bills / "made.json").write_text(json.dumps(told), encoding="utf-8")
    return told


def _bill_part(engine: Engine, work: Path, part: str, chosen: str) -> int:
    """Write the bills of a part; return how many lines differ by what is forgiven, none where no tolerances are loaded."""
    bills = work / "paper"
    taken_in, rated = folders_of(work / "book", part)
    described = engine.rows(f"DESCRIBE SELECT * FROM read_parquet('{rated}/record.parquet')")
    slots = [row[0] for row in described if row[0].startswith("amount_")]
    cases = " ".join(f"WHEN {name.removeprefix('amount_')} THEN r.{name}" for name in slots)
    amount = f"CASE s.slot {cases} END"
    # Numbers of lines fall on every remainder of 300, by which errors are drawn.
    wide = next(number for number in (7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67) if number > len(slots))
    draw, turn = "line_no % 300", "line_no // 300"
    engine.con.execute(f"""
        CREATE OR REPLACE TABLE lines AS
        SELECT p.party_id AS vendor_id, '{part}-' || (w.row_no % 2) AS bill_no, w.row_no * {wide} + s.slot AS line_no,
            w.subject_id AS subject_id, k.charge_text AS charge_text, s.charge_type AS charge_type, {amount} * s.sign AS amount_minor,
            p.currency AS currency, coalesce(f.under_minor, 0) AS under_minor, coalesce(f.over_minor, 0) AS over_minor
        FROM read_parquet('{taken_in}/rows.parquet') AS w
        JOIN read_parquet('{taken_in}/profiles.parquet') AS p ON p.profile_no = w.profile_no AND p.side = 'buy' AND p.status <> 'in_transit'
        JOIN read_parquet('{rated}/record.parquet') AS r ON r.row_no = w.row_no
        JOIN read_parquet('{rated}/sheets.parquet') AS s ON s.face_no = r.face_no AND s.sign > 0 AND {chosen}
        JOIN (SELECT agreement_id, version, charge_type, min(charge_text) AS charge_text FROM aliases GROUP BY ALL) AS k
            ON k.agreement_id = s.agreement_id AND k.version = s.version AND k.charge_type = s.charge_type
        LEFT JOIN tolerances AS f ON f.agreement_id = s.agreement_id AND f.version = s.version AND f.level = 'line' AND f.charge_type = '*'
        WHERE {amount} IS NOT NULL""")
    # Under and over by turns, by each amount that is forgiven; what would bill nothing is billed over.
    off = f"""CASE
        WHEN {draw} NOT BETWEEN {_ROUNDED[0]} AND {_ROUNDED[-1]} THEN 0
        WHEN {turn} % 2 = 0 AND amount_minor > under_minor AND under_minor > 0 THEN -1 - {turn} % under_minor
        WHEN over_minor > 0 THEN 1 + {turn} % over_minor
        ELSE 0
    END"""
    engine.con.execute(f"""
        COPY (
            SELECT CASE WHEN {draw} = 0 THEN 'nobody' ELSE vendor_id END AS vendor_id, bill_no, line_no, DATE '2026-11-01' AS billed_on,
                DATE '2026-11-02' AS received_on, 'charge' AS kind, CASE WHEN {draw} = 1 THEN subject_id || '?' ELSE subject_id END AS subject_id,
                charge_text, NULL::TEXT AS service, NULL::BIGINT AS billed_g, NULL::TEXT AS billed_zone, NULL::TEXT AS tax_code,
                amount_minor + CASE WHEN {draw} = 2 THEN 500 ELSE 0 END + {off} AS amount_minor, currency
            FROM lines
            UNION ALL
            SELECT vendor_id, bill_no || '-again', line_no, DATE '2026-11-01', DATE '2026-11-03', 'charge', subject_id, charge_text, NULL, NULL,
                NULL, NULL, amount_minor, currency
            FROM lines WHERE {draw} BETWEEN 3 AND 5
        ) TO '{bills}/bill_lines-{part}.parquet' (FORMAT parquet)""")
    engine.con.execute(f"""
        COPY (SELECT vendor_id, 'earlier' AS bill_no, line_no, subject_id, charge_type FROM lines WHERE {draw} BETWEEN 6 AND 8)
        TO '{bills}/billed_before-{part}.parquet' (FORMAT parquet)""")
    engine.con.execute(
        f"COPY (SELECT subject_id, charge_text, amount_minor FROM lines) TO '{bills}/expected-{part}.parquet' (FORMAT parquet)"
    )
    return int(engine.value(f"SELECT count(*) FROM lines WHERE {off} <> 0"))


def limit(facts: Path, work: Path) -> Told:
    """One question of the engine over names: how many lines meet an expected charge of their name for its amount, and how many charges meet two."""
    paper = work / "paper"

    def ask() -> Any:
        with Engine(memory_limit=MEMORY, spill=work) as engine:
            engine.con.execute("SET preserve_insertion_order = false")
            return engine.rows(f"""
                SELECT sum(lines), sum(met), count(*) FILTER (WHERE lines > 1)
                FROM (
                    SELECT l.subject_id, l.charge_text, count(*) AS lines, count(*) FILTER (WHERE l.amount_minor = e.amount_minor) AS met
                    FROM read_parquet('{paper}/bill_lines-*.parquet') AS l
                    LEFT JOIN read_parquet('{paper}/expected-*.parquet') AS e ON e.subject_id = l.subject_id AND e.charge_text = l.charge_text
                    GROUP BY l.subject_id, l.charge_text
                )""")[0]

    (lines, met, twice), told = timed(ask)
    return told | {"lines": int(lines), "met": int(met), "twice": int(twice)}


def intake(facts: Path, work: Path) -> Told:
    """Take the bills in."""
    paper = work / "paper"
    shutil.rmtree(work / "bills", ignore_errors=True)
    taken, told = timed(
        lambda: take_in_bills(
            sorted(paper.glob("bill_lines-*.parquet")), sorted(paper.glob("billed_before-*.parquet")), work / "book", work / "bills",
            memory_limit=MEMORY,
        )
    )  # fmt: skip
    return told | {"lines": taken.lines, "settled": taken.settled, "strangers": taken.strangers}


def look(facts: Path, work: Path) -> Told:
    """Look; hold what was found to what was put in."""
    terms = _terms(facts)
    looked, told = timed(lambda: look_first(work / "bills", work / "book", work / "look", terms=terms, memory_limit=MEMORY))
    counted: dict[str, int] = {}
    for row in looked.by_verdict:
        counted[row["verdict"]] = counted.get(row["verdict"], 0) + row["lines"]
    made = json.loads((work / "paper" / "made.json").read_text(encoding="utf-8"))
    seeded = made["seeded"]
    wanted = {"other_vendor": seeded[0], "stranger": seeded[1], "differs": seeded[2], "duplicate": sum(seeded[3:])}
    wanted |= {"tolerated": made.get("forgiven", 0)}
    wanted |= {"matched": made["lines"] - sum(wanted.values())}
    if counted != {name: lines for name, lines in wanted.items() if lines}:
        print(f"saw {counted}; wanted {wanted}", file=sys.stderr)
        raise SystemExit(1)
    return told | {"lines": sum(counted.values()), "by_verdict": counted}


def rest(facts: Path, work: Path) -> Told:
    """Let the stage judge what was passed on."""
    terms = _terms(facts)
    judged, told = timed(
        lambda: audit_rest(work / "bills", work / "book", work / "look", work / "rest.parquet", terms=terms, memory_limit=MEMORY)
    )
    return told | {"lines": judged}


def remember(facts: Path, work: Path) -> Told:
    """Write what was settled, by name, for the audits that come after."""
    written, told = timed(
        lambda: write_settled(
            work / "bills", work / "book", work / "look", work / "rest.parquet", work / "settled", memory_limit=MEMORY
        )
    )
    return told | {"lines": written}


STAGES = {
    "files": files, "rate": rate, "make_one": make_one, "make_several": make_several, "limit": limit, "intake": intake, "look": look,
    "rest": rest, "remember": remember,
}  # fmt: skip
_TOLD = (
    ("rating, from files", ("files",)),
    ("rating alone, parts taken in", ("rate",)),
    ("limit: one join by name, counts alone", ("limit",)),
    ("bills taken in", ("intake",)),
    ("first look", ("look",)),
    ("rest judged", ("rest",)),
    ("audit: look and rest", ("look", "rest")),
    ("audit, from files", ("intake", "look", "rest")),
    ("settled charges kept for later", ("remember",)),
)


def _table(found: Told) -> str:
    lines = [
        f"{found['machine']}; load {found['load_before'][0]:.1f} before, {found['load_after'][0]:.1f} after",
        f"{found['rate']['subjects']:,} parcels, {found['look']['lines']:,} bill lines, {found['rest']['lines']:,} of them judged by the stage",
        f"{'':40}{'seconds':>9}{'cpu s':>8}{'peak MB':>9}{'of rating from files':>22}{'of rating alone':>17}",
    ]
    for name, stages in _TOLD:
        seconds, cpu = (sum(found[stage][measure] for stage in stages) for measure in ("seconds", "cpu"))
        peak = max(found[stage]["peak_mb"] for stage in stages)
        of = "".join(
            f"{100 * seconds / found[whole]['seconds']:{wide}.0f}% /{100 * cpu / found[whole]['cpu']:4.0f}% cpu"
            for whole, wide in (("files", 9), ("rate", 5))
        )
        lines.append(f"{name:40}{seconds:9.1f}{cpu:8.1f}{peak:9,}{of}")
    return "\n".join(lines)


def _terms(facts: Path) -> RatingTerms:
    return read_terms(facts / "agreements", parties=facts / "parties.parquet", as_of=datetime(2026, 12, 31), places={"IDR": 0})


if __name__ == "__main__":
    sys.exit(main())
