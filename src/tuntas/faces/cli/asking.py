"""Words that ask and change nothing: explain, verify, export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from rich.tree import Tree

from tuntas.faces.cli.app import app
from tuntas.faces.cli.cycle import DEFAULT_HOME, Home, Json, Language
from tuntas.faces.cli.homes import open_home
from tuntas.faces.cli.telling import FOUND, console, money, tell_json
from tuntas.kernel.derivations import Derivation


@app.command
def explain(identity: str, /, *, home: Home = DEFAULT_HOME, lang: Language = "en", json: Json = False) -> None:
    """Say why an amount is what it is: facts, rule, version, clause or article, arithmetic, rounding.

    Parameters
    ----------
    identity
        A waybill, an order, a charge (buy:WAYBILL:freight), a bill line (VENDOR|BILL|LINE), a statement (ST/...), one of its lines
        (ST/...|LINE), an entry (E-...) or a payment (PY/...).
    """
    open_home(home)
    from tuntas.operations.explain import explain as derive

    tree = derive(home=home, identity=identity, language=lang)
    if json:
        tell_json(tree.as_dict())
    else:
        console.print(_branch(tree, lang))


@app.command
def verify(*, home: Home = DEFAULT_HOME, json: Json = False) -> None:
    """Prove the stored books again from nothing but the stored data. Exit 3 when something does not hold."""
    open_home(home)
    from tuntas.operations.verify import verify_books

    report = verify_books(home=home)
    if json:
        tell_json(report.as_dict())
    else:
        for name, count in report.counts.items():
            console.print(f"  {name}: {count:,}")
        for finding in report.findings:
            console.print(
                f"{finding.code} {finding.table} {finding.row_id} {finding.field}: saw {finding.seen}; wanted {finding.wanted}"
            )
        console.print(
            "The books hold." if not report.findings else f"{len(report.findings)} things do not hold; the first is named above."
        )
    if report.findings:
        sys.exit(FOUND)


@app.command
def export(what: Literal["beancount", "hledger"], file: Path, /, *, home: Home = DEFAULT_HOME, json: Json = False) -> None:
    """Write the ledger for an independent checker to read."""
    open_home(home)
    from tuntas.operations.export import export_beancount, export_hledger

    written = (export_beancount if what == "beancount" else export_hledger)(file)
    if json:
        tell_json({"file": str(file), "entries": written})
    else:
        console.print(f"{written:,} entries in {file}")


def _branch(node: Derivation, language: str) -> Tree:
    tree = Tree(_words(node, language))
    for child in node.children:
        tree.add(_branch(child, language))
    return tree


def _words(node: Derivation, language: str) -> str:
    head = node.title
    if node.amount_minor is not None:
        head = f"[bold]{money(node.amount_minor, currency=node.currency, language=language)}[/bold]  {head}"
    lines = [head, node.sentence, node.formula and f"= {node.formula}"]
    rule = ", ".join(part for part in (node.rule_id, node.citation, node.source) if part)
    lines.append(f"[dim]{rule}[/dim]" if rule else "")
    return "\n".join(line for line in lines if line)
