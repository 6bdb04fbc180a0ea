"""Pay: statements in; the payment proposal out.

In: `run`, `statements`, `parties`, `rails`, `holidays`, `party_holds`. Out: `payments`.

Guarantees: one payment a statement with something payable, of exactly that amount; proposed + held = payable per currency;
no proposed payment goes to an account that is missing or unverified, to a party on hold, or on a day banks are closed; every
proposed payment names the rail that carries it.
"""

from __future__ import annotations

from tuntas.kernel.stages import stage

STAGE = stage(
    "pay",
    "tuntas.flow.pay",
    reads=("run", "statements", "parties", "rails", "holidays", "party_holds"),
    writes=("payments",),
)
