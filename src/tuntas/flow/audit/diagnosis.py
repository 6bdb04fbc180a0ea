"""Why a banded price differs: every single fault that could explain it, priced, and the first one that gives the billed amount.

The order of belief: a started step opened without tolerance, another common divisor, another version of the agreement, another
zone, the weight the vendor states. A guess that contradicts the weight or the zone the vendor states is not believed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tuntas.flow.audit.papers import Papers, Reading, Row
from tuntas.kernel.rounding import ceil_div, mul_ratio

DIVISORS = (4000, 5000, 6000)
MICRO_GRAMS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Guess:
    """One fault: its cause and belief, the terms it is priced by, and what it would change."""

    belief: int
    cause: str
    charge: Row
    zone: str
    divisor: int | None
    weight_g: int


@dataclass(frozen=True, slots=True)
class Finding:
    """The fault believed, with its arithmetic in numbers."""

    cause: str
    evidence: str


def chargeable_g(*, actual_g: int, volume_mm3: int, terms: Row, divisor: int, tolerance_g: int) -> int:
    """Chargeable weight under an agreement version, with a divisor and a tolerance of one's choice."""
    volumetric = ceil_div(volume_mm3, divisor) if divisor > 0 else 0
    heavier = max(actual_g, volumetric, terms["min_g"] if terms["weight_order"] == "max_then_round" else 0)
    rounded = 0
    if heavier > 0:
        over = heavier - tolerance_g
        rounded = max(ceil_div(over, terms["step_g"]) if over > 0 else 0, 1) * terms["step_g"]
    return rounded if terms["weight_order"] == "max_then_round" else max(rounded, terms["min_g"])


def band_prices(*, papers: Papers, charge: Row, service: str, zone: str, weight_g: int) -> list[int]:
    """Prices of the bands that cover a weight in a zone; bands of the named service stand before those of *."""
    fits = [
        band
        for band in papers.bands.get((charge["agreement_id"], charge["version"], charge["charge_no"]), [])
        if band["zone"] == zone
        and band["service"] in (service, "*")
        and band["from_g"] <= weight_g
        and (band["to_g"] is None or weight_g < band["to_g"])
    ]
    named = [band for band in fits if band["service"] != "*"] or fits
    return [_price(band, weight_g) for band in named]


def _price(band: Row, weight_g: int) -> int:
    price: int = band["first_minor"]
    if band["next_g"] > 0 and weight_g > band["first_g"]:
        price += ceil_div(weight_g - band["first_g"], band["next_g"]) * band["next_minor"]
    if band["per_kg_micro"] > 0:
        price += mul_ratio(weight_g, band["per_kg_micro"], MICRO_GRAMS)
    least: int = band["min_minor"]
    return max(price, least)


def guesses(*, papers: Papers, reading: Reading, charge: Row) -> Iterator[Guess]:
    """Every single fault that could stand behind a banded line, each changing one thing."""
    subject, rated, line = reading.subject, reading.rated, reading.line
    if subject is None or rated is None or rated["zone"] is None or rated["chargeable_g"] is None:
        return
    terms = papers.agreements[charge["agreement_id"], charge["version"]]
    zone, ours, divisor, tolerance = rated["zone"], rated["chargeable_g"], terms["divisor"], terms["tolerance_g"]

    def weighed(by: Row, with_divisor: int, with_tolerance: int) -> int:
        return chargeable_g(
            actual_g=subject["actual_g"],
            volume_mm3=subject["volume_mm3"],
            terms=by,
            divisor=with_divisor,
            tolerance_g=with_tolerance,
        )

    yield Guess(1, "wrong_step", charge, zone, None, weighed(terms, divisor, 0))
    for other in DIVISORS:
        if other != divisor:
            yield Guess(2, "wrong_divisor", charge, zone, other, weighed(terms, other, tolerance))
    for (agreement_id, version), sheet in papers.charges.items():
        if agreement_id != charge["agreement_id"] or version == charge["version"]:
            continue
        theirs = papers.agreements[agreement_id, version]
        for row in sheet:
            if row["charge_type"] == reading.claim_type and row["kind"] == "bands" and row["service"] in ("*", subject["service"]):
                yield Guess(3, "expired_rate", row, zone, None, ours)
                by_theirs = weighed(theirs, theirs["divisor"], theirs["tolerance_g"])
                yield Guess(3, "expired_rate", row, zone, None, by_theirs)
    for other_zone in {b["zone"] for b in papers.bands.get((charge["agreement_id"], charge["version"], charge["charge_no"]), [])}:
        if other_zone != zone:
            yield Guess(4, "wrong_zone", charge, other_zone, None, ours)
    if line["billed_g"] is not None and line["billed_g"] != ours:
        yield Guess(5, "wrong_weight", charge, zone, None, line["billed_g"])


def believed(*, papers: Papers, reading: Reading, charge: Row) -> Guess | None:
    """The first guess, in the order of belief, that contradicts nothing stated and gives the billed amount to the unit."""
    line, subject = reading.line, reading.subject
    if subject is None:
        return None
    held = []
    for guess in guesses(papers=papers, reading=reading, charge=charge):
        if line["billed_g"] is not None and line["billed_g"] != guess.weight_g:
            continue
        if line["billed_zone"] is not None and line["billed_zone"] != guess.zone:
            continue
        prices = band_prices(
            papers=papers, charge=guess.charge, service=subject["service"], zone=guess.zone, weight_g=guess.weight_g
        )
        if line["amount_minor"] in prices:
            held.append(guess)
    return min(held, key=_order, default=None)


def _order(guess: Guess) -> tuple[int, int, str, int, int]:
    return (guess.belief, guess.charge["version"], guess.zone, guess.divisor or 0, guess.weight_g)


def diagnose(*, papers: Papers, reading: Reading, charge: Row) -> Finding:
    """The cause of a banded difference: return_as_delivered, the fault believed, else price_differs or underbilled."""
    line, expected = reading.line, reading.expected
    ours = expected["amount_minor"] if expected is not None else 0
    plain = f"ours {ours}, theirs {line['amount_minor']}"
    if reading.charge_type != reading.claim_type:
        return Finding("return_as_delivered", f"return_as_delivered: {plain}")
    guess = believed(papers=papers, reading=reading, charge=charge) if charge["kind"] == "bands" else None
    if guess is None or reading.subject is None or reading.rated is None:
        cause = "underbilled" if line["amount_minor"] < ours else "price_differs"
        return Finding(cause, f"{cause}: {plain}")
    subject, rated = reading.subject, reading.rated
    terms = papers.agreements[charge["agreement_id"], charge["version"]]
    weights = f"actual {subject['actual_g']}, volumetric {rated['volumetric_g']}"
    weighed = f"ours {rated['chargeable_g']}, theirs {guess.weight_g}"
    told = {
        "wrong_step": f"{weights}, tolerance {terms['tolerance_g']}, {weighed}",
        "wrong_divisor": f"volume {subject['volume_mm3']}, our divisor {terms['divisor']}, "
        f"their divisor {guess.divisor}, {weighed}",
        "expired_rate": f"weight {guess.weight_g}, zone {guess.zone}, our version {charge['version']}, "
        f"their version {guess.charge['version']}",
        "wrong_zone": f"weight {guess.weight_g}, ours {rated['zone']}, theirs {guess.zone}",
        "wrong_weight": f"{weights}, {weighed}",
    }
    return Finding(guess.cause, f"{guess.cause}: {told[guess.cause]}")
