"""Pay: gather proposed payments into batches, have a second person approve each, post them, and write the bank file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from tuntas import packs
from tuntas.formats.payment_file import Account, Instruction, write_pain001
from tuntas.formats.payment_file import PaymentBatch as FileBatch
from tuntas.kernel.ids import digest
from tuntas.kernel.refusals import Refusal
from tuntas.ledger import payment_entry
from tuntas.operations.approve import SamePerson, refuse_closed
from tuntas.operations.books import home_of
from tuntas.operations.transfers import parts_of, sendable_on, sums_match
from tuntas.store.models import Cycle, Party, Payment, PaymentBatch, Period
from tuntas.store.people import person
from tuntas.store.posting import post_entries
from tuntas.store.trail import lock_books, remember
from tuntas.tables import table

LINE_TYPES = {"int": pa.int64(), "date": pa.date32()}


class CycleNotSettled(Refusal):
    """The books know no settled cycle of this name, so nothing can be paid."""

    code = "PAY-CYCLE-01"


class BatchUnknown(Refusal):
    """The books know no batch of this name."""

    code = "PAY-BATCH-01"


class BatchAltered(Refusal):
    """The payments of a batch are not what was proposed."""

    code = "PAY-BATCH-02"


class BatchNotApproved(Refusal):
    """A batch leaves only after a second person has approved it."""

    code = "PAY-BATCH-03"


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it stands. Amount in minor units of its currency."""

    batch_id: str
    pay_on: date
    rail: str
    count: int
    total_minor: int
    currency: str
    state: str


@dataclass(frozen=True, slots=True)
class BankFile:
    """A written bank file."""

    path: Path
    count: int
    total_minor: int
    sha256: str


def propose_batches(*, cycle_id: str, by: str, at: datetime | None = None) -> list[Batch]:
    """Gather a cycle's proposed payments that are in no batch into one batch a day, rail and currency.

    Returns every batch of the cycle, those of earlier calls included; with nothing left to gather nothing changes.
    Raises `CycleNotSettled`.
    """
    who, now = person(by), at or timezone.now()
    with transaction.atomic():
        lock_books()
        if not Cycle.objects.filter(cycle_id=cycle_id, settled_by__isnull=False).exists():
            raise CycleNotSettled(f"saw cycle {cycle_id!r} not settled; wanted an applied plan; approve and apply its plan first")
        waiting = Payment.objects.filter(statement__cycle_id=cycle_id, state=Payment.State.PROPOSED, batch=None)
        groups: dict[tuple[date, str, str], list[Payment]] = {}
        for payment in waiting.order_by("payment_id"):
            groups.setdefault((payment.pay_on, payment.rail, payment.currency), []).append(payment)
        number = PaymentBatch.objects.filter(cycle_id=cycle_id).count()
        for (pay_on, rail, currency), payments in sorted(groups.items()):
            number += 1
            batch = PaymentBatch(
                batch_id=f"PB/{cycle_id}/{number:02d}",
                cycle_id=cycle_id,
                pay_on=pay_on,
                rail=rail,
                currency=currency,
                payment_count=len(payments),
                total_minor=sum(item.amount_minor for item in payments),
                digest=batch_digest(payments),
                proposed_by_id=who.pk,
                proposed_at=now,
            )
            batch.save(force_insert=True)
            ids = [item.payment_id for item in payments]
            for start in range(0, len(ids), 500):
                Payment.objects.filter(payment_id__in=ids[start : start + 500]).update(batch_id=batch.batch_id)
            facts = {"payments": len(payments), "total_minor": batch.total_minor, "digest": batch.digest}
            remember(act="batch proposed", subject=batch.batch_id, facts=facts, by_id=who.pk, at=now)
        return [_told(batch) for batch in PaymentBatch.objects.filter(cycle_id=cycle_id).order_by("batch_id")]


def approve_batch(*, batch_id: str, by: str, at: datetime | None = None) -> Batch:
    """Approve a proposed batch as somebody other than its proposer, and post its payments: payable to in transit.

    Approving an approved batch again changes nothing. Raises `SamePerson`, `BatchUnknown`, `BatchAltered`, `PeriodNotOpen`.
    """
    who, now = person(by), at or timezone.now()
    with transaction.atomic():
        lock_books()
        batch = _batch(batch_id)
        if batch.proposed_by_id == who.pk:
            raise SamePerson(
                f"saw {by} approving a batch {by} proposed; wanted another person; ask a colleague to look at {batch_id}"
            )
        if batch.state != PaymentBatch.State.PROPOSED:
            return _told(batch)
        payments = _payments(batch)
        booked_on = timezone.localtime(now).date()
        entries = [
            payment_entry(
                payment_id=item.payment_id,
                party_id=item.party_id,
                side=item.statement.side,
                amount_minor=item.amount_minor,
                currency=item.currency,
                cycle_id=batch.cycle_id,
                booked_on=booked_on,
            )
            for item in payments
        ]
        month = f"{booked_on:%Y-%m}"
        refuse_closed([month])
        Period.objects.get_or_create(period=month)
        settled_by = Cycle.objects.values_list("settled_by_id", flat=True).get(cycle_id=batch.cycle_id)
        post_entries(
            _arrow("entries", [entry.as_row() for entry in entries]),
            _arrow("entry_lines", [line for entry in entries for line in entry.line_rows()]),
            plan_digest=str(settled_by),
            recorded_at=now,
        )
        changed = {"state": PaymentBatch.State.APPROVED, "approved_by_id": who.pk, "approved_at": now}
        PaymentBatch.objects.filter(batch_id=batch_id).update(**changed)
        Payment.objects.filter(batch_id=batch_id).update(state=Payment.State.APPROVED)
        facts = {"payments": batch.payment_count, "total_minor": batch.total_minor, "digest": batch.digest}
        remember(act="batch approved", subject=batch_id, facts=facts, by_id=who.pk, at=now)
        return _told(_batch(batch_id))


def write_batch_file(*, batch_id: str, folder: Path, at: datetime | None = None, home: Path | None = None) -> BankFile:
    """Write an approved batch as an ISO 20022 file in `folder` and mark it sent. Writing it again gives the same bytes.

    The paying account is the platform's own, from the books; a payment the plan divided goes as its transfers. A pay date that had
    passed when the batch was approved, the cut-off of the rail included, becomes the next day the rail takes it.
    Raises `BatchNotApproved`, `BatchUnknown`, `BatchAltered`.
    """
    batch = _batch(batch_id)
    if batch.state == PaymentBatch.State.PROPOSED or batch.approved_at is None:
        raise BatchNotApproved(f"saw batch {batch_id} {batch.state}; wanted an approved one; ask a second person to approve it")
    payments = _payments(batch)
    cycle = Cycle.objects.get(cycle_id=batch.cycle_id)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{batch_id.replace('/', '-')}.xml"
    created_at = timezone.localtime(batch.approved_at)
    payer = Party.objects.get(party_id=cycle.platform_id)
    pay_on = sendable_on(
        country=cycle.country,
        rail=batch.rail,
        pay_on=batch.pay_on,
        at=created_at.replace(tzinfo=None),
        our_bic=payer.bank_bic,
    )
    parts = {} if cycle.settled_by_id is None else parts_of(home=home_of(home), plan=str(cycle.settled_by_id))
    made = write_pain001(
        path,
        batch=FileBatch(
            batch_id=batch_id,
            pay_on=pay_on,
            rail=batch.rail,
            created_at=created_at,
            currency=batch.currency,
            instructions=tuple(made for item in payments for made in _instructions(item, parts.get(item.payment_id, []))),
            decimal_places=packs.load(cycle.country).places[batch.currency],
        ),
        debtor=_account(payer),
    )
    with transaction.atomic():
        lock_books()
        if _batch(batch_id).state == PaymentBatch.State.APPROVED:
            changed = {"state": PaymentBatch.State.SENT, "file_name": path.name, "file_sha256": made.sha256}
            PaymentBatch.objects.filter(batch_id=batch_id).update(**changed)
            Payment.objects.filter(batch_id=batch_id, state=Payment.State.APPROVED).update(state=Payment.State.SENT)
            facts = {"file": path.name, "sha256": made.sha256}
            remember(act="batch sent", subject=batch_id, facts=facts, by_id=int(batch.approved_by_id or 0), at=at or timezone.now())
    return BankFile(path=path, count=made.count, total_minor=made.total_minor, sha256=made.sha256)


def batch_digest(payments: list[Payment]) -> str:
    """Return the digest of what a batch pays: whom, how much, to which account."""
    return digest(
        [
            [p.payment_id, p.party_id, p.amount_minor, p.currency, p.bank_bic, p.bank_account, p.bank_account_name]
            for p in sorted(payments, key=lambda item: item.payment_id)
        ]
    )


def _instructions(payment: Payment, parts: list[dict[str, Any]]) -> list[Instruction]:
    payee = _account(payment)
    if not parts:
        return [Instruction(payment.payment_id, payee, payment.amount_minor, payment.statement_id)]
    if not sums_match(parts, amount_minor=payment.amount_minor):
        raise BatchAltered(
            f"saw {len(parts)} transfers of {payment.payment_id} that do not make {payment.amount_minor}; wanted their sum to be the "
            "payment; verify the books"
        )
    return [Instruction(str(part["transfer_id"]), payee, int(part["amount_minor"]), payment.statement_id) for part in parts]


def _payments(batch: PaymentBatch) -> list[Payment]:
    found = list(Payment.objects.filter(batch_id=batch.batch_id).select_related("statement").order_by("payment_id"))
    if batch_digest(found) != batch.digest:
        raise BatchAltered(
            f"saw the payments of {batch.batch_id} differ from what was proposed; wanted {batch.payment_count} payments of "
            f"{batch.total_minor} in all; verify the books"
        )
    return found


def _batch(batch_id: str) -> PaymentBatch:
    found = PaymentBatch.objects.filter(batch_id=batch_id).first()
    if found is None:
        raise BatchUnknown(f"saw batch {batch_id!r}, which the books do not know; wanted one they know; propose batches first")
    return found


def _told(batch: PaymentBatch) -> Batch:
    return Batch(batch.batch_id, batch.pay_on, batch.rail, batch.payment_count, batch.total_minor, batch.currency, batch.state)


def _account(holder: Payment | Party) -> Account:
    return Account(holder.bank_account_name or "", holder.bank_bic or "", holder.bank_account or "", holder.currency)


def _arrow(name: str, rows: list[dict[str, object]]) -> pa.Table:
    shape = pa.schema([(c.name, LINE_TYPES.get(c.type, pa.string())) for c in table(name).columns])
    return pa.Table.from_pylist(rows, schema=shape)
