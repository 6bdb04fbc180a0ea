"""The first subject of every face, priced by the steps once more: what the loops made of it has to be the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from tuntas.engine import Engine
from tuntas.kernel.refusals import invariant
from tuntas.kernel.stages import Step
from tuntas.operations.rating.compiled.arrays import Array

# Some rows of a group: what was read of them, and what the loops made of them.
Sample = tuple[dict[str, Array], pa.Table]
_DAYS = ("rated_on", "accrue_on")


def hold_to_steps(engine: Engine, samples: Sequence[Sample], *, weighed: Step, priced: Step, kept: str) -> None:
    """Price the sampled subjects by the two steps, and hold what the loops made of them to that. Raises a broken invariant.

    `rate_rows` is a view and `rate_weighed` a table when this is called, and are again when it returns.
    """
    if not samples:
        return
    columns = samples[0][0]
    taken = pa.table({
        name: pa.array(np.concatenate([before[name] for before, _ in samples])).cast(pa.date32() if name in _DAYS else pa.int64())
        for name in columns
    })  # fmt: skip
    ours = pa.concat_tables([after for _, after in samples]).sort_by("row_no").to_pylist()
    engine.con.register("rows_sampled", taken)
    engine.con.execute("ALTER VIEW rate_rows RENAME TO rate_rows_whole")
    engine.con.execute("CREATE VIEW rate_rows AS SELECT * FROM rows_sampled")
    engine.con.execute("ALTER TABLE rate_weighed RENAME TO rate_weighed_met")
    engine.step(weighed)
    theirs = engine.dicts(f"SELECT {kept} FROM ({engine.sql_of(priced)}) ORDER BY row_no")
    differ = [{"compiled": one, "steps": other} for one, other in zip(ours, theirs, strict=True) if one != other]
    invariant(not differ, "RATING-COMPILED-01", rows=len(theirs), differ=len(differ), seen=differ[:1])
    engine.con.execute("DROP VIEW rate_weighed")
    engine.con.execute("ALTER TABLE rate_weighed_met RENAME TO rate_weighed")
    engine.con.execute("DROP VIEW rate_rows")
    engine.con.execute("ALTER VIEW rate_rows_whole RENAME TO rate_rows")
    engine.con.unregister("rows_sampled")
