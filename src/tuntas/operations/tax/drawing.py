"""Draw the tax documents of settled cycles into the books. Drawn once a cycle; drawing again adds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from tuntas.kernel.ids import digest
from tuntas.kernel.refusals import Refusal
from tuntas.operations.approve import plan_of, proven_document
from tuntas.operations.books import home_of
from tuntas.operations.tax.owed import OwedDocument, document_id, owed_documents
from tuntas.store.models import Cycle, TaxDocument, Trail
from tuntas.store.people import person
from tuntas.store.runs import run_home
from tuntas.store.trail import lock_books, remember

State = TaxDocument.State
DRAWN = "tax documents drawn"
BATCH = 500
CORRECTION = "_correction"


class TaxDocumentUnknown(Refusal):
    """The books know no tax document of this id."""

    code = "TAX-DOCUMENT-01"


class TaxDocumentState(Refusal):
    """A tax document is not in the state the act needs."""

    code = "TAX-DOCUMENT-02"


@dataclass(frozen=True, slots=True)
class Drawn:
    """What drawing a cycle's documents came to."""

    cycle_id: str
    documents: int


def draw_documents(*, by: str, home: Path | None = None, at: datetime | None = None) -> list[Drawn]:
    """Draw the documents of every settled cycle that has none yet, the oldest cycle first. Returns the cycles drawn now.

    Each cycle is one transaction with one line in the trail. Raises `PlanAltered` when a run's files are not what was approved.
    """
    settled = Cycle.objects.filter(settled_by__isnull=False).order_by("period_from", "cycle_id")
    done = set(Trail.objects.filter(act=DRAWN).values_list("subject", flat=True))
    waiting = [cycle for cycle in settled if str(cycle.settled_by_id) not in done]
    if not waiting:
        # Whoever only looks need not be somebody who may act.
        return []
    who, now, where = person(by), at or timezone.now(), home_of(home)
    drawn = []
    for cycle in waiting:
        plan_digest = str(cycle.settled_by_id)
        plan = plan_of(plan_digest)
        folder = run_home(where, plan_digest)
        owed = owed_documents(folder, proven_document(plan, folder))
        with transaction.atomic():
            lock_books()
            if Trail.objects.filter(act=DRAWN, subject=plan_digest).exists():
                continue
            _keep(owed, plan_digest)
            facts = {"cycle": cycle.cycle_id, "documents": len(owed), "digest": told_digest(owed)}
            remember(act=DRAWN, subject=plan_digest, facts=facts, by_id=who.pk, at=now)
        drawn.append(Drawn(cycle.cycle_id, len(owed)))
    return drawn


def told_digest(owed: Sequence[OwedDocument]) -> str:
    """Return the digest of what a cycle calls for; the trail keeps it. Deadlines are left out: a decree may move them afterwards."""
    return digest([item.as_row() | {"upload_by": None} for item in sorted(owed, key=lambda item: item.document_id)])


def send_back(*, document_ids: Sequence[str], by: str, at: datetime | None = None) -> int:
    """Make rejected documents due again, once what was wrong is corrected. Returns how many.

    Raises `TaxDocumentUnknown` or, for one that is not rejected, `TaxDocumentState`; then nothing changes.
    """
    who, now = person(by), at or timezone.now()
    with transaction.atomic():
        lock_books()
        for document in [_in_state(item, State.REJECTED) for item in document_ids]:
            TaxDocument.objects.filter(pk=document.pk).update(state=State.DUE, export=None, decided_on=None, reason=None)
            facts = {"reason": document.reason}
            remember(act="tax document due again", subject=document.pk, facts=facts, by_id=who.pk, at=now)
    return len(document_ids)


def replace_document(*, document: str, reason: str, by: str, at: datetime | None = None) -> str:
    """Draw the replacement of an approved document, due at once; the original is replaced when the replacement is approved.

    Returns the id of the replacement, the same when asked again while it is under way (PER-11/PJ/2025: faktur pengganti).
    Raises `TaxDocumentUnknown`, `TaxDocumentState`.
    """
    who, now = person(by), at or timezone.now()
    with transaction.atomic():
        lock_books()
        old = _in_state(document, State.APPROVED)
        key = (old.plan.cycle_id, old.source_kind, old.source_id, old.tax, old.tax_code, old.object_code)
        new_id = document_id(*key, revision=old.revision + 1)
        if not TaxDocument.objects.filter(pk=new_id).exists():
            kept = {name: getattr(old, name) for name in _KEPT}
            new = TaxDocument(
                **kept, document_id=new_id, plan_id=old.plan_id, revision=old.revision + 1, undoes=old, state=State.DUE
            )
            new.save(force_insert=True)
            facts = {"replaces": old.pk, "reason": reason}
            remember(act="tax document replaced", subject=new_id, facts=facts, by_id=who.pk, at=now)
    return new_id


def cancel_document(*, document: str, reason: str, by: str, at: datetime | None = None) -> None:
    """Record that an approved document was cancelled with the authority, such as one made out to the wrong buyer.

    Its tax stands in the books until a later cycle takes it back. Raises `TaxDocumentUnknown`, `TaxDocumentState`.
    """
    who, now = person(by), at or timezone.now()
    with transaction.atomic():
        lock_books()
        found = _in_state(document, State.APPROVED)
        TaxDocument.objects.filter(pk=found.pk).update(state=State.CANCELLED)
        facts = {"number": found.number, "reason": reason}
        remember(act="tax document cancelled", subject=found.pk, facts=facts, by_id=who.pk, at=now)


_KEPT = (
    "period",
    "kind",
    "form",
    "source_kind",
    "source_id",
    "party_id",
    "tax",
    "tax_code",
    "object_code",
    "taxed_on",
    "base_minor",
    "rate_ppm",
    "amount_minor",
    "currency",
    "row_id",
    "posted_line",
    "upload_by",
)


def _in_state(document: str, state: str) -> TaxDocument:
    found = TaxDocument.objects.filter(pk=document).first()
    if found is None:
        raise TaxDocumentUnknown(f"saw document {document!r}, which the books do not know; wanted one of `tuntas tax documents`")
    if found.state != state:
        raise TaxDocumentState(f"saw document {document} {found.state}; wanted it {state}; look at what was done with it")
    return found


def _keep(owed: Sequence[OwedDocument], plan_digest: str) -> None:
    """Write the documents; a note points to the one it gives back whole, the oldest not undone yet; one that gives back a part, to none."""
    taken: set[str] = set()
    made = []
    for item in owed:
        undoes = _undone_by(item, taken) if item.kind == "note" else None
        if undoes:
            taken.add(undoes)
        state = State.RECEIVED if item.kind in ("received", "none") else State.DUE
        made.append(TaxDocument(**item.as_row(), plan_id=plan_digest, undoes_id=undoes, state=state))
    TaxDocument.objects.bulk_create(made, batch_size=BATCH)


def _undone_by(note: OwedDocument, taken: set[str]) -> str | None:
    same: dict[str, Any] = {
        name: getattr(note, name) for name in ("party_id", "tax", "tax_code", "object_code", "form", "currency")
    }
    found = TaxDocument.objects.filter(**same, amount_minor=-note.amount_minor, undone_by=None).exclude(pk__in=taken)
    if note.source_kind.endswith(CORRECTION):
        # A correction names the document whose tax it gives back.
        found = found.filter(source_kind=note.source_kind.removesuffix(CORRECTION), source_id=note.source_id)
    return next(iter(found.order_by("taxed_on", "document_id").values_list("document_id", flat=True)[:1]), None)
