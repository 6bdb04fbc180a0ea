"""Refusals and broken invariants.

    Exception
    ├── Refusal            the request is understood and declined; stable `code`; shown to the caller
    │   └── ...            each defined beside the function that raises it
    └── BrokenInvariant    our mistake; parks the party, never the run; stays on under `python -O`

Findings, the third kind of failure, are rows and live in `findings.py`. Faces map a refusal's code to an exit status or
an HTTP status; nothing below a face knows either.
"""

from __future__ import annotations


class Refusal(Exception):
    """A request that is understood and declined. The message says what was seen, what was wanted and what to do."""

    code: str = "KERNEL-REFUSAL-01"

    def __str__(self) -> str:
        return f"{self.code}: {super().__str__()}"

    @property
    def message(self) -> str:
        """The message without its code."""
        return super().__str__()


class BrokenInvariant(Exception):
    """Something that cannot be true is true. Carries the code of the invariant and the facts around it."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        told = ", ".join(f"{key}={value!r}" for key, value in facts.items())
        super().__init__(f"{code}: {told}")


def invariant(condition: bool, code: str, **facts: object) -> None:
    """Raise `BrokenInvariant` unless the condition holds."""
    if not condition:
        raise BrokenInvariant(code, **facts)
