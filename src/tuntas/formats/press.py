"""One typst compiler, kept for many documents. Data goes in as JSON only; only the embedded fonts are used.

A document depends on its template and its data alone: the time in the PDF is an argument, so the same facts give the same bytes.
"""

from __future__ import annotations

from importlib.resources import files

import typst

from tuntas.kernel.refusals import invariant


class Press:
    """Sets the documents of one template, a file beside this module."""

    def __init__(self, template: str) -> None:
        self._template = files("tuntas.formats").joinpath(template).read_bytes()
        self._compiler = typst.Compiler(ignore_system_fonts=True)

    def pdf(self, data: str, *, timestamp: int) -> bytes:
        """Return PDF/A-2b. `data` is JSON text; `timestamp` is in seconds since 1970."""
        made = self._compiler.compile(
            self._template, format="pdf", sys_inputs={"data": data}, timestamp=timestamp, pdf_standards=["a-2b"]
        )
        invariant(isinstance(made, bytes), "PRESS-PDF-01", seen=type(made).__name__)
        assert isinstance(made, bytes)
        return made

    def pages(self, data: str, *, ppi: int) -> list[bytes]:
        """Return the pages as PNG pictures, for a preview."""
        made = self._compiler.compile(self._template, format="png", ppi=ppi, sys_inputs={"data": data})
        found = made if isinstance(made, list) else [made]
        return [page for page in found if page is not None]
