"""Words of rating by parts: rate a folder of parcels, show a book, and draw statements, tax and accruals from it."""

from __future__ import annotations

import csv
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from tuntas.faces.cli.app import app
from tuntas.faces.cli.cycle import Json, Language
from tuntas.faces.cli.telling import console, progress, tell_json, tell_table
from tuntas.tables import table

if TYPE_CHECKING:
    from tuntas.operations.rating.book import Rated
    from tuntas.operations.rating.periods import Decided

Country = Annotated[str, Parameter(help="country pack whose currencies and law are used")]
rate = App(name="rate", help="Rate parcels by the million, part by part; a job that was stopped goes on where it was.")
app.command(rate)


@rate.default
def rate_parts(
    facts: str,
    /,
    *,
    agreements: Path,
    parties: Path,
    as_of: datetime,
    out: str,
    spark: str | None = None,
    option: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    memory: str = "700MB",
    break_lock: bool = False,
    country: Country = "ID",
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Rate every part below a folder into a book. Parts whose facts and agreements are unchanged are kept; Ctrl-C stops after the part in work.

    Parameters
    ----------
    facts
        Folder of parts, each a folder with shipments*.parquet and events*.parquet; or its address (s3://bucket/folder).
    agreements
        Folder of agreements.
    parties
        Parquet file of the parties.
    as_of
        Instant of knowledge, such as 2026-11-01T00:00:00: scans learnt of later are not used.
    out
        The book: a folder, or an address.
    spark
        Spark master that hands out the parts, such as spark://host:7077 or local[2].
    option
        Option of Spark as name=value; may be given more than once.
    memory
        Memory the engine may use for one part.
    break_lock
        Take a book from a job that was killed and left its page in BOOK/locks. Only when you know that nobody is rating into it.
    """
    from tuntas import packs
    from tuntas.operations.rating.terms import read_terms

    terms = read_terms(agreements, parties=parties, as_of=as_of, places=packs.load(country).places)
    with progress(quiet=json) as bar, stopping() as stopped:

        def told(part: str, done: int, total: int, subjects: int) -> None:
            if bar:
                bar(f"part {part}, {subjects:,} subjects so far", done, total)

        if spark is not None:
            from tuntas.operations.rating.cluster import rate_on_spark

            options = {name: value for name, _, value in (text.partition("=") for text in option)}
            made = rate_on_spark(
                facts, out, terms=terms, master=spark, memory_limit=memory, options=options, progress=told, cancelled=stopped,
                break_lock=break_lock,
            )  # fmt: skip
        elif "://" in facts or "://" in out:
            from tuntas.operations.rating.staged import rate_staged

            made = rate_staged(
                facts, out, terms=terms, memory_limit=memory, progress=told, cancelled=stopped, break_lock=break_lock
            )
        else:
            from tuntas.operations.rating.book import rate_book

            made = rate_book(
                Path(facts), Path(out), terms=terms, memory_limit=memory, progress=told, cancelled=stopped, break_lock=break_lock
            )
    _tell(made, book=out, language=lang, json=json)


@rate.command
def show(
    book: str,
    /,
    *,
    from_: Annotated[date | None, Parameter(name="--from")] = None,
    to: date | None = None,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Show a book: what each party's charges come to, and what waits; with --from and --to also the charges of the periods that end between.

    Parameters
    ----------
    from_, to
        First day of service the book has the facts of, and the day after the last.
    """
    from tuntas.operations.rating.periods import decide_periods, span_of
    from tuntas.operations.rating.staged import read_book

    made, span = read_book(book), span_of(from_, to)
    decided = decide_periods(book, made.periods, start=span[0], end=span[1]) if span else None
    _tell(made, decided, book=book, language=lang, json=json)


@rate.command
def accrue(
    book: str,
    /,
    *,
    parties: Path,
    from_: Annotated[date, Parameter(name="--from")],
    to: date,
    out: Path,
    country: Country = "ID",
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Write what the charges of a book come to as CSV: expected statements, tax, and accrual entries. Posts nothing.

    Parameters
    ----------
    parties
        Parquet file of the parties; the platform is among them.
    from_, to
        First day of service, and the day after the last.
    out
        Folder that receives a file a table.
    """
    from tuntas import packs
    from tuntas.operations.rating.accrual import accrue as draw
    from tuntas.operations.rating.parties import parties_named
    from tuntas.operations.rating.periods import decide_periods
    from tuntas.operations.rating.staged import read_book

    rated = read_book(book)
    decided = decide_periods(book, rated.periods, start=from_, end=to)
    there, platform_id = parties_named(parties, {row["party_id"] for row in (*rated.sums, *decided.charges)})
    drawn = draw(
        rated.sums, periods=decided.charges, pack=packs.load(country), parties=there, platform_id=platform_id, start=from_, end=to
    )
    out.mkdir(parents=True, exist_ok=True)
    written = {}
    for field in fields(drawn):
        rows = getattr(drawn, field.name)
        columns = [column.name for column in table(field.name).columns]
        with (out / f"{field.name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([[row[column] for column in columns] for row in rows])
        written[field.name] = len(rows)
    if json:
        tell_json({"digest": rated.digest, "out": str(out), "rows": written, "period_holds": list(decided.holds)})
        return
    for name, count in written.items():
        console.print(f"{count:>8,}  {out / name}.csv")
    if decided.holds:
        console.print(_WORDS[lang]["left_out"].format(count=len(decided.holds)))


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C into a wish to stop after the part in work; the second stops at once."""
    asked: list[bool] = []

    def heard(*_: Any) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(True)

    before = signal.signal(signal.SIGINT, heard)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


_WORDS = {
    "en": {
        "party_id": "party", "agreement": "agreement", "charge_type": "charge", "clause": "clause", "lines": "lines",
        "amount_minor": "amount", "subjects": "waiting",
        "sums": "Charges", "holds": "Waiting, and not among the charges",
        "periods": "Charges of a period", "period_holds": "Waiting for the period", "period_name": "period", "hold_code": "reason",
        "left_out": "{count:>8,}  charges of a period wait and are not among these; see: tuntas rate show BOOK --from ... --to ...",
        "undecided": "{count} charges over a period stand in its agreements; say --from and --to to decide them",
        "lead": "{parts} parts, {known} of them kept; {subjects} subjects, {lines} charges, {held} waiting; digest {digest}",
    },
    "id": {
        "party_id": "pihak", "agreement": "perjanjian", "charge_type": "biaya", "clause": "pasal", "lines": "baris",
        "amount_minor": "jumlah", "subjects": "menunggu",
        "sums": "Biaya", "holds": "Menunggu, dan tidak termasuk biaya",
        "periods": "Biaya satu periode", "period_holds": "Menunggu untuk periode itu", "period_name": "periode", "hold_code": "alasan",
        "left_out": "{count:>8,}  biaya periode menunggu dan tidak termasuk di sini; lihat: tuntas rate show BOOK --from ... --to ...",
        "undecided": "{count} biaya per periode ada dalam perjanjiannya; sebutkan --from dan --to untuk memutuskannya",
        "lead": "{parts} bagian, {known} di antaranya tetap; {subjects} subjek, {lines} biaya, {held} menunggu; digest {digest}",
    },
}  # fmt: skip


def _tell(made: Rated, decided: Decided | None = None, *, book: str, language: str, json: bool) -> None:
    held = sum(part.held for part in made.parts.values())
    if json:
        tell_json(
            {"book": book, "digest": made.digest, "parts": len(made.parts), "kept": sum(part.known for part in made.parts.values()),
             "subjects": made.subjects, "lines": made.lines, "held": held, "sums": list(made.sums), "holds": list(made.holds)}
            | ({"periods": list(decided.charges), "period_holds": list(decided.holds)} if decided else {})
        )  # fmt: skip
        return
    words = _WORDS[language]

    def count(number: int) -> str:
        return f"{number:,}" if language == "en" else f"{number:,}".replace(",", ".")

    console.print(
        words["lead"].format(
            parts=count(len(made.parts)), known=count(sum(part.known for part in made.parts.values())), subjects=count(made.subjects),
            lines=count(made.lines), held=count(held), digest=made.digest[:16],
        )
    )  # fmt: skip
    if made.periods and decided is None:
        console.print(words["undecided"].format(count=count(len(made.periods.rows["period_charges"]))))
    of_periods, waiting = (decided.charges, decided.holds) if decided else ((), ())
    # A party may be charged in more than one currency, and amounts of two are never added or shown alike.
    for currency in sorted({row["currency"] for row in (*made.sums, *made.holds, *of_periods, *waiting)}):
        for rows, told, keys in (
            ("sums", made.sums, ("party_id", "agreement", "charge_type", "clause", "lines", "amount_minor")),
            ("holds", made.holds, ("party_id", "agreement", "charge_type", "subjects")),
            ("periods", of_periods, ("party_id", "agreement", "charge_type", "clause", "period_name", "amount_minor")),
            ("period_holds", waiting, ("party_id", "agreement", "charge_type", "period_name", "hold_code")),
        ):
            shown = [
                dict(row) | {"agreement": f"{row['agreement_id']}@{row['version']}" if row["agreement_id"] else None}
                for row in told
                if row["currency"] == currency
            ]
            if shown:
                shown.sort(key=lambda row: (row["side"], row["party_id"], row["charge_no"]))
                tell_table(
                    f"{words[rows]} ({currency})", shown, {key: words[key] for key in keys}, currency=currency, language=language
                )
