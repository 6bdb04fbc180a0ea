"""What a value may look like: data read by the SQL and by the clerk alike.

Patterns are held to what RE2 and Python understand in the same way: ASCII classes written out, no look-around, whole matches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tuntas.kernel.money import LINE_MINOR_MAX
from tuntas.tables.columns import Column, Table

# Words a text column may hold, by (table, column). Compared without case, kept in lower case.
CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("parties", "kind"): ("carrier", "warehouse", "seller", "customer", "platform"),
    ("parties", "entity"): ("company", "sole_company", "cooperative", "individual", "foreign", "foreign_branch"),
    ("parties", "tax_id_kind"): ("tin", "national_id", "passport", "other"),
    ("parties", "language"): ("id", "en"),
    ("shipments", "status"): ("delivered", "returned", "lost", "damaged"),
    ("trips", "status"): ("delivered", "returned", "lost", "damaged"),
    ("events", "event"): ("picked_up", "attempt_failed", "delivered", "returned", "lost", "damaged"),
    ("payments_in", "method"): ("gateway", "cod", "voucher", "other"),
    ("bill_lines", "kind"): ("charge", "vat"),
    ("adjustments", "side"): ("buy", "payout", "sell"),
}
# Whole numbers that may be below zero: credits of a vendor, debits of the bank, balances. All others are zero or more.
SIGNED = frozenset(
    {("bank_lines", "amount_minor"), ("bill_lines", "amount_minor"), ("parties", "opening_minor"), ("adjustments", "amount_minor")}
)
# Amounts that mean nothing at zero.
ABOVE_ZERO = frozenset({("refunds", "amount_minor")})
# Tables whose rows are told apart from those of others by their ids alone, each with the tables read before it.
APART: Mapping[str, tuple[str, ...]] = {
    "warehouse_days": ("shipments",),
    "trips": ("shipments", "warehouse_days"),
    "refunds": ("order_lines",),
}
# Text a person wrote, where any word may stand. Every other text column is an identifier, a code or one of CHOICES.
FREE_TEXT = frozenset({"name", "address", "bank_account_name", "charge_text", "description", "counterparty"})
# Identifiers of a fixed shape; another shape is noted, since a lost zero in front can be seen only there.
WIDTHS: dict[tuple[str, str], tuple[str, str]] = {
    # A number that lost a zero has digits only; the numbers of our other countries have letters.
    ("parties", "tax_id"): (r"[0-9]{16}|.*[A-Za-z].*", "16 digits, or a number with letters"),
    ("parties", "bank_bic"): (r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", "8 or 11 letters and digits"),
}
IDENTIFIER_MAX = 300
FREE_TEXT_MAX = 2_000
DIGEST_LENGTH = 24
GRAMS_MAX = 100_000_000
MILLIMETRES_MAX = 100_000
COUNT_MAX = 1_000_000_000
YEAR_MIN, YEAR_MAX = 1990, 2100

YES = ("true", "1", "yes", "y", "ya", "iya", "benar")
NO = ("false", "0", "no", "n", "tidak", "tdk", "bukan", "salah")
EXCEL_ERRORS = (
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#ERROR!", "#GETTING_DATA", "########"
)  # fmt: skip
# In an identifier these words mean that there was none; in free text they may be somebody's name.
NOTHING_WORDS = ("nan", "null", "none", "n/a", "na", "nil", "undefined", "<na>", "nat", "inf", "-inf", "-", "--")
MONTHS = (
    ("january", "januari", "jan"),
    ("february", "februari", "feb", "peb", "pebruari"),
    ("march", "maret", "mar"),
    ("april", "apr"),
    ("may", "mei"),
    ("june", "juni", "jun"),
    ("july", "juli", "jul"),
    ("august", "agustus", "aug", "agu", "agt", "ags"),
    ("september", "sep", "sept"),
    ("october", "oktober", "oct", "okt"),
    ("november", "nov", "nop", "nopember"),
    ("december", "desember", "dec", "des"),
)

# Characters without width are taken out; odd spaces, tabs and line ends become one space each; then the ends are trimmed.
WIDTHLESS = "[\ufeff\u200b\u200c\u200d\u2060\u00ad]"
ODD_SPACES = "(\\r\\n|[\u00a0\u2007\u202f\u3000\\t\\r\\n])"
CONTROL = r"[\x00-\x1f\x7f-\x9f]"
REPLACED = "\ufffd"
PLAIN = r"[!-~]+( [!-~]+)*"
# without counted repetition, which is dear to compile; the length is looked at beside it
PLAIN_IDENTIFIER = r"[A-Za-z0-9_/|:][A-Za-z0-9_/|:#-]*(\.[A-Za-z0-9_/|:#-][A-Za-z0-9_/|:#-]+)*"
MANGLED = r"[0-9]([.,][0-9]+)?[Ee][+][0-9]+|[0-9]{6,}\.0"
TEXT_MARK = r'="[^"]*"'
FORMULA = r"[=@].*|[+-][^0-9 .,].*"
WHOLE = r"[+-]?[0-9]+"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00(:00([.]0{1,6})?)?)?"
INSTANT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
OFFSET = r" ?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
SERIAL = r"[0-9]{5}([.][0-9]+)?"
SHORT_YEAR = r"[0-9]{1,2}[/. -][0-9]{1,2}[/. -][0-9]{2}([ T].*)?"
DAY_OR_MONTH_FIRST = r"[0-9]{1,2}[/. -][0-9]{1,2}[/. -][0-9]{4}([ T].*)?"


@dataclass(frozen=True, slots=True)
class Context:
    """What conversion needs to know beyond the row: the case's currency, places of each currency, minutes east of Greenwich."""

    currency: str
    places: Mapping[str, int]
    offset_min: int | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """Smallest and largest whole number of a column, and the code of a number that is too large."""

    least: int
    most: int
    code: str


def is_identifier(shape: Table, column: Column) -> bool:
    """Say whether a text column is an identifier or code."""
    return column.type == "text" and column.name not in FREE_TEXT and (shape.name, column.name) not in CHOICES


def bounds(shape: Table, column: Column) -> Bounds:
    """Return the bounds of a whole-number column."""
    key = (shape.name, column.name)
    money = column.name.endswith("_minor")
    most = (
        LINE_MINOR_MAX
        if money
        else GRAMS_MAX
        if column.name.endswith("_g")
        else MILLIMETRES_MAX
        if column.name.endswith("_mm")
        else COUNT_MAX
    )
    least = -most if key in SIGNED else 1 if key in ABOVE_ZERO else 0
    return Bounds(least, most, "INGEST-MONEY-02" if money else "INGEST-NUMBER-03")


def decimal_pattern(*, decimal: str, thousands: str) -> str:
    """Return the pattern of a decimal number with the signs a mapping states."""
    point = "[.]" if decimal == "." else ","
    whole = "[0-9]+"
    if thousands:
        group = {".": "[.]", ",": ",", " ": " ", "'": "'"}[thousands]
        whole = f"([0-9]{{1,3}}({group}[0-9]{{3}})+|[0-9]+)"
    return f"[+-]?({whole}({point}[0-9]+)?|{point}[0-9]+)"


def date_pattern(pattern: str) -> tuple[str, tuple[str, ...]]:
    """Turn a mapping's date form (`%d/%m/%Y`) into a pattern and the part each of its groups holds."""
    shapes = {
        "d": "([0-9]{1,2})",
        "m": "([0-9]{1,2})",
        "Y": "([0-9]{4})",
        "y": "([0-9]{2})",
        "H": "([0-9]{1,2})",
        "M": "([0-9]{2})",
        "S": "([0-9]{2})",
        "b": "([A-Za-z]+)",
        "B": "([A-Za-z]+)",
    }
    found, parts = "", []
    at = 0
    while at < len(pattern):
        if pattern[at] == "%":
            parts.append(pattern[at + 1])
            found += shapes[pattern[at + 1]]
            at += 2
        else:
            sign = pattern[at]
            found += sign if sign.isalnum() or sign in " :,-/T" else f"[{sign}]"
            at += 1
    return found, tuple(parts)
