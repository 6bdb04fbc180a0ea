"""Comparing: the workings of one run beside those of another, and what differs.

`..._then` is what was settled, `..._now` the same facts rated under other agreements. Differences are now less then.
"""

from __future__ import annotations

from tuntas.tables.columns import Table, parse
from tuntas.tables.terms import BANDS, CHARGES
from tuntas.tables.workings import EXPECTED, RATE_HOLDS, RATED

COMPARED = parse(
    "compared",
    "Charges whose amount differs, one row a charge, with the one cause that explains it. then + difference = now.",
    "charge_id",
    """
    charge_id text! : side:subject_id:charge_type, the same on both sides
    side text! : side
    subject_kind text! : kind of subject
    subject_id text! : the subject
    party_id text! : the party
    seller_id text : whose goods a parcel carries; the party itself on the payout side
    charge_type text! : charge type
    cause text! : new_charge | dropped_charge | now_waits | no_longer_waits | other_agreement | other_zone | other_weight | other_band | other_base | other_quantity | new_rate | new_price
    service text! : service code
    origin_area text : area of origin
    dest_area text : area of destination
    zone_then text : zone of the settled rating
    zone_now text : zone under the other agreements
    chargeable_then_g int : chargeable weight, settled
    chargeable_now_g int : chargeable weight now
    band_from_then_g int : first gram of the band that priced it, settled
    band_to_then_g int : gram after its last, null when open or without a band
    band_from_now_g int : first gram of the band now
    band_to_now_g int : gram after its last, null when open or without a band
    rule_then text : rule that was applied
    rule_now text : rule applied now
    clause_then text : its clause
    clause_now text : its clause
    then_minor int! : the charge as settled, 0 when there was none
    now_minor int! : the charge now, 0 when there is none
    difference_minor int! : now less then
    party_minor int! : what the party has more of for it; below zero, less
    accrue_on date! : day the service was rendered
    currency text! : currency
    """,
)
MOVED = parse(
    "moved",
    "Subjects that stand elsewhere, one row a subject: other zone, other chargeable weight, or another reason to wait.",
    "side subject_id",
    """
    side text! : side
    subject_kind text! : kind of subject
    subject_id text! : the subject
    party_id text! : the party
    zone_then text : zone, settled
    zone_now text : zone now
    chargeable_then_g int : chargeable weight, settled
    chargeable_now_g int : chargeable weight now
    hold_then text : the first reason it could not be rated, settled
    hold_now text : the first reason now
    """,
)


def _sides(shape: Table) -> tuple[Table, Table]:
    return (
        Table(f"{shape.name}_then", f"As settled. {shape.meaning}", shape.key, shape.columns),
        Table(f"{shape.name}_now", f"Under other agreements. {shape.meaning}", shape.key, shape.columns),
    )


COMPARING: tuple[Table, ...] = (
    *_sides(EXPECTED),
    *_sides(RATED),
    *_sides(RATE_HOLDS),
    *_sides(CHARGES),
    *_sides(BANDS),
    COMPARED,
    MOVED,
)
