"""Bills in whatever form they came: Parquet as ingest leaves it, a folder of that, or a folder of vendors' files with their mappings."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tuntas.engine import Engine
from tuntas.flow.ingest.rules import Context
from tuntas.formats.case_folder import list_sources
from tuntas.formats.case_settings import read_case
from tuntas.kernel.ids import digest, file_digest
from tuntas.kernel.refusals import Refusal
from tuntas.operations.ingest_reading import FileControl, Progress, Reading
from tuntas.operations.rating.drafts import draft_beside, keep_as
from tuntas.tables import table

_BILLS = table("bill_lines")


class NoBills(Refusal):
    """What was named as bills holds none."""

    code = "RATING-BILLS-06"


@dataclass(frozen=True, slots=True)
class BillPaper:
    """Files of the shape of `bill_lines`; for vendors' files that were read by a mapping what became of each, and where its rows that could not be read are."""

    files: tuple[Path, ...]
    controls: tuple[FileControl, ...] = ()
    read_into: tuple[Path, ...] = ()


def read_paper(
    sources: Sequence[Path],
    scratch: Path,
    *,
    currency_places: Mapping[str, int],
    memory_limit: str,
    progress: Progress | None = None,
) -> BillPaper:
    """Return the bill lines of files and folders. A folder with case.yaml is read as `tuntas run` would read its bills, into `scratch`, once.

    Raises `NoBills` and what reading case.yaml raises. A row that cannot be read is set aside below `scratch` and counted in its control.
    """
    files: list[Path] = []
    controls: list[FileControl] = []
    read_into: list[Path] = []
    for source in sources:
        if (source / "case.yaml").is_file():
            place, told = _read_case_bills(source, scratch, currency_places, memory_limit, progress)
            files.append(place / "bill_lines.parquet")
            controls += told
            read_into.append(place)
        elif source.is_dir() and (found := sorted(source.glob("*.parquet"))):
            files += found
        elif source.is_file() and source.suffix == ".parquet":
            files.append(source)
        else:
            raise NoBills(
                f"saw {source}; wanted a Parquet file of bill lines, a folder of such files, or a folder with case.yaml and bills/;"
                " vendors' own files need their mapping, so put them into such a folder"
            )
    if not files:
        raise NoBills("saw no file of bills; wanted at least one; name the files or the folder they are in")
    return BillPaper(tuple(files), tuple(controls), tuple(read_into))


def _read_case_bills(
    case: Path, scratch: Path, currency_places: Mapping[str, int], memory_limit: str, progress: Progress | None
) -> tuple[Path, list[FileControl]]:
    settings = read_case(case, currency_places=dict(currency_places))
    sources, troubles = list_sources(case)
    sources = [source for source in sources if source.table == _BILLS.name]
    if not sources:
        raise NoBills(f"saw no file of bills in {case}; wanted some in its folder bills/; put the vendors' files there")
    asked = digest([[source.name, file_digest(source.path), repr(source.mapping)] for source in sources])
    place = scratch / asked[:20]
    kept = place / "controls.parquet"
    with Engine(memory_limit=memory_limit, spill=scratch) as engine:
        if not kept.is_file():
            draft = draft_beside(place)
            (draft / "reading").mkdir()
            context = Context(settings.currency, dict(currency_places), settings.utc_offset_min)
            reading = Reading(engine, draft, draft / "reading", context, progress, len(sources) + 1)
            for trouble in troubles:
                if trouble.table in ("", _BILLS.name):
                    reading.tell(trouble.code, file=trouble.name, table=trouble.table, field=trouble.field, seen=trouble.seen)
            for number, source in enumerate(sources):
                reading.read(source, number)
            reading.unite(_BILLS)
            reading.write_findings()
            engine.con.execute(
                "CREATE TABLE controls (path TEXT, sha256 TEXT, table_name TEXT, mapping TEXT, rows_in BIGINT, accepted BIGINT, quarantined BIGINT,"
                " repeated BIGINT, refused TEXT)"
            )
            engine.con.executemany(
                "INSERT INTO controls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [[*control.as_dict().values()] for control in sorted(reading.controls, key=lambda c: c.path)],
            )
            engine.export("controls", draft / kept.name)
            shutil.rmtree(draft / "reading")
            keep_as(draft, place)
        return place, [FileControl(*row) for row in engine.rows(f"SELECT * FROM read_parquet('{kept}') ORDER BY path")]
