"""What a vendor of the synthetic month agreed with us: the one source of both its paper agreement and its prices here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Band:
    """One row of a price table; grams and rupiah, `per_kg_micro` in millionths of a rupiah."""

    service: str
    zone: int
    from_g: int
    to_g: int | None
    first_g: int
    first: int
    next_g: int
    next: int
    per_kg_micro: int
    least: int


@dataclass(frozen=True, slots=True)
class CarrierTerms:
    """A carrier's agreement. Prices are rupiah; rates ppm; weights grams."""

    code: str
    name: str
    share: int  # of parcels, relative
    services: tuple[str, ...]
    scheme: str  # how it draws zones, see lanes.py
    zones: tuple[str, ...]
    shape: str  # step | slabs | per_kg
    first: tuple[int, ...]  # first price by zone
    next: tuple[int, ...]  # next price by zone
    divisor: int
    step_g: int
    tolerance_g: int
    min_g: int
    order: str
    return_ppm: int  # return price as a share of the forward price
    claim_max: int
    words: Mapping[str, str]  # charge type -> the vendor's word
    entity: str = "company"
    is_pkp: bool = True
    has_tax_id: bool = True
    insurance: tuple[int, int] | None = None  # rate, admin
    cod: tuple[int, int, int] | None = None  # rate, min, max
    remote: int | None = None
    redelivery: int | None = None
    fuel: tuple[int, ...] = ()  # weekly rates
    fuel_rounded_up: bool = False
    change_ppm: int | None = None  # price change from the 16th
    line_tolerance: int = 5
    cargo: bool = False  # heavy goods, no scans, no cash
    country: str | None = None  # where it is resident, when not here
    exempt: bool = False  # holds a letter of exemption from PPh 23
    letter: bool = False  # holds a final-tax letter
    bills_after_days: int = 2  # from the date of the bill to the day we have it
    pays_cod_after_days: int = 3
    terms_days: int = 14

    @property
    def party_id(self) -> str:
        """The party."""
        return f"V-{self.code}"

    @property
    def agreement_id(self) -> str:
        """The agreement."""
        return f"{self.code}-BUY"

    def price_rows(self, version: int, *, back: bool = False) -> list[Band]:
        """Return the price table of a version, forward or `back` for returns, in the order it is printed."""
        rows: list[Band] = []
        for number, service in enumerate(self.services):
            for zone in range(len(self.zones)):
                first, later = (
                    self._price(self.first[zone], version, number, back),
                    self._price(self.next[zone], version, number, back),
                )
                rows.extend(self._bands(service, zone, first, later))
        return rows

    def _price(self, price: int, version: int, service: int, back: bool) -> int:
        """Express costs 60% more; a new version is dearer or cheaper; a return costs its share. To 50 rupiah each time."""
        if service:
            price = price * 160 // 100 // 50 * 50
        if version == 2 and self.change_ppm is not None:
            price = (price * (1_000_000 + self.change_ppm)) // 1_000_000 // 50 * 50
        if back:
            price = price * self.return_ppm // 1_000_000 // 50 * 50
        return price

    def _bands(self, service: str, zone: int, first: int, later: int) -> list[Band]:
        if self.shape == "per_kg":
            # Sold by the kilogram at a rate with cents, so that its rounding matters.
            micro = later * 1_000_000 + 375_000 * (zone + 1)
            return [Band(service, zone, 0, None, 0, 0, 0, 0, micro, first)]
        if self.shape == "slabs":
            block, cuts = 10_000, (50_000, 100_000)
            bands, start, base, covered, each = [], 0, first, block, later
            for end in (*cuts, None):
                bands.append(Band(service, zone, start, end, covered, base, 1_000, each, 0, 0))
                if end is not None:
                    base += (end - covered) // 1_000 * each
                    start, covered, each = end, end, each * 93 // 100 // 50 * 50
            return bands
        return [Band(service, zone, 0, None, 1_000, first, self.step_g, later, 0, 0)]


@dataclass(frozen=True, slots=True)
class WarehouseTerms:
    """A warehouse operator's agreement: rupiah a pallet-day, a piece received, an order picked and packed."""

    code: str
    name: str
    storage: int
    inbound: int
    pick_pack: int
    pallets: int
    share: int
    is_pkp: bool = True
    has_tax_id: bool = True
    entity: str = "company"
    country: str | None = None
    exempt: bool = False
    letter: bool = False
    bills_after_days: int = 3
    terms_days: int = 14
    line_tolerance: int = 5
    words: Mapping[str, str] = field(
        default_factory=lambda: {
            "storage": "SEWA PALET HARIAN",
            "inbound": "BONGKAR TERIMA BARANG",
            "pick_pack": "AMBIL KEMAS PESANAN",
        }
    )

    @property
    def party_id(self) -> str:
        """The party."""
        return f"V-{self.code}"

    @property
    def agreement_id(self) -> str:
        """The agreement."""
        return f"{self.code}-BUY"


Vendor = CarrierTerms | WarehouseTerms
