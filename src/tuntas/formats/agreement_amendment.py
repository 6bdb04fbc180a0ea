"""An amendment (addendum): a page that says what changes in a version from a day on, read as the full next version.

It names the version it amends and holds only what changes: charges by number, rows of sheets by what makes them the same row, whole
sheets, keys of the weight rule. The amended version ends on the day the amendment begins. A key that is given replaces the old one
whole; the value `-` takes it away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tuntas.formats.agreement_amendment_rows import GONE, AmendedSheets, Brought, Told, changed_rows
from tuntas.formats.agreement_cells import Cells, Mistakes
from tuntas.formats.agreement_paper import MAP_KEYS, SHEET_KEYS, Paper
from tuntas.formats.agreement_words import check_keys, text_of
from tuntas.kernel.findings import Finding

Key = tuple[str, int]
_MUST = ("agreement", "version", "amends", "from")
_OWN = ("to", "rows", "charges", "periods", "weight", "aliases")
# Keys that hold numbered rows, and what in a row names a sheet.
_NUMBERED = {"charges": "bands", "periods": "tiers"}
# What a key of an amendment replaces whole.
_WHOLE = ("name", "billing_days", "tolerances", "cases", "fx", *(key for key in SHEET_KEYS if key != "cases"))
_NAMED = tuple(key for key in MAP_KEYS if key != "rows")


@dataclass(frozen=True, slots=True)
class Amended:
    """Papers as they are to be read: amendments made full, amended versions ended; and what was found on the way.

    `amends` tells which version each amendment changed; `mistakes` are told by the file they stand in, and keep that file out.
    """

    papers: tuple[Paper, ...]
    amends: Mapping[Key, Key]
    mistakes: tuple[Mistakes, ...]
    findings: tuple[Finding, ...]


def is_amendment(paper: Paper) -> bool:
    """Tell whether a page says what it amends."""
    return "amends" in paper.page


def resolve(given: Iterable[Paper]) -> Amended:
    """Make every amendment among the papers a full version. Never raises for what is written: mistakes are noted."""
    papers = list(given)
    plain = [paper for paper in papers if not is_amendment(paper)]
    by_key = {key: paper for paper in plain if (key := _key_of(paper)) is not None}
    amends: dict[Key, Key] = {}
    wrong: list[Mistakes] = []
    findings: list[Finding] = []
    extra = [paper for paper in plain if by_key.get(_key_of(paper) or ("", 0)) is not paper]
    for change in sorted((p for p in papers if is_amendment(p)), key=lambda p: (_key_of(p) or ("", 0), p.file)):
        mistakes = Mistakes(change.file)
        made = _made(change, by_key, mistakes, findings)
        if made is None or mistakes.found:
            wrong.append(mistakes)
            continue
        full, base_key = made
        key = _key_of(full)
        if key is None or key in by_key:
            extra.append(full)
            continue
        by_key[key] = full
        amends[key] = base_key
        by_key[base_key] = _ended(by_key[base_key], text_of(change.page["from"]))
    return Amended((*by_key.values(), *extra), amends, tuple(wrong), tuple(findings))


def _key_of(paper: Paper) -> Key | None:
    number = text_of(paper.page.get("version"))
    return (text_of(paper.page.get("agreement")), int(number)) if number.isdigit() else None


def _ended(base: Paper, day: str) -> Paper:
    valid = base.page["valid"]
    held = text_of(valid.get("to"))
    return replace(base, page={**base.page, "valid": {**valid, "to": day if not held or day < held else held}})


# ---- one amendment ------------------------------------------------------------------------------------------------------
def _made(change: Paper, by_key: Mapping[Key, Paper], mistakes: Mistakes, findings: list[Finding]) -> tuple[Paper, Key] | None:
    page = change.page
    if not check_keys(page, must=_MUST, may=(*_OWN, *_WHOLE, *_NAMED), place="", mistakes=mistakes):
        return None
    name, _, number = text_of(page["amends"]).rpartition("@")
    base_key = (name, int(number)) if number.isdigit() else ("", 0)
    base, own_key = by_key.get(base_key), _key_of(change)
    if (
        base is None
        or own_key is None
        or own_key[0] != name
        or own_key[1] <= base_key[1]
        or not isinstance(base.page.get("valid"), dict)
    ):
        on_file = ", ".join(f"{agreement}@{version}" for agreement, version in sorted(by_key))
        mistakes.add(
            "AGR-AMEND-01", place="", name="amends", seen=f"{text_of(page['amends'])} in version {text_of(page['version'])}",
            wanted=f"an earlier version of {text_of(page['agreement'])} beside it: {on_file or 'none there'}",
            help="name the version as agreement@version, and keep its page in the same folder",
        )  # fmt: skip
        return None
    first, last = (text_of(base.page["valid"].get(edge)) for edge in ("from", "to"))
    day = text_of(page["from"])
    if Cells(mistakes, "", 0).day("from", day) is None:
        return None
    if not first < day < (last or "9999-12-31"):
        mistakes.add(
            "AGR-AMEND-02", place="", name="from", seen=f"{day}; {name}@{number} holds from {first} to {last or 'further notice'}",
            wanted="a day inside the time of the version it amends, after its first", help="correct the day, or name the version of that day",
        )  # fmt: skip
        return None
    told = Told(mistakes, findings, change.file)
    full, effect = _full(base, change, told)
    if not effect:
        told.odd(
            "AGR-AMEND-04",
            "amends",
            f"an amendment of {name}@{number} that changes nothing",
            "a change",
            "remove the page, or say what changes",
        )
    return replace(change, page=full.page, sheets=full.sheets), base_key


def _full(base: Paper, change: Paper, told: Told) -> tuple[Paper, bool]:
    """Return the next version in full, and whether it says anything otherwise than the one before."""
    page, given = dict(base.page), change.page
    # The cases of the version before are of days before this one.
    page.pop("cases", None)
    brought = Brought(base.sheets, change.sheets, text_of(given["version"]))
    effect = False
    for key in (name for name in _WHOLE if name in given):
        value = brought.name(text_of(given[key])) if key in SHEET_KEYS else given[key]
        effect |= key != "cases" and page.get(key) != value
        page[key] = value
    for key in (name for name in (*_NAMED, "weight", "aliases") if isinstance(given.get(name), dict)):
        new = {n: brought.name(text_of(v)) if v != GONE else v for n, v in given[key].items()} if key in _NAMED else given[key]
        merged = _merged(page.get(key) or {}, new)
        effect |= merged != (page.get(key) or {})
        page[key] = merged
    for key, sheet in _NUMBERED.items():
        if isinstance(given.get(key), list):
            page[key], changed = _numbered(key.removesuffix("s"), page.get(key), given[key], sheet, brought, told)
            effect |= changed
    until = text_of(given.get("to", "")) or text_of(base.page["valid"].get("to"))
    page["version"] = text_of(given["version"])
    page["valid"] = {"from": text_of(given["from"])} | ({"to": until} if until not in ("", GONE) else {})
    rows, moved = changed_rows(base.sheets, change.sheets, given.get("rows") or {}, told)
    return Paper(change.file, page, AmendedSheets(base.sheets, change.sheets, brought.names, rows)), effect or moved


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**old, **new}
    return {key: value for key, value in merged.items() if value != GONE}


def _numbered(word: str, old: Any, new: list[Any], sheet: str, brought: Brought, told: Told) -> tuple[list[dict[str, Any]], bool]:
    """Return numbered rows with those of an amendment put in, and whether that changed them."""
    kept: dict[str, dict[str, Any]] = {text_of(c.get("no")): c for c in old if isinstance(c, dict)} if isinstance(old, list) else {}
    changed = False
    for item in (each for each in new if isinstance(each, dict)):
        number, gone = text_of(item.get("no")), text_of(item.get("drop")) == "yes"
        held = kept.get(number)
        if held is None and ("kind" not in item or gone):
            told.absent(
                f"{word} {number or '(without no)'}", f"a {word} of the version it amends: {', '.join(kept) or 'none there'}"
            )
            continue
        if gone:
            del kept[number]
            changed = True
            continue
        said = {key: value for key, value in item.items() if key != "drop"}
        if text_of(said.get(sheet)) not in ("", GONE):
            said[sheet] = brought.name(text_of(said[sheet]))
        made = _merged(held or {}, said)
        if made == held:
            told.idle(f"{word} {number}")
            continue
        kept[number] = made
        changed = True
    return list(kept.values()), changed
