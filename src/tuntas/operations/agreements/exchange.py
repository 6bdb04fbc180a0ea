"""Bring agreements in and give them out: workbook or YAML page, both ways, with the digest said; and a template to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tuntas.formats.agreement import AgreementsUnreadable
from tuntas.formats.agreement_book import paper_of_book, write_book
from tuntas.formats.agreement_page import Page, read_paper
from tuntas.formats.agreement_paper import Paper, paper_of_page, write_page
from tuntas.formats.agreement_template import template
from tuntas.kernel.refusals import Refusal


class AgreementExists(Refusal):
    """A version is on file already, and says something else: a version that may have been used is never written over."""

    code = "AGR-EXISTS-01"


@dataclass(frozen=True, slots=True)
class Moved:
    """One version that was brought in or given out: the file written, and what it says."""

    file: Path
    agreement_id: str
    version: int
    digest: str
    known: bool = False


def take(source: Path) -> Paper:
    """Take one version from a workbook or a YAML page. Raises a `Refusal` when it cannot be opened."""
    if source.suffix == ".xlsx":
        return paper_of_book(source)
    try:
        return paper_of_page(source, file=source.name)
    except OSError as error:
        raise AgreementsUnreadable(
            f"{source}: saw {error.strerror}; wanted a YAML page or an .xlsx workbook; correct the path"
        ) from error


def bring_in(source: Path, *, into: Path, decimal_places: Mapping[str, int]) -> Moved:
    """Write one version as a YAML page with CSV sheets into the folder of its agreement, and say its digest.

    The same version with the same words is known and left alone; with other words it is refused. Raises `AgreementsUnreadable`
    with every mistake, and `AgreementExists`.
    """
    paper = take(source)
    identity, number, digest = _said(_require(read_paper(paper, decimal_places=decimal_places)))
    home = into / identity
    for other in sorted([*home.glob("*.y*ml"), *home.glob("*.xlsx")]):
        held = read_paper(take(other), decimal_places=decimal_places)
        if held.mistakes.found or _said(held)[:2] != (identity, number):
            continue
        if _said(held)[2] == digest:
            return Moved(other, identity, number, digest, known=True)
        raise AgreementExists(
            f"saw {identity} version {number} with other words than {other}; wanted a version that is not on file; "
            "give the changed agreement the next version number and its own first day"
        )
    return Moved(write_page(paper, home), identity, number, digest)


def give_out(source: Path, *, file: Path, decimal_places: Mapping[str, int]) -> Moved:
    """Write one version as a workbook, and say its digest. Raises `AgreementsUnreadable`."""
    paper = take(source)
    said = _said(_require(read_paper(paper, decimal_places=decimal_places)))
    write_book(paper, file)
    return Moved(file, *said)


def begin(file: Path, *, agreement_id: str, party: str, side: str, currency: str) -> None:
    """Write a workbook to start from: a small agreement that reads as it stands, with every tab explained. Refuses a file that is there."""
    if file.exists():
        raise AgreementExists(f"saw a file at {file}; wanted a new name; nothing is written over")
    write_book(template(agreement_id=agreement_id, party=party, side=side, currency=currency), file)


def _require(page: Page) -> Page:
    if page.mistakes.found:
        told = "\n".join(f"  {f.code} {f.where} {f.field}: saw {f.seen}; wanted {f.wanted}; {f.help}" for f in page.mistakes.found)
        raise AgreementsUnreadable(f"saw {len(page.mistakes.found)} mistakes in {page.file}; wanted none; correct them:\n{told}")
    return page


def _said(page: Page) -> tuple[str, int, str]:
    head = page.rows["agreements"][0]
    return str(head["agreement_id"]), int(head["version"]), str(head["digest"])
