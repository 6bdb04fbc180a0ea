"""Order: charges that an agreement limits over a whole order, shared over the lines of the order.

In: `expected`, `rated`, `order_lines`, `refunds`, `charges`, and `borne_before` of runs applied before, which may be empty.
Out: `order_shares`, one row an order line and charge so limited; and rows of `expected` and `rated` that take the place of those
of rating (`REPLACED`) with `rate_holds` behind them (`ADDED`).

Guarantees: lines that become final on one day share what the order has left of its limit by largest remainder, in the order of their ids,
and their shares sum exactly; lines of earlier days keep what they bore, in whichever run they were settled; a refund gives back its part of
what the line bore, and refunds that complete a line come to exactly that; a refund of a line nobody settled waits. The order of rows
makes no difference, and no step reads a row where no agreement limits a charge over an order.
"""

from __future__ import annotations

from collections.abc import Mapping

from tuntas.kernel.stages import stage

STAGE = stage(
    "order",
    "tuntas.flow.order",
    reads=("expected", "rated", "order_lines", "refunds", "charges", "borne_before"),
    writes=("order_shares",),
)
# Tables of rating some of whose rows are replaced: the step that names rows to take out, their key, and the step with those to put in.
REPLACED: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "expected": ("order_touched", ("charge_id",), "order_expected"),
    "rated": ("order_rated", ("side", "subject_id"), "order_rated"),
}
# Rows put behind those of rating.
ADDED: Mapping[str, str] = {"rate_holds": "order_holds"}
