"""Tags and filters that put figures, days and words on a page. The raw value travels beside what is shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tuntas.faces.web import figures, labels
from tuntas.formats import figures_text

register = template.Library()


def language() -> str:
    """Return the two-letter code of the page's language."""
    return (get_language() or "en")[:2]


def _unknown() -> SafeString:
    return format_html('<span aria-hidden="true">—</span><span class="sr">{}</span>', _("not known"))


@register.simple_tag
def figure(minor: int | None, currency: str = "IDR") -> SafeString:
    """An amount for a table cell; the unit stands in the header. Unknown is a dash with words for a screen reader."""
    if minor is None:
        return _unknown()
    told = figures.figure(minor, currency=currency, language=language())
    return format_html('<data value="{}"{}>{}</data>', minor, SafeString(' class="below"') if minor < 0 else "", told)


@register.simple_tag
def money(minor: int | None, currency: str = "IDR") -> SafeString:
    """An amount with its currency."""
    if minor is None:
        return _unknown()
    told = figures.money(minor, currency=currency, language=language())
    return format_html('<data value="{}"{}>{}</data>', minor, SafeString(' class="below"') if minor < 0 else "", told)


@register.simple_tag
def amount(minor: int | None, currency: str, named: bool) -> SafeString:
    """An amount for a table cell, with its currency where the table holds several (`named`)."""
    return SafeString((money if named else figure)(minor, currency))


@register.filter
def money_text(minor: int, currency: str = "IDR") -> str:
    """An amount with its currency as plain text, for titles, buttons and sentences."""
    return figures.money(minor, currency=currency, language=language())


@register.filter
def moneys_text(sums: list[dict[str, Any]]) -> str:
    """Amounts of several currencies as plain text, `Rp1,200 + USD 5.00`: rows of `currency` and `minor`."""
    return " + ".join(money_text(row["minor"], row["currency"]) for row in sums)


@register.filter
def figure_text(minor: int, currency: str = "IDR") -> str:
    """An amount without its currency as plain text: said beside a column, not part of it."""
    return figures.figure(minor, currency=currency, language=language())


@register.filter
def count(number: int | None) -> str:
    """A whole number of things."""
    return "" if number is None else figures_text.whole(number, language=language())


@register.filter
def share(part: int, whole: int) -> str:
    """Part of a whole, one decimal."""
    return figures.share(part, whole, language=language())


@register.filter
def bar(part: int, whole: int) -> int:
    """The width of a bar: part of whole in hundredths, between 0 and 100."""
    return min(100, abs(part) * 100 // abs(whole)) if whole else 0


@register.filter
def day(when: date | str | None) -> str:
    """A day, from a date or its ISO text."""
    if not when:
        return ""
    return figures_text.day(date.fromisoformat(str(when)[:10]), language=language())


@register.filter
def moment(when: datetime | str | None) -> str:
    """An instant in the books' zone."""
    if not when:
        return ""
    told = when if isinstance(when, datetime) else datetime.fromisoformat(when)
    return figures.moment(told, zone=settings.TIME_ZONE, language=language())


@register.filter
def kg(weight_g: int | None) -> SafeString | str:
    """A weight in kilograms."""
    return _unknown() if weight_g is None else figures.grams(weight_g, language=language())


@register.filter
def unit(currency: str) -> str:
    """The sign of a currency, for a header."""
    return figures.sign_of(currency)


@register.filter
def label(code: str | None, kind: str) -> str:
    """The words of a code: `{{ line.cause|label:"cause" }}`."""
    return labels.label(kind, code)


@register.filter
def short(digest: str) -> str:
    """The first twelve digits of a digest: enough to tell runs apart."""
    return digest[:12]


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The page's query with some parameters changed; empty ones leave; sorted, so that one filter has one address."""
    asked = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            asked.pop(name, None)
        else:
            asked[name] = str(value)
    pairs = sorted((name, asked[name]) for name in asked if asked[name])
    return "?" + urlencode(pairs)


@register.filter
def slice_tenth(percent: int) -> int:
    """The tenth a percentage is in, so that progress is spoken ten times and not a hundred."""
    return percent // 10


@register.filter
def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


@register.filter
def after_bar(text: str) -> str:
    """What stands after the last bar of a key such as `ST/2026-10/V-1|3`."""
    return text.rpartition("|")[2]
