"""The bills of a month beside a rated book: taken in, looked at, the rest judged, summed up; stopped at any point, the same call goes on.

out/read/      vendors' files that were read by a mapping, and their rows that could not be read
out/taken/     bill lines as numbers; lines set aside
out/look/      the first look
out/rest.parquet, rest.csv     a row of `audited` for each line that the first look did not agree
out/matched.csv                what is exactly what we expect, by bill and charge
out/tolerated.csv              what the agreement forgives at the line, by bill and charge: billed, expected and the difference
out/unbilled.csv               what no bill claims
out/settled/   what was agreed, for the audits that come after
out/audit.json what it comes to, written last
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.kernel.ids import canonical, digest
from tuntas.kernel.refusals import Refusal, invariant
from tuntas.operations.ingest_reading import FileControl
from tuntas.operations.rating.audit_csv import write_rest, write_rows
from tuntas.operations.rating.bill_reading import BillPaper, read_paper
from tuntas.operations.rating.bills import BillsTaken, parts_of, take_in_bills
from tuntas.operations.rating.first_look import look_first
from tuntas.operations.rating.keys import key_of
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.looking import VERDICTS
from tuntas.operations.rating.part import MEMORY_LIMIT, Cancelled
from tuntas.operations.rating.rest import audit_rest
from tuntas.operations.rating.settled import write_settled
from tuntas.operations.rating.staged import read_done
from tuntas.operations.rating.terms import RatingTerms

Row = Mapping[str, Any]
Progress = Callable[[str, int, int], None]
STEPS = ("read", "take in", "look", "judge", "remember", "sum up")
# What the first look agrees, with the cause the stage gives it.
_AGREED = {"matched": "matched", "tolerated": "tolerance"}
# What a line is found to be, apart from duplicates: those of a charge that an earlier audit settled are told apart.
_AMOUNTS = ("billed_minor", "agreed_minor", "disputed_minor", "held_minor")
_DONE = "audit.json"
_TOLERATED = ("vendor_id", "bill_no", "charge_type", "lines", "billed_minor", "expected_minor", "difference_minor", "currency")


class BookOfOtherTerms(Refusal):
    """A book was rated by other agreements or parties than the bills are to be judged by, or not wholly."""

    code = "RATING-AUDIT-01"


class NotAnAudit(Refusal):
    """A folder named as an earlier audit is not one that was finished."""

    code = "RATING-AUDIT-02"


@dataclass(frozen=True, slots=True)
class BillAudit:
    """What bills come to beside a book.

    `causes`: lines and money (minor units) by currency, verdict, cause, and whether an earlier audit settled the charge; matched and tolerated
    lines among them. `unbilled`: expected charges of the buy side that no line claims, now or before, by party, charge type and currency, the whole book
    but for `exchanged`, the agreement versions quoted in another currency. `apart`: vendors of whose lines not one names what is in the book.
    `controls`: what became of vendors' files. `key` names all that went in.
    """

    key: str
    taken: BillsTaken
    controls: tuple[FileControl, ...]
    causes: tuple[Row, ...]
    unbilled: tuple[Row, ...]
    apart: tuple[Row, ...] = ()
    exchanged: tuple[str, ...] = ()

    @property
    def rows_in(self) -> int:
        """Rows of all files: of vendors' files as they came, of Parquet as it came."""
        unread = sum(control.quarantined + control.repeated for control in self.controls)
        return self.taken.lines + self.taken.left_out + sum(self.taken.set_aside.values()) + unread


def audit_bills(
    sources: Sequence[Path],
    book: Path,
    out: Path,
    *,
    before: Sequence[Path] = (),
    terms: RatingTerms,
    currency_places: Mapping[str, int],
    memory_limit: str = MEMORY_LIMIT,
    threads: int = 2,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> BillAudit:
    """Audit the bill lines of `sources` beside a book that was rated by `terms`, into `out`. `before` are the folders of earlier audits.

    Nothing is lost: lines = matched and tolerated at the line + those of `rest.parquet`, and their money too. Raises `NoBills`,
    `BillsUnreadable`, `BookTooOld`, `SubjectTwice`, `BookOfOtherTerms`, `NotAnAudit`, and `Cancelled` between two steps: the same call goes
    on behind the last one done.
    """

    def step(number: int) -> None:
        if cancelled():
            raise Cancelled(
                f"stopped as asked before step {number + 1} of {len(STEPS)}; what is done is kept in {out}; run it again to go on"
            )
        if progress:
            progress(STEPS[number], number, len(STEPS))

    rated = _rated_by(book, terms)
    settled = [file for folder in before for file in _settled_of(folder)]
    out.mkdir(parents=True, exist_ok=True)
    step(0)
    paper = read_paper(sources, out / "read", currency_places=currency_places, memory_limit=memory_limit, progress=None)
    step(1)
    taken = take_in_bills(paper.files, settled, book, out / "taken", memory_limit=memory_limit, threads=threads)
    read = [control.as_dict() for control in paper.controls]
    # What the look can say is part of the key: a folder left by a version that said less is audited anew.
    key = digest({"taken": taken.key, "rated": rated, "terms": terms.digest, "read": read, "verdicts": VERDICTS})
    known = read_audit(out)
    if known is not None and known.key == key and (out / "rest.parquet").is_file():
        return known
    (out / _DONE).unlink(missing_ok=True)
    step(2)
    _once(
        out / "look",
        key,
        lambda: look_first(out / "taken", book, out / "look", terms=terms, memory_limit=memory_limit, threads=threads),
    )
    step(3)
    rest = out / "rest.parquet"
    _once(rest, key, lambda: _judge(out, book, rest, terms, memory_limit, threads))
    step(4)
    _once(
        out / "settled",
        key,
        lambda: write_settled(out / "taken", book, out / "look", rest, out / "settled", memory_limit=memory_limit, threads=threads),
    )
    step(5)
    told = json.loads((out / "look" / "looked.json").read_text(encoding="utf-8"))
    audit = _summed_up(key, taken, paper, told, rest)
    write_rows(out / "matched.csv", told["matched"], ("vendor_id", "bill_no", "charge_type", "lines", "amount_minor", "currency"))
    tolerated = [row | {"difference_minor": row["billed_minor"] - row["expected_minor"]} for row in told["tolerated"]]
    write_rows(out / "tolerated.csv", tolerated, _TOLERATED)
    write_rows(out / "unbilled.csv", audit.unbilled, ("party_id", "charge_type", "amount_minor", "currency"))
    write_rest(rest, out / "rest.csv", memory_limit)
    if _rated_by(book, terms) != rated:
        raise BookOfOtherTerms(
            f"saw {book} rated anew while its bills were audited; wanted it left alone; run this again when that job is done"
        )
    draft = out / f".{_DONE}"
    draft.write_text(canonical(asdict(audit)), encoding="utf-8")
    draft.replace(out / _DONE)
    return audit


def read_audit(out: Path) -> BillAudit | None:
    """Return what a finished audit says of itself, or nothing where none is finished."""
    if not (out / _DONE).is_file():
        return None
    told = json.loads((out / _DONE).read_text(encoding="utf-8"))
    return BillAudit(
        told["key"], BillsTaken(**told["taken"]), tuple(FileControl(**row) for row in told["controls"]), tuple(told["causes"]),
        tuple(told["unbilled"]), tuple(told["apart"]), tuple(told["exchanged"]),
    )  # fmt: skip


def worst(out: Path, currency: str, limit: int) -> list[dict[str, Any]]:
    """Return the lines of a finished audit that dispute or hold most of a currency, most first."""
    with Engine(memory_limit="256MB", threads=1) as engine:
        return engine.dicts(
            f"SELECT * FROM read_parquet('{out}/rest.parquet') WHERE currency = ? AND disputed_minor + held_minor <> 0"
            " ORDER BY disputed_minor + held_minor DESC, vendor_id, bill_no, line_no LIMIT ?",
            [currency, limit],
        )


def judged(out: Path) -> int:
    """Return how many lines of a finished audit the stage judged: the rows of `rest.parquet`."""
    with Engine(memory_limit="256MB", threads=1) as engine:
        return int(engine.value(f"SELECT count(*) FROM read_parquet('{out}/rest.parquet')"))


def _rated_by(book: Path, terms: RatingTerms) -> dict[str, str]:
    """The key of each part of a book, all of them rated by the terms. Raises `BookOfOtherTerms`."""
    keys = {}
    for name in parts_of(book) if (book / "rated").is_dir() else ():
        taken_in, _ = folders_of(book, name)
        part = read_done(str(book / "rated" / name))
        if part is None or part.key != key_of(taken_in, terms):
            raise BookOfOtherTerms(
                f"saw part {name} of {book} rated by other agreements or parties than these; wanted one and the same; run tuntas rate again, then this"
            )
        keys[name] = part.key
    if not keys:
        raise BookOfOtherTerms(f"saw no rated part in {book}; wanted a book; run tuntas rate first")
    return keys


def _settled_of(folder: Path) -> list[Path]:
    if read_audit(folder) is None:
        raise NotAnAudit(
            f"saw {folder}, which holds no finished audit; wanted the folder of an earlier one; finish it or leave it out"
        )
    return sorted((folder / "settled").glob("*.parquet"))


def _once(made: Path, key: str, make: Callable[[], object]) -> None:
    """Make something unless it was made of the same: its key stands beside it, and is written when it is whole."""
    named = made.with_name(f"{made.name}.key")
    if made.exists() and named.is_file() and named.read_text(encoding="utf-8") == key:
        return
    named.unlink(missing_ok=True)
    make()
    named.write_text(key, encoding="utf-8")


def _judge(out: Path, book: Path, rest: Path, terms: RatingTerms, memory_limit: str, threads: int) -> None:
    draft = out / f".{rest.name}"
    audit_rest(out / "taken", book, out / "look", draft, terms=terms, memory_limit=memory_limit, threads=threads)
    draft.replace(rest)


def _summed_up(key: str, taken: BillsTaken, paper: BillPaper, told: Mapping[str, Any], rest: Path) -> BillAudit:
    """Matched, tolerated and judged lines by cause. Together they are the lines and the money that were billed."""
    causes = [
        {"currency": row["currency"], "verdict": row["verdict"], "cause": _AGREED[row["verdict"]], "settled_before": False, "lines": row["lines"],
         "billed_minor": row["amount_minor"], "agreed_minor": row["amount_minor"], "disputed_minor": 0, "held_minor": 0}
        for row in told["by_verdict"] if row["verdict"] in _AGREED
    ]  # fmt: skip
    with Engine(memory_limit="256MB") as engine:
        sums = ", ".join(f"sum({name}) AS {name}" for name in _AMOUNTS)
        causes += engine.dicts(f"""
            SELECT currency, verdict, cause, settled_before, count(*) AS lines, {sums} FROM read_parquet('{rest}')
            GROUP BY currency, verdict, cause, settled_before""")
        there = {row["vendor_id"] for row in (*told["matched"], *told["tolerated"])}
        apart = [
            row
            for row in engine.dicts(f"""
                SELECT vendor_id, count(*) AS lines FROM read_parquet('{rest}') GROUP BY vendor_id
                HAVING bool_and(cause = 'never_shipped') ORDER BY vendor_id""")
            if row["vendor_id"] not in there
        ]
    lines, billed, parted = (
        sum(row["lines"] for row in causes),
        sum(row["billed_minor"] for row in causes),
        sum(row[name] for row in causes for name in _AMOUNTS[1:]),
    )
    invariant(lines == taken.lines, "RATING-AUDIT-03", seen=lines, wanted=taken.lines)
    invariant(billed == parted == taken.billed_total, "RATING-AUDIT-04", seen=billed, parted=parted, wanted=taken.billed_total)
    causes.sort(
        key=lambda row: (row["currency"], row["cause"] != "matched", -row["disputed_minor"] - row["held_minor"], row["cause"])
    )
    return BillAudit(
        key, taken, paper.controls, tuple(_merged(causes)), tuple(told["unclaimed"]), tuple(apart), tuple(told["exchanged"])
    )


def _merged(causes: Iterable[Row]) -> list[dict[str, Any]]:
    """One row a cause: the stage may agree a line that the first look passed on, as the first of several claims."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in causes:
        key = tuple(row[name] for name in ("currency", "verdict", "cause", "settled_before"))
        into = found.setdefault(key, dict(row) | dict.fromkeys(("lines", *_AMOUNTS), 0))
        for name in ("lines", *_AMOUNTS):
            into[name] += row[name]
    return list(found.values())
