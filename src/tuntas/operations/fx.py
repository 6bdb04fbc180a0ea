"""Bring in rates of exchange that somebody published, and show those on file.

They stand in `fx_rates.csv` beside the agreements of a case. Importing only ever adds rows: a rate that is there already is left out, and a
corrected one is a further row known later, so that a run of an earlier day still reads what was known then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tuntas.formats.fx_rates import FILE, FxRate, FxRates, known_rates, odd_rates, read_fx_rates, write_fx_rates
from tuntas.kernel.findings import Finding
from tuntas.kernel.refusals import Refusal


class FxUnreadable(Refusal):
    """A file of rates of exchange has a mistake; nothing of it was taken."""

    code = "FX-READ-01"


@dataclass(frozen=True, slots=True)
class FxImported:
    """What an import did: rows of the file = rows added + rows there already + rows set aside; `findings` are of the whole file on record afterwards."""

    file: Path
    rows_in: int
    added: tuple[FxRate, ...]
    known: int
    aside: int
    corrected: int
    findings: tuple[Finding, ...]


def import_fx(file: Path, *, folder: Path, decimal_places: Mapping[str, int], given: Mapping[str, str] | None = None) -> FxImported:
    """Add the rates of a file to those of an agreements folder. Raises `FxUnreadable` for a file with a mistake, and adds nothing then.

    `given` says what the file leaves out because it is the same in every row.
    """
    read = _sound(file, decimal_places, given)
    held = _sound(folder / FILE, decimal_places, None) if (folder / FILE).is_file() else FxRates()
    there = {_said(rate) for rate in held.rates}
    days = {(rate.source, rate.currency, rate.into, rate.valid_from) for rate in held.rates}
    added: list[FxRate] = []
    for rate in read.rates:
        if _said(rate) not in there:
            there.add(_said(rate))
            added.append(rate)
    corrected = sum((rate.source, rate.currency, rate.into, rate.valid_from) in days for rate in added)
    whole = (*held.rates, *added)
    if added:
        folder.mkdir(parents=True, exist_ok=True)
        write_fx_rates(whole, folder / FILE)
    placed = [replace(rate, source_ref=f"{FILE}:{line}") for line, rate in enumerate(whole, start=2)]
    return FxImported(
        folder / FILE, len(read.rates) + len(read.aside), tuple(added), len(read.rates) - len(added), len(read.aside), corrected,
        (*read.aside, *odd_rates(placed)),
    )  # fmt: skip


def show_fx(folder: Path, *, decimal_places: Mapping[str, int]) -> tuple[tuple[FxRate, ...], tuple[Finding, ...]]:
    """Return the rates of an agreements folder as known now, by source, currencies and day, and what is odd about them."""
    held = _sound(folder / FILE, decimal_places, None)
    return tuple(known_rates(held.rates)), (*held.aside, *odd_rates(held.rates))


def _sound(file: Path, decimal_places: Mapping[str, int], given: Mapping[str, str] | None) -> FxRates:
    if not file.is_file():
        raise FxUnreadable(f"saw no file {file.name} in {file.parent.name or '.'}; wanted rates of exchange; import them first")
    read = read_fx_rates(file, decimal_places=decimal_places, given=given)
    if read.mistakes:
        told = "\n".join(f"  {f.code} {f.where} {f.field}: saw {f.seen}; wanted {f.wanted}; {f.help}" for f in read.mistakes)
        raise FxUnreadable(f"saw {len(read.mistakes)} mistakes in {file.name}; wanted none; correct them:\n{told}")
    return read


def _said(rate: FxRate) -> tuple[object, ...]:
    """What a row says, whatever file and line it stands on and whenever it was known: a rate told twice is one rate."""
    return (rate.source, rate.currency, rate.into, rate.per, rate.rate_num, rate.rate_den, rate.valid_from, rate.valid_to)
