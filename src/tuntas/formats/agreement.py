"""Agreements on paper: YAML pages with CSV sheets, or workbooks, in; the rows of the terms tables out. The form is docs/reference/agreement.md.

A page with a mistake is refused as a whole, never read by halves; every mistake of every page is told at once, with file, place,
what was seen, what was wanted and what to do. Gaps and overlaps that rating answers with a hold are findings, and allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuntas.formats.agreement_book import BookUnreadable, paper_of_book
from tuntas.formats.agreement_cells import Mistakes
from tuntas.formats.agreement_gaps import gaps_of, overlapping_versions
from tuntas.formats.agreement_page import Page, read_page, read_paper
from tuntas.kernel.findings import Finding
from tuntas.kernel.refusals import Refusal
from tuntas.tables import TERMS

Row = dict[str, Any]
PAGES, BOOK = (".yaml", ".yml"), ".xlsx"


class AgreementsUnreadable(Refusal):
    """At least one page of the agreements has a mistake."""

    code = "AGR-READ-01"


@dataclass(frozen=True, slots=True)
class Agreements:
    """What a folder of agreements says.

    `rows` holds the rows of every table of `tuntas.tables.TERMS`, of the versions without mistakes only; `refused` the mistakes
    that keep versions out; `findings` what is odd but allowed; `files` the page each version was read from.
    """

    rows: Mapping[str, list[Row]]
    refused: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    files: Mapping[tuple[str, int], str]

    def versions(self) -> list[Row]:
        """Return id, version and content digest of every version, in order; this is what a plan signs."""
        return [{name: row[name] for name in ("agreement_id", "version", "digest")} for row in self.rows["agreements"]]

    def require(self) -> Agreements:
        """Return itself when nothing was refused. Raises `AgreementsUnreadable` with every mistake otherwise."""
        if self.refused:
            told = "\n".join(f"  {f.code} {f.where} {f.field}: saw {f.seen}; wanted {f.wanted}; {f.help}" for f in self.refused)
            raise AgreementsUnreadable(f"saw {len(self.refused)} mistakes in the agreements; wanted none; correct them:\n{told}")
        return self


def read_agreements(folder: Path, *, decimal_places: Mapping[str, int]) -> Agreements:
    """Read every agreement under a folder: one folder an agreement, one YAML page a version.

    `decimal_places` gives the decimals of each currency, from the country pack. A folder that is not there holds no agreement.
    Rows come sorted by agreement and version, whatever the order of the files.
    """
    pages = []
    if folder.is_dir():
        paths = sorted(p for p in folder.glob("*/*") if p.suffix in (*PAGES, BOOK) and not p.name.startswith(("~$", ".")))
        pages = [read_version(p, file=f"{p.parent.name}/{p.name}", decimal_places=decimal_places) for p in paths]
    return agreements_of(pages, besides=_strays(folder) if folder.is_dir() else ())


def agreements_of(pages: Sequence[Page], *, besides: Sequence[Finding] = ()) -> Agreements:
    """Put versions that were read together: their rows, their mistakes (with those found `besides`), and what is odd."""
    refused: list[Finding] = [mistake for page in pages for mistake in page.mistakes.found]
    refused += besides
    kept, twice = _once([page for page in pages if not page.mistakes.found])
    refused += twice
    kept.sort(key=_key)
    rows: dict[str, list[Row]] = {}
    for table in TERMS:
        names = [column.name for column in table.columns]
        rows[table.name] = [{name: row[name] for name in names} for page in kept for row in page.rows[table.name]]
    files = {_key(page): page.file for page in kept}
    findings = [finding for page in kept for finding in gaps_of(page.rows, file=page.file)]
    findings += overlapping_versions(rows["agreements"], files=files)
    return Agreements(rows, tuple(refused), tuple(findings), files)


def read_version(path: Path, *, file: str, decimal_places: Mapping[str, int]) -> Page:
    """Read one version from a YAML page with its sheets, or from a workbook. Never raises for what is written in it."""
    if path.suffix != BOOK:
        return read_page(path, file=file, decimal_places=decimal_places)
    try:
        return read_paper(paper_of_book(path, file=file), decimal_places=decimal_places)
    except BookUnreadable as error:
        mistakes = Mistakes(file)
        mistakes.add(
            "AGR-BOOK-01", place="", name="file", seen=error.message, wanted="a workbook as the template", help="correct it"
        )
        return Page(file, {}, mistakes)


def _key(page: Page) -> tuple[str, int]:
    head = page.rows["agreements"][0]
    return str(head["agreement_id"]), int(head["version"])


def _once(pages: Sequence[Page]) -> tuple[list[Page], list[Finding]]:
    """Keep the first page of each version; the same version told twice is a mistake."""
    kept: dict[tuple[str, int], Page] = {}
    twice: list[Finding] = []
    for page in pages:
        earlier = kept.setdefault(_key(page), page)
        if earlier is not page:
            mistakes = Mistakes(page.file)
            mistakes.add(
                "AGR-VERSION-02",
                place="",
                name="version",
                seen=f"{_key(page)[0]} version {_key(page)[1]}, also in {earlier.file}",
                wanted="each version once",
                help="give the later page the next version number",
            )
            twice += mistakes.found
    return list(kept.values()), twice


def _strays(folder: Path) -> list[Finding]:
    """A page beside the agreement folders, or an agreement folder without a page, would be overlooked: both are mistakes."""
    mistakes = Mistakes(folder.name)
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_file() and entry.suffix in (*PAGES, BOOK):
            mistakes.add(
                "AGR-FILE-03",
                place=entry.name,
                name="file",
                seen="a page outside a folder",
                wanted="one folder an agreement",
                help="move it",
            )
        elif entry.is_dir() and not any(p.suffix in (*PAGES, BOOK) for p in entry.iterdir()):
            mistakes.add(
                "AGR-FILE-03",
                place=entry.name,
                name="file",
                seen="a folder without a page",
                wanted="a YAML page or a workbook a version",
                help="add the page",
            )
    return mistakes.found
