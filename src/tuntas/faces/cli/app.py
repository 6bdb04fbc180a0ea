"""The words of `tuntas`, and how a failure leaves: a refusal exits 2 with its code, findings of `verify` exit 3, our mistake 70."""

from __future__ import annotations

import os
import sys

import cyclopts

from tuntas import __version__
from tuntas.faces.cli.telling import BROKEN, REFUSED, tell_json
from tuntas.kernel.refusals import BrokenInvariant, Refusal

app = cyclopts.App(
    name="tuntas",
    help="Settle a logistics month, to the last unit: rate, audit, tax, statements, ledger, payments, and why.",
    version=__version__,
)


def main() -> None:
    """Run the command line and turn refusals and broken invariants into exit statuses."""
    from tuntas.faces.cli import (  # noqa: F401  (each registers its words)
        agreements,
        asking,
        books,
        compare,
        cycle,
        fx,
        making,
        margin,
        rating,
        rating_bills,
        statements,
        tax_documents,
        tax_drill,
        tax_files,
        tax_filings,
        tax_sums,
    )

    try:
        app()
    except Refusal as refusal:
        _say_failure(refusal.code, refusal.message)
        sys.exit(REFUSED)
    except BrokenInvariant as broken:
        _say_failure(broken.code, f"{broken}; this is our mistake: nothing was posted; report it with the facts above")
        sys.exit(BROKEN)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _say_failure(code: str, message: str) -> None:
    if "--json" in sys.argv:
        tell_json({"refused": code, "message": message})
    else:
        print(f"{code}: {message}", file=sys.stderr)
