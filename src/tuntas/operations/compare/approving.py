"""Record a comparison in the books, and sign its differences: another person than whoever made it, over exactly these bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from tuntas.kernel.ids import canonical
from tuntas.kernel.refusals import Refusal
from tuntas.operations.compare.keeping import ComparisonAltered, find_comparison, read_comparison, seal_of_comparison
from tuntas.store.models import Comparison, ComparisonApproval
from tuntas.store.people import person
from tuntas.store.trail import lock_books, remember


class ComparisonNotRecorded(Refusal):
    """The books do not know who made a comparison."""

    code = "COMPARE-APPROVE-01"


class SameHands(Refusal):
    """Whoever made a comparison cannot sign it."""

    code = "COMPARE-APPROVE-02"


class ComparisonUnsigned(Refusal):
    """Adjustments are asked of a comparison nobody has signed."""

    code = "COMPARE-APPROVE-03"


def record_comparison(*, home: Path, digest: str, by: str, at: datetime | None = None) -> Comparison:
    """Take a kept comparison into the books; `by` is whoever made it first. Recording it again changes nothing.

    Raises `ComparisonUnknown` or `ComparisonAltered`.
    """
    document = read_comparison(find_comparison(home=home, start=digest))
    who, now, seal = person(by), at or timezone.now(), seal_of_comparison(document)
    with transaction.atomic():
        lock_books()
        known = Comparison.objects.filter(digest=digest).first()
        if known is not None:
            _prove(known, seal)
            return known
        made = Comparison(digest=digest, seal=seal, versions=canonical(document["versions"]), made_by_id=who.pk, made_at=now)
        made.save(force_insert=True)
        remember(act="compared", subject=digest, facts={"seal": seal, "cycles": document["cycles"]}, by_id=who.pk, at=now)
    return made


def approve_comparison(*, home: Path, start: str, by: str, at: datetime | None = None) -> ComparisonApproval:
    """Sign the differences of the comparison whose digest begins so, as somebody other than its maker. Twice is once.

    Raises `ComparisonUnknown`, `ComparisonAltered`, `ComparisonNotRecorded` or `SameHands`.
    """
    folder = find_comparison(home=home, start=start)
    seal = seal_of_comparison(read_comparison(folder))
    who, now = person(by), at or timezone.now()
    with transaction.atomic():
        lock_books()
        made = Comparison.objects.filter(digest=folder.name).first()
        if made is None:
            raise ComparisonNotRecorded(
                f"saw comparison {folder.name[:12]}, which the books of this home do not know; wanted one made here; compare again"
            )
        _prove(made, seal)
        if made.made_by_id == who.pk:
            raise SameHands(f"saw {by} signing a comparison {by} made; wanted another person; ask a colleague to read its report")
        known = ComparisonApproval.objects.filter(comparison=made).first()
        if known is not None:
            return known
        signed = ComparisonApproval(comparison=made, seal=seal, maker_id=made.made_by_id, approver_id=who.pk, approved_at=now)
        signed.save(force_insert=True)
        facts = {"seal": seal, "maker": made.made_by_id}
        remember(act="approved comparison", subject=made.digest, facts=facts, by_id=who.pk, at=now)
    return signed


def signed_comparison(*, home: Path, start: str) -> tuple[Path, dict[str, Any]]:
    """Return folder and document of a signed comparison, proven against its signature.

    Raises `ComparisonUnknown`, `ComparisonAltered` or `ComparisonUnsigned`.
    """
    folder = find_comparison(home=home, start=start)
    document = read_comparison(folder)
    signed = ComparisonApproval.objects.filter(comparison_id=folder.name).first()
    if signed is None:
        raise ComparisonUnsigned(
            f"saw comparison {folder.name[:12]} without a signature; wanted one signed by a second person; "
            f"run `tuntas compare approve {folder.name[:12]} --as NAME`"
        )
    if signed.seal != seal_of_comparison(document):
        raise ComparisonAltered(f"saw comparison {folder.name[:12]} differ from what was signed; compare again")
    return folder, document


def signed_versions() -> set[tuple[str, int, str]]:
    """Return (agreement, version, content digest) of everything that a signed comparison tried."""
    import json

    told: Iterable[str] = Comparison.objects.filter(approval__isnull=False).values_list("versions", flat=True)
    return {(str(a), int(v), str(d)) for text in told for a, v, d in json.loads(text)}


def _prove(made: Comparison, seal: str) -> None:
    if made.seal != seal:
        raise ComparisonAltered(
            f"saw the document of comparison {made.digest[:12]} differ from the recorded one; wanted it untouched; compare again"
        )
