"""Words about tax documents: which are due, their files, what the authority answered, replacing and cancelling."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from tuntas.faces.cli.cycle import DEFAULT_HOME, AsUser, Home, Json, Language
from tuntas.faces.cli.homes import open_home
from tuntas.faces.cli.tax import tax
from tuntas.faces.cli.telling import FOUND, console, tell_json, tell_table
from tuntas.faces.tax_words import say
from tuntas.formats.coretax.findings import in_indonesian
from tuntas.kernel.findings import Finding

SHOWN = 40
DocumentState = Literal["due", "exported", "approved", "rejected", "replaced", "cancelled", "received", "late"]
On = Annotated[date | None, Parameter(name="--on")]


def today() -> date:
    """Return the day it is; a face may ask the clock, nothing below an operation does."""
    from django.utils import timezone

    return timezone.localdate()


@tax.command
def documents(
    *,
    period: str = "",
    state: DocumentState | None = None,
    theirs: bool = False,
    on: On = None,
    as_: AsUser = "preparer",
    home: Home = DEFAULT_HOME,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """List the tax documents that settled cycles call for; those of a cycle nobody has looked at yet are drawn first.

    Parameters
    ----------
    period
        Tax period, such as 2026-10; left out, all.
    state
        Only documents in this state; late are those past their upload deadline on the day.
    theirs
        Also the invoices vendors owe us, and taxes without a document.
    on
        The day lateness is judged on; left out, today.
    """
    open_home(home)
    from tuntas.operations.tax.drawing import draw_documents
    from tuntas.store.readings.tax import OURS, document_counts, document_rows

    drawn = draw_documents(by=as_, home=home)
    kinds = () if theirs or state == "received" else OURS
    rows = document_rows(period=period, state="" if state in (None, "late") else str(state), on=on or today(), kinds=kinds)
    if state == "late":
        rows = [row for row in rows if row["late"]]
    if json:
        tell_json({"drawn": [vars_of(item) for item in drawn], "counts": document_counts(period=period), "documents": rows})
        return
    for item in drawn:
        console.print(say("drawn", lang, documents=item.documents, cycle=item.cycle_id))
    if not rows:
        console.print(say("nothing_due", lang))
        return
    heads = {
        "period": "period",
        "document_id": "document",
        "form": "form",
        "source_id": "source",
        "told_tax": "tax",
        "amount_minor": "amount",
        "told": "state",
        "upload_by": "upload_by",
        "number": "number",
    }
    for row in rows:
        row["told_tax"] = row["tax_code"] if row["tax"] == "wht" else f"{say('tax:vat', lang)} {row['tax_code']}"
        row["told"] = say(f"state:{row['state']}", lang) + (f", {say('late', lang)}" if row["late"] else "")
    for currency in sorted({row["currency"] for row in rows}):
        mine = [row for row in rows if row["currency"] == currency]
        tell_table(
            f"{say('documents', lang)}: {len(mine):,}",
            mine[:SHOWN],
            {key: say(word, lang) for key, word in heads.items()},
            currency=currency,
            language=lang,
        )
    if len(rows) > SHOWN:
        console.print(f"... {len(rows) - SHOWN:,} (--json)")


@tax.command
def again(*document: str, as_: AsUser = "preparer", home: Home = DEFAULT_HOME, lang: Language = "en", json: Json = False) -> None:
    """Make rejected documents due again, after what was wrong is corrected."""
    open_home(home)
    from tuntas.operations.tax.drawing import send_back

    count = send_back(document_ids=document, by=as_)
    _tell({"due_again": count}, say("again", lang, count=count), json)


@tax.command
def replace(
    document: str, /, *, reason: str, as_: AsUser = "preparer", home: Home = DEFAULT_HOME, lang: Language = "en", json: Json = False
) -> None:
    """Draw the replacement of an approved document (faktur pengganti); it is exported like any other."""
    open_home(home)
    from tuntas.operations.tax.drawing import replace_document

    new = replace_document(document=document, reason=reason, by=as_)
    _tell({"document": new, "replaces": document}, say("replaced", lang, new=new, old=document), json)


@tax.command
def cancel(
    document: str, /, *, reason: str, as_: AsUser = "preparer", home: Home = DEFAULT_HOME, lang: Language = "en", json: Json = False
) -> None:
    """Record that an approved document was cancelled with the authority."""
    open_home(home)
    from tuntas.operations.tax.drawing import cancel_document

    cancel_document(document=document, reason=reason, by=as_)
    _tell({"cancelled": document}, say("cancelled", lang, id=document), json)


def tell_findings(findings: Any, language: str) -> None:
    """Print findings, the first ones whole; exit 3 is left to the caller."""
    if findings:
        console.print(say("findings", language))
    for item in findings[:SHOWN]:
        console.print("  " + told_finding(item, language))
    if len(findings) > SHOWN:
        console.print(f"  ... {len(findings) - SHOWN:,} (--json)")


def told_finding(item: Finding, language: str) -> str:
    """Return a finding as one line in a language."""
    ours = item.code.startswith("TAX-ANSWER")
    told = in_indonesian(item) if language == "id" and not ours else item
    wanted = say(f"wanted:{item.code}", language) if ours else told.wanted
    advice = say("help:TAX-ANSWER", language) if ours else told.help
    return say("finding", language, code=item.code, row=item.row_id, field=item.field, seen=told.seen, wanted=wanted, help=advice)


def vars_of(item: Any) -> dict[str, Any]:
    """Return the fields of a dataclass as a map."""
    return {name: getattr(item, name) for name in item.__dataclass_fields__}


def leave_found(findings: Any) -> None:
    """Leave with the status of findings when there are any."""
    if findings:
        sys.exit(FOUND)


def _tell(told: dict[str, Any], sentence: str, json: bool) -> None:
    if json:
        tell_json(told)
    else:
        console.print(sentence)
