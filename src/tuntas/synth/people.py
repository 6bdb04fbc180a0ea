"""The parties of the month: ourselves, the vendors, and sellers large and small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tuntas.synth.areas import areas
from tuntas.synth.calendar_month import MonthCalendar
from tuntas.synth.draws import Draws, Ints
from tuntas.synth.terms import Vendor, WarehouseTerms

PLATFORM = "P-TUNTAS"
ACCOUNT = "7770012345"
_BANKS = ("CENAIDJA", "BMRIIDJA", "BNINIDJA", "BRINIDJA", "BBBAIDJA", "BNIAIDJA")
_FIRST = (
    "Sari",
    "Budi",
    "Dewi",
    "Agus",
    "Rina",
    "Eko",
    "Putri",
    "Joko",
    "Ayu",
    "Hendra",
    "Lestari",
    "Wahyu",
    "Nur",
    "Fajar",
    "Indah",
    "Rizki",
)
_LAST = (
    "Wijaya",
    "Santoso",
    "Lubis",
    "Pratama",
    "Siregar",
    "Hidayat",
    "Nasution",
    "Saputra",
    "Halim",
    "Manurung",
    "Kusuma",
    "Tanjung",
)
_SHOPS = (
    "Makmur",
    "Jaya",
    "Sejahtera",
    "Abadi",
    "Mandiri",
    "Berkah",
    "Sentosa",
    "Lestari",
    "Gemilang",
    "Cahaya",
    "Mulia",
    "Rejeki",
)
_STREETS = ("Merdeka", "Diponegoro", "Ahmad Yani", "Gajah Mada", "Veteran", "Pahlawan", "Melati", "Kenanga")
_GOODS = ("Busana", "Elektronik", "Rumah", "Kosmetik", "Pangan", "Pustaka", "Mainan", "Herbal", "Olahraga", "Kriya")


@dataclass(frozen=True, slots=True)
class Sellers:
    """Who sells: their ids in order, where they are, and how much each sells (relative)."""

    ids: tuple[str, ...]
    area: Ints
    weight: Ints


def seller_id(number: int) -> str:
    """Return the id of a seller by its place, from 0."""
    return f"S-{number + 1:06d}"


def draw_sellers(count: int, draws: Draws) -> Sellers:
    """Return the sellers: volume falls with rank, so that a few sell most."""
    rows = np.arange(count, dtype=np.int64)
    weight = 10_000_000 // (rows + 12) + draws.below("seller-size", rows, 4_000)
    area = draws.pick("seller-area", rows, [place.sellers for place in areas()])
    return Sellers(tuple(seller_id(number) for number in range(count)), area, weight)


def party_rows(*, vendors: Sequence[Vendor], sellers: Sellers, draws: Draws, calendar: MonthCalendar) -> list[dict[str, object]]:
    """Return the rows of `parties`, ourselves first."""
    rows = [_platform() | {"address": "Jl. Jenderal Sudirman No. 28 Kota Jakarta Selatan"}]
    for number, terms in enumerate(vendors):
        rows.append(
            _vendor(number, terms, draws)
            | {"address": _address("vendor", number, draws.one("vendor-area", number, len(areas())), draws)}
        )
    for number, name in enumerate(sellers.ids):
        rows.append(
            _seller(number, name, draws, calendar) | {"address": _address("seller", number, int(sellers.area[number]), draws)}
        )
    return rows


def _address(kind: str, number: int, area: int, draws: Draws) -> str:
    """A street that may be anywhere, and the regency the party is in: tax documents ask for an address."""
    street = _STREETS[draws.one(f"{kind}-street", number, len(_STREETS))]
    return f"Jl. {street} No. {draws.one(f'{kind}-house', number, 180) + 1} {areas()[area].name}"


def _platform() -> dict[str, object]:
    return {
        "party_id": PLATFORM, "name": "PT Tuntas Niaga Digital", "kind": "platform", "entity": "company", "terms_group": "*",
        "tax_id": "0918273645012000", "is_pkp": True, "bank_bic": "CENAIDJA", "bank_account": ACCOUNT,
        "bank_account_name": "PT Tuntas Niaga Digital", "bank_verified": True, "terms_days": 0, "language": "id", "currency": "IDR",
        "opening_minor": 0,
    }  # fmt: skip


def _vendor(number: int, terms: Vendor, draws: Draws) -> dict[str, object]:
    opening = (5_000_000 + draws.one("vendor-opening", number, 900) * 100_000) if number % 3 != 2 else 0
    return {
        "party_id": terms.party_id, "name": terms.name, "kind": "warehouse" if isinstance(terms, WarehouseTerms) else "carrier",
        "entity": terms.entity, "terms_group": "*", "country": terms.country,
        "tax_id": f"0{71_000_000_000_000 + number * 37_000_411_003:015d}" if terms.has_tax_id else None,
        "is_pkp": terms.is_pkp, "bank_bic": _BANKS[number % len(_BANKS)], "bank_account": f"88{10_000_000 + number * 7_919}",
        "bank_account_name": terms.name, "bank_verified": True, "terms_days": terms.terms_days, "language": "id", "currency": "IDR",
        "opening_minor": opening,
    }  # fmt: skip


def _seller(number: int, party_id: str, draws: Draws, calendar: MonthCalendar) -> dict[str, object]:
    def among(stream: str, words: Sequence[str]) -> str:
        return words[draws.one(stream, number, len(words))]

    kind = draws.one("seller-kind", number, 100)
    person = kind >= 55
    owner = f"{among('first', _FIRST)} {among('last', _LAST)}"
    shop = f"{among('goods', _GOODS)} {among('shop', _SHOPS)}"
    name = owner if person else f"{'PT' if kind < 30 else 'CV'} {shop} {number + 1}"
    opening = 0
    luck = draws.one("seller-opening", number, 100)
    if luck < 12:
        opening = 50_000 + draws.one("seller-opening-size", number, 4_000) * 500
    elif luck < 16:
        opening = -(20_000 + draws.one("seller-opening-size", number, 600) * 500)
    day, month, year = (
        draws.one(stream, number, limit) for stream, limit in (("born-day", 28), ("born-month", 12), ("born-year", 40))
    )
    born = f"{day + 1:02d}{month + 1:02d}{year + 60:02d}"
    tax_id = (
        f"3171{number % 9 + 1:02d}{born}{number % 10_000:04d}" if person else f"0{42_000_000_000_000 + number * 41_000_233:015d}"
    )
    letter: date | None = None
    if person and draws.one("suket", number, 100) < 30:
        letter = date(calendar.start.year, 12, 31)
    return {
        "party_id": party_id, "name": name, "kind": "seller", "entity": "individual" if person else "company",
        "terms_group": "STAR" if number < 3 or draws.one("star", number, 100) < 8 else "REGULAR",
        "tax_id": None if person and draws.one("tax-id", number, 100) < 10 else tax_id, "is_pkp": kind < 20, "suket_until": letter,
        "bank_bic": among("bank", _BANKS),
        "bank_account": f"{1_000_000_000 + number * 7_001 + draws.one('account', number, 7_000)}",
        "bank_account_name": name, "bank_verified": draws.one("verified", number, 100) >= 3, "terms_days": 2, "language": "id",
        "currency": "IDR", "opening_minor": opening,
    }  # fmt: skip
