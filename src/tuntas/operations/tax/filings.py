"""Record that a return was filed or a tax paid, with its evidence. A payment counts once a second person has approved it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from tuntas.kernel.ids import derived_id
from tuntas.kernel.periods import month
from tuntas.kernel.refusals import Refusal
from tuntas.operations.approve import SamePerson
from tuntas.operations.books import home_of
from tuntas.operations.tax.reporting import reporting_currencies
from tuntas.operations.tax.tax_accounts import COST, tax_accounts
from tuntas.store.models import TaxFiling
from tuntas.store.people import person
from tuntas.store.readings.tax import cycle_countries
from tuntas.store.trail import lock_books, remember

ACTS = ("file", "pay")
LARGEST_EVIDENCE = 50_000_000


class FilingWrong(Refusal):
    """A filing names no tax, act or amount the books can take."""

    code = "TAX-FILING-01"


class FilingTwice(Refusal):
    """The return of this tax and period is on record already, with other words."""

    code = "TAX-FILING-02"


class FilingUnknown(Refusal):
    """The books know no filing of this id, or it is not waiting."""

    code = "TAX-FILING-03"


class EvidenceUnreadable(Refusal):
    """The file that evidences a filing is absent, empty or too large."""

    code = "TAX-FILING-04"


@dataclass(frozen=True, slots=True)
class Filing:
    """A filing as it stands."""

    filing_id: str
    tax: str
    period: str
    act: str
    amount_minor: int
    currency: str
    state: str


def record_filing(
    *,
    tax: str,
    period: str,
    act: str,
    amount_minor: int,
    currency: str,
    done_on: date,
    reference: str,
    evidence: Path,
    by: str,
    correction: int = 0,
    home: Path | None = None,
    at: datetime | None = None,
) -> Filing:
    """Record one return filed (`file`) or tax paid (`pay`), and keep its evidence below the home by its SHA-256.

    `amount_minor` is in minor units; a return may be below zero, a payment may not. `correction` counts corrections of a return. The
    same filing recorded again changes nothing. Raises `FilingWrong`, `FilingTwice`, `EvidenceUnreadable`, `PeriodUnreadable`.
    """
    month(period)
    known = {item.tax for item in tax_accounts().values()} - {COST}
    if tax not in known or act not in ACTS or not reference.strip() or correction < 0 or (act == "pay" and amount_minor <= 0):
        raise FilingWrong(
            f"saw {act!r} of {tax!r}, {amount_minor} with reference {reference!r}; wanted file or pay, one of "
            f"{', '.join(sorted(known))}, a reference, and for a payment an amount above zero; correct it"
        )
    country = cycle_countries().get(period)
    into = sorted(reporting_currencies(country)) if country else []
    if into and currency not in into:
        raise FilingWrong(
            f"saw {tax} of {period} filed or paid in {currency}; wanted {' or '.join(into)}, the currency taxes are reported in; give the amount of"
            " the tax calendar"
        )
    who, now = person(by), at or timezone.now()
    data = _evidence(evidence)
    sha = hashlib.sha256(data).hexdigest()
    key = derived_id("TF", tax, period, act, correction, currency, reference.strip(), amount_minor, done_on, sha)
    with transaction.atomic():
        lock_books()
        found = TaxFiling.objects.filter(pk=key).first()
        if found is not None:
            return _as_told(found)
        same = TaxFiling.objects.filter(tax=tax, period=period, act="file", correction=correction, currency=currency)
        other = same.exclude(state=TaxFiling.State.WITHDRAWN).first() if act == "file" else None
        if other is not None:
            raise FilingTwice(
                f"saw the return of {tax} for {period} filed as {other.reference!r} already; wanted one return a tax and period; "
                f"record a correction with number {correction + 1}, or withdraw the first"
            )
        keep_file(home_of(home), "evidence", sha, data)
        made = TaxFiling(
            filing_id=key,
            tax=tax,
            period=period,
            act=act,
            correction=correction,
            amount_minor=amount_minor,
            currency=currency,
            done_on=done_on,
            reference=reference.strip(),
            evidence_name=evidence.name,
            evidence_sha256=sha,
            recorded_by_id=who.pk,
            recorded_at=now,
        )
        made.save(force_insert=True)
        facts = {"tax": tax, "period": period, "act": act, "amount_minor": amount_minor, "evidence": sha}
        remember(act="tax filing recorded", subject=key, facts=facts, by_id=who.pk, at=now)
    return _as_told(made)


def approve_filing(*, filing_id: str, by: str, at: datetime | None = None) -> Filing:
    """Approve a recorded filing as somebody other than who recorded it. Approving it again changes nothing.

    Raises `SamePerson`, `FilingUnknown`.
    """
    who, now = person(by), at or timezone.now()
    with transaction.atomic():
        lock_books()
        found = _filing(filing_id)
        if found.recorded_by_id == who.pk:
            raise SamePerson(f"saw {by} approving a filing {by} recorded; wanted another person; ask a colleague to look at it")
        if found.state == TaxFiling.State.APPROVED:
            return _as_told(found)
        _waiting(found)
        TaxFiling.objects.filter(pk=filing_id).update(state=TaxFiling.State.APPROVED, approved_by_id=who.pk, approved_at=now)
        remember(
            act="tax filing approved", subject=filing_id, facts={"tax": found.tax, "period": found.period}, by_id=who.pk, at=now
        )
        return _as_told(_filing(filing_id))


def withdraw_filing(*, filing_id: str, reason: str, by: str, at: datetime | None = None) -> Filing:
    """Withdraw a filing recorded by mistake, while nobody has approved it. Raises `FilingUnknown`."""
    who, now = person(by), at or timezone.now()
    with transaction.atomic():
        lock_books()
        _waiting(_filing(filing_id))
        TaxFiling.objects.filter(pk=filing_id).update(state=TaxFiling.State.WITHDRAWN)
        remember(act="tax filing withdrawn", subject=filing_id, facts={"reason": reason}, by_id=who.pk, at=now)
        return _as_told(_filing(filing_id))


def keep_file(home: Path, folder: str, sha256: str, data: bytes) -> Path:
    """Keep bytes below the home under the name of their SHA-256, and return where. Keeping them again changes nothing."""
    path = home / "tax" / folder / sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        draft = path.with_suffix(".draft")
        draft.write_bytes(data)
        draft.replace(path)
    return path


def _evidence(path: Path) -> bytes:
    size = path.stat().st_size if path.is_file() else 0
    if not 0 < size <= LARGEST_EVIDENCE:
        raise EvidenceUnreadable(
            f"saw {path.name} of {size} bytes; wanted a file of 1 to {LARGEST_EVIDENCE} bytes; give the receipt as a file"
        )
    return path.read_bytes()


def _filing(filing_id: str) -> TaxFiling:
    found = TaxFiling.objects.filter(pk=filing_id).first()
    if found is None:
        raise FilingUnknown(
            f"saw filing {filing_id!r}, which the books do not know; wanted one on record; look at the tax calendar"
        )
    return found


def _waiting(found: TaxFiling) -> None:
    if found.state != TaxFiling.State.RECORDED:
        raise FilingUnknown(f"saw filing {found.filing_id} {found.state}; wanted one that waits; it stands as it is")


def _as_told(found: TaxFiling) -> Filing:
    return Filing(found.filing_id, found.tax, found.period, found.act, int(found.amount_minor), found.currency, str(found.state))
