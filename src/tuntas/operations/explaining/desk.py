"""The desk an explanation is written on: one run's tables, its language and currency, and the sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from tuntas import packs
from tuntas.flow.explain import formula_text, sentence_of
from tuntas.flow.explain.words import WORDS
from tuntas.flow.rate.terms import Terms
from tuntas.formats.statement_document_words import CHARGE_TYPES
from tuntas.kernel.derivations import Fact
from tuntas.store.readings.run_tables import RunTables, plan_document
from tuntas.tables import EXCHANGING, FACTS, LAW, ORDERS, PAYING, PERIODS, TERMS, WORKINGS

NAMES = tuple(shape.name for shape in (*FACTS, *TERMS, *LAW, *PAYING, *WORKINGS, *ORDERS, *PERIODS, *EXCHANGING))


class Desk:
    """One run, open for questions. Use as a context manager."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder, self.language = folder, language
        self.document = plan_document(folder)
        self.currency = str(self.document["currency"])
        self.places_of = packs.load(str(self.document["country"])).places
        self.places = self.places_of[self.currency]
        self.run = RunTables(folder, *NAMES)
        self._terms: dict[str, Terms] = {}

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.run.__exit__(kind, error, trace)

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        """Return rows of a question over the run's tables."""
        return self.run.rows(sql, list(parameters))

    def row(self, sql: str, *parameters: object) -> dict[str, Any] | None:
        """Return the first row, or None."""
        return self.run.row(sql, list(parameters))

    def say(self, code: str, facts: Mapping[str, Any], words: Mapping[str, Mapping[str, str]] = WORDS) -> str:
        """Return a sentence in the language of the desk."""
        plain: dict[str, Fact] = {
            name: value if value is None or isinstance(value, (int, str)) else str(value) for name, value in facts.items()
        }
        return sentence_of(code, plain, words=words, language=self.language, currency=self.currency, places=self.places)

    def sum(self, formula: str) -> str:
        """Return arithmetic as it is written in the language of the desk."""
        return formula_text(formula, language=self.language)

    def charge_name(self, charge_type: object) -> str:
        """Return what a charge type is called in the language of the desk, or its code when nobody named it."""
        return str(CHARGE_TYPES.get(str(charge_type), {}).get(self.language, charge_type))

    def name_of(self, party_id: object) -> str:
        """Return a party's name, or its id when the run does not know it."""
        found = self.row("SELECT name FROM parties WHERE party_id = ?", party_id)
        return str(found["name"]) if found else str(party_id)

    @cached_property
    def of_run(self) -> dict[str, Any]:
        """The one row of table `run`."""
        found = self.row("SELECT * FROM run")
        assert found is not None
        return found

    def clerk_terms(self, party_id: str) -> Terms:
        """Return the terms that can apply to a party as the clerk reads them; built once a party."""
        if party_id not in self._terms:
            self._terms[party_id] = Terms(self.terms_of([party_id]))
        return self._terms[party_id]

    def terms_of(self, party_ids: Sequence[object]) -> dict[str, list[dict[str, Any]]]:
        """Return the terms that can apply to some parties: agreements of their own and those for groups, with all their rows."""
        marks = ", ".join("?" for _ in party_ids) or "NULL"
        agreements = self.rows(f"SELECT * FROM agreements WHERE party_id = '*' OR party_id IN ({marks})", *party_ids)
        ids = sorted({row["agreement_id"] for row in agreements})
        held = ", ".join("?" for _ in ids) or "NULL"
        told = {"agreements": agreements}
        for name in (shape.name for shape in TERMS if shape.name != "agreements"):
            told[name] = self.rows(f'SELECT * FROM "{name}" WHERE agreement_id IN ({held})', *ids)
        return told
