"""Why this amount? Find what an id names in the runs of a home and let the clerks derive it again.

An id is a waybill, an order, an order line, a warehouse day, a charge (`buy:WAYBILL:freight`), a bill line (`VENDOR|BILL|LINE`), a
statement (`ST/...`), one of its lines (`ST/...|LINE`), a tax (`DOCUMENT KIND|DOCUMENT|TAX|CODE|OBJECT`), an entry (`E-...`) or a
payment (`PY/...`). Settled runs are asked first, then plans, the newest first.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tuntas.kernel.derivations import Derivation
from tuntas.kernel.refusals import Refusal
from tuntas.operations.explaining.bills import bill_line_tree
from tuntas.operations.explaining.books import entry_tree, payment_tree
from tuntas.operations.explaining.charges import charge_tree, subject_tree
from tuntas.operations.explaining.desk import Desk
from tuntas.operations.explaining.statements import line_node, statement_tree
from tuntas.operations.explaining.taxes import BY_KEY, tax_tree
from tuntas.store.readings.position import settled_digests

LANGUAGES = ("en", "id")


class NothingKnown(Refusal):
    """No run of the home holds what the id names."""

    code = "EXPLAIN-ID-01"


class LanguageUnknown(Refusal):
    """The explanation was asked in a language we have no words for."""

    code = "EXPLAIN-LANGUAGE-01"


def explain(*, home: Path, identity: str, language: str = "en", digest: str | None = None) -> Derivation:
    """Return the derivation of what an id names, in English (`en`) or Indonesian (`id`).

    `digest` names one run; left out, settled runs are asked first. Raises `NothingKnown` or `LanguageUnknown`.
    """
    if language not in LANGUAGES:
        raise LanguageUnknown(f"saw language {language!r}; wanted one of {', '.join(LANGUAGES)}")
    for folder in _runs(home, digest):
        with Desk(folder, language) as desk:
            found = _derive(desk, identity.strip())
        if found is not None:
            return found
    raise NothingKnown(
        f"saw {identity!r}, which no run in {home.name} knows; wanted a waybill, order, charge, bill line, statement, entry or payment; "
        "check the spelling, or plan the cycle that holds it"
    )


# A period is told again by every later run; it is opened where it was decided.
_DECIDED_HERE = "(subject_kind <> 'period' OR subject_id IN (SELECT p.subject_id FROM period_results AS p))"


def _runs(home: Path, digest: str | None) -> list[Path]:
    runs = home / "runs"
    if digest is not None:
        return [runs / digest]
    plans = sorted(runs.glob("*/plan.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    settled = settled_digests()
    return sorted(
        (path.parent for path in plans if not path.parent.name.startswith(".")), key=lambda folder: folder.name not in settled
    )


def _derive(desk: Desk, identity: str) -> Derivation | None:
    for sql, tree, parameters in _questions(identity):
        found = desk.row(sql, *parameters)
        if found is not None:
            return tree(desk, found)
    return None


def _questions(identity: str) -> list[tuple[str, Callable[[Desk, dict[str, Any]], Derivation], tuple[object, ...]]]:
    """What the id may name, the likeliest by its form first."""
    parts = identity.split("|")
    if len(parts) == 5:
        return [(BY_KEY, tax_tree, (identity,))]
    if identity.startswith("ST/"):
        if len(parts) == 2 and parts[1].isdecimal():
            return [("SELECT * FROM statement_lines WHERE statement_id = ? AND line_no = ?", line_node, (parts[0], int(parts[1])))]
        return [("SELECT * FROM statements WHERE statement_id = ?", statement_tree, (identity,))]
    if len(parts) == 3 and parts[2].isdecimal():
        sql = "SELECT * FROM audited WHERE vendor_id = ? AND bill_no = ? AND line_no = ?"
        return [(sql, bill_line_tree, (parts[0], parts[1], int(parts[2])))]
    return [
        (f"SELECT * FROM expected WHERE charge_id = ? AND {_DECIDED_HERE}", charge_tree, (identity,)),
        (f"SELECT * FROM subjects WHERE subject_id = ? AND {_DECIDED_HERE} ORDER BY side LIMIT 1", subject_tree, (identity,)),
        ("SELECT * FROM entries WHERE entry_id = ?", entry_tree, (identity,)),
        ("SELECT * FROM payments WHERE payment_id = ?", payment_tree, (identity,)),
        ("SELECT * FROM cash_ties WHERE order_id = ?", _order_tree, (identity,)),
    ]


def _order_tree(desk: Desk, tie: dict[str, Any]) -> Derivation:
    subjects = desk.rows(
        "SELECT s.* FROM order_lines AS o JOIN subjects AS s ON s.side = 'payout' AND s.subject_id = o.order_line_id "
        "WHERE o.order_id = ? ORDER BY s.subject_id",
        tie["order_id"],
    )
    parcels = desk.rows(
        "SELECT s.* FROM shipments AS h JOIN subjects AS s ON s.side = 'buy' AND s.subject_id = h.waybill WHERE h.order_id = ?",
        tie["order_id"],
    )
    return Derivation(
        identity=str(tie["order_id"]),
        title=desk.say("order", {"order": tie["order_id"]}),
        sentence=desk.say("order_said", tie),
        formula=desk.sum(f"{tie['paid_minor']} - {tie['lines_minor']} = {tie['difference_minor']}"),
        amount_minor=tie["lines_minor"],
        currency=desk.currency,
        children=tuple(subject_tree(desk, row) for row in [*subjects, *parcels]),
    )
