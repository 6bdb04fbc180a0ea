"""The checks of a slip, or of a document equated with one, beyond its layout."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tuntas.formats.coretax.documents import EquatedDocument, Slip
from tuntas.formats.coretax.field_checks import table_of
from tuntas.formats.coretax.findings import found
from tuntas.formats.coretax.rules import FileRules
from tuntas.kernel.findings import Finding
from tuntas.kernel.rounding import PPM, mul_ratio

BRANCH_LENGTH, TIN_LENGTH = 22, 16
# A row of law whose code nobody has read holds a placeholder such as 21-100-xx, which must not reach a file.
_OBJECT_CODE = re.compile("[0-9]{2}-[0-9]{3}-[0-9]{2}")


def computed_tax(slip: Slip | EquatedDocument) -> int:
    """Return the tax Coretax computes: base x deemed part x rate, rounded half up once to the whole rupiah (PER-11/PJ/2025 art. 129)."""
    deemed_ppm = slip.deemed_ppm if isinstance(slip, Slip) else PPM
    return mul_ratio(slip.base_minor, deemed_ppm * slip.rate_ppm, PPM * PPM)


def check_slip(slip: Slip | EquatedDocument, rules: FileRules, *, tin: str) -> Iterator[Finding]:
    """Yield what is wrong with a slip of the payer `tin`. What follows from the layout alone is not repeated here."""

    def wrong(code: str, field: str, seen: object, wanted: str = "", money_minor: int | None = None) -> Finding:
        table = table_of(slip.form)
        return found(code, table=table, row_id=slip.document_id, field=field, seen=seen, wanted=wanted, money_minor=money_minor)

    branch, day = (slip.payer_branch_id, slip.withheld_on) if isinstance(slip, Slip) else (slip.branch_id, slip.billed_on)
    if slip.payee_tin and not slip.payee_tin.strip("0"):
        yield wrong("CORETAX-SLIP-01", "CounterpartTin", slip.payee_tin)
    full = isinstance(slip, Slip) and (len(slip.payee_branch_id), len(slip.payee_tin)) == (BRANCH_LENGTH, TIN_LENGTH)
    if isinstance(slip, Slip) and full and not slip.payee_branch_id.startswith(slip.payee_tin):
        yield wrong("CORETAX-SLIP-02", "IDPlaceOfBusinessActivityOfIncomeRecipient", slip.payee_branch_id)
    if branch and not branch.startswith(tin):
        yield wrong("CORETAX-SLIP-03", "IDPlaceOfBusinessActivity", branch)
    if not 1 <= slip.period_month <= 12:
        yield wrong("CORETAX-SLIP-07", "TaxPeriodMonth", slip.period_month)
    elif isinstance(slip, Slip) and (day.year, day.month) != (slip.period_year, slip.period_month):
        yield wrong("CORETAX-SLIP-04", "WithholdingDate", day, f"a day of {slip.period_year}-{slip.period_month:02d}")
    if day > rules.on:
        yield wrong("CORETAX-SLIP-08", "WithholdingDate", day, f"{rules.on} or earlier")
    tax = computed_tax(slip)
    if tax != slip.tax_minor:
        # One rupiah is another rounding (tax was rounded down before PER-11/PJ/2025); more is another base or rate.
        code = "CORETAX-SLIP-09" if abs(tax - slip.tax_minor) == 1 else "CORETAX-SLIP-05"
        yield wrong(code, "Rate", slip.tax_minor, f"{tax} rupiah, as Coretax computes it", slip.tax_minor)
    if not _OBJECT_CODE.fullmatch(slip.object_code):
        yield wrong("CORETAX-SLIP-10", "TaxObjectCode", slip.object_code)
    # The list on file has no objects of its own for these two forms, so there is nothing to hold them to.
    elif slip.form not in ("DDBU", "BPCY") and rules.objects.get(slip.object_code) != slip.form:
        yield wrong("CORETAX-SLIP-06", "TaxObjectCode", slip.object_code)
