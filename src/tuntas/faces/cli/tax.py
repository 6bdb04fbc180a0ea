"""Words about tax: `tuntas tax ...`. The other rooms of the word register their own commands on `tax`."""

from __future__ import annotations

import cyclopts

from tuntas.faces.cli.app import app

tax = cyclopts.App(name="tax", help="Ask what the law says, make tax documents, see what is due, and try a change of law.")
app.command(tax)
