"""Bring agreements in and give them out: workbook or YAML page, both ways, with the digest said; and a template to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tuntas.formats.agreement import AgreementsUnreadable, is_version
from tuntas.formats.agreement_amendment import is_amendment, resolve
from tuntas.formats.agreement_book import paper_of_book, write_book
from tuntas.formats.agreement_page import Page, read_paper
from tuntas.formats.agreement_paper import Paper, paper_of_page, write_page
from tuntas.formats.agreement_template import template
from tuntas.formats.agreement_template_kinds import KINDS
from tuntas.formats.agreement_words import text_of
from tuntas.kernel.refusals import Refusal


class AgreementExists(Refusal):
    """A version is on file already, and says something else: a version that may have been used is never written over."""

    code = "AGR-EXISTS-01"


class KindOfAnotherSide(Refusal):
    """An agreement was to begin as a kind of one side and under another side."""

    code = "AGR-KIND-01"


@dataclass(frozen=True, slots=True)
class Moved:
    """One version that was brought in or given out: the file written, and what it says."""

    file: Path
    agreement_id: str
    version: int
    digest: str
    known: bool = False
    amends: str = ""


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

    An amendment is written as the amendment it is, and read with the versions on file. The same version with the same words is known
    and left alone; with other words it is refused. Raises `AgreementsUnreadable` with every mistake, and `AgreementExists`.
    """
    paper = take(source)
    home = into / text_of(paper.page.get("agreement"))
    on_file = {path: take(path) for path in sorted(home.iterdir()) if is_version(path)} if home.is_dir() else {}
    full = _full(paper, [*on_file.values()])
    identity, number, digest = _said(_require(read_paper(full, decimal_places=decimal_places)))
    for path, other in on_file.items():
        if text_of(other.page.get("version")) != str(number):
            continue
        held = read_paper(_full(other, [p for p in on_file.values() if p is not other]), decimal_places=decimal_places)
        if not held.mistakes.found and _said(held)[2] == digest:
            return Moved(path, identity, number, digest, known=True)
        raise AgreementExists(
            f"saw {identity} version {number} with other words than {path}; wanted a version that is not on file; "
            "give the changed agreement the next version number and its own first day"
        )
    return Moved(write_page(paper, home), identity, number, digest, amends=text_of(paper.page.get("amends")))


def _full(paper: Paper, beside: list[Paper]) -> Paper:
    """Return an amendment as the full version it makes, from the versions beside it; any other paper as it is."""
    if not is_amendment(paper):
        return paper
    # Another page of the same version has no say in what this one means.
    same = text_of(paper.page.get("version"))
    amended = resolve([*(p for p in beside if text_of(p.page.get("version")) != same), paper])
    wrong = [mistakes for mistakes in amended.mistakes if mistakes.file == paper.file]
    for mistakes in wrong:
        _require(Page(paper.file, {}, mistakes))
    return next(p for p in amended.papers if p.file == paper.file and text_of(p.page.get("version")) == same)


def give_out(source: Path, *, file: Path, decimal_places: Mapping[str, int]) -> Moved:
    """Write one version as a workbook, an amendment as the full version it makes, and say its digest. Raises `AgreementsUnreadable`."""
    paper = take(source)
    paper = _full(paper, [take(path) for path in sorted(source.parent.iterdir()) if is_version(path) and path != source])
    said = _said(_require(read_paper(paper, decimal_places=decimal_places)))
    write_book(paper, file)
    return Moved(file, *said)


def begin(
    file: Path, *, agreement_id: str, party: str, side: str | None = None, currency: str = "IDR", kind: str | None = None
) -> None:
    """Write a workbook to start from: a small agreement that reads as it stands, with every tab explained. Refuses a file that is there,
    and a kind that is not of the side."""
    own = KINDS[kind].side if kind else side or "buy"
    if side is not None and side != own:
        raise KindOfAnotherSide(
            f"saw kind {kind} with side {side}; wanted side {own}, which such an agreement is of; leave one of the two out"
        )
    if file.exists():
        raise AgreementExists(f"saw a file at {file}; wanted a new name; nothing is written over")
    write_book(template(agreement_id=agreement_id, party=party, side=own, currency=currency, kind=kind), file)


def _require(page: Page) -> Page:
    if page.mistakes.found:
        told = "\n".join(f"  {f.code} {f.where} {f.field}: saw {f.seen}; wanted {f.wanted}; {f.help}" for f in page.mistakes.found)
        raise AgreementsUnreadable(f"saw {len(page.mistakes.found)} mistakes in {page.file}; wanted none; correct them:\n{told}")
    return page


def _said(page: Page) -> tuple[str, int, str]:
    head = page.rows["agreements"][0]
    return str(head["agreement_id"]), int(head["version"]), str(head["digest"])
