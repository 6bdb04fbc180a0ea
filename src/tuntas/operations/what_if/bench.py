"""The one place where a what-if meets assess: small worlds, by the clerk and by the engine.

Cases that share who we are, what is switched on and the period are one world and one pass of the engine. The clerk does every case
by itself. What the two say must be the same rows, or nothing is answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tuntas.engine import Engine
from tuntas.flow import assess
from tuntas.flow.assess.clerk import Assessed, Law, assess_bill, assess_statement, counted_before
from tuntas.kernel.derivations import Working
from tuntas.kernel.refusals import invariant
from tuntas.operations.what_if.world import US, BillCase, Row, StatementCase, World, tables_of
from tuntas.packs import Pack
from tuntas.tables import table


@dataclass(frozen=True, slots=True)
class Assessment:
    """What assess says of one case: its rows of `bill_taxes` and `tax_lines`, and the clerk's steps."""

    bill_taxes: tuple[Row, ...]
    tax_lines: tuple[Row, ...]
    workings: tuple[Working, ...]


def assess_cases(
    *, world: World, bills: Sequence[BillCase] = (), statements: Sequence[StatementCase] = (), pack: Pack
) -> dict[str, Assessment]:
    """Assess every case by the clerk and all of them by one pass of the engine; they agree, or `WHAT-IF-TWINS-01` is broken."""
    vat = {case.key: vat_to_bill(world=world, case=case, pack=pack) for case in bills}
    tables = tables_of(world, bills, statements, pack, vat=vat)
    done = {case.key: _bill_by_clerk(case, tables) for case in bills}
    done |= {case.key: _statement_by_clerk(case, tables) for case in statements}
    with Engine(memory_limit="512MB") as engine:
        for name in assess.STAGE.reads:
            engine.load_rows(table(name), tables.get(name, ()))
        engine.run(assess.STAGE)
        for name in assess.STAGE.writes:
            columns = ", ".join(f'"{c.name}"' for c in table(name).columns)
            told = engine.dicts(f'SELECT {columns} FROM "{name}"')
            ours = [row for made in done.values() for row in getattr(made, name, ())]
            invariant(_alike(told) == _alike(ours), "WHAT-IF-TWINS-01", table=name, engine=len(told), clerk=len(ours))
    return {
        key: Assessment(
            tuple(r for r in made.bill_taxes if r["bill_no"] == "B"),
            tuple(r for r in made.tax_lines if r["doc_kind"] != "bill" or r["doc_id"].endswith("/B")),
            tuple(made.workings),
        )
        for key, made in done.items()
    }


def vat_to_bill(*, world: World, case: BillCase, pack: Pack) -> dict[str, int]:
    """Return the VAT a lawful bill of this case carries, by tax code, as the clerk finds it."""
    tables = tables_of(world, [case], (), pack, vat={})
    found = _bill_by_clerk(case, tables).bill_taxes
    return {r["tax_code"]: r["vat_lawful_minor"] for r in found if r["vat_lawful_minor"] and r["bill_no"] == "B"}


def _alike(rows: Iterable[Row]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


# ---- the clerk ------------------------------------------------------------------------------------------------------------------
def _bill_by_clerk(case: BillCase, tables: Mapping[str, Sequence[Row]]) -> Assessed:
    """The case's bills in the order of their days: a tax counted over a year needs what came before."""
    done = Assessed()
    known = {p["party_id"]: p for p in tables["parties"]}
    own = {n: [r for r in tables[n] if r["vendor_id"] == case.key] for n in ("bills", "audited", "bill_lines")}
    for bill in sorted(own["bills"], key=lambda r: (r["billed_on"], r["bill_no"])):
        bill_no = bill["bill_no"]
        made = assess_bill(
            vendor_id=case.key, bill_no=bill_no, billed_on=bill["billed_on"], party=known[case.key], payer=known[US],
            lines=[r for r in own["audited"] if r["bill_no"] == bill_no],
            vat_lines=[r for r in own["bill_lines"] if r["bill_no"] == bill_no],
            law=Law.of(tables), standings=tables["party_standings"],
            before=counted_before(
                withheld=(), tax_lines=done.tax_lines, party_id=case.key, taxed_on=bill["billed_on"], doc_kind="bill",
                doc_id=f"{case.key}/{bill_no}", ours=(),
            ),
        )  # fmt: skip
        done.bill_taxes += made.bill_taxes
        done.tax_lines += made.tax_lines
        if bill_no == "B":
            done.workings += made.workings
    return done


def _statement_by_clerk(case: StatementCase, tables: Mapping[str, Sequence[Row]]) -> Assessed:
    known = {p["party_id"]: p for p in tables["parties"]}
    return assess_statement(
        run=tables["run"][0], party=known[case.key], party_id=case.key, platform=known[US], law=Law.of(tables),
        standings=tables["party_standings"],
        fees=[r for r in tables["expected"] if r["party_id"] == case.key],
        order_lines=[
            {c.name: r.get(c.name, c.default) for c in table("order_lines").columns}
            for r in tables["order_lines"] if r["seller_id"] == case.key
        ],
        withheld=[r for r in tables["withheld_before"] if r["party_id"] == case.key], reversals=tables["tax_reversals"],
    )  # fmt: skip
