"""Hold a cycle to one currency a party before statements are made, and say which parties do not."""

from __future__ import annotations

from tuntas.engine import Engine
from tuntas.kernel.refusals import Refusal

_SEEN = """
SELECT party_id, string_agg(DISTINCT currency, ' and ' ORDER BY currency) AS currencies
FROM (
    SELECT vendor_id AS party_id, currency FROM audited
    UNION ALL SELECT vendor_id, currency FROM bill_lines
    UNION ALL SELECT party_id, currency FROM unbilled
)
GROUP BY party_id HAVING count(DISTINCT currency) > 1 ORDER BY party_id
"""


class PartyInTwoCurrencies(Refusal):
    """A party would be settled in two currencies in one cycle; a statement holds one, and no sum mixes two."""

    code = "CYCLE-CURRENCY-01"


def refuse_two_currencies(engine: Engine) -> None:
    """Raise `PartyInTwoCurrencies` when bills, expectations or accruals of one party stand in more than one currency."""
    found = engine.rows(_SEEN)
    if found:
        told = "; ".join(f"{party} in {currencies}" for party, currencies in found[:5]) + (" ..." if len(found) > 5 else "")
        raise PartyInTwoCurrencies(
            f"saw {told}; wanted one currency a party in a cycle; have it billed in the currency its agreement is settled in, or enter what it"
            " bills in another as a party and an agreement of their own"
        )
