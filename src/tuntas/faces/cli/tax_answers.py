"""How an answer of a what-if is told: a small table, what is paid, what is due, and the reasons under it."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from tuntas.faces.cli.telling import console, money, tell_json
from tuntas.formats import figures_text
from tuntas.operations.what_if import Answer
from tuntas.operations.what_if.words import document, hands, note, reasons, say, title, what

WHOLE = 1_000_000


def tell_answer(answer: Answer, *, language: str, json: bool) -> None:
    """Print an answer as JSON, or as tables and sentences in a language."""
    if json:
        tell_json(answer.as_dict())
        return
    console.print(_amounts(answer, language))
    console.print()
    if answer.due:
        console.print(_due(answer, language))
        console.print()
    for sentence in reasons(answer, language):
        console.print(f"  {sentence}", soft_wrap=True, markup=False)
    for code, facts in answer.notes:
        console.print(f"  ! {note(code, facts, language)}", soft_wrap=True, markup=False)


def _amounts(answer: Answer, language: str) -> Table:
    shown = Table(title=title(answer, language), title_justify="left", show_edge=False, pad_edge=False)
    for name in ("what", "code", "base", "rate", "amount", "hands", "sure"):
        right = name in ("base", "rate", "amount")
        shown.add_column(say(f"column:{name}", language), justify="right" if right else "left", no_wrap=right)

    def told(minor: int) -> str:
        return money(minor, currency=answer.currency, language=language)

    if answer.asked != "rounding":
        shown.add_row(say(f"charge:{answer.asked}", language), "", "", "", told(answer.amount_minor), "", "")
    for line in answer.lines:
        code = line.code if line.code != "-" else ""
        ppm = line.rate_ppm if line.shown_rate_ppm is None else line.shown_rate_ppm
        rate = figures_text.rate(ppm, language=language) if ppm != WHOLE else ""
        shown.add_row(
            _owner(line.party, what(line, language)), code, told(line.shown_base_minor), rate, told((line.effect or 1) * line.amount_minor),
            hands(line, language), say(f"sure:{line.confidence}", language),
        )  # fmt: skip
    if answer.asked != "rounding":
        shown.add_row(say(f"pay:{answer.asked}", language), "", "", "", told(answer.pay_minor), "", "", style="bold")
    return shown


def _owner(party: str, name: str) -> str:
    """Name the merchant of a line where a case has several; cases number them so that their order stays."""
    number, _, merchant = party.partition(" ")
    return f"{merchant}: {name}" if merchant and number.isdigit() else name


def _due(answer: Answer, language: str) -> Table:
    shown = Table(show_edge=False, pad_edge=False)
    for name in ("due", "what", "document", "return", "who", "sure"):
        shown.add_column(say(f"column:{name}", language))
    for item in answer.due:
        row: list[Any] = [
            figures_text.day(item.on, language=language), say(f"act:{item.act}", language), document(item, language), item.tax_return,
            say(f"who:{item.who}", language), say(f"sure:{item.confidence}", language),
        ]  # fmt: skip
        shown.add_row(*row)
    return shown
