"""Duties on papers and parcels, from the dated rows of a country: stamp duty of a document, charges of an imported consignment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tuntas.kernel.refusals import Refusal
from tuntas.kernel.rounding import PPM, ceil_div, mul_ppm
from tuntas.packs.pack import Pack, Row, in_force


class NoStampRule(Refusal):
    """The country has no row for stamp duty of that kind of document on that day."""

    code = "DUTY-STAMP-01"


class NoImportRule(Refusal):
    """The country has no row for the charges of such a consignment on that day."""

    code = "DUTY-IMPORT-01"


class ConsignmentUnclear(Refusal):
    """A value of a consignment is missing or cannot be."""

    code = "DUTY-IMPORT-02"


@dataclass(frozen=True, slots=True)
class StampDuty:
    """The stamp duty of one document in minor units, 0 when none is due, with why and the row it came from."""

    duty_minor: int
    reason: str
    row_id: str
    source: str
    confidence: str

    @property
    def is_due(self) -> bool:
        """Whether the document has to carry a stamp."""
        return self.duty_minor > 0


@dataclass(frozen=True, slots=True)
class ImportDuties:
    """The charges of one consignment in minor units of the country's currency, with the row they came from."""

    duty_minor: int
    vat_minor: int
    income_tax_minor: int
    base_minor: int
    row_id: str
    source: str
    confidence: str

    @property
    def total_minor(self) -> int:
        """Everything that is paid to bring the consignment in."""
        return self.duty_minor + self.vat_minor + self.income_tax_minor


REASONS: dict[str, dict[str, str]] = {
    "due": {"en": "Stamp duty is due.", "id": "Bea meterai terutang."},
    "not_an_object": {"en": "This kind of document bears no stamp duty.", "id": "Jenis dokumen ini bukan objek bea meterai."},
    "not_above": {
        "en": "The amount is not above the threshold.",
        "id": "Nilainya tidak di atas ambang batas.",
    },
    "switched_off": {
        "en": "Whether this kind of document bears stamp duty is for your counsel; the switch is off.",
        "id": "Apakah jenis dokumen ini terutang bea meterai perlu ditanyakan ke penasihat hukum; sakelarnya mati.",
    },
}


def stamp_duty(
    pack: Pack, *, document: str, amount_minor: int, on: date, switched_on: Iterable[str] = (), currency: str | None = None
) -> StampDuty:
    """Return the stamp duty of a document that states an amount, made on a day.

    `document` is a kind of table `stamp_duties`; `amount_minor` is in the country's currency; `switched_on` names switches that
    are on for the caller beside those the pack has on. Raises `NoStampRule` for a kind or a day that is not on file, and for an
    amount in another currency: convert it first, at the rate the law names.
    """
    if currency not in (None, pack.currency):
        raise NoStampRule(f"saw an amount in {currency}; wanted {pack.currency}; convert it at the tax rate of the day first")
    rows = [r for r in pack.rows.get("stamp_duties", ()) if r["document"] == document and in_force(r, on=on)]
    if not rows:
        known = sorted({str(r["document"]) for r in pack.rows.get("stamp_duties", ())})
        raise NoStampRule(
            f"saw document {document!r} of {on} in {pack.country}; wanted one of {', '.join(known) or 'no kind'} in force; "
            "add a dated row to stamp_duties.csv"
        )
    fit = [r for r in rows if _above(r, amount_minor)]
    row = fit[0] if fit else min(rows, key=lambda r: _int(r["over_minor"]))
    told = {"row_id": str(row["row_id"]), "source": str(row["source"]), "confidence": str(row["confidence"])}
    if not fit:
        return StampDuty(0, "not_above", **told)
    if row["switch"] != "-" and str(row["switch"]) not in {*switched_on, *_on(pack, on)}:
        return StampDuty(0, "switched_off", **told)
    duty = _int(row["duty_minor"])
    return StampDuty(duty, "due" if duty else "not_an_object", **told)


def import_duties(pack: Pack, *, goods: str, fob_cents: int, cif_minor: int, on: date, band_currency: str = "USD") -> ImportDuties:
    """Return duty, VAT and income tax of a consignment that comes in on a day.

    `goods` is a class of table `import_duties`; `fob_cents` is its FOB value in cents of `band_currency`, which decides the band;
    `cif_minor` is its CIF value in the country's currency at the customs rate, which is charged. Duty is of CIF; VAT and income
    tax are of CIF plus duty, as PMK 96/2023 amended by PMK 4/2025 has it. Raises `ConsignmentUnclear` for a value that is not
    above zero, `NoImportRule` above the highest band (the general procedure by customs heading) or for an unknown class or day.
    """
    if fob_cents <= 0 or cif_minor <= 0:
        raise ConsignmentUnclear(f"saw FOB {fob_cents} cents and CIF {cif_minor}; wanted both above zero; correct the declaration")
    dated = [r for r in pack.rows.get("import_duties", ()) if in_force(r, on=on) and r["band_currency"] == band_currency]
    if not any(r["goods"] == goods for r in dated):
        known = sorted({str(r["goods"]) for r in dated} - {"*"})
        raise NoImportRule(
            f"saw goods {goods!r} on {on} in {pack.country}; wanted one of {', '.join(known) or 'no class'}; "
            "add a dated row to import_duties.csv"
        )
    fit = [r for r in dated if r["goods"] in (goods, "*") and _int(r["over_cents"]) < fob_cents <= _int(r["upto_cents"])]
    if not fit:
        raise NoImportRule(
            f"saw FOB {fob_cents} cents of {band_currency}; wanted at most {max(_int(r['upto_cents']) for r in dated)}; above it the "
            "general import procedure applies, by customs heading"
        )
    row = min(fit, key=lambda r: r["goods"] == "*")
    step = _int(row["step_minor"])
    duty = _charge(cif_minor, rate_ppm=_int(row["duty_ppm"]), step=step)
    base = cif_minor + duty
    return ImportDuties(
        duty_minor=duty,
        vat_minor=_charge(base, rate_ppm=_int(row["vat_ppm"]), step=step),
        income_tax_minor=_charge(base, rate_ppm=_int(row["income_tax_ppm"]), step=step),
        base_minor=base,
        row_id=str(row["row_id"]),
        source=str(row["source"]),
        confidence=str(row["confidence"]),
    )


def _charge(base_minor: int, *, rate_ppm: int, step: int) -> int:
    """Rate of a base: half up to the unit, or rounded up to a multiple of the row's step."""
    if step <= 1:
        return mul_ppm(base_minor, rate_ppm)
    return ceil_div(base_minor * rate_ppm, PPM * step) * step


def _above(row: Row, amount_minor: int) -> bool:
    over, upto = row["over_minor"], row["upto_minor"]
    return (over is None or amount_minor > _int(over)) and (upto is None or amount_minor <= _int(upto))


def _on(pack: Pack, on: date) -> set[str]:
    return {str(r["switch"]) for r in pack.rows.get("switches", ()) if r["is_on"] and in_force(r, on=on)}


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0
