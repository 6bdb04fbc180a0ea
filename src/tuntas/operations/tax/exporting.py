"""Write the documents due as files for the authority. What left is kept below the home, so writing it again gives the same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.db import transaction
from django.utils import timezone

from tuntas.formats.coretax.rules import FileRules, rules_of
from tuntas.formats.coretax.writing import in_order, write_files
from tuntas.kernel.findings import Finding
from tuntas.kernel.ids import canonical
from tuntas.kernel.periods import month
from tuntas.kernel.refusals import Refusal, invariant
from tuntas.operations.approve import plan_of, proven_document
from tuntas.operations.books import home_of
from tuntas.operations.tax.coretax_content import contents, desk_of, file_form, tin_of
from tuntas.operations.tax.filings import keep_file
from tuntas.operations.tax.reporting import by_plan, reported_documents
from tuntas.packs.tax_files import load_tax_files
from tuntas.store.models import Cycle, TaxDocument, TaxExport
from tuntas.store.people import person
from tuntas.store.readings.tax import OURS, cycle_countries, document_rows, export_rows
from tuntas.store.runs import run_home
from tuntas.store.trail import lock_books, remember
from tuntas.tables import table

BY_HAND = "by-hand"
HAND_COLUMNS = ("document_id", "kind", "form", "party_id", "source_id", "tax_code", "object_code", "base_minor", "amount_minor", "undoes_number")  # fmt: skip


class NothingSettled(Refusal):
    """No settled cycle ends in the tax period."""

    code = "TAX-EXPORT-01"


class CorrectionsWrong(Refusal):
    """The file of corrected master data cannot be used."""

    code = "TAX-EXPORT-02"


class ExportAltered(Refusal):
    """A file kept of an earlier export is absent or not what left."""

    code = "TAX-EXPORT-03"


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of an export: how many documents and how much tax it carries, and whether this folder held the same bytes before."""

    name: str
    form: str
    documents: int
    tax_minor: int
    sha256: str
    written_before: bool


@dataclass(frozen=True, slots=True)
class Exported:
    """One export of a period: made now or earlier, its documents and its files."""

    export_id: str
    made_now: bool
    documents: int
    total_minor: int
    manifest_sha256: str
    files: tuple[ExportedFile, ...]


@dataclass(frozen=True, slots=True)
class ExportTold:
    """Every export of the period, what a check kept back (still due), and the findings."""

    exports: tuple[Exported, ...]
    refused: tuple[str, ...]
    findings: tuple[Finding, ...]


def export_documents(
    *, folder: Path, period: str, by: str, home: Path | None = None, parties: Path | None = None, at: datetime | None = None
) -> ExportTold:
    """Write the due documents of a period into `folder` as files of their form, and every earlier export of it again, byte for byte.

    What a check of the format blocks stays due and is told. Notes and replacements, which no file carries, leave in a list of what to do
    by hand. `parties` is a CSV with corrected master data (`party_id` and columns of the table `parties`). No money moves.
    Raises `NothingSettled`, `CorrectionsWrong`, `ExportAltered`, `TaxFilesUnknown`, `PeriodUnreadable`.
    """
    month(period)
    who, now, where = person(by), at or timezone.now(), home_of(home)
    country = cycle_countries().get(period)
    if country is None:
        raise NothingSettled(f"saw no settled cycle that ends in {period}; wanted one; apply its plan first")
    rules = rules_of(load_tax_files(country), on=timezone.localtime(now).date())
    corrected = read_corrections(parties) if parties else {}
    with tempfile.TemporaryDirectory(prefix="tuntas-tax-") as scratch, transaction.atomic():
        lock_books()
        rows = [row for row in document_rows(period=period, state=TaxDocument.State.DUE) if row["kind"] in OURS]
        batch = _Batch(Path(scratch), period, rules, home=where, corrected=corrected)
        batch.write(rows)
        made_now = ""
        if batch.exported:
            made_now = f"TX/{period}/{TaxExport.objects.filter(period=period).count() + 1:02d}"
            _record(batch, made_now, by_id=who.pk, at=now, home=where)
    told = [_copy(row, folder, where, made_now=row["export_id"] == made_now) for row in export_rows(period=period)]
    return ExportTold(tuple(told), tuple(batch.refused), tuple(batch.findings))


def read_corrections(path: Path) -> dict[str, dict[str, str]]:
    """Return corrected master data by party from a CSV. Raises `CorrectionsWrong` for unknown columns, a party twice, or no file."""
    known = {column.name for column in table("parties").columns}
    try:
        reader = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig")), strict=True)
        names = list(reader.fieldnames or ())
        found = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CorrectionsWrong(f"{path.name}: saw {error}; wanted a CSV in UTF-8; save it so") from error
    ids = [row.get("party_id") or "" for row in found]
    strange = sorted(str(name) for name in set(names) - known)
    if "party_id" not in names or strange or len(ids) != len(set(ids)) or "" in ids or any(None in row for row in found):
        raise CorrectionsWrong(
            f"{path.name}: saw columns {', '.join(names) or 'none'} and {len(ids)} rows; wanted party_id, each party once, and columns "
            f"of the table parties{'; unknown: ' + ', '.join(strange) if strange else ''}; correct it"
        )
    return {row["party_id"]: {name: value for name, value in row.items() if value} for row in found}


class _Batch:
    """The files of one export being made in a scratch folder."""

    def __init__(
        self, scratch: Path, period: str, rules: FileRules, *, home: Path, corrected: Mapping[str, Mapping[str, str]]
    ) -> None:
        self.scratch, self.period, self.rules, self.home, self.corrected = scratch, period, rules, home, corrected
        self.files: list[tuple[dict[str, Any], bytes]] = []
        self.refused: list[str] = []
        self.findings: list[Finding] = []
        self.exported: list[str] = []
        self.people: dict[str, dict[str, Any]] | None = None
        self.rows: list[dict[str, Any]] = []
        self.plans: dict[str, dict[str, Any]] = {}

    def write(self, rows: Sequence[dict[str, Any]]) -> None:
        """Write every form's documents as they are reported, and the list of what no file carries."""
        self.rows = self._reported(rows)
        by_hand = [
            row for row in self.rows if row["kind"] == "note" or row["revision"] or file_form(row["form"]) not in self.rules.forms
        ]
        hands = {row["document_id"] for row in by_hand}
        groups: dict[str, list[dict[str, Any]]] = {}
        for row in self.rows:
            if row["document_id"] not in hands:
                groups.setdefault(file_form(row["form"]), []).append(row)
        for form, held in sorted(groups.items()):
            self._form(form, held)
        if by_hand:
            self._hands(by_hand)
        invariant(
            len(rows) == len(self.exported) + len(self.refused),
            "TAX-EXPORT-COUNT-01",
            rows=len(rows),
            exported=len(self.exported),
            refused=len(self.refused),
        )

    def _reported(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Put documents of other currencies into the one taxes are reported in; those that wait for a rate are kept back."""
        made: list[dict[str, Any]] = []
        for plan_digest, held in by_plan(rows).items():
            folder = run_home(self.home, plan_digest)
            told = reported_documents(held, folder=folder, document=self._plan(plan_digest))
            made += told.rows
            self.refused += told.waiting
            self.findings += told.findings
        place = {row["document_id"]: n for n, row in enumerate(rows)}
        return sorted(made, key=lambda row: place[row["document_id"]])

    def _form(self, form: str, rows: Sequence[dict[str, Any]]) -> None:
        documents, tin = [], ""
        for plan_digest, held in by_plan(rows).items():
            folder = run_home(self.home, plan_digest)
            document = self._plan(plan_digest)
            desk = desk_of(folder=folder, document=document, parties=self._people(), rules=self.rules)
            tin = tin_of(desk.platform)
            documents += list(contents(desk, held))
        made = write_files(
            self.scratch / form, form=form, tin=tin, period=self.period, documents=in_order(documents), rules=self.rules
        )
        self.refused += made.refused
        self.findings += made.findings
        left_out = set(made.refused)
        self.exported += [row["document_id"] for row in rows if row["document_id"] not in left_out]
        for file in made.files:
            data = (self.scratch / form / file.name).read_bytes()
            told = {"name": file.name, "form": form, "documents": file.count, "tax_minor": file.tax_minor, "sha256": file.sha256}
            self.files.append((told, data))

    def _hands(self, rows: Sequence[dict[str, Any]]) -> None:
        originals = TaxDocument.objects.in_bulk([row["undoes_id"] for row in rows if row["undoes_id"]])
        text = io.StringIO()
        writer = csv.DictWriter(text, HAND_COLUMNS, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        for row in sorted(rows, key=lambda item: str(item["document_id"])):
            original = originals.get(row["undoes_id"])
            writer.writerow(row | {"undoes_number": original.number if original and original.number else ""})
        data = text.getvalue().encode("utf-8")
        told = {
            "name": f"{BY_HAND}-{self.period}.csv",
            "form": BY_HAND,
            "documents": len(rows),
            "tax_minor": sum(row["amount_minor"] for row in rows),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        self.files.append((told, data))
        self.exported += [row["document_id"] for row in rows]

    def _plan(self, plan_digest: str) -> dict[str, Any]:
        """Return a plan's document, its run proven once an export."""
        if plan_digest not in self.plans:
            self.plans[plan_digest] = proven_document(plan_of(plan_digest), run_home(self.home, plan_digest))
        return self.plans[plan_digest]

    def _people(self) -> dict[str, dict[str, Any]]:
        """Return master data as the latest settled cycle knew it, with what was corrected since."""
        if self.people is None:
            latest = Cycle.objects.filter(settled_by__isnull=False).order_by("-period_from", "-cycle_id").first()
            folder = run_home(self.home, str(latest.settled_by_id)) if latest else self.home
            found = pq.read_table(folder / "parties.parquet").to_pylist()
            self.people = {row["party_id"]: row for row in found}
            for party_id, row in self.corrected.items():
                self.people[party_id] = {**self.people.get(party_id, {"party_id": party_id}), **row}
        return self.people


def _record(batch: _Batch, export_id: str, *, by_id: int, at: datetime, home: Path) -> None:
    chosen = set(batch.exported)
    total = sum(row["amount_minor"] for row in batch.rows if row["document_id"] in chosen)
    for told, data in batch.files:
        # Files of one period share their names; the number of the export keeps them apart in a folder.
        told["name"] = f"{export_id.replace('/', '-')}-{told['name']}"
        keep_file(home, "export", str(told["sha256"]), data)
    manifest = canonical(
        {"export": export_id, "period": batch.period, "made_on": batch.rules.on, "files": [f for f, _ in batch.files]}
    )
    TaxExport(
        export_id=export_id,
        period=batch.period,
        document_count=len(chosen),
        total_minor=total,
        manifest=manifest,
        manifest_sha256=hashlib.sha256(manifest.encode()).hexdigest(),
        made_by_id=by_id,
        made_at=at,
    ).save(force_insert=True)
    ids = sorted(chosen)
    for start in range(0, len(ids), 500):
        TaxDocument.objects.filter(pk__in=ids[start : start + 500]).update(state=TaxDocument.State.EXPORTED, export_id=export_id)
    facts = {"documents": len(ids), "total_minor": total, "files": [told["sha256"] for told, _ in batch.files]}
    remember(act="tax documents exported", subject=export_id, facts=facts, by_id=by_id, at=at)


def _copy(row: Mapping[str, Any], folder: Path, home: Path, *, made_now: bool) -> Exported:
    """Put an export's kept files and its manifest into a folder, and say which were there already with the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for told in json.loads(row["manifest"])["files"]:
        kept = home / "tax" / "export" / told["sha256"]
        data = kept.read_bytes() if kept.is_file() else b""
        if hashlib.sha256(data).hexdigest() != told["sha256"]:
            raise ExportAltered(
                f"saw {told['name']} of {row['export_id']} absent or altered in the home; wanted SHA-256 {told['sha256']}; "
                "restore the home's folder tax/export from its backup"
            )
        same = _put(folder / told["name"], data)
        files.append(ExportedFile(told["name"], told["form"], told["documents"], told["tax_minor"], told["sha256"], same))
    page = json.dumps(json.loads(row["manifest"]), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    _put(folder / f"{row['export_id'].replace('/', '-')}-manifest.json", page.encode())
    return Exported(row["export_id"], made_now, row["document_count"], row["total_minor"], row["manifest_sha256"], tuple(files))


def _put(path: Path, data: bytes) -> bool:
    """Write a file whole or not at all; return whether it was there with the same bytes."""
    if path.is_file() and path.read_bytes() == data:
        return True
    draft = path.with_name(path.name + ".part")
    draft.write_bytes(data)
    draft.replace(path)
    return False
