"""The word `tuntas statement`: one party's statement as a workbook or as CSV."""

from __future__ import annotations

from pathlib import Path

from tuntas.faces.cli.app import app
from tuntas.faces.cli.cycle import DEFAULT_HOME, Home, Json, Language
from tuntas.faces.cli.homes import open_home
from tuntas.faces.cli.telling import console, tell_json
from tuntas.kernel.refusals import Refusal


class StatementFileUnknown(Refusal):
    """A statement is asked for in a file that is neither a workbook nor CSV."""

    code = "STATEMENT-FILE-01"


@app.command
def statement(
    digest: str, party: str, /, *, out: Path, home: Home = DEFAULT_HOME, lang: Language = "en", json: Json = False
) -> None:
    """Write one party's statement as a workbook (.xlsx: lines, and the rows behind them) or as CSV (.csv: lines), footing to its closing balance.

    Parameters
    ----------
    digest
        The plan, by its digest or the first characters of it.
    party
        The party's id.
    out
        The file; what it ends in says what is written.
    """
    open_home(home)
    from tuntas.operations.approve import find_plan
    from tuntas.operations.statement_files import statement_book, statement_csv

    if out.suffix not in (".xlsx", ".csv"):
        raise StatementFileUnknown(f"saw {out.name!r} after --out; wanted a name that ends in .xlsx or .csv; give one")
    whole = find_plan(home=home, start=digest)
    if out.suffix == ".csv":
        made = statement_csv(home=home, digest=whole, party_id=party).encode()
    else:
        made = statement_book(home=home, digest=whole, party_id=party, language=lang)
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(out.name + ".part")
    part.write_bytes(made)
    part.replace(out)
    if json:
        tell_json({"digest": whole, "party_id": party, "file": str(out)})
    else:
        console.print(str(out))
