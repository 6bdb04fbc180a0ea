"""Put what the authority answered onto the documents: approvals with their numbers, rejections with their reasons. Nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from tuntas.formats.coretax.results import Result, build_results_mapping, read_results, shipped_results_mapping
from tuntas.formats.plain_yaml import load_plain_map
from tuntas.kernel.findings import Finding
from tuntas.kernel.ids import derived_id, file_digest
from tuntas.kernel.refusals import invariant
from tuntas.store.models import TaxDocument, TaxResult
from tuntas.store.people import person
from tuntas.store.trail import lock_books, remember

State = TaxDocument.State
# What an answer makes of a document, and the state the document has to be in for it.
MOVES = {
    "approved": (State.EXPORTED, State.APPROVED),
    "rejected": (State.EXPORTED, State.REJECTED),
    "cancelled": (State.APPROVED, State.CANCELLED),
    "replaced": (State.APPROVED, State.REPLACED),
}
PENDING, REPEATED, SET_ASIDE = "pending", "repeated", "set_aside"
LOOKED_UP = 500
HELP = "nothing was changed on the document; look at it with the authority, and keep the file"


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a file of answers. rows = the sum of `counted`: by status, repeated (told before), pending, set aside with a finding."""

    rows: int
    counted: dict[str, int]
    findings: tuple[Finding, ...]


def take_results(
    path: Path, *, by: str, form: str = "FAKTUR", mapping: Path | None = None, sheet: str | None = None, at: datetime | None = None
) -> Taken:
    """Read a file of answers and put them onto the documents. Every row is counted; a file read again changes nothing.

    `form` says whose numbers they are (FAKTUR, BPPU, ...); `mapping` is a YAML page that names the file's columns, in the form of the one
    that is shipped. Raises `ResultsUnreadable`, `YamlUnreadable`.
    """
    known = build_results_mapping(load_plain_map(mapping)) if mapping else shipped_results_mapping()
    read = read_results(path, mapping=known, sheet=sheet, form=form)
    taken = take_answers(read.rows, file_sha256=file_digest(path), by=by, at=at)
    counted = dict(taken.counted)
    counted[REPEATED] += len(read.repeated)
    counted[SET_ASIDE] += len(read.quarantined)
    invariant(read.read == sum(counted.values()), "TAX-ANSWER-COUNT-01", read=read.read, **counted)
    return Taken(read.read, counted, (*read.findings, *taken.findings))


def take_answers(answers: Sequence[Result], *, file_sha256: str, by: str, at: datetime | None = None) -> Taken:
    """Put answers onto documents in one transaction. Every row is kept but those still pending; one taken before changes nothing.

    A row that names no document or several, a number another document carries, and an answer that does not follow from where its document
    stands are findings. An approved replacement makes its original replaced; an approved note makes its original cancelled.
    """
    who, now = person(by), at or timezone.now()
    with transaction.atomic():
        lock_books()
        desk = _Desk(answers, file_sha256, who.pk, now)
        for answer in answers:
            desk.take(answer)
        if desk.kept:
            facts = {"rows": len(answers), "findings": len(desk.findings), **desk.counted}
            remember(act="tax answers taken", subject=file_sha256, facts=facts, by_id=who.pk, at=now)
    return Taken(len(answers), desk.counted, tuple(desk.findings))


def result_id(answer: Result) -> str:
    """Return the id of what an answer says, wherever it was read."""
    return derived_id("TR", answer.reference, answer.status, answer.number, answer.reason, answer.decided_on)


class _Desk:
    """One file of answers being worked through, inside its transaction."""

    def __init__(self, answers: Sequence[Result], file_sha256: str, by_id: int, at: datetime) -> None:
        self.file_sha256, self.by_id, self.at = file_sha256, by_id, at
        self.findings: list[Finding] = []
        self.counted = dict.fromkeys((*MOVES, PENDING, REPEATED, SET_ASIDE), 0)
        self.kept = 0
        self.named: dict[str, list[TaxDocument]] = {}
        self.known: set[str] = set()
        for part in _parts(sorted({item.reference for item in answers})):
            for found in TaxDocument.objects.filter(pk__in=part, kind__in=("invoice", "slip", "note")):
                self.named[found.pk] = [found]
        for part in _parts(sorted({result_id(item) for item in answers})):
            self.known |= set(TaxResult.objects.filter(pk__in=part).values_list("result_id", flat=True))
        if any(item.reference not in self.named for item in answers):
            self._name_by_bill()

    def _name_by_bill(self) -> None:
        """A slip's file carries the vendor's bill number and not our id, so that is what comes back."""
        found: dict[str, list[TaxDocument]] = {}
        for slip in TaxDocument.objects.filter(kind="slip", export__isnull=False).order_by("document_id"):
            found.setdefault(slip.source_id.removeprefix(f"{slip.party_id}/"), []).append(slip)
        self.named = found | self.named

    def take(self, answer: Result) -> None:
        """Put one answer where it belongs."""
        if answer.status == PENDING:
            self.counted[PENDING] += 1
            return
        if result_id(answer) in self.known:
            self.counted[REPEATED] += 1
            return
        self.known.add(result_id(answer))
        named = self.named.get(answer.reference, [])
        if len(named) != 1:
            seen = answer.reference if not named else f"{answer.reference}, which {len(named)} slips cite"
            self._set_aside("TAX-ANSWER-01", answer, None, "reference", seen=seen, wanted="one document of ours that was exported")
            return
        document = named[0]
        needed, after = MOVES[answer.status]
        if document.state == after and answer.number in ("", document.number or ""):
            # The same answer told with another date or remark: kept beside the first.
            self._keep(answer, document, "applied")
            self.counted[REPEATED] += 1
        elif document.state != needed or (answer.status != "approved" and answer.number not in ("", document.number or "")):
            seen = f"{answer.status} {answer.number}".strip() + f", while it is {document.state} {document.number or ''}".rstrip()
            self._set_aside("TAX-ANSWER-02", answer, document, "state", seen=seen, wanted=f"an answer to one that is {needed}")
        elif answer.status == "approved":
            self._approve(answer, document)
        else:
            self._move(answer, document, after, reason=answer.reason or "-" if after == State.REJECTED else None)

    def _approve(self, answer: Result, document: TaxDocument) -> None:
        holder = TaxDocument.objects.filter(form=document.form, number=answer.number).exclude(kind="received").first()
        if not answer.number or holder is not None:
            seen = f"{answer.number}, which {holder.pk} carries" if holder else "no number"
            self._set_aside("TAX-ANSWER-03", answer, document, "number", seen=seen, wanted="a number no other document carries")
            return
        document.number = answer.number
        self._move(answer, document, State.APPROVED, reason=None)
        if document.undoes_id is not None:
            after = State.REPLACED if document.revision else State.CANCELLED
            TaxDocument.objects.filter(pk=document.undoes_id, state=State.APPROVED).update(state=after)

    def _move(self, answer: Result, document: TaxDocument, after: str, *, reason: str | None) -> None:
        changed: dict[str, object] = {"state": after}
        if after in (State.APPROVED, State.REJECTED):
            day = answer.decided_on or timezone.localtime(self.at).date()
            changed |= {"number": document.number, "decided_on": day, "reason": reason}
        TaxDocument.objects.filter(pk=document.pk).update(**changed)
        document.state = after
        self._keep(answer, document, "applied")
        self.counted[answer.status] += 1

    def _set_aside(self, code: str, answer: Result, document: TaxDocument | None, field: str, *, seen: str, wanted: str) -> None:
        where = f"line {answer.line}"
        self.findings.append(Finding(code, "tax_results", answer.reference, field, seen, wanted, HELP, where=where))
        self._keep(answer, document, "contradicts" if document else "unknown")
        self.counted[SET_ASIDE] += 1

    def _keep(self, answer: Result, document: TaxDocument | None, verdict: str) -> None:
        TaxResult(
            result_id=result_id(answer),
            document=document,
            reference=answer.reference,
            status=answer.status,
            number=answer.number or None,
            reason=answer.reason or None,
            told_on=answer.decided_on,
            verdict=verdict,
            file_sha256=self.file_sha256,
            line_no=answer.line,
            taken_by_id=self.by_id,
            taken_at=self.at,
        ).save(force_insert=True)
        self.kept += 1


def _parts(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[start : start + LOOKED_UP] for start in range(0, len(values), LOOKED_UP))
