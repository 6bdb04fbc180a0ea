"""The first look at bill lines by the million: which are what we expect and claimed once, and why each other needs the audit's full eye.

A line is `matched` where the stage `audit` would say so from the line, its subject and its charge alone: a parcel of this vendor that is no
longer in transit, words that name a charge of its face, the amount expected to the unit, and no other claim of that charge in these bills or
before. It is `tolerated` where all of that holds but the amount, what it differs by is within what the agreement forgives on a line, and nothing
is forgiven its vendor by the document, where a line is one of a sum over the bill. Everything else is told apart by the first reason that
stands against it and is for the stage to judge; nothing is disputed or held here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from tuntas.engine import Engine
from tuntas.kernel.refusals import invariant
from tuntas.operations.rating.bill_words import Versions, face_words, load_words, profiles_say
from tuntas.operations.rating.bills import read_bills
from tuntas.operations.rating.book import added
from tuntas.operations.rating.drafts import draft_beside, keep_as
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.look_part import PartLook, Witnesses, look_at_part
from tuntas.operations.rating.looking import VERDICT_NO, VERDICTS
from tuntas.operations.rating.part import MEMORY_LIMIT
from tuntas.operations.rating.staged import read_done
from tuntas.operations.rating.terms import RatingTerms
from tuntas.operations.rating.together import together

Row = Mapping[str, Any]
STRETCH = 122_880  # rows of a part looked at together: a row group


@dataclass(frozen=True, slots=True)
class Looked:
    """What the first look found.

    `by_verdict`: lines and billed money by verdict and currency. `matched`: by vendor, bill, charge type and currency; `tolerated`: by the
    same, billed and expected. `unclaimed`: charges
    of the buy side that are expected and that no line of their vendor here or before names, by party, charge type and currency. All in
    minor units. `exchanged`: agreement versions quoted in another currency than they are settled in. What their charges come to may depend on
    the bill's day, so their lines are all passed on, and what no line claims of them is not told.
    """

    by_verdict: tuple[Row, ...]
    matched: tuple[Row, ...]
    tolerated: tuple[Row, ...]
    unclaimed: tuple[Row, ...]
    exchanged: tuple[str, ...] = ()


def look_first(
    bills: Path,
    book: Path,
    out: Path,
    *,
    terms: RatingTerms,
    stretch: int = STRETCH,
    memory_limit: str = MEMORY_LIMIT,
    threads: int = 2,
) -> Looked:
    """Look at the bills that were taken in (`take_in_bills`) beside the rated book they were taken in for.

    `out` gets a file a part with `row_no`, `bill_key`, `line_no`, `verdict` (its place in `VERDICTS`), `expected_minor`, and the charge
    claimed, by the `face_no` and `slot` of the part's sheets; below `passed` the claims that
    the audit has to see, which are those that are neither matched nor tolerated and their witnesses (`rest.py`); and `looked.json`.
    Raises `BrokenInvariant` where lines in are not lines out, or more is claimed of a charge than is expected.
    """
    taken = read_bills(bills)
    draft = draft_beside(out)
    (draft / "passed").mkdir()
    sums: list[Row] = []
    matched: list[Row] = []
    tolerated: list[Row] = []
    unclaimed: list[Row] = []
    with Engine(memory_limit=memory_limit, threads=threads, spill=draft) as engine:
        exchanged = {(row["agreement_id"], row["version"]) for row in terms.rows.get("fx_terms", ())}
        texts = load_words(engine, bills, terms, exchanged)
        witnesses = Witnesses(int(texts.bill_key.max(initial=0)) + 1)
        looks = []
        for number, name in enumerate(taken.parts):
            _load_part(engine, book, name)
            parties = int(engine.value("SELECT coalesce(max(party_no), 0) FROM buyers"))
            profiles = profiles_say(engine, folders_of(book, name)[0] / "profiles.parquet")
            looks.append(
                PartLook(bills, book, draft, number, name, texts, face_words(engine), profiles, witnesses, stretch, parties)
            )
        for look, part in zip(looks, together(look_at_part, looks, memory_limit=memory_limit, threads=threads), strict=True):
            invariant(
                part.lines == taken.parts[look.name],
                "RATING-LOOK-01",
                part=look.name,
                seen=part.lines,
                wanted=taken.parts[look.name],
            )
            _load_part(engine, book, look.name)
            sums += _named(engine, part.by_verdict, _BY_VERDICT)
            matched += _named(engine, part.matched, _MATCHED)
            tolerated += _named(engine, part.tolerated, _TOLERATED)
            claimed = _named(engine, part.claimed, _CLAIMED)
            unclaimed += _unclaimed(claimed, book / "rated" / look.name, look.name, exchanged)
        sums += engine.dicts(
            f"SELECT {VERDICT_NO['stranger']} AS verdict, c.currency AS currency, count(*) AS lines, sum(s.amount_minor) AS amount_minor"
            f" FROM read_parquet('{bills}/strangers.parquet') AS s LEFT JOIN texts AS t ON t.text_no = s.text_no"
            " LEFT JOIN currencies AS c ON c.currency_no = t.currency_no WHERE s.cycle = 1 GROUP BY ALL"
        )
    told = [dict(row) | {"verdict": VERDICTS[row["verdict"]]} for row in added(sums)]
    lines = sum(row["lines"] for row in told)
    invariant(lines == taken.lines, "RATING-LOOK-02", seen=lines, wanted=taken.lines)
    billed = sum(row["amount_minor"] for row in told)
    invariant(billed == taken.billed_total, "RATING-LOOK-06", seen=billed, wanted=taken.billed_total)
    looked = Looked(
        tuple(told),
        added(matched),
        added(tolerated),
        added(unclaimed),
        tuple(sorted(f"{agreement}@{version}" for agreement, version in exchanged)),
    )
    (draft / "looked.json").write_text(json.dumps(asdict(looked), sort_keys=True), encoding="utf-8")
    keep_as(draft, out)
    return looked


def _load_part(engine: Engine, book: Path, name: str) -> None:
    taken_in, rated = folders_of(book, name)
    engine.con.execute(f"CREATE OR REPLACE TABLE sheets AS SELECT * FROM read_parquet('{rated}/sheets.parquet')")
    engine.con.execute(f"""
        CREATE OR REPLACE TABLE buyers AS SELECT DISTINCT party_no, party_id, currency
        FROM read_parquet('{taken_in}/profiles.parquet') WHERE side = 'buy'""")


def _named(engine: Engine, sums: pa.Table, sql: str) -> list[dict[str, Any]]:
    """Sums by number, told by name."""
    engine.con.register("sums", sums)
    try:
        return engine.dicts(sql)
    finally:
        engine.con.unregister("sums")


def _money(of: str, only: str = "true") -> str:
    """SQL for money that was summed in two halves."""
    high, low = (f"(sum({of}.minor_{half}) FILTER (WHERE {only}))::HUGEINT" for half in ("high", "low"))
    return f"({high} * 4294967296 + {low})"


_BY_VERDICT = f"""
    SELECT s.verdict::INTEGER AS verdict, c.currency AS currency, sum(s.lines)::BIGINT AS lines, {_money("s")} AS amount_minor
    FROM sums AS s LEFT JOIN currencies AS c ON c.currency_no = s.currency_no GROUP BY ALL"""
_BY_BILL = """
    SELECT b.vendor_id AS vendor_id, b.bill_no AS bill_no, s.charge_type AS charge_type, c.currency AS currency, {sums}
    FROM sums AS l
    LEFT JOIN bills AS b ON b.bill_key = l.bill_key
    LEFT JOIN sheets AS s ON s.face_no = l.face_no AND s.slot = l.slot
    LEFT JOIN currencies AS c ON c.currency_no = l.currency_no
    GROUP BY ALL"""
_MATCHED = _BY_BILL.format(sums=f"sum(l.lines)::BIGINT AS lines, {_money('l')}::BIGINT AS amount_minor")
_TOLERATED = _BY_BILL.format(
    sums="(sum(l.lines) FILTER (WHERE l.due = 0))::BIGINT AS lines,"
    f" {_money('l', 'l.due = 0')}::BIGINT AS billed_minor, {_money('l', 'l.due = 1')}::BIGINT AS expected_minor"
)
# One row a charge: who owes it shows in the record, so each claim is counted under the party of its row.
_CLAIMED = f"""
    SELECT p.party_id AS party_id, p.currency AS currency, s.agreement_id AS agreement_id, s.version AS version, s.charge_no AS charge_no,
        sum(l.lines)::BIGINT AS lines, {_money("l")}::BIGINT AS amount_minor
    FROM sums AS l
    LEFT JOIN sheets AS s ON s.face_no = l.face_no AND s.slot = l.slot
    LEFT JOIN buyers AS p ON p.party_no = l.party_no
    GROUP BY ALL"""


def _unclaimed(claims: Collection[Row], where: Path, part: str, exchanged: Versions) -> list[dict[str, Any]]:
    """What is expected of a part, from its own sums, less what lines here or before claim of it. Claims of ours are in neither."""
    told = read_done(str(where))
    invariant(told is not None, "RATING-LOOK-03", part=part)
    claimed = {
        (row["party_id"], row["currency"], row["agreement_id"], row["version"], row["charge_no"]): (
            row["lines"],
            row["amount_minor"],
        )
        for row in claims
    }
    left = []
    for row in told.sums if told else ():
        if row["side"] != "buy" or row["amount_minor"] < 0 or (row["agreement_id"], row["version"]) in exchanged:
            continue
        lines, minor = claimed.pop(
            (row["party_id"], row["currency"], row["agreement_id"], row["version"], row["charge_no"]), (0, 0)
        )
        open_lines, open_minor = row["lines"] - lines, row["amount_minor"] - minor
        invariant(
            open_lines >= 0 and open_minor >= 0 and (open_lines or not open_minor),
            "RATING-LOOK-04",
            part=part,
            charge=row,
            claimed=minor,
        )
        if open_minor:
            left.append(
                {
                    "party_id": row["party_id"],
                    "charge_type": row["charge_type"],
                    "currency": row["currency"],
                    "amount_minor": open_minor,
                }
            )
    invariant(not claimed, "RATING-LOOK-05", part=part, seen=list(claimed)[:3])
    return left
