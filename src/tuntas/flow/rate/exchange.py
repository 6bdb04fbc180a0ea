"""Exchange: an agreement quoted in one currency and settled in another is priced in the first, and each line is converted once.

The rate is that of the source the agreement names, on the day the subject is rated on; without one, or with two, the subject waits.
Amounts of the facts (a declared value, cash on delivery) are converted into the quoted currency before a charge is counted on them. The
decision and its reasons: docs/adr/0022-foreign-currency.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tuntas.flow.rate.terms import Row, Terms, Version
from tuntas.kernel.derivations import Fact, Working
from tuntas.kernel.rounding import mul_ratio

IN_FACTS = ("declared_minor", "cod_minor", "goods_minor", "net_goods_minor", "shipping_minor")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A rate of exchange found for a subject, or why there is none.

    `rate_num` minor units of the currency it is settled in stand for `rate_den` of the currency it is quoted in.
    """

    quoted_in: str
    quoted_places: int
    source: str
    provisional: bool
    rate_num: int = 0
    rate_den: int = 0
    published: str = ""
    fx_on: date | None = None
    clause: str = ""
    hold_code: str | None = None
    candidates: str | None = None

    def settled(self, quoted_minor: int) -> int:
        """Return an amount in the currency it is settled in, rounded half away from zero."""
        return mul_ratio(quoted_minor, self.rate_num, self.rate_den)

    def quoted(self, subject: Row) -> dict[str, Any]:
        """Return the subject as the calculation sheet sees it: its amounts in the quoted currency, each converted once."""
        amounts = {name: mul_ratio(int(subject[name]), self.rate_den, self.rate_num) for name in IN_FACTS}
        return {**subject, **amounts, "currency": self.quoted_in, "currency_places": self.quoted_places}


def exchange_of(subject: Row, version: Version, terms: Terms) -> Exchange | None:
    """Return the rate that converts what a version charges the subject; None where it is quoted as it is settled."""
    said = terms.quoted(version)
    if said is None:
        return None
    quoted_in, places, source, clause = str(said["quoted_in"]), int(said["quoted_places"]), str(said["source"]), str(said["clause"])
    if said["fx_day"] == "fixed":
        begins = next(a["valid_from"] for a in terms.by_side[subject["side"]] if (a["agreement_id"], a["version"]) == version)
        return Exchange(
            quoted_in, places, source, False, int(said["rate_num"]), int(said["rate_den"]), str(said["published"]), begins, clause
        )
    day, carry = subject["rated_on"], timedelta(days=int(said["carry_days"]))
    standing = [row for row in terms.exchange(version) if row["valid_from"] <= day < row["valid_to"] + carry]
    nearest = max((_last_day(row, day) for row in standing), default=None)
    fits = [row for row in standing if _last_day(row, day) == nearest]
    provisional = said["fx_day"] == "bill"
    if len(fits) != 1:
        named = ",".join(f"{row['source']}:{row['valid_from']}" for row in fits) or None
        code = "RATE-FX-02" if fits else "RATE-FX-01"
        return Exchange(quoted_in, places, source, provisional, clause=clause, hold_code=code, candidates=named)
    row = fits[0]
    return Exchange(
        quoted_in, places, source, provisional, int(row["rate_num"]), int(row["rate_den"]), str(row["published"]),
        row["valid_from"], clause,
    )  # fmt: skip


def _last_day(row: Row, day: date) -> date:
    """The last day up to `day` on which the rate was in force as published."""
    ends: date = row["valid_to"]
    return min(day, ends - timedelta(days=1))


def behind(charge_id: str, found: Exchange, *, quoted_minor: int, amount_minor: int, currency: str) -> dict[str, Any]:
    """Return the row of `expected_fx` of a charge; both amounts carry the sign of the charge."""
    return {
        "charge_id": charge_id,
        "quoted_minor": quoted_minor,
        "quoted_in": found.quoted_in,
        "amount_minor": amount_minor,
        "currency": currency,
        "rate_num": found.rate_num,
        "rate_den": found.rate_den,
        "source": found.source,
        "fx_on": found.fx_on,
        "published": found.published,
        "provisional": found.provisional,
    }


def told_exchange(
    found: Exchange, *, charge_type: str, rule_id: str, quoted_minor: int, amount_minor: int, currency: str
) -> Working:
    """Tell how one line was converted, with the amount it came to."""
    facts: dict[str, Fact] = {
        "charge_type": charge_type,
        "currency": currency,
        "quoted_minor": quoted_minor,
        "quoted_in": found.quoted_in,
        "quoted_places": found.quoted_places,
        "published": found.published,
        "source": found.source,
        "valid_from": str(found.fx_on),
        "amount_minor": amount_minor,
    }
    code = "RATE-FX-FIXED" if found.source == CONTRACT else "RATE-FX-BILL" if found.provisional else "RATE-FX"
    formula = f"{quoted_minor} x {found.rate_num} / {found.rate_den} = {amount_minor}"
    return Working(code, facts, rule_id, found.clause, formula, amount_minor)


CONTRACT = "contract"
