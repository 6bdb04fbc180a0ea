"""Words about the files of tax documents: writing them for the authority, and taking in what it answered."""

from __future__ import annotations

from pathlib import Path

from tuntas.faces.cli.cycle import DEFAULT_HOME, AsUser, Home, Json, Language
from tuntas.faces.cli.homes import open_home
from tuntas.faces.cli.tax import tax
from tuntas.faces.cli.tax_documents import leave_found, tell_findings, vars_of
from tuntas.faces.cli.telling import console, tell_json
from tuntas.faces.tax_words import say


@tax.command
def export(
    folder: Path,
    /,
    *,
    period: str,
    parties: Path | None = None,
    as_: AsUser = "preparer",
    home: Home = DEFAULT_HOME,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Write the due tax documents of a period as files for the authority, and what left earlier again, byte for byte.

    Exit 3 when a check keeps documents back; they stay due.

    Parameters
    ----------
    period
        Tax period, such as 2026-10.
    parties
        A CSV with corrected master data: party_id and columns of the table parties, such as tax_id and address.
    """
    open_home(home)
    from tuntas.operations.tax.drawing import draw_documents
    from tuntas.operations.tax.exporting import export_documents

    draw_documents(by=as_, home=home)
    done = export_documents(folder=folder, period=period, by=as_, home=home, parties=parties)
    if json:
        exports = [vars_of(item) | {"files": [vars_of(file) for file in item.files]} for item in done.exports]
        tell_json({"exports": exports, "refused": done.refused, "findings": [item.as_row() for item in done.findings]})
    else:
        if not any(item.made_now for item in done.exports):
            console.print(say("nothing_new", lang, period=period))
        for item in done.exports:
            sha = item.manifest_sha256[:12]
            console.print(say("exported", lang, export=item.export_id, documents=item.documents, files=len(item.files), sha=sha))
            for file in item.files:
                before = f"  ({say('same_bytes', lang)})" if file.written_before else ""
                console.print(f"  {file.name}  {file.documents:,}  {file.sha256[:12]}{before}")
        if done.refused:
            console.print(say("left_out", lang, count=len(done.refused)))
        tell_findings(done.findings, lang)
    leave_found(done.refused)


@tax.command
def results(
    file: Path,
    /,
    *,
    form: str = "FAKTUR",
    mapping: Path | None = None,
    sheet: str | None = None,
    as_: AsUser = "preparer",
    home: Home = DEFAULT_HOME,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Put the authority's approvals and rejections onto the documents. Exit 3 when rows must be looked at.

    Parameters
    ----------
    file
        CSV or workbook with our document's id or the bill number, the status, the number, the reason and the day.
    form
        Whose numbers they are: FAKTUR (17 digits), or the form of slips such as BPPU.
    mapping
        A YAML page that names the file's columns, when the shipped one does not fit.
    """
    open_home(home)
    from tuntas.operations.tax.answers import take_results

    taken = take_results(file, by=as_, form=form, mapping=mapping, sheet=sheet)
    if json:
        tell_json({"rows": taken.rows, **taken.counted, "findings": [item.as_row() for item in taken.findings]})
    else:
        console.print(say("results", lang, rows=taken.rows, **taken.counted))
        tell_findings(taken.findings, lang)
    leave_found(taken.counted["set_aside"])
