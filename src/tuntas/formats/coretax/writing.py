"""Documents to Coretax files: checked one by one, split by the limits of the day, named in order, with a manifest of what is where.

Documents come in as a stream in ascending order of `document_id` and leave as files; only the file being filled is in memory. A
document that a check blocks is left out, counted and listed: documents = written + refused. The same documents give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tuntas.formats.coretax.documents import Document, EquatedDocument, Slip, TaxInvoice, form_of
from tuntas.formats.coretax.field_checks import check_fields, table_of
from tuntas.formats.coretax.findings import blocks
from tuntas.formats.coretax.invoice_checks import check_invoice
from tuntas.formats.coretax.layout import Layout, layout_of
from tuntas.formats.coretax.rules import FileRules
from tuntas.formats.coretax.slip_checks import check_slip
from tuntas.formats.coretax.xml_text import closing, document_text, opening
from tuntas.kernel.findings import Finding
from tuntas.kernel.refusals import Refusal, invariant
from tuntas.kernel.rounding import mul_ratio

MANIFEST = "manifest.json"


class TaxFileRefused(Refusal):
    """A batch of tax documents cannot be written: the file's own taxpayer number, its name, its form or the order is wrong."""

    code = "CORETAX-FILE-01"


class TaxFolderTaken(Refusal):
    """The folder for tax files already holds something, which is not written over."""

    code = "CORETAX-FILE-02"


class TaxDocumentTooLarge(Refusal):
    """One document alone is larger than a file may be."""

    code = "CORETAX-FILE-03"


@dataclass(frozen=True, slots=True)
class FileMade:
    """One file: how many documents, the sum of their bases and taxes in whole rupiah, its bytes and their SHA-256."""

    name: str
    count: int
    base_minor: int
    tax_minor: int
    size_bytes: int
    sha256: str
    first_document: str
    last_document: str


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a batch: files, findings about every document (also those that only warn), ids left out, how many came in."""

    form: str
    layout: str
    tin: str
    period: str
    documents: int
    files: tuple[FileMade, ...]
    refused: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def count(self) -> int:
        """Documents written."""
        return sum(made.count for made in self.files)


def check_document(document: Document, rules: FileRules, *, tin: str) -> list[Finding]:
    """Return what is wrong with one document in a file of the taxpayer `tin`. Raises `FileRulesMissing` for an unknown form."""
    form = form_of(document)
    return _check(document, layout_of(rules.form(form).layout), rules, form, tin)


def write_files(
    folder: Path, *, form: str, tin: str, period: str, documents: Iterable[Document], rules: FileRules, limit: int | None = None
) -> Written:
    """Write documents of one form as numbered XML files and a manifest into a new folder; nothing is left there when it fails.

    `period` (such as 2026-11) becomes part of the names; `limit` sets fewer documents a file than the rules allow. Raises
    `TaxFileRefused`, `TaxFolderTaken`, `TaxDocumentTooLarge` or `FileRulesMissing`.
    """
    rule = rules.form(form)
    layout = layout_of(rule.layout)
    if not (tin.isascii() and tin.isdigit() and len(tin) == 16):
        raise TaxFileRefused(f"saw taxpayer number {tin!r}; wanted 16 digits; correct the company's number")
    if not period or not all(c.isascii() and (c.isalnum() or c == "-") for c in period):
        raise TaxFileRefused(f"saw period {period!r}; wanted letters, digits and hyphens such as 2026-11; correct the period")
    if limit is not None and limit < 1:
        raise TaxFileRefused(f"saw a limit of {limit} documents a file; wanted 1 or more; leave it out")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise TaxFolderTaken(f"saw {folder.name}, which is not empty; wanted a new folder; name another")
    most = rule.documents_max if limit is None else min(limit, rule.documents_max)
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        writer = _Batch(part, form, tin, period, layout, most, rule.bytes_max)
        for document in documents:
            writer.take(document, rules)
        written = writer.finish()
        manifest = _manifest(written, rules)
        (part / MANIFEST).write_bytes(manifest)
        if folder.exists():
            folder.rmdir()
        part.replace(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return written


def in_order(documents: Iterable[Document]) -> list[Document]:
    """Return documents in the order a file wants them: by `document_id`. For batches that fit in memory."""
    return sorted(documents, key=lambda document: document.document_id)


def render(documents: Sequence[Document], *, tin: str, layout: Layout) -> bytes:
    """Return one file's bytes from documents as they are, unchecked: for previews and for comparing with a sample."""
    body = "".join(document_text(document, layout) for document in documents)
    return (opening(layout, tin=tin) + body + closing(layout)).encode("utf-8")


class _Batch:
    """The file being filled and what was filled before it."""

    def __init__(self, home: Path, form: str, tin: str, period: str, layout: Layout, most: int, bytes_max: int | None) -> None:
        self.home, self.form, self.tin, self.period, self.layout = home, form, tin, period, layout
        self.most, self.bytes_max = most, bytes_max
        self.opening, self.closing = opening(layout, tin=tin).encode(), closing(layout).encode()
        self.documents, self.last_id = 0, ""
        self.files: list[FileMade] = []
        self.refused: list[str] = []
        self.findings: list[Finding] = []
        self.empty()

    def empty(self) -> None:
        self.texts: list[bytes] = []
        self.ids: list[str] = []
        self.size = len(self.opening) + len(self.closing)
        self.base = self.tax = 0

    def take(self, document: Document, rules: FileRules) -> None:
        row_id = document.document_id
        if form_of(document) != self.form:
            raise TaxFileRefused(f"saw {row_id} of form {form_of(document)}; wanted {self.form}; write one form a batch")
        if row_id <= self.last_id:
            raise TaxFileRefused(
                f"saw {row_id!r} after {self.last_id!r}; wanted ids ascending, each once and none empty; sort them, take out the second"
            )
        self.last_id = row_id
        self.documents += 1
        found = _check(document, self.layout, rules, self.form, self.tin)
        self.findings += found
        if any(blocks(finding) for finding in found):
            self.refused.append(row_id)
            return
        text = document_text(document, self.layout).encode("utf-8")
        if self.texts and (len(self.texts) == self.most or not self._fits(text)):
            self.write()
        if not self._fits(text):
            raise TaxDocumentTooLarge(
                f"saw {row_id} of {len(text)} bytes; wanted a file of at most {self.bytes_max}; split the document"
            )
        base, tax = totals_of(document)
        self.texts.append(text)
        self.ids.append(row_id)
        self.size += len(text)
        self.base += base
        self.tax += tax

    def _fits(self, text: bytes) -> bool:
        return self.bytes_max is None or self.size + len(text) <= self.bytes_max

    def write(self) -> None:
        name = f"{self.form.lower()}-{self.tin}-{self.period}-{len(self.files) + 1:04d}.xml"
        digest = hashlib.sha256()
        with (self.home / name).open("wb") as stream:
            for piece in self._pieces():
                stream.write(piece)
                digest.update(piece)
        self.files.append(
            FileMade(name, len(self.ids), self.base, self.tax, self.size, digest.hexdigest(), self.ids[0], self.ids[-1])
        )
        self.empty()

    def _pieces(self) -> Iterator[bytes]:
        yield self.opening
        yield from self.texts
        yield self.closing

    def finish(self) -> Written:
        if self.texts:
            self.write()
        made = Written(
            form=self.form,
            layout=self.layout.name,
            tin=self.tin,
            period=self.period,
            documents=self.documents,
            files=tuple(self.files),
            refused=tuple(self.refused),
            findings=tuple(self.findings),
        )
        invariant(
            made.documents == made.count + len(made.refused),
            "CORETAX-FILE-COUNT-01",
            documents=made.documents,
            written=made.count,
            refused=len(made.refused),
        )
        return made


def totals_of(document: Document) -> tuple[int, int]:
    """Return base and tax of a document in whole rupiah, as they count in the control totals of a file."""
    if isinstance(document, TaxInvoice):
        return mul_ratio(document.base_cents, 1, 100), document.vat_minor
    return document.base_minor, document.tax_minor


def _check(document: Document, layout: Layout, rules: FileRules, form: str, tin: str) -> list[Finding]:
    found = list(check_fields(document, layout, table=table_of(form)))
    if isinstance(document, TaxInvoice):
        found += check_invoice(document, rules, tin=tin)
    elif isinstance(document, (Slip, EquatedDocument)):
        found += check_slip(document, rules, tin=tin)
    return found


def _manifest(written: Written, rules: FileRules) -> bytes:
    page = {
        "form": written.form,
        "layout": written.layout,
        "rules_row": rules.form(written.form).row_id,
        "rules_on": rules.on.isoformat(),
        "tin": written.tin,
        "period": written.period,
        "documents": written.documents,
        "written": written.count,
        "refused": list(written.refused),
        "base_minor": sum(made.base_minor for made in written.files),
        "tax_minor": sum(made.tax_minor for made in written.files),
        "files": [asdict(made) for made in written.files],
        "findings": [finding.as_row() for finding in written.findings],
    }
    return (json.dumps(page, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")
