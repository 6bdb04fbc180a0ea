"""What a case is about: `case.yaml`, read without guessing. The form is `docs/reference/case-folder.md`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tuntas.formats.plain_yaml import YamlUnreadable, load_plain_map
from tuntas.kernel.periods import Period, PeriodUnreadable
from tuntas.kernel.refusals import Refusal

_KEYS = ("cycle", "period", "as_of", "country", "currency", "platform", "hold_days", "min_payout", "utc_offset", "changes")
# Minutes east of Greenwich of a country's official time; where a country has several, that of its capital.
# None of these keeps summer time. A case may state its own with utc_offset.
_OFFSETS = {"ID": 420, "SG": 480, "MY": 480, "PH": 480, "TH": 420, "VN": 420, "BR": -180, "IN": 330, "JP": 540}


class CaseMissing(Refusal):
    """There is no case folder, or no case.yaml in it."""

    code = "INGEST-CASE-01"


class CaseUnreadable(Refusal):
    """case.yaml cannot be read as plain YAML."""

    code = "INGEST-CASE-02"


class CaseSettingWrong(Refusal):
    """A key of case.yaml is missing, unknown or has a value that cannot be used."""

    code = "INGEST-CASE-03"


@dataclass(frozen=True, slots=True)
class CaseSettings:
    """The settings of one cycle. `min_payout_minor` is in minor units of `currency`; `as_of` is local time of the country."""

    cycle_id: str
    period: Period
    as_of: datetime
    country: str
    currency: str
    platform_id: str
    hold_days: int
    min_payout_minor: int
    utc_offset_min: int | None
    # What becomes of an agreement that was changed and nobody signed the change: told as a finding, or refused.
    changes: str = "told"


def read_case(case: Path, *, currency_places: dict[str, int] | None = None) -> CaseSettings:
    """Read `case/case.yaml`. Raises `CaseMissing`, `CaseUnreadable` or `CaseSettingWrong`.

    `currency_places` gives the decimal places of each known currency; without it any three-letter code is taken and
    `min_payout` must be a whole number.
    """
    path = case / "case.yaml"
    if not case.is_dir():
        raise CaseMissing(f"saw no folder at {case}; wanted a case folder; check the path")
    if not path.is_file() or path.is_symlink():
        raise CaseMissing(f"saw no file case.yaml in {case.name}; wanted one; write it as docs/reference/case-folder.md shows")
    try:
        page = load_plain_map(path)
    except YamlUnreadable as error:
        raise CaseUnreadable(error.message) from error
    unknown = sorted(set(page) - set(_KEYS))
    if unknown:
        raise _wrong(unknown[0], page[unknown[0]], "one of " + ", ".join(_KEYS))
    period = page.get("period")
    if not isinstance(period, dict) or set(period) != {"from", "to"}:
        raise _wrong("period", period, "{from: 2026-10-01, to: 2026-11-01}")
    start, end = _day("period.from", period["from"]), _day("period.to", period["to"])
    try:
        span = Period(start, end)
    except PeriodUnreadable as error:
        raise _wrong("period", f"{start} to {end}", "an end after the start") from error
    country = _match(page, "country", r"[A-Z]{2}", "two capital letters, such as ID")
    currency = _match(page, "currency", r"[A-Z]{3}", "three capital letters, such as IDR")
    if currency_places is not None and currency not in currency_places:
        raise _wrong("currency", currency, "one of " + ", ".join(sorted(currency_places)))
    places = 0 if currency_places is None else currency_places[currency]
    return CaseSettings(
        cycle_id=_match(page, "cycle", r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", "letters, digits, dot, dash; such as 2026-10"),
        period=span,
        as_of=_instant(page.get("as_of")),
        country=country,
        currency=currency,
        platform_id=_match(page, "platform", r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", "the party id of the platform"),
        hold_days=int(_match(page, "hold_days", r"[0-9]{1,3}", "whole days, 0 to 999", default="0")),
        min_payout_minor=_amount(page, places),
        utc_offset_min=_offset(page, country),
        changes=_match(page, "changes", r"told|signed", "told or signed", default="told"),
    )


def _wrong(key: str, seen: object, wanted: str) -> CaseSettingWrong:
    told = "nothing" if seen is None else repr(seen)
    return CaseSettingWrong(f"case.yaml, {key}: saw {told}; wanted {wanted}; correct case.yaml")


def _match(page: dict[str, Any], key: str, pattern: str, wanted: str, *, default: str | None = None) -> str:
    value = page.get(key, default)
    if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
        raise _wrong(key, value, wanted)
    return value


def _day(key: str, value: object) -> date:
    try:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise _wrong(key, value, "a day such as 2026-10-01") from None


def _instant(value: object) -> datetime:
    shape = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?"
    try:
        if not isinstance(value, str) or not re.fullmatch(shape, value):
            raise ValueError
        return datetime.fromisoformat(value)
    except ValueError:
        raise _wrong("as_of", value, "a local time such as 2026-11-10T23:59:59, without offset") from None


def _amount(page: dict[str, Any], places: int) -> int:
    text = _match(page, "min_payout", r"[0-9]{1,12}(\.[0-9]{1,4})?", "an amount such as 10000", default="0")
    whole, _, cents = text.partition(".")
    if cents[places:].strip("0"):
        raise _wrong("min_payout", text, f"at most {places} decimal places")
    return int(whole + cents[:places].ljust(places, "0"))


def _offset(page: dict[str, Any], country: str) -> int | None:
    if "utc_offset" not in page:
        return _OFFSETS.get(country)
    text = _match(page, "utc_offset", r"[+-](0[0-9]|1[0-4]):[0-5][0-9]", 'an offset such as "+07:00"')
    minutes = int(text[1:3]) * 60 + int(text[4:6])
    return minutes if text[0] == "+" else -minutes
