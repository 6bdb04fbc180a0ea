"""Parcels as an ingest leaves them, in parts: what the rating benchmarks read.

    python -m tests.bench.parcel_facts FOLDER --parcels 10000000 --parts 10

Writes `agreements/` (the agreements of the synthetic month), `parties.parquet` and `parts/NNNN/{shipments,events}.parquet`. The final
status stands on the shipment, as in the daily file of a carrier; failed attempts come as scans. Parts beyond `--drawn` are the drawn
ones again under other waybills, so that a hundred million parcels are not a night's work to make.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from tuntas.synth.calendar_month import MonthCalendar
from tuntas.synth.columns import blank, days, words
from tuntas.synth.draws import Draws
from tuntas.synth.paper import write_agreements
from tuntas.synth.parcels import IN_TRANSIT, STATUSES, Maker
from tuntas.synth.people import draw_sellers, party_rows, seller_id
from tuntas.synth.sales import Sales
from tuntas.synth.terms import CarrierTerms
from tuntas.synth.vendors import first_vendors
from tuntas.synth.writers import TableWriter
from tuntas.tables import facts

CHUNK = 250_000


def make_parcel_facts(folder: Path, *, parcels: int, parts: int, sellers: int = 100_000, drawn: int = 10, seed: int = 1) -> None:
    """Write parcels in `parts` equal parts (the last takes what is left over). Parts that are there already are kept."""
    draws, calendar, vendors = Draws(seed), MonthCalendar.of("2026-10"), first_vendors(8)
    carriers = tuple(terms for terms in vendors if isinstance(terms, CarrierTerms))
    people = draw_sellers(sellers, draws)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "agreements").exists():
        write_agreements(folder / "agreements", vendors=vendors, calendar=calendar, favored=seller_id(0))
    if not (folder / "parties.parquet").exists():
        rows = party_rows(vendors=vendors, sellers=people, draws=draws, calendar=calendar)
        with TableWriter(folder / "parties", facts.PARTIES, "parquet") as writer:
            writer.write({c.name: [row.get(c.name) for row in rows] for c in facts.PARTIES.columns})
    maker = Maker(draws=draws, calendar=calendar, carriers=carriers, sellers=people)
    sales = Sales(calendar=calendar, draws=draws, carriers=carriers, sellers=people)
    for part in range(parts):
        place = folder / "parts" / f"{part + 1:04d}"
        if (place / "events.parquet").exists():
            continue
        place.mkdir(parents=True, exist_ok=True)
        if part < drawn:
            _draw(
                place,
                maker,
                sales,
                range(parcels * part // parts, parcels * (part + 1) // parts, CHUNK),
                parcels * (part + 1) // parts,
            )
        else:
            _copy(folder / "parts" / f"{part % drawn + 1:04d}", place, mark=part // drawn)


def _draw(place: Path, maker: Maker, sales: Sales, starts: range, stop: int) -> None:
    with (
        TableWriter(place / "shipments", facts.SHIPMENTS, "parquet") as out,
        TableWriter(place / "events", facts.EVENTS, "parquet") as scans,
    ):
        for start in starts:
            p = maker.make(start, min(start + CHUNK, stop))
            open_still = p.status == IN_TRANSIT
            stated = {
                "status": blank(words(STATUSES, p.status), open_still),
                "status_on": days(sales.calendar.start, p.final_day, unless=open_still),
            }
            out.write(sales.shipments(p) | stated)
            heard = pa.table(sales.events(p))
            failed = heard.filter(pc.equal(heard["event"], "attempt_failed")).combine_chunks()
            scans.write({name: failed[name].combine_chunks() for name in failed.column_names})


def _copy(source: Path, place: Path, *, mark: int) -> None:
    """Write a part again under other waybills: a letter after the carrier's three."""
    letter = chr(ord("A") + mark - 1)
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        for name in ("shipments", "events"):
            con.execute(
                f"COPY (SELECT * REPLACE (waybill[1:3] || '{letter}' || waybill[4:] AS waybill) FROM read_parquet('{source / name}.parquet'))"
                f" TO '{place / name}.parquet' (FORMAT parquet, COMPRESSION zstd)"
            )


def main() -> None:
    """Make the parts."""
    words_ = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words_.add_argument("folder", type=Path)
    words_.add_argument("--parcels", type=int, default=10_000_000)
    words_.add_argument("--parts", type=int, default=10)
    words_.add_argument("--drawn", type=int, default=10)
    told = words_.parse_args()
    make_parcel_facts(told.folder, parcels=told.parcels, parts=told.parts, drawn=told.drawn)


if __name__ == "__main__":
    main()
