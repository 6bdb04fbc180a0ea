"""Words of the cycle: run, approve, apply, documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from tuntas.faces.cli.app import app
from tuntas.faces.cli.homes import open_home
from tuntas.faces.cli.telling import console, money, progress, tell_json, tell_table

Home = Annotated[Path, Parameter(name="--home", env_var="TUNTAS_HOME")]
AsUser = Annotated[str, Parameter(name="--as")]
Json = Annotated[bool, Parameter(name="--json", negative="")]
Language = Annotated[Literal["en", "id"], Parameter(name="--lang")]
DEFAULT_HOME = Path("tuntas-data")


@app.command
def run(
    case: Path,
    /,
    *,
    plan: Annotated[bool, Parameter(negative="")] = False,
    approved_by: str | None = None,
    as_: AsUser = "preparer",
    home: Home = DEFAULT_HOME,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Settle a case folder: compute, explain, and, once a second person approves, apply.

    Parameters
    ----------
    case
        Folder with case.yaml, parties/, agreements/, shipments/, orders/, bills/, cod/ and bank/.
    plan
        Stop after the explanation; post nothing.
    approved_by
        The second person who approves the plan now. Without one the plan waits for `tuntas approve`.
    as_
        Who prepares the plan; this person cannot approve it.
    """
    open_home(home)
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan, record_plan
    from tuntas.operations.run_cycle import plan_cycle

    with progress(quiet=json) as bar:
        made = plan_cycle(case=case, home=home, by=as_, progress=bar)
    record_plan(home=home, digest=made.digest, by=as_)
    applied: dict[str, Any] | None = None
    if not plan and approved_by:
        approve_plan(home=home, digest=made.digest, by=approved_by)
        applied = apply_plan(home=home, digest=made.digest, by=as_).as_dict()
    if json:
        tell_json({"digest": made.digest, "folder": str(made.folder), "totals": made.document["totals"], "applied": applied})
        return
    explain_plan(made.document, language=lang)
    if applied:
        console.print(_applied_line(applied))
    elif not plan:
        console.print(
            f"Nothing is posted yet. A second person approves with: tuntas approve {made.digest[:12]} --as NAME --home {home}"
        )


@app.command
def approve(digest: str, /, *, as_: AsUser, home: Home = DEFAULT_HOME, json: Json = False) -> None:
    """Approve a plan by its digest (or the first characters of it), as somebody who did not prepare it."""
    open_home(home)
    from tuntas.operations.approve import approve_plan, find_plan

    whole = find_plan(home=home, start=digest)
    approve_plan(home=home, digest=whole, by=as_)
    if json:
        tell_json({"digest": whole, "approved_by": as_})
    else:
        console.print(f"Approved {whole[:12]} by {as_}. Apply it with: tuntas apply {whole[:12]} --as NAME --home {home}")


@app.command
def apply(digest: str, /, *, as_: AsUser = "preparer", home: Home = DEFAULT_HOME, json: Json = False) -> None:
    """Apply an approved plan: post its entries, statements and payment proposal in one transaction. Twice is once."""
    open_home(home)
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import find_plan

    applied = apply_plan(home=home, digest=find_plan(home=home, start=digest), by=as_).as_dict()
    if json:
        tell_json(applied)
    else:
        console.print(_applied_line(applied))


@app.command
def documents(
    digest: str, /, *, out: Path, home: Home = DEFAULT_HOME, parties: int = 50, lang: Language | None = None, json: Json = False
) -> None:
    """Write what people use: a dispute workbook per vendor, a PDF statement per party, the run report, the payment file.

    Parameters
    ----------
    parties
        At most so many seller statements as PDF, the largest first; vendors always get theirs. 0 means all.
    lang
        Language of every document; left out, each party's own.
    """
    open_home(home)
    from tuntas.operations.approve import find_plan
    from tuntas.operations.documents import make_documents

    with progress(quiet=json) as bar:
        made = make_documents(
            home=home, digest=find_plan(home=home, start=digest), out=out, sellers_max=parties, language=lang, progress=bar
        )
    if json:
        tell_json(made)
    else:
        for kind, paths in made.items():
            console.print(f"{kind}: {len(paths)} in {out}")


def explain_plan(document: dict[str, Any], *, language: str = "en") -> None:
    """Print what a plan will do, in the order a reviewer asks: rows, bills, causes, tax, parties, bank, entries."""
    totals = document["totals"]
    console.print(f"Plan {document['digest'][:12]} for {document['cycle_id']}, known by {document['as_of']}")
    console.print(
        f"  rows: {totals['rows_in']:,} in = {totals['rows_accepted']:,} accepted + {totals['rows_quarantined']:,} quarantined"
        f" + {totals['rows_repeated']:,} repeated"
    )
    console.print(f"  {totals['parcels']:,} parcels, {totals['order_lines']:,} order lines, {totals['bill_lines']:,} bill lines\n")
    _explain_figures(totals, totals, currency=document["currency"], language=language)
    for other in totals.get("other_currencies", ()):
        console.print(f"In {other['currency']}, apart from the above:\n")
        _explain_figures(other, totals, currency=other["currency"], language=language)


def _explain_figures(figures: dict[str, Any], counts: dict[str, Any], *, currency: str, language: str) -> None:
    """Print the amounts of one currency; `counts` are of the whole plan."""
    apart = figures is not counts

    def amount(minor: int) -> str:
        return money(minor, currency=currency, language=language)

    console.print(
        f"  billed {amount(figures['billed_minor'])} = agreed {amount(figures['agreed_minor'])} + disputed"
        f" {amount(figures['disputed_minor'])} + held {amount(figures['held_minor'])}"
    )
    console.print(
        f"  shipped but not billed, accrued: {amount(figures['accrued_minor'])}; missing bills:"
        f" {'' if apart else str(counts['missing_bills']) + ' '}({amount(figures['missing_bills_minor'])})\n"
    )
    tell_table(
        "Causes",
        figures["causes"],
        {"cause": "cause", "line_count": "lines", "billed_minor": "billed", "at_stake_minor": "at stake"},
        currency=currency,
        language=language,
    )
    tell_table(
        "Tax",
        figures["tax"],
        {
            "tax": "tax",
            "tax_code": "code",
            "object_code": "object",
            "base_minor": "base",
            "amount_minor": "tax",
            "source": "source",
        },
        currency=currency,
        language=language,
    )
    tell_table(
        "Statements",
        figures["sides"],
        {
            "side": "side",
            "statements": "parties",
            "opening_minor": "opening",
            "movement_minor": "movement",
            "closing_minor": "closing",
            "held_minor": "held",
            "carried_minor": "carried",
            "payable_minor": "payable",
        },
        currency=currency,
        language=language,
    )
    tell_table(
        "Payments proposed",
        figures["rails"],
        {"rail": "rail", "status": "status", "payments": "payments", "amount_minor": "amount"},
        currency=currency,
        language=language,
    )
    console.print(
        (
            "  bank: not matched"
            if apart
            else f"  bank: {counts['bank_matched']:,} of {counts['bank_lines']:,} lines matched; not matched"
        )
        + f" {amount(figures['bank_unmatched_minor'])}; COD short {amount(figures['cod_short_minor'])}, outstanding"
        f" {amount(figures['cod_outstanding_minor'])}"
    )
    console.print(
        ("  will post" if apart else f"  will post {counts['entries']:,} entries, {counts['entry_lines']:,} lines:")
        + f" debit {amount(figures['debit_minor'])} ="
        f" credit {amount(figures['credit_minor'])}\n"
    )


def _applied_line(applied: dict[str, Any]) -> str:
    again = "Already applied; nothing was posted again" if applied.get("already_applied") else "Applied"
    return (
        f"{again}: {applied['entries']:,} entries, {applied['statements']:,} statements, {applied['payments']:,} payments proposed."
    )
