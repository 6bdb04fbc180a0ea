"""Golden examples of a country: what the law says of a case, worked out by hand, as tables in `examples/*.toml`.

A file holds any number of tables. Each names what it asks, the regulation, what all its rows share, its columns, and its rows:

    [[table]]
    asks = "bill"
    law = "PMK 131/2024 art. 3"
    given = { on = 2026-10-05, payee = "company tax_id pkp" }
    columns = ["id", "service", "amount", "vat", "withheld", "pay"]
    rows = [
      ["storage", "storage", 10000000, "04 = 10000000 x 11/12 x 12% = 1100000", "PPh 23 24-104-20 = 10000000 x 2% = 200000", 10900000],
    ]

Columns of every kind of table:

- `id`: unique in the country. `on`: the day that decides the law. Both are needed; `given` may hold any column.
- `parties`: cells `payee`, `us` and `merchant` say who: the entity (company | sole_company | cooperative | individual | foreign |
  foreign_branch), then what is true on the day: `tax_id`, and names of `standings.csv`. A standing may state a rate
  (`treaty_form:5%`), a country (`treaty_form:SG`) and the days it holds, first and last (`suket_pp55[2026-01-01..2026-10-04]`).
- Tax cells are `code = arithmetic = amount`: products of whole numbers, fractions and per cents, sums and differences of products.
  A VAT code may be followed by who hands the tax over when that is not the seller (`04 self`, `03 buyer`, `08 none`); withholding by
  its object code (`PPh 23 24-104-20`); two taxes are parted by `; `; a lone `-` is no tax. Amounts are minor units. A test works
  the arithmetic out with fractions and rounds half up (a leading `down` or `up` says otherwise), so no figure here comes from
  the code it is a test of.

Kinds (`asks`), with their own columns:

- `bill`: `service`, `amount`, `payee`, `us`, `also` (further charges of the bill, such as `"pass_through=2000000"`), `before` (earlier
  bills of the same year, such as `"2026-02-01 60000000; ..."`), `switches` (switched on for the case, with days as standings have),
  `vat`, `withheld`, `pay` (what the payee receives); or `refused`, the code the question is refused with, and nothing else.
- `inclusive`: as `bill`, but `amount` holds the VAT: adds `base` (price without it).
- `marketplace`: `merchant`, `amount` (turnover of the merchant, discounts not taken off), `us`, `switches`, `withheld`.
- `refund`: `merchant`, `sold_on`, `amount` (turnover taxed that day at 0.5%), `us`, `withheld` (below zero what is given back on `on`).
- `fee`: `service`, `amount` (our fee), `payee` (who pays it), `us`, `vat`.
- `rounding`: `subject` (vat | wht), `level` (document | line), `exact`, `rounded` (or `refused CODE`).
- `stamp`: `document`, `amount`, `duty`. `parcel`: `goods`, `amount` (CIF), `fob_usd` (cents), `duty`, `vat`, `income_tax`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from tuntas.kernel.refusals import Refusal

KINDS = ("bill", "inclusive", "marketplace", "refund", "fee", "rounding", "stamp", "parcel")
ENTITIES = ("company", "sole_company", "cooperative", "individual", "foreign", "foreign_branch")
_TOKEN = re.compile(
    r"(?P<name>[a-z0-9_]+)(:(?P<more>[A-Z]{2}|[0-9.]+%))?(\[(?P<first>\d{4}-\d\d-\d\d)?\.\.(?P<last>\d{4}-\d\d-\d\d)?\])?"
)


class ExampleUnreadable(Refusal):
    """An example of a country does not have the form of its table."""

    code = "PACK-EXAMPLE-01"


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing as an example states it: days are first and last, both inclusive; None is open."""

    name: str
    rate_ppm: int | None = None
    country: str | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """A party of an example: its entity, whether it has a tax id, its standings."""

    entity: str
    has_tax_id: bool
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax an example wants: its code, the arithmetic, and the amount in minor units."""

    code: str
    arithmetic: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Example:
    """One row of a table: what is asked, on which day, under which law, and every cell by its column."""

    asks: str
    name: str
    on: date
    law: str
    cells: Mapping[str, Any]

    def who(self, column: str) -> Who:
        """Return the party of a column, such as `payee`. Raises `ExampleUnreadable`."""
        return read_who(str(self.cells.get(column, "")), where=self.name)

    def taxes(self, column: str) -> tuple[Tax, ...]:
        """Return the taxes of a column; none for `-` and for a column the table does not have."""
        return tuple(_taxes(str(self.cells.get(column, "-")), where=self.name))


@cache
def load_examples(country: str) -> tuple[Example, ...]:
    """Return the examples of a country, in order of file, table and row. Raises `ExampleUnreadable`."""
    found: list[Example] = []
    home = files(f"tuntas.packs.countries.{country.lower()}").joinpath("examples")
    if home.is_dir():
        for file in sorted((f for f in home.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name):
            for table in tomllib.loads(file.read_text(encoding="utf-8")).get("table", ()):
                found += _examples(table, where=f"{country}/{file.name}")
    seen: set[str] = set()
    for example in found:
        if example.name in seen:
            raise ExampleUnreadable(f"{country}: saw the example {example.name!r} twice; wanted a name of its own; rename one")
        seen.add(example.name)
    return tuple(found)


def read_who(text: str, *, where: str) -> Who:
    """Read a party: `company tax_id pkp suket_pp55[..2026-10-04]`. Raises `ExampleUnreadable`."""
    entity, *tokens = text.split() or [""]
    if entity not in ENTITIES:
        raise ExampleUnreadable(f"{where}: saw entity {entity!r}; wanted one of {', '.join(ENTITIES)}; correct the party")
    standings = tuple(_standing(name, where=where) for name in tokens if name != "tax_id")
    return Who(entity, "tax_id" in tokens, standings)


def read_switches(text: str, *, where: str) -> frozenset[Standing]:
    """Read switches: `pph22_marketplace[2026-08-01..2026-08-05]`. Raises `ExampleUnreadable`."""
    return frozenset(_standing(token, where=where) for token in text.split())


def worked_out(arithmetic: str, *, where: str = "-") -> int:
    """Return what the arithmetic of a cell comes to, in whole minor units: half up, or as a leading `down` or `up` says."""
    words = arithmetic.split()
    mode = words.pop(0) if words and words[0] in ("down", "up") else "half_up"
    total, sign = Fraction(0), 1
    for part in re.split(r"\s+([+-])\s+", " ".join(words)):
        if part in ("+", "-"):
            sign = 1 if part == "+" else -1
            continue
        product = Fraction(1)
        for factor in part.split(" x "):
            product *= _factor(factor.strip(), where=where)
        total += sign * product
    if mode == "half_up":
        magnitude = (2 * abs(total).numerator + total.denominator) // (2 * total.denominator)
        return magnitude if total >= 0 else -magnitude
    low = total.numerator // total.denominator
    return low if mode == "down" or total.denominator == 1 else low + 1


def _factor(text: str, *, where: str) -> Fraction:
    try:
        return Fraction(text.removesuffix("%")) * (Fraction(1, 100) if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        raise ExampleUnreadable(
            f"{where}: saw the factor {text!r}; wanted a number, a fraction or a per cent; correct the arithmetic"
        ) from None


def _standing(token: str, *, where: str) -> Standing:
    found = _TOKEN.fullmatch(token)
    if not found:
        raise ExampleUnreadable(f"{where}: saw {token!r}; wanted a standing such as suket_pp55[..2026-10-04]; correct the party")
    more = found["more"] or ""
    rate = int(_factor(more, where=where) * 1_000_000) if more.endswith("%") else None
    days = [date.fromisoformat(found[n]) if found[n] else None for n in ("first", "last")]
    return Standing(found["name"], rate, more if len(more) == 2 and more.isalpha() else None, *days)


def _taxes(text: str, *, where: str) -> Iterator[Tax]:
    if text == "-":
        return
    for part in text.split("; "):
        cells = part.split(" = ")
        if len(cells) != 3 or not re.fullmatch(r"-?\d+", cells[2]):
            raise ExampleUnreadable(f"{where}: saw the tax {part!r}; wanted `code = arithmetic = amount`; correct the cell")
        yield Tax(cells[0], cells[1], int(cells[2]))


def _examples(table: Mapping[str, Any], *, where: str) -> Iterator[Example]:
    kind, columns = table.get("asks"), table.get("columns", [])
    if kind not in KINDS or not table.get("law"):
        raise ExampleUnreadable(
            f"{where}: saw a table that asks {kind!r} under {table.get('law')!r}; wanted one of {', '.join(KINDS)} and its regulation"
        )
    for row in table.get("rows", ()):
        if len(row) != len(columns):
            raise ExampleUnreadable(f"{where}: saw {len(row)} cells in {row}; wanted {len(columns)}: {', '.join(columns)}")
        cells = {**table.get("given", {}), **dict(zip(columns, row, strict=True))}
        name, on = cells.get("id"), cells.get("on")
        if not isinstance(name, str) or not isinstance(on, date):
            raise ExampleUnreadable(f"{where}: saw id {name!r} on {on!r}; wanted a name and a day; correct the row {row}")
        yield Example(kind, name, on, str(cells.get("law", table["law"])), MappingProxyType(cells))
