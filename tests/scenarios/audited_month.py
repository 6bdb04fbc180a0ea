"""Makes a synthetic month and takes it down the river as far as the causes; reading files is left to the tests of ingest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tuntas import packs
from tuntas.engine import Engine
from tuntas.flow import assess, audit, period, rate, screen
from tuntas.formats.agreement import read_agreements
from tuntas.formats.case_settings import read_case
from tuntas.synth import DEFAULT_ERRORS, make_month
from tuntas.tables import FACTS, TERMS, table
from tuntas.tables.columns import SQL_TYPES, Table

PLACES = {
    "order_lines": "orders/order_lines*",
    "payments_in": "orders/payments_in*",
    "refunds": "orders/refunds*",
    "bill_lines": "bills/*",
    "cod_remittances": "cod/*",
    "bank_lines": "bank/*",
    "warehouse_days": "warehouse/*",
}


@contextmanager
def audited_month(folder: Path, *, seed: int, parcels: int, errors: Mapping[str, int] = DEFAULT_ERRORS) -> Iterator[Engine]:
    """Make a month under `folder` and yield the engine that has rated, audited, assessed and screened it."""
    make_month(folder, parcels=parcels, sellers=60, vendors=11, seed=seed, errors=errors, fmt="parquet")
    settings, pack = read_case(folder), packs.load("ID")
    agreements = read_agreements(folder / "agreements", decimal_places=pack.places).require()
    with Engine() as engine:
        for shape in FACTS:
            _load(engine, folder, shape)
        for shape in TERMS:
            engine.load_rows(shape, agreements.rows[shape.name])
        for name, rows in pack.tables().items():
            engine.load_rows(table(name), rows)
        for name in ("billed_before", "measured_before", "measured_again", "charged_before", "covered_before"):
            engine.create(table(name))
        engine.create(table("withheld_before"))
        run = {
            "cycle_id": settings.cycle_id,
            "period_from": settings.period.start,
            "period_to": settings.period.end,
            "as_of": settings.as_of,
            "country": settings.country,
            "currency": settings.currency,
            "platform_id": settings.platform_id,
            "hold_days": settings.hold_days,
            "min_payout_minor": settings.min_payout_minor,
        }
        engine.load_rows(table("run"), [run])
        for stage in (rate.STAGE, period.STAGE, audit.STAGE, assess.STAGE, screen.STAGE):
            engine.run(stage)
        yield engine


def _load(engine: Engine, folder: Path, shape: Table) -> None:
    files = sorted(folder.glob(PLACES.get(shape.name, f"{shape.name}/*")))
    if not files:
        engine.create(shape)
        return
    columns = ", ".join(f'"{c.name}"::{SQL_TYPES[c.type]} AS "{c.name}"' for c in shape.columns)
    listed = ", ".join(f"'{path}'" for path in files)
    source = f"read_parquet([{listed}])" if files[0].suffix == ".parquet" else f"read_csv([{listed}], all_varchar = true)"
    engine.con.execute(f'CREATE OR REPLACE TABLE "{shape.name}" AS SELECT {columns} FROM {source}')
