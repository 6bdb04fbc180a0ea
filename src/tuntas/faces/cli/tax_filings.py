"""Words about filing: the tax calendar, returns filed and taxes paid, and the monthly tie of ledger, documents and filings."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tuntas.faces.cli.cycle import DEFAULT_HOME, AsUser, Home, Json, Language
from tuntas.faces.cli.homes import open_home
from tuntas.faces.cli.tax import tax
from tuntas.faces.cli.tax_documents import On, today, vars_of
from tuntas.faces.cli.telling import FOUND, console, money, tell_json, tell_table
from tuntas.faces.tax_words import say

if TYPE_CHECKING:
    from tuntas.operations.tax.reconciling import TaxTie
    from tuntas.operations.tax.tax_calendar import DueItem


@tax.command
def calendar(
    *,
    on: On = None,
    everything: bool = False,
    as_: AsUser = "preparer",
    home: Home = DEFAULT_HOME,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Say what is due to the tax authority, when, for which amount, and what is done.

    Parameters
    ----------
    on
        The day it is looked at; left out, today.
    everything
        Show periods that are done with too.
    """
    open_home(home)
    from tuntas.operations.tax.drawing import draw_documents
    from tuntas.operations.tax.tax_calendar import tax_calendar

    draw_documents(by=as_, home=home)
    day = on or today()
    items = tax_calendar(on=day, home=home, everything=everything)
    if json:
        tell_json({"on": day, "due": [item.as_dict() for item in items]})
        return
    if not items:
        console.print(say("nothing_owed", lang))
        return
    heads = ("due_on", "period", "act", "tax", "return", "amount_minor", "done_minor", "state", "evidence")
    for currency in sorted({item.currency for item in items}):
        rows = [
            {
                "due_on": str(item.due_on),
                "period": item.period,
                "act": say(item.act, lang),
                "tax": say(f"tax:{item.tax}", lang),
                "return": item.tax_return,
                "amount_minor": item.amount_minor,
                "done_minor": item.done_minor,
                "state": _state(item, lang),
                "evidence": ", ".join(item.evidence) or "-",
            }
            for item in items
            if item.currency == currency
        ]
        named = {name: say(name.removesuffix("_minor"), lang) for name in heads}
        tell_table(say("calendar", lang, on=day), rows, named, currency=currency, language=lang)


def _state(item: DueItem, lang: str) -> str:
    """State, documents still open, documents that wait for a rate."""
    said = say(f"state:{item.state}", lang) + (f" ({item.open_count}/{item.count})" if item.act == "upload" else "")
    return f"{said}, {say('no_rate', lang, count=item.waiting_count)}" if item.waiting_count else said


@tax.command
def filed(
    tax_name: str,
    /,
    *,
    period: str,
    amount: int,
    on: date,
    reference: str,
    evidence: Path,
    correction: int = 0,
    currency: str = "IDR",
    as_: AsUser = "preparer",
    home: Home = DEFAULT_HOME,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Record that the return of a tax and period was filed, with the authority's receipt.

    Parameters
    ----------
    tax_name
        vat, vat_self, or the name of a withholding tax such as "PPh 23".
    amount
        What the return says is owed, in minor units (rupiah); below zero when it claims.
    on
        The day it was filed.
    evidence
        The receipt, a file; it is kept in the home.
    correction
        0 for the first return, 1 for its first correction, and so on.
    """
    _record("file", tax_name, period, amount, on, reference, evidence, correction, currency, as_, home, lang, json)


@tax.command
def paid(
    tax_name: str,
    /,
    *,
    period: str,
    amount: int,
    on: date,
    reference: str,
    evidence: Path,
    currency: str = "IDR",
    as_: AsUser = "preparer",
    home: Home = DEFAULT_HOME,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Record that a tax was paid, with its receipt (NTPN). It counts once a second person approves it.

    Parameters
    ----------
    tax_name
        vat, vat_self, or the name of a withholding tax such as "PPh 23".
    amount
        Amount paid, in minor units (rupiah).
    """
    _record("pay", tax_name, period, amount, on, reference, evidence, 0, currency, as_, home, lang, json)


@tax.command
def approve(filing: str, /, *, as_: AsUser, home: Home = DEFAULT_HOME, lang: Language = "en", json: Json = False) -> None:
    """Approve a recorded filing as somebody who did not record it."""
    open_home(home)
    from tuntas.operations.tax.filings import approve_filing

    done = approve_filing(filing_id=filing, by=as_)
    if json:
        tell_json(vars_of(done))
    else:
        console.print(say("approved", lang, id=done.filing_id, by=as_))


@tax.command
def withdraw(
    filing: str, /, *, reason: str, as_: AsUser = "preparer", home: Home = DEFAULT_HOME, lang: Language = "en", json: Json = False
) -> None:
    """Withdraw a filing recorded by mistake, while nobody has approved it."""
    open_home(home)
    from tuntas.operations.tax.filings import withdraw_filing

    done = withdraw_filing(filing_id=filing, reason=reason, by=as_)
    if json:
        tell_json(vars_of(done))
    else:
        console.print(say("withdrawn", lang, id=done.filing_id))


@tax.command
def reconcile(
    *, period: str, as_: AsUser = "preparer", home: Home = DEFAULT_HOME, lang: Language = "en", json: Json = False
) -> None:
    """Hold a month's tax accounts against the documents and what was filed. Exit 3 when something does not tie."""
    open_home(home)
    from tuntas.operations.tax.drawing import draw_documents
    from tuntas.operations.tax.reconciling import reconcile_tax

    draw_documents(by=as_, home=home)
    ties = reconcile_tax(period=period, home=home)
    loose = [tie for tie in ties if not tie.ties]
    if json:
        tell_json({"period": period, "ties": not loose, "taxes": [tie.as_dict() for tie in ties]})
    else:
        _show_ties(ties, period, lang)
        console.print(say("ties_not", lang, count=len(loose)) if loose else say("ties", lang))
    if loose:
        sys.exit(FOUND)


def _show_ties(ties: Sequence[TaxTie], period: str, lang: str) -> None:
    """A table a currency, the one taxes are reported in first: what stands in another is filed and paid with it."""
    lines = {"account": "account", "posted_line": "line", "ledger_minor": "ledger", "documents_minor": "told",
             "difference_minor": "difference", "documents": "document"}  # fmt: skip
    for into, currency in sorted({(tie.reported_in, tie.currency) for tie in ties}):
        mine = [tie for tie in ties if tie.currency == currency]
        heads = {"tax": "tax", "ledger_minor": "ledger", "documents_minor": "told"}
        heads |= {"reported_minor": "reported"} if any(tie.reported_minor for tie in mine) else {}
        heads |= {} if into else {"filed_minor": "filed", "paid_minor": "paid"}
        heads |= {"ledger_difference_minor": "difference", "open_minor": "open"}
        rows = [tie.as_dict() | {"tax": say(f"tax:{tie.tax}", lang)} for tie in mine]
        named = {key: say(word, lang) for key, word in heads.items()}
        tell_table(say("reconcile", lang, period=period), rows, named, currency=currency, language=lang)
        if into:
            console.print(say("with_home", lang, currency=into))
        for tie in mine:
            if tie.waiting:
                console.print(
                    f"{say(f'tax:{tie.tax}', lang)}: {say('no_rate', lang, count=len(tie.waiting))}: {', '.join(tie.waiting)}"
                )
        loose = [item | {"documents": ", ".join(item["documents"])} for row in rows for item in row["differences"]]
        if loose:
            shown = {key: say(word, lang) for key, word in lines.items()}
            tell_table(say("differences", lang), loose, shown, currency=currency, language=lang)


def _record(
    act: str, tax_name: str, period: str, amount: int, on: date, reference: str, evidence: Path, correction: int, currency: str,
    by: str, home: Path, lang: str, json: bool,
) -> None:  # fmt: skip
    open_home(home)
    from tuntas.operations.tax.filings import record_filing

    done = record_filing(
        tax=tax_name,
        period=period,
        act=act,
        amount_minor=amount,
        currency=currency,
        done_on=on,
        reference=reference,
        evidence=evidence,
        correction=correction,
        by=by,
        home=home,
    )
    if json:
        tell_json(vars_of(done))
        return
    told = money(done.amount_minor, currency=currency, language=lang)
    name = say(f"tax:{tax_name}", lang)
    console.print(say("recorded", lang, id=done.filing_id, act=say(act, lang), tax=name, period=period, amount=told))
    if act == "pay" and done.state == "recorded":
        console.print(say("wants_second", lang, id=done.filing_id))
