"""How a number is told: the steps a clerk took (`Working`) and the tree that answers "why this amount?" (`Derivation`).

A clerk keeps codes and numbers, never sentences; a catalogue turns a code into English and Indonesian. The amount of a
derivation is recomputed by the clerk, not copied from the engine, so a tree that disagrees with the books shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Fact = int | str | None


@dataclass(frozen=True, slots=True)
class Working:
    """One step of a clerk: the code of its sentence, the facts it used, the rule, its clause, and the arithmetic with numbers in."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    rule_id: str = ""
    clause: str = ""
    formula: str = ""
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Derivation:
    """One node of the tree: what, in words, how, by which rule and clause, from which row, and the parts it is made of."""

    identity: str
    title: str
    sentence: str = ""
    formula: str = ""
    rule_id: str = ""
    citation: str = ""
    source: str = ""
    amount_minor: int | None = None
    currency: str = ""
    children: tuple[Derivation, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the tree as plain maps and lists, for JSON."""
        told: dict[str, object] = {
            "identity": self.identity,
            "title": self.title,
            "sentence": self.sentence,
            "formula": self.formula,
            "rule_id": self.rule_id,
            "citation": self.citation,
            "source": self.source,
            "amount_minor": self.amount_minor,
            "currency": self.currency,
        }
        told["children"] = [child.as_dict() for child in self.children]
        return told
