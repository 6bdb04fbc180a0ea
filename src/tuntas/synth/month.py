"""Make a month: a whole case folder, the same to the byte for the same arguments, with the key of its errors beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from tuntas.synth.answers import ANSWERS, README, Answer, answer_columns
from tuntas.synth.bank import bank_rows
from tuntas.synth.bill_files import BillFiles, Placed
from tuntas.synth.bill_lines import Biller, Lines
from tuntas.synth.bill_plan import BillPlan, plan_bills
from tuntas.synth.calendar_month import MonthCalendar
from tuntas.synth.draws import Draws, Flags
from tuntas.synth.errors import DEFAULT_ERRORS, checked_errors
from tuntas.synth.ids import GHOST_FROM, remittance_no, waybill
from tuntas.synth.made import FolderNotEmpty, KindMade, MonthMade, MonthNotPossible
from tuntas.synth.paper import write_agreements
from tuntas.synth.parcels import Maker, Parcels
from tuntas.synth.people import PLATFORM, draw_sellers, party_rows, seller_id
from tuntas.synth.pricing import Tariff
from tuntas.synth.sales import Sales
from tuntas.synth.standings import standing_rows
from tuntas.synth.terms import CarrierTerms, Vendor, WarehouseTerms
from tuntas.synth.vendors import first_vendors
from tuntas.synth.warehouses import charges_of, warehouse_days
from tuntas.synth.writers import Format, TableWriter
from tuntas.tables import facts
from tuntas.tables.columns import Table

Progress = Callable[[str, int, int], None]
CHUNK = 100_000


def make_month(
    folder: Path,
    *,
    parcels: int,
    sellers: int,
    vendors: int,
    seed: int,
    errors: Mapping[str, int] = DEFAULT_ERRORS,
    month: str = "2026-10",
    split: int = 1,
    progress: Progress | None = None,
    fmt: Format = "csv",
    chunk: int = CHUNK,
) -> MonthMade:
    """Write a case folder (docs/reference/case-folder.md) and its answer key.

    `errors` are rates in ppm by kind (errors.py); `split` writes every parcel-sized table as that many files; `fmt` is csv or
    parquet; `chunk` parcels are held in memory at a time and do not change the bytes.
    Raises `MonthNotPossible`, `FolderNotEmpty`, `ErrorKindUnknown`, `ErrorRateUnreadable`, `PeriodUnreadable`.
    """
    _possible(parcels=parcels, sellers=sellers, vendors=vendors, split=split, fmt=fmt, chunk=chunk)
    calendar = MonthCalendar.of(month)
    if folder.exists() and any(folder.iterdir()):
        raise FolderNotEmpty(f"saw files in {folder}; wanted an empty folder; name another or empty it")
    making = _Month(folder, parcels, sellers, first_vendors(vendors), calendar, Draws(seed), checked_errors(errors), fmt)
    return making.make(split=split, chunk=chunk, progress=progress or (lambda *_: None))


def _possible(*, parcels: int, sellers: int, vendors: int, split: int, fmt: str, chunk: int) -> None:
    for name, seen, least in (
        ("parcels", parcels, 1),
        ("sellers", sellers, 1),
        ("vendors", vendors, 1),
        ("split", split, 1),
        ("chunk", chunk, 1),
    ):
        if seen < least:
            raise MonthNotPossible(f"saw {name} {seen}; wanted at least {least}")
    if parcels >= GHOST_FROM or sellers > 999_999:
        raise MonthNotPossible(f"saw {parcels} parcels of {sellers} sellers; wanted fewer than {GHOST_FROM} and at most 999999")
    if fmt not in ("csv", "parquet"):
        raise MonthNotPossible(f"saw format {fmt!r}; wanted csv or parquet")


class _Month:
    """One month in the making."""

    def __init__(
        self, folder: Path, parcels: int, sellers: int, vendors: Sequence[Vendor], calendar: MonthCalendar, draws: Draws,
        errors: Mapping[str, int], fmt: Format,
    ) -> None:  # fmt: skip
        self.folder, self.parcels, self.vendors, self.calendar, self.draws, self.fmt = (
            folder,
            parcels,
            vendors,
            calendar,
            draws,
            fmt,
        )
        self.sellers = draw_sellers(sellers, draws)
        self.carriers = tuple(terms for terms in vendors if isinstance(terms, CarrierTerms))
        self.plan: BillPlan = plan_bills(vendors=vendors, calendar=calendar, draws=draws, errors=errors)
        self.maker = Maker(draws=draws, calendar=calendar, carriers=self.carriers, sellers=self.sellers)
        self.sales = Sales(calendar=calendar, draws=draws, carriers=self.carriers, sellers=self.sellers)
        self.billers = [
            Biller(
                carrier=place, vendor=vendors.index(terms), tariff=Tariff(terms, calendar), plan=self.plan, calendar=calendar,
                draws=draws, errors=errors,
            )
            for place, terms in enumerate(self.carriers)
        ]  # fmt: skip
        self.bills = BillFiles(folder / "bills", plan=self.plan, calendar=calendar, fmt=fmt)
        self.rows: Counter[str] = Counter()
        self.lines_of: Counter[str] = Counter()
        self.stake_of: Counter[str] = Counter()
        self.ids_of: dict[str, set[str]] = {}

    def make(self, *, split: int, chunk: int, progress: Progress) -> MonthMade:
        """Write everything."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._case()
        parties = party_rows(vendors=self.vendors, sellers=self.sellers, draws=self.draws, calendar=self.calendar)
        self._small("parties", facts.PARTIES, parties)
        held = standing_rows(parties=parties, vendors=self.vendors, draws=self.draws, calendar=self.calendar)
        self._small("standings", facts.PARTY_STANDINGS, held)
        self.rows["agreements"] = write_agreements(
            self.folder / "agreements", vendors=self.vendors, calendar=self.calendar, favored=seller_id(0)
        )
        with TableWriter(self.folder / "answers" / "answers", ANSWERS, "csv", always=True) as key:
            for part in range(split):
                with ExitStack() as files:
                    self._part(part, split, chunk, files=files, key=key, progress=progress)
            self._key(key, self._warehouses())
            self._key(key, self.bills.finish())
        self._small(
            "bank", facts.BANK_LINES, bank_rows(sales=self.sales, parties=parties, calendar=self.calendar, draws=self.draws)
        )
        (self.folder / "answers" / "README.md").write_text(README, encoding="utf-8")
        self.rows["bill_lines"] = self.bills.rows
        progress("month", self.parcels, self.parcels)
        kinds = {kind: KindMade(len(ids), self.lines_of[kind], self.stake_of[kind]) for kind, ids in sorted(self.ids_of.items())}
        return MonthMade(self.folder, self.calendar.name, self.draws.seed, dict(sorted(self.rows.items())), kinds)

    def _part(self, part: int, split: int, chunk: int, *, files: ExitStack, key: TableWriter, progress: Progress) -> None:
        tables = {
            name: files.enter_context(self._writer(place, name, part, split))
            for place, name in (
                ("shipments", "shipments"), ("events", "events"), ("orders", "order_lines"), ("orders", "payments_in"),
                ("orders", "refunds"), ("cod", "cod_remittances"),
            )
        }  # fmt: skip
        for start, stop in _stretches(self.parcels * part // split, self.parcels * (part + 1) // split, chunk):
            progress("parcels", start, self.parcels)
            p = self.maker.make(start, stop)
            placed, short = self._bill(p)
            remitted, short_at, gap = self.sales.cod_remittances(p, short)
            tables["shipments"].write(self.sales.shipments(p))
            tables["events"].write(self.sales.events(p))
            tables["order_lines"].write(self.sales.order_lines(p))
            tables["payments_in"].write(self.sales.payments_in(p))
            tables["refunds"].write(self.sales.refunds(p))
            tables["cod_remittances"].write(remitted)
            placed += [self._short(p, int(at), int(less)) for at, less in zip(short_at, gap, strict=True)]
            self._key(key, [answer for _, answer in sorted(placed, key=lambda item: item[0])])
        for name, writer in tables.items():
            self.rows[name] += writer.rows

    def _writer(self, place: str, name: str, part: int, split: int) -> TableWriter:
        stem = name if split == 1 else f"{name}-{part + 1:0{len(str(split))}d}"
        return TableWriter(self.folder / place / stem, facts_table(name), self.fmt)

    def _bill(self, p: Parcels) -> tuple[list[Placed], Flags]:
        short = np.zeros(len(p.row), dtype=np.bool_)
        lines: list[Lines] = []
        for biller in self.billers:
            billed = biller.bill(p)
            lines.append(billed.lines)
            self.bills.hold(billed.later)
            short[billed.short] = True
        return self.bills.add(Lines.join(lines)), short

    def _short(self, p: Parcels, at: int, gap: int) -> Placed:
        terms, row, cash = self.carriers[int(p.carrier[at])], int(p.row[at]), int(p.cod[at])
        number = remittance_no(terms, self.calendar, int(p.final_day[at]) // 7)
        subject = waybill(terms, self.calendar, row)
        return (row, 3), Answer(
            f"E-{row:09d}",
            "short_cod",
            terms.party_id,
            number,
            None,
            subject,
            None,
            cash,
            cash - gap,
            gap,
            "less handed over than collected",
        )

    def _warehouses(self) -> list[Answer]:
        operators = [terms for terms in self.vendors if isinstance(terms, WarehouseTerms)]
        rows = warehouse_days(terms=operators, parcels=self.parcels, calendar=self.calendar, draws=self.draws)
        self._small("warehouse", facts.WAREHOUSE_DAYS, rows)
        found: list[Answer] = []
        for terms in operators:
            mine = [row for row in rows if row["vendor_id"] == terms.party_id]
            for window in range(self.calendar.windows):
                week = mine[window * 7 : self.calendar.window_end(window)]
                bill = self.plan.of(self.vendors.index(terms), window)
                found += self.bills.add_warehouse(bill, (line for row in week for line in charges_of(row, terms)))
        return found

    def _small(self, place: str, shape: Table, rows: list[dict[str, object]]) -> None:
        with TableWriter(self.folder / place / shape.name, shape, self.fmt) as writer:
            if rows:
                writer.write({column.name: [row.get(column.name) for row in rows] for column in shape.columns})
            self.rows[shape.name] = writer.rows

    def _key(self, key: TableWriter, answers: Sequence[Answer]) -> None:
        if not answers:
            return
        key.write(answer_columns(answers))
        for answer in answers:
            self.lines_of[answer.kind] += 1
            self.stake_of[answer.kind] += answer.at_stake_minor
            self.ids_of.setdefault(answer.kind, set()).add(answer.error_id)

    def _case(self) -> None:
        month = self.calendar
        text = (
            f"cycle: {month.name}\nperiod: {{from: {month.start}, to: {month.end}}}\nas_of: {month.on(month.as_of_day)}T23:59:59\n"
            f"country: ID\ncurrency: IDR\nplatform: {PLATFORM}\nhold_days: 2\nmin_payout: 10000\n"
        )
        (self.folder / "case.yaml").write_text(text, encoding="utf-8")


def facts_table(name: str) -> Table:
    """Return a table of facts by name."""
    return next(shape for shape in facts.FACTS if shape.name == name)


def _stretches(start: int, stop: int, chunk: int) -> Iterator[tuple[int, int]]:
    while start < stop:
        yield start, min(start + chunk, stop)
        start += chunk
