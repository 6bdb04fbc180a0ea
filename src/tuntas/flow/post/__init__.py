"""Post: settled lines and money facts in; balanced journal entries out. The only door to the ledger.

In: `run`, `parties`, `openings`, `statements`, `statement_lines`, `unbilled`, `cod_audited`, `matches`, `payments_in`,
`order_lines`, `refunds`, `posting_rules`. Out: `entries`, `entry_lines`.

Guarantees: every entry balances to the unit; no line is zero, below zero or two-sided; an entry's id depends on nothing but what
it is because of, so posting twice is posting once; every bank line of the period moves the bank account, matched or not, so the
ledger's bank balance is the bank's. Facts of other periods are left to their own cycle.
"""

from __future__ import annotations

from importlib.resources import files

from tuntas.kernel.stages import stage

STAGE = stage(
    "post",
    "tuntas.flow.post",
    reads=(
        "run",
        "parties",
        "openings",
        "statements",
        "statement_lines",
        "unbilled",
        "cod_audited",
        "matches",
        "payments_in",
        "order_lines",
        "refunds",
        "posting_rules",
    ),
    writes=("entries", "entry_lines"),
)


def posting_rules() -> list[dict[str, str]]:
    """Return the rows of the table `posting_rules`, from the file beside this module."""
    lines = files("tuntas.flow.post").joinpath("posting_rules.csv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    # Four codes and then the meaning, which is the rest of the line and may hold commas.
    split = [line.split(",", len(names) - 1) for line in lines[1:]]
    return [dict(zip(names, row, strict=True)) for row in split]
