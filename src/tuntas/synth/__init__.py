"""The synthetic month: a believable case folder of any size, with seeded errors and an answer key.

Reproducible to the byte from its arguments, streamed, and independent of the rating and audit rooms: it prices with its own
implementation of the agreements, so that it is a third opinion beside the engine and the clerks.
"""

from __future__ import annotations

from tuntas.synth.errors import DEFAULT_ERRORS, KINDS, parse_errors
from tuntas.synth.made import KindMade, MonthMade
from tuntas.synth.month import make_month

__all__ = ["DEFAULT_ERRORS", "KINDS", "KindMade", "MonthMade", "make_month", "parse_errors"]
