"""The first look at bill lines by the million: which are exactly what we expect and claimed once, and why each other needs the audit's full eye.

A line is `matched` where the stage `audit` would say so from the line, its subject and its charge alone: a parcel of this vendor that is no
longer in transit, words that name a charge of its face, the amount expected to the unit, and no other claim of that charge in these bills or
before. Everything else is told apart by the first reason that stands against it and is for the stage to judge; nothing is agreed or
disputed here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.flow import audit
from tuntas.kernel.refusals import invariant
from tuntas.operations.rating.bills import KNOWN, MOVING, OTHER, PARQUET, read_bills
from tuntas.operations.rating.book import added
from tuntas.operations.rating.drafts import draft_beside, keep_as
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.part import MEMORY_LIMIT
from tuntas.operations.rating.staged import read_done
from tuntas.operations.rating.terms import RatingTerms
from tuntas.tables import table

# What a line is found to be, by number. `ours` is a claim of ours, which no bill may claim; `settled` is not a line of these bills but what
# an earlier month settled.
VERDICTS = (
    "matched", "duplicate", "below_zero", "other_vendor", "moving", "word_unknown", "waits", "not_in_sheet", "currency", "ours", "differs",
    "settled", "stranger",
)  # fmt: skip
_NO = {name: number for number, name in enumerate(VERDICTS)}
STRETCH = 250_000  # rows of a part looked at together
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Looked:
    """What the first look found.

    `by_verdict`: lines and billed money by verdict and currency. `matched`: by vendor, bill, charge type and currency. `unclaimed`: charges
    of the buy side that are expected and that no line of their vendor here or before names, by party, charge type and currency. All in
    minor units. `exchanged`: agreement versions quoted in another currency than they are settled in. What their charges come to may depend on
    the bill's day, so their lines are all passed on, and what no line claims of them is not told.
    """

    by_verdict: tuple[Row, ...]
    matched: tuple[Row, ...]
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
    the audit has to see, which are those that are not matched and their witnesses (`rest.py`); and `looked.json`.
    Raises `BrokenInvariant` where lines in are not lines out, or more is claimed of a charge than is expected.
    """
    taken = read_bills(bills)
    draft = draft_beside(out)
    (draft / "passed").mkdir()
    sums: list[Row] = []
    matched: list[Row] = []
    unclaimed: list[Row] = []
    with Engine(memory_limit=memory_limit, threads=threads, spill=draft) as engine:
        exchanged = {(row["agreement_id"], row["version"]) for row in terms.rows.get("fx_terms", ())}
        _load_words(engine, bills, terms, exchanged)
        for name, count in taken.parts.items():
            taken_in, rated = folders_of(book, name)
            _open(engine, bills / "parts" / name / "lines.parquet", taken_in, rated)
            last = engine.value("SELECT max(row_no) FROM record")
            look = _look_at(engine)
            for low in range(0, 1 + (last if last is not None else -1), stretch):
                engine.con.execute(look, {"low": low, "high": low + stretch})
            seen = int(engine.value("SELECT count(*) FROM looked"))
            invariant(seen == count, "RATING-LOOK-01", part=name, seen=seen, wanted=count)
            engine.con.execute(
                "COPY (SELECT row_no, bill_key, line_no, verdict, expected_minor, face_no, slot FROM looked"
                f" WHERE verdict <> {_NO['settled']}) TO '{draft}/{name}.parquet' {PARQUET}"
            )
            _pass_on(engine, draft / "passed" / f"{name}.parquet")
            sums += engine.dicts(_BY_VERDICT)
            matched += engine.dicts(_MATCHED)
            unclaimed += _unclaimed(engine, book / "rated" / name, name, exchanged)
        sums += engine.dicts(
            f"SELECT {_NO['stranger']} AS verdict, c.currency AS currency, count(*) AS lines, sum(s.amount_minor) AS amount_minor"
            f" FROM read_parquet('{bills}/strangers.parquet') AS s LEFT JOIN texts AS t ON t.text_no = s.text_no"
            " LEFT JOIN currencies AS c ON c.currency_no = t.currency_no WHERE s.cycle = 1 GROUP BY ALL"
        )
    told = [dict(row) | {"verdict": VERDICTS[row["verdict"]]} for row in added(sums)]
    lines = sum(row["lines"] for row in told)
    invariant(lines == taken.lines, "RATING-LOOK-02", seen=lines, wanted=taken.lines)
    billed = sum(row["amount_minor"] for row in told)
    invariant(billed == taken.billed_total, "RATING-LOOK-06", seen=billed, wanted=taken.billed_total)
    looked = Looked(
        tuple(told), added(matched), added(unclaimed), tuple(sorted(f"{agreement}@{version}" for agreement, version in exchanged))
    )
    (draft / "looked.json").write_text(json.dumps(asdict(looked), sort_keys=True), encoding="utf-8")
    keep_as(draft, out)
    return looked


def _load_words(engine: Engine, bills: Path, terms: RatingTerms, exchanged: Collection[tuple[str, int]]) -> None:
    """What the words on the bills mean under each agreement version: by the very steps of the stage, over one row a vendor, day and word."""
    for name in ("bills", "words", "currencies"):
        engine.con.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{bills}/{name}.parquet')")
    engine.con.execute(
        f"CREATE TABLE texts AS SELECT text_no, bill_key, word_no, currency_no, cycle FROM read_parquet('{bills}/texts.parquet')"
    )
    engine.con.execute("CREATE TABLE witnessed (bill_key UINTEGER)")
    for name in ("agreements", "aliases", "period_charges"):
        engine.load_rows(table(name), terms.rows[name])
    engine.load_parquet("parties", terms.parties)
    engine.con.execute(
        "CREATE VIEW bill_lines AS SELECT vendor_id, billed_on, words AS charge_text FROM words WHERE charge_type IS NULL"
    )
    for step in audit.STAGE.steps:
        if step.table in ("audit_words", "audit_vendor_words"):
            engine.step(step)
    engine.con.execute("CREATE TABLE exchanged (agreement_id TEXT, version BIGINT)")
    if exchanged:
        engine.con.executemany("INSERT INTO exchanged VALUES (?, ?)", [list(version) for version in exchanged])
    # A word that names a charge of a period may be for the period and not for the parcel: that is for the stage to see.
    engine.con.execute("""
        CREATE TABLE meanings AS
        SELECT g.agreement_id AS agreement_id, g.version AS version, w.word_no AS word_no,
            coalesce(w.charge_type, o.charge_type, v.charge_type) AS charge_type
        FROM words AS w
        JOIN (SELECT * FROM agreements ANTI JOIN exchanged USING (agreement_id, version)) AS g
            ON g.side = 'buy' AND g.party_id IN (w.vendor_id, '*')
        LEFT JOIN audit_words AS o ON o.agreement_id = g.agreement_id AND o.version = g.version AND o.words = w.words
        LEFT JOIN audit_vendor_words AS v ON v.vendor_id = w.vendor_id AND v.billed_on = w.billed_on AND v.words = w.words
        WHERE coalesce(w.charge_type, o.charge_type, v.charge_type) IS NOT NULL
            AND (w.charge_type IS NOT NULL OR coalesce(o.charge_type, v.charge_type) NOT IN (SELECT p.charge_type FROM period_charges AS p))""")


def _open(engine: Engine, lines: Path, taken_in: Path, rated: Path) -> None:
    """Lay a part on the table: its lines, its record, and for each face and word the slot of the charge the word names."""
    engine.load_parquet("claims", lines)
    engine.load_parquet("record", rated / "record.parquet")
    engine.con.execute(f"CREATE OR REPLACE TABLE sheets AS SELECT * FROM read_parquet('{rated}/sheets.parquet')")
    engine.con.execute(f"""
        CREATE OR REPLACE TABLE buyers AS SELECT DISTINCT party_no, party_id, currency
        FROM read_parquet('{taken_in}/profiles.parquet') WHERE side = 'buy'""")
    # A parcel that came back and owes no way out owes its way back under the same word.
    engine.con.execute("""
        CREATE OR REPLACE TABLE face_words AS
        SELECT f.face_no::INTEGER AS face_no, m.word_no AS word_no, s.slot::TINYINT AS slot, s.sign::TINYINT AS sign,
            m.charge_type = 'freight' AS out_and_back, b.slot::TINYINT AS back_slot, b.sign::TINYINT AS back_sign
        FROM (SELECT DISTINCT face_no, agreement_id, version FROM sheets) AS f
        JOIN meanings AS m ON m.agreement_id = f.agreement_id AND m.version = f.version
        LEFT JOIN sheets AS s ON s.face_no = f.face_no AND s.charge_type = m.charge_type
        LEFT JOIN sheets AS b ON b.face_no = f.face_no AND b.charge_type = 'return_freight' AND m.charge_type = 'freight'""")
    engine.con.execute("""
        CREATE OR REPLACE TABLE looked (
            row_no UINTEGER, bill_key UINTEGER, line_no BIGINT, verdict UTINYINT, expected_minor BIGINT, amount_minor BIGINT,
            currency_no USMALLINT, party_no INTEGER, face_no INTEGER, slot TINYINT, first BOOLEAN
        )""")


def _pass_on(engine: Engine, path: Path) -> None:
    """All claims on a row of which one is not matched, and on the row of one matched line of each bill: what `rest.py` gives the audit."""
    matched, settled = _NO["matched"], _NO["settled"]
    engine.con.execute(f"""
        CREATE OR REPLACE TABLE witnesses AS
        SELECT bill_key, min(row_no) AS row_no FROM (SELECT * FROM looked WHERE verdict = {matched}) ANTI JOIN witnessed USING (bill_key)
        GROUP BY bill_key""")
    engine.con.execute("INSERT INTO witnessed SELECT bill_key FROM witnesses")
    engine.con.execute(f"""
        CREATE OR REPLACE TABLE passed_rows AS
        SELECT row_no FROM looked WHERE verdict NOT IN ({matched}, {settled}) UNION SELECT row_no FROM witnesses""")
    engine.con.execute(f"""
        COPY (
            SELECT c.row_no AS row_no, c.text_no AS text_no, c.line_no AS line_no, c.amount_minor AS amount_minor,
                c.billed_g AS billed_g, t.cycle AS cycle, l.verdict AS verdict
            FROM (SELECT * FROM claims SEMI JOIN passed_rows USING (row_no)) AS c
            LEFT JOIN texts AS t ON t.text_no = c.text_no
            LEFT JOIN (SELECT bill_key, line_no, verdict, row_no FROM looked SEMI JOIN passed_rows USING (row_no)) AS l
                ON l.row_no = c.row_no AND l.bill_key = t.bill_key AND l.line_no = c.line_no AND (l.verdict = {settled}) = (t.cycle = 0)
        ) TO '{path}' {PARQUET}""")


def _look_at(engine: Engine) -> str:
    """The look at one stretch of rows, from `$low` up to but not including `$high`, as SQL for the slots this record has.

    Of several claims of one charge none is matched: which came first is for the stage. `first` marks the first seat (bills are numbered in
    the order they were received), so that what they all claim is counted once.
    """
    slots = sorted(int(row[0].removeprefix("amount_")) for row in engine.rows("DESCRIBE record") if row[0].startswith("amount_"))
    read = "".join(f", r.amount_{slot} AS amount_{slot}" for slot in slots)
    passed = "".join(f", amount_{slot}" for slot in slots)

    def amount_in(which: str) -> str:
        return f"CASE {which} {' '.join(f'WHEN {slot} THEN amount_{slot}' for slot in slots)} END" if slots else "NULL::BIGINT"

    of_line = "bill_key, line_no, billed, currency_no, cycle, standing, same_currency, row_no, party_no, face_no, waits"
    return f"""
        INSERT INTO looked
        WITH met AS MATERIALIZED (
            SELECT {of_line}, word_known, claim, CASE WHEN claim_sign <> 0 THEN {amount_in("claim")} * claim_sign END AS expected,
                (waits >> (claim - 1)) & 1 = 1 AS waiting, claim IS NOT NULL AND standing <> {OTHER} AND billed >= 0 AS claims
            FROM (
                SELECT {of_line}, out_and_back IS NOT NULL AS word_known, CASE WHEN gone_back THEN back_slot ELSE slot END AS claim,
                    CASE WHEN gone_back THEN back_sign ELSE sign END AS claim_sign{passed}
                FROM (
                    SELECT *, came_back AND coalesce(out_and_back, false) AND (slot IS NULL OR sign = 0 OR {amount_in("slot")} IS NULL)
                        AND coalesce((waits >> (slot - 1)) & 1, 0) = 0 AS gone_back
                    FROM (
                        SELECT t.bill_key AS bill_key, l.line_no AS line_no, l.amount_minor AS billed, t.currency_no AS currency_no,
                            t.cycle AS cycle, l.standing AS standing, l.came_back AS came_back, l.same_currency AS same_currency,
                            l.row_no::BIGINT AS row_no, r.party_no AS party_no, r.face_no AS face_no, r.waits AS waits, f.slot AS slot,
                            f.sign AS sign, f.out_and_back AS out_and_back, f.back_slot AS back_slot, f.back_sign AS back_sign{read}
                        FROM (SELECT * FROM claims WHERE row_no >= $low AND row_no < $high) AS l
                        LEFT JOIN (SELECT * FROM record WHERE row_no >= $low AND row_no < $high) AS r ON r.row_no = l.row_no
                        LEFT JOIN texts AS t ON t.text_no = l.text_no
                        LEFT JOIN face_words AS f ON f.face_no = r.face_no AND f.word_no = t.word_no
                    )
                )
            )
        ),
        -- Slots are fewer than the bits of `waits`, so a row and a slot are one number.
        crowded AS (
            SELECT row_no * 64 + claim AS seat FROM met WHERE claims GROUP BY row_no * 64 + claim HAVING count(*) > 1
        ),
        crowds AS (
            SELECT k.seat AS seat, min((m.cycle, m.bill_key, m.line_no)) AS one
            FROM crowded AS k JOIN met AS m ON m.row_no * 64 + m.claim = k.seat AND m.claims GROUP BY k.seat
        )
        SELECT m.row_no, m.bill_key, m.line_no,
            CASE
                WHEN m.cycle = 0 THEN {_NO["settled"]}
                WHEN m.claims AND c.one IS NOT NULL THEN {_NO["duplicate"]}
                WHEN m.billed < 0 THEN {_NO["below_zero"]}
                WHEN m.standing = {OTHER} THEN {_NO["other_vendor"]}
                WHEN m.standing = {MOVING} THEN {_NO["moving"]}
                WHEN m.face_no IS NULL OR m.waiting THEN {_NO["waits"]}
                WHEN NOT m.word_known THEN {_NO["word_unknown"]}
                WHEN m.expected IS NULL THEN {_NO["not_in_sheet"]}
                WHEN NOT m.same_currency THEN {_NO["currency"]}
                WHEN m.expected < 0 THEN {_NO["ours"]}
                WHEN m.billed <> m.expected THEN {_NO["differs"]}
                ELSE {_NO["matched"]}
            END,
            m.expected, m.billed, m.currency_no, m.party_no, m.face_no, m.claim,
            -- A seat claims what is expected unless the parcel is in transit or the line is in another currency.
            m.claims AND (m.cycle = 0 OR (m.standing = {KNOWN} AND m.same_currency)) AND coalesce(c.one = (m.cycle, m.bill_key, m.line_no), true)
        FROM met AS m LEFT JOIN crowds AS c ON c.seat = m.row_no * 64 + m.claim"""


_BY_VERDICT = f"""
    SELECT l.verdict AS verdict, c.currency AS currency, count(*) AS lines, sum(l.amount_minor) AS amount_minor
    FROM looked AS l LEFT JOIN currencies AS c ON c.currency_no = l.currency_no
    WHERE l.verdict <> {_NO["settled"]} GROUP BY ALL"""
_MATCHED = f"""
    SELECT b.vendor_id AS vendor_id, b.bill_no AS bill_no, s.charge_type AS charge_type, c.currency AS currency, sum(l.lines)::BIGINT AS lines,
        sum(l.amount_minor)::BIGINT AS amount_minor
    FROM (
        SELECT bill_key, face_no, slot, currency_no, count(*) AS lines, sum(amount_minor)::BIGINT AS amount_minor
        FROM looked WHERE verdict = {_NO["matched"]} GROUP BY ALL
    ) AS l
    LEFT JOIN bills AS b ON b.bill_key = l.bill_key
    LEFT JOIN sheets AS s ON s.face_no = l.face_no AND s.slot = l.slot
    LEFT JOIN currencies AS c ON c.currency_no = l.currency_no
    GROUP BY ALL"""


def _unclaimed(engine: Engine, where: Path, part: str, exchanged: Collection[tuple[str, int]]) -> list[dict[str, Any]]:
    """What is expected of a part, from its own sums, less what lines here or before claim of it. Claims of ours are in neither."""
    told = read_done(str(where))
    invariant(told is not None, "RATING-LOOK-03", part=part)
    # One row a charge: who owes it shows in the record, so each claim is counted under the party of its row.
    claimed = {
        (row["party_id"], row["currency"], row["agreement_id"], row["version"], row["charge_no"]): (
            row["lines"],
            row["amount_minor"],
        )
        for row in engine.dicts("""
            SELECT p.party_id AS party_id, p.currency AS currency, s.agreement_id AS agreement_id, s.version AS version, s.charge_no AS charge_no,
                sum(l.lines)::BIGINT AS lines, sum(l.minor)::BIGINT AS amount_minor
            FROM (
                SELECT party_no, face_no, slot, count(*) AS lines, sum(expected_minor)::BIGINT AS minor
                FROM looked WHERE first AND expected_minor >= 0 GROUP BY ALL
            ) AS l
            LEFT JOIN sheets AS s ON s.face_no = l.face_no AND s.slot = l.slot
            LEFT JOIN buyers AS p ON p.party_no = l.party_no
            GROUP BY ALL""")
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
