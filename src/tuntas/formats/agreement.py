"""Agreements on paper: YAML pages with CSV sheets, or workbooks, in; the rows of the terms tables out. The form is docs/reference/agreement.md.

A page with a mistake is refused as a whole, never read by halves; every mistake of every page is told at once, with file, place,
what was seen, what was wanted and what to do. Gaps and overlaps that rating answers with a hold are findings, and allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from tuntas.formats.agreement_amendment import is_amendment, resolve
from tuntas.formats.agreement_book import BookUnreadable, paper_of_book
from tuntas.formats.agreement_cases import Cases
from tuntas.formats.agreement_cells import Mistakes
from tuntas.formats.agreement_gaps import gaps_of, overlapping_versions
from tuntas.formats.agreement_page import Page, read_paper
from tuntas.formats.agreement_paper import Paper, paper_of_page
from tuntas.formats.fx_rates import FILE, carried_days, odd_rates, rates_for, read_fx_rates
from tuntas.formats.plain_yaml import YamlUnreadable
from tuntas.kernel.findings import Finding
from tuntas.kernel.ids import digest
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
    that keep versions out; `findings` what is odd but allowed; `files` the page each version was read from; `cases` the golden
    cases of each version; `amends` which version an amendment changed.
    """

    rows: Mapping[str, list[Row]]
    refused: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    files: Mapping[tuple[str, int], str]
    cases: Mapping[tuple[str, int], Cases] = field(default_factory=dict)
    amends: Mapping[tuple[str, int], tuple[str, int]] = field(default_factory=dict)

    def versions(self) -> list[Row]:
        """Return id, version and content digest of every version, in order; this is what a plan signs."""
        return [{name: row[name] for name in ("agreement_id", "version", "digest")} for row in self.rows["agreements"]]

    def rates_told(self) -> dict[str, str]:
        """Return a digest of the rates of exchange as `fx_rates`, for a plan to sign; nothing where no version asks for one."""
        rates = self.rows["fx_rates"]
        return {"fx_rates": digest(sorted(digest({**r, "source_ref": ""}) for r in rates))} if rates else {}

    def require(self) -> Agreements:
        """Return itself when nothing was refused. Raises `AgreementsUnreadable` with every mistake otherwise."""
        if self.refused:
            told = "\n".join(f"  {f.code} {f.where} {f.field}: saw {f.seen}; wanted {f.wanted}; {f.help}" for f in self.refused)
            raise AgreementsUnreadable(f"saw {len(self.refused)} mistakes in the agreements; wanted none; correct them:\n{told}")
        return self


def read_agreements(folder: Path, *, decimal_places: Mapping[str, int], as_of: date | None = None) -> Agreements:
    """Read every agreement under a folder: one folder an agreement, one YAML page a version, and the rates of exchange beside them.

    `decimal_places` gives the decimals of each currency, from the country pack; rates of exchange learnt of after `as_of` are left out.
    A folder that is not there holds no agreement. Rows come sorted by agreement and version, whatever the order of the files.
    """
    if not folder.is_dir():
        return agreements_of([])
    paths = {p: f"{p.parent.name}/{p.name}" for p in sorted(folder.glob("*/*")) if is_version(p)}
    read = read_versions(paths, decimal_places=decimal_places, besides=_strays(folder))
    return with_rates(read, folder / FILE, decimal_places=decimal_places, as_of=as_of)


def with_rates(read: Agreements, file: Path, *, decimal_places: Mapping[str, int], as_of: date | None = None) -> Agreements:
    """Return agreements with the rates of exchange of a file for those versions that name a source."""
    if not file.is_file():
        return read
    held = read_fx_rates(file, decimal_places=decimal_places)
    terms, heads = read.rows["fx_terms"], read.rows["agreements"]
    rates = rates_for(terms, heads, held.rates, as_of=as_of)
    return replace(
        read,
        rows={**read.rows, "fx_rates": rates},
        refused=(*read.refused, *held.mistakes),
        findings=(*read.findings, *held.aside, *odd_rates(held.rates, carried=carried_days(terms, heads))),
    )


def is_version(path: Path) -> bool:
    """Tell whether a file is a page or a workbook, by its name."""
    return path.suffix in (*PAGES, BOOK) and not path.name.startswith(("~$", "."))


def read_one(path: Path, *, decimal_places: Mapping[str, int]) -> Agreements:
    """Read one page or workbook; an amendment with the versions beside it, which are not part of the answer."""
    taken = _take(path, path.name)
    beside = [path]
    if isinstance(taken, Paper) and is_amendment(taken):
        beside = [p for p in sorted(path.parent.iterdir()) if is_version(p)]
    read = read_versions({p: p.name for p in beside}, decimal_places=decimal_places, only=path)
    shared = path.parent.parent / FILE
    return with_rates(read, path.parent / FILE if not shared.is_file() else shared, decimal_places=decimal_places)


def read_versions(
    paths: Mapping[Path, str], *, decimal_places: Mapping[str, int], besides: Sequence[Finding] = (), only: Path | None = None
) -> Agreements:
    """Read pages and workbooks, each told under its name, amendments among them as full versions.

    With `only` the others are looked at for what it amends, and left out of the answer.
    """
    papers: list[Paper] = []
    unread: list[Page] = []
    for path, file in paths.items():
        taken = _take(path, file)
        if isinstance(taken, Paper):
            papers.append(taken)
        else:
            unread.append(taken)
    amended = resolve(papers)
    pages = [*unread, *(read_paper(paper, decimal_places=decimal_places) for paper in amended.papers)]
    pages += [Page(wrong.file, {}, wrong) for wrong in amended.mistakes]
    findings = amended.findings
    if only is not None:
        pages = [page for page in pages if page.file == paths[only]]
        findings = tuple(f for f in findings if f.where == paths[only])
    read = agreements_of(pages, besides=besides)
    return replace(read, findings=(*findings, *read.findings), amends=amended.amends)


def _take(path: Path, file: str) -> Paper | Page:
    """Take the paper of one version; a page with a mistake when it cannot be opened."""
    try:
        return paper_of_book(path, file=file) if path.suffix == BOOK else paper_of_page(path, file=file)
    except (BookUnreadable, YamlUnreadable, OSError) as error:
        mistakes = Mistakes(file)
        code, wanted = (
            ("AGR-BOOK-01", "a workbook as the template")
            if path.suffix == BOOK
            else ("AGR-FILE-01", "a page as in the agreement form")
        )
        mistakes.add(
            code, place="", name="file", seen=str(getattr(error, "message", error)), wanted=wanted, help="correct the file"
        )
        return Page(file, {}, mistakes)


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
        rows[table.name] = [{name: row[name] for name in names} for page in kept for row in page.rows.get(table.name, ())]
    files = {_key(page): page.file for page in kept}
    findings = [finding for page in kept for finding in gaps_of(page.rows, file=page.file)]
    findings += overlapping_versions(rows["agreements"], files=files)
    return Agreements(rows, tuple(refused), tuple(findings), files, {_key(page): page.cases for page in kept})


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
