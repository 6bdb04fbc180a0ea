"""What a spoiled step of screen must disagree with: the clerk, over a drawn month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from tests.flow.audit.world import complete
from tests.flow.screen.exceptions import Rows, by_clerk, drawn, hold
from tests.laws.mutants import MutantCase

from tuntas.engine import Engine
from tuntas.flow.screen import STAGE
from tuntas.tables import table


@cache
def inputs() -> Rows:
    """A drawn month, with missing bills, cash of every verdict and holds with several reasons."""
    tables = drawn(5, 90)
    tables["missing_bills"].append(
        complete("missing_bills", {"vendor_id": "V-JNX", "unbilled_minor": 31350, "charge_count": 4, "currency": "IDR"})
    )
    tables["rate_holds"] += [
        hold("V-JNX", "H-1", "RATE-BAND-02", charge_no=10),
        hold("V-JNX", "H-1", "RATE-INDEX-01", charge_no=20),
        hold("V-JNX", "H-2", "RATE-BAND-01", charge_no=10),
        hold("V-JNX", "H-2", "RATE-BAND-02", charge_no=10),
    ]
    # An order line and a parcel of one name: the parcel's bill settles nothing about the order line.
    held = next(row for row in tables["audited"] if row["verdict"] in ("no_rate", "ambiguous"))
    tables["rate_holds"].append(hold("S-1", held["subject_id"], "RATE-AGREEMENT-01", side="payout"))
    # Fuel waits although the freight of the same parcel is settled.
    matched = next(row for row in tables["audited"] if row["verdict"] == "matched" and row["charge_type"] == "freight")
    tables["rate_holds"].append(hold(matched["vendor_id"], matched["subject_id"], "RATE-INDEX-01", charge_no=20))
    return tables


def load(engine: Engine) -> None:
    """Put every table the stage reads into the engine."""
    for name, rows in inputs().items():
        engine.load_rows(table(name), rows)


def truth() -> Mapping[str, Sequence[Mapping[str, object]]]:
    """What the clerk says."""
    return {"causes": by_clerk(inputs())}


CASE = MutantCase(stage=STAGE, load=load, truth=truth)
