"""What a cycle does about a second currency: one currency a party before statements are made, and taxes reported in the law's own.

Only a cycle with tax lines in another currency than the one the country's taxes are reported in has `tax_fx` and what stands behind it
among its outputs; every other plan is what it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from tuntas.engine import Engine
from tuntas.flow.assess import exchange
from tuntas.formats.coretax.findings import found
from tuntas.formats.fx_rates import FxRate, known_rates, read_fx_rates
from tuntas.kernel.findings import Finding
from tuntas.kernel.refusals import Refusal
from tuntas.tables import table

Row = Mapping[str, object]
_OTHERS = """
SELECT count(*)
FROM tax_lines AS t
LEFT JOIN tax_currencies AS c ON c.currency <> t.currency
WHERE c.row_id IS NOT NULL
"""
_HELD = "SELECT * FROM tax_fx WHERE hold_code IS NOT NULL ORDER BY doc_kind, doc_id, tax, tax_code, object_code"
_SEEN = """
SELECT party_id, string_agg(DISTINCT currency, ' and ' ORDER BY currency) AS currencies
FROM (
    SELECT vendor_id AS party_id, currency FROM audited
    UNION ALL SELECT vendor_id, currency FROM bill_lines
    UNION ALL SELECT party_id, currency FROM unbilled
    UNION ALL SELECT party_id, currency FROM openings WHERE opening_minor <> 0
)
GROUP BY party_id HAVING count(DISTINCT currency) > 1 ORDER BY party_id
"""


class PartyInTwoCurrencies(Refusal):
    """A party would be settled in two currencies in one cycle; a statement holds one, and no sum mixes two."""

    code = "CYCLE-CURRENCY-01"


def refuse_two_currencies(engine: Engine) -> None:
    """Raise `PartyInTwoCurrencies` when opening, bills, expectations or accruals of one party stand in more than one currency."""
    seen = engine.rows(_SEEN)
    if seen:
        told = "; ".join(f"{party} in {currencies}" for party, currencies in seen[:5]) + (" ..." if len(seen) > 5 else "")
        raise PartyInTwoCurrencies(
            f"saw {told}; wanted one currency a party in a cycle; have it billed in the currency its agreement is settled in and its balance is held"
            " in, or enter what it bills in another as a party and an agreement of their own"
        )


@dataclass(frozen=True, slots=True)
class TaxesReported:
    """The tables a cycle has because of taxes in another currency (none without one), and a finding for each line that waits."""

    tables: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def report_taxes(
    engine: Engine, *, law: Sequence[Row], rates: Path, decimal_places: Mapping[str, int], as_of: date | None
) -> TaxesReported:
    """Put the tax lines of an assessed cycle that stand in another currency into the one the country's taxes are reported in.

    `law` are the pack's rows of `tax_currencies`, `rates` the case's file of rates. Nothing is loaded or run where no line needs it.
    """
    engine.load_rows(table("tax_currencies"), law)
    if not law or not engine.value(_OTHERS):
        return TaxesReported()
    held = known_rates(read_fx_rates(rates, decimal_places=decimal_places).rates, as_of=as_of)
    into = {(row["fx_source"], row["currency"]) for row in law}
    used = {currency for (currency,) in engine.rows("SELECT DISTINCT currency FROM tax_lines")}
    wanted = [rate for rate in held if (rate.source, rate.into) in into and rate.currency in used]
    engine.load_rows(table("tax_rates"), [rate_row(rate) for rate in wanted])
    engine.run(exchange.STAGE)
    findings = tuple(waiting_tax(row, row_id="|".join(str(row[name]) for name in exchange.KEY)) for row in engine.dicts(_HELD))
    return TaxesReported(("tax_currencies", "tax_rates", "tax_fx"), findings)


def waiting_tax(row: Row, *, row_id: str) -> Finding:
    """Return the finding of a row of `tax_fx` that waits, in English; `in_indonesian` gives the other."""
    seen = f"{row['fx_source']} {row['currency']}/{row['reported_in']} {row['exchanged_on']}"
    told = found(
        str(row["hold_code"]), table="tax_fx", row_id=row_id, field="exchanged_on",
        seen=f"{seen}: {row['candidates']}" if row["candidates"] else seen,
    )  # fmt: skip
    return replace(told, where=f"parties: {row['party_id']}")


def rate_row(rate: FxRate) -> dict[str, object]:
    """Return a rate as a row of `tax_rates`."""
    return {
        "source": rate.source, "currency": rate.currency, "reported_in": rate.into, "valid_from": rate.valid_from, "valid_to": rate.valid_to,
        "rate_num": rate.rate_num, "rate_den": rate.rate_den, "published": rate.published, "known_on": rate.known_on,
        "reference": rate.reference or None, "source_ref": rate.source_ref,
    }  # fmt: skip
