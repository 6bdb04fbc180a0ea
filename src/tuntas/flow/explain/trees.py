"""Build the nodes of a derivation from workings and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuntas.flow.explain.tell import Catalogue, fact_text, formula_text, sentence_of
from tuntas.formats.figures_text import money
from tuntas.kernel.derivations import Derivation, Working

# At most so many rows are told one by one; the others are told as one sum, so that a tree stays readable and still adds up.
ROWS_SHOWN = 40
_TEXT = {
    "en": {
        "more": "{count} more rows",
        "more_said": "Together with the rows above they make the amount.",
        "differs": "The books say {books}, the clerk computes {clerk}. These must be equal: the stored amount cannot be trusted.",
        "differs_title": "Contradiction",
    },
    "id": {
        "more": "{count} baris lagi",
        "more_said": "Bersama baris di atas jumlahnya sama dengan nilai ini.",
        "differs": "Pembukuan mencatat {books}, hitungan ulang menghasilkan {clerk}. Keduanya harus sama: nilai tersimpan tidak dapat dipercaya.",
        "differs_title": "Pertentangan",
    },
}


def tree_of_working(
    working: Working,
    *,
    title: str,
    words: Catalogue,
    language: str,
    currency: str,
    places: int,
    children: Sequence[Derivation] = (),
) -> Derivation:
    """Return the node of one step of a clerk. The clause stands in `citation`, the dated source of a fact in `source`."""
    source = working.facts.get("source_ref") or working.facts.get("source")
    return Derivation(
        identity=working.code,
        title=title,
        sentence=sentence_of(working.code, working.facts, words=words, language=language, currency=currency, places=places),
        formula=formula_text(working.formula, language=language),
        rule_id=working.rule_id,
        citation=working.clause,
        source="" if source is None else str(source),
        amount_minor=working.amount_minor,
        # A price quoted in another currency says in which, with its decimals.
        currency=str(working.facts["currency"]) if "currency_places" in working.facts else currency,
        children=tuple(children),
    )


def line_of_rows(
    *,
    identity: str,
    title: str,
    sentence: str,
    amount_minor: int,
    currency: str,
    rows: Sequence[Derivation],
    total_rows: int,
    language: str,
    source: str = "",
    citation: str = "",
    formula: str = "",
) -> Derivation:
    """Return a node whose children are rows that sum to it; rows beyond those given are told as one sum."""
    shown = tuple(rows)
    rest = amount_minor - sum(row.amount_minor or 0 for row in shown)
    if total_rows > len(shown):
        more = Derivation(
            identity=f"{identity}|more",
            title=_TEXT[language]["more"].format(
                count=fact_text("count", total_rows - len(shown), language=language, currency=currency, places=0)
            ),
            sentence=_TEXT[language]["more_said"],
            amount_minor=rest,
            currency=currency,
        )
        shown = (*shown, more)
    return Derivation(
        identity=identity,
        title=title,
        sentence=sentence,
        formula=formula_text(formula, language=language),
        citation=citation,
        source=source,
        amount_minor=amount_minor,
        currency=currency,
        children=shown,
    )


def contradiction(*, books_minor: int, clerk_minor: int | None, currency: str, places: int, language: str) -> Derivation:
    """Return the node that says that a stored amount and its recomputation differ."""
    text: Mapping[str, str] = _TEXT[language]
    clerk = "—" if clerk_minor is None else money(clerk_minor, language=language, currency=currency, decimal_places=places)
    return Derivation(
        identity="EXPLAIN-DIFFERS-01",
        title=text["differs_title"],
        sentence=text["differs"].format(
            books=money(books_minor, language=language, currency=currency, decimal_places=places), clerk=clerk
        ),
        amount_minor=clerk_minor,
        currency=currency,
    )
