"""Pay: statements in; the payment proposal and its transfers out.

In: `run`, `statements`, `parties`, `rails`, `rail_terms`, `due_shifts`, `holidays`, `party_holds`. Out: `payments`, `transfers`.

Guarantees: one payment a statement with something payable, of exactly that amount; proposed + held = payable per currency;
no proposed payment goes to an account that is missing or unverified, to a party on hold, or on a day its rail does not run; every
proposed payment names the rail that carries it, and its transfers sum to it, each inside the limits of that rail.
"""

from __future__ import annotations

from tuntas.kernel.stages import stage

STAGE = stage(
    "pay",
    "tuntas.flow.pay",
    reads=("run", "statements", "parties", "rails", "rail_terms", "due_shifts", "holidays", "party_holds"),
    writes=("payments", "transfers"),
)
