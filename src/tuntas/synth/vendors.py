"""The vendors of the synthetic month, drawn after the shapes real carriers and warehouses have; none of them exists.

What Indonesian carriers print and is kept here: a first and each further kilogram by zone, a divisor of 6000 for parcels, 5000 for cargo
and 4000 for trucking, 300 g of tolerance (one of them 500), insurance of 0.2% to 0.3% with an administration fee, 2% to 3% for cash with a
minimum, returns at the same price or a share of it, trucking from 10 kg, cargo with a first block of 10 kg and no rounding above it,
and for a lost parcel without insurance ten times its freight, at most the goods. Prices and names are made up.
"""

from __future__ import annotations

from dataclasses import replace

from tuntas.synth.terms import CarrierTerms, Vendor, WarehouseTerms

_WORDS = {
    "freight": "ONGKIR", "return_freight": "ONGKIR RETUR", "fuel": "BBM", "cod_fee": "BIAYA COD", "insurance": "ASURANSI",
    "remote_area": "DAERAH TERPENCIL", "redelivery": "KIRIM ULANG", "crating": "PACKING KAYU",
}  # fmt: skip
_FORMAL = {
    "freight": "BIAYA PENGIRIMAN", "return_freight": "BIAYA RETUR", "fuel": "SURCHARGE BAHAN BAKAR", "cod_fee": "JASA COD",
    "insurance": "PREMI ASURANSI", "remote_area": "BIAYA AREA KHUSUS", "redelivery": "PENGANTARAN ULANG", "crating": "KEMASAN PETI",
}  # fmt: skip
_ENGLISH = {
    "freight": "FREIGHT CHARGE", "return_freight": "RTO CHARGE", "fuel": "FUEL SURCHARGE", "cod_fee": "COD HANDLING",
    "insurance": "INSURANCE", "remote_area": "OUT OF AREA", "redelivery": "RE-DELIVERY", "crating": "WOODEN CRATE",
}  # fmt: skip
_SIX = ("Z1", "Z2", "Z3", "Z4", "Z5", "Z6")
_FOUR = ("KOTA", "JAWA", "LUAR", "TIMUR")
_FIVE = ("LOKAL", "PROV", "PULAU", "ANTAR", "TIMUR")

CARRIERS: tuple[CarrierTerms, ...] = (
    CarrierTerms(
        code="JNX", name="PT Jalan Nusantara Ekspres", share=30, services=("REG", "YES"), scheme="six", zones=_SIX, shape="step",
        first=(8_500, 10_500, 14_500, 27_500, 41_500, 78_500), next=(7_500, 9_000, 12_500, 24_500, 37_000, 71_500),
        divisor=6000, step_g=1000, tolerance_g=300, min_g=1000, order="max_then_round", return_ppm=1_000_000, claim_max=1_000_000,
        words=_WORDS, insurance=(2_000, 5_000), cod=(25_000, 2_000, 60_000), remote=7_500, redelivery=2_000,
        fuel=(43_500, 45_000, 46_500, 44_500, 45_500, 47_000, 46_000), fuel_rounded_up=True, change_ppm=60_000,
    ),
    CarrierTerms(
        code="ANC", name="PT Antar Cepat Mandiri", share=20, services=("EZ",), scheme="five", zones=_FIVE, shape="step",
        first=(7_000, 9_500, 17_000, 32_000, 64_000), next=(6_500, 8_500, 15_500, 30_000, 60_500),
        divisor=6000, step_g=1000, tolerance_g=300, min_g=1000, order="max_then_round", return_ppm=500_000, claim_max=750_000,
        words=_ENGLISH, insurance=(2_500, 2_500), cod=(28_000, 2_500, 75_000), remote=10_000, redelivery=3_000,
        bills_after_days=1, pays_cod_after_days=2,
    ),
)  # fmt: skip
CARRIERS += (
    CarrierTerms(
        code="SGK", name="PT Segara Kilat Indonesia", share=18, services=("REG", "BEST"), scheme="four", zones=_FOUR, shape="step",
        first=(8_000, 13_500, 33_500, 69_000), next=(7_000, 11_500, 30_500, 64_000),
        divisor=6000, step_g=1000, tolerance_g=300, min_g=1000, order="round_then_max", return_ppm=600_000, claim_max=1_500_000,
        words=_FORMAL, insurance=(2_000, 5_000), cod=(30_000, 3_000, 50_000), remote=8_500, redelivery=2_500, fuel=(38_500,),
        bills_after_days=3,
    ),
    CarrierTerms(
        code="RAW", name="CV Rukun Antar Warga", share=7, services=("STANDARD",), scheme="four", zones=_FOUR, shape="step",
        first=(7_500, 12_500, 31_500, 66_500), next=(6_500, 11_000, 29_000, 61_500),
        divisor=6000, step_g=1000, tolerance_g=500, min_g=1000, order="max_then_round", return_ppm=800_000, claim_max=300_000,
        words=_WORDS, is_pkp=False, letter=True, cod=(20_000, 1_500, 40_000), redelivery=1_500, pays_cod_after_days=4, terms_days=7,
    ),
    CarrierTerms(
        code="KBR", name="PT Kargo Bahari Raya", share=4, services=("TRUCKING",), scheme="five", zones=_FIVE, shape="slabs",
        first=(32_000, 41_000, 58_000, 96_000, 182_000), next=(2_450, 3_350, 4_900, 8_450, 16_200),
        divisor=4000, step_g=1000, tolerance_g=0, min_g=10_000, order="max_then_round", return_ppm=600_000, claim_max=5_000_000,
        words=_FORMAL, insurance=(3_000, 10_000), remote=45_000, line_tolerance=100, cargo=True, terms_days=30,
    ),
    CarrierTerms(
        code="TRI", name="PT Trinusa Logistik", share=14, services=("REG",), scheme="six", zones=_SIX, shape="step",
        first=(9_000, 11_000, 15_500, 29_500, 43_500, 82_500), next=(8_000, 9_500, 13_500, 26_500, 39_500, 75_500),
        divisor=6000, step_g=1000, tolerance_g=300, min_g=1000, order="round_then_max", return_ppm=500_000, claim_max=1_000_000,
        words=_ENGLISH, insurance=(2_000, 5_000), cod=(25_000, 2_000, 50_000), remote=9_000, redelivery=2_250,
        fuel=(52_500, 51_000, 49_500, 50_500, 51_500, 52_000, 51_500), change_ppm=-50_000, bills_after_days=2, exempt=True,
    ),
    CarrierTerms(
        code="PKA", name="PT Perkasa Angkutan Arta", share=4, services=("CARGO",), scheme="five", zones=_FIVE, shape="per_kg",
        first=(38_000, 46_500, 64_500, 102_500, 196_000), next=(2_850, 3_700, 5_450, 9_150, 17_600),
        divisor=5000, step_g=1, tolerance_g=0, min_g=10_000, order="max_then_round", return_ppm=500_000, claim_max=1_000_000,
        words=_FORMAL, insurance=(2_000, 2_500), remote=35_000, fuel=(40_000,), fuel_rounded_up=True, line_tolerance=100,
        cargo=True, terms_days=21,
    ),
)  # fmt: skip
WAREHOUSES: tuple[WarehouseTerms, ...] = (
    WarehouseTerms("GCS", "PT Gudang Cakung Sentosa", storage=4_250, inbound=650, pick_pack=2_750, pallets=900, share=25),
    WarehouseTerms("GRM", "PT Gudang Rungkut Makmur", storage=3_600, inbound=600, pick_pack=2_450, pallets=420, share=12),
    WarehouseTerms(
        "SFP",
        "Straits Fulfilment Pte. Ltd.",
        storage=5_100,
        inbound=800,
        pick_pack=3_350,
        pallets=120,
        share=5,
        is_pkp=False,
        has_tax_id=False,
        entity="foreign",
        country="SG",
    ),
)
# The order in which vendors join as the month grows.
_ORDER = ("JNX", "GCS", "ANC", "SGK", "RAW", "TRI", "KBR", "PKA", "GRM", "SFP")
_CITIES = ("Bandung", "Semarang", "Surabaya", "Medan", "Makassar", "Denpasar", "Palembang", "Balikpapan", "Manado", "Bekasi")


def first_vendors(count: int) -> tuple[Vendor, ...]:
    """Return the first `count` vendors; beyond the ten drawn by hand, branches of them with their own, dearer prices."""
    everyone: tuple[Vendor, ...] = (*CARRIERS, *WAREHOUSES)
    drawn = {terms.code: terms for terms in everyone}
    found: list[Vendor] = []
    for number in range(count):
        turn, place = divmod(number, len(_ORDER))
        terms = drawn[_ORDER[place]]
        found.append(_branch(terms, turn) if turn else terms)
    return tuple(found)


def _branch(terms: Vendor, turn: int) -> Vendor:
    city = _CITIES[(turn - 1) % len(_CITIES)]
    code, name = f"{terms.code}{turn + 1}", f"{terms.name} Cabang {city}"
    if isinstance(terms, WarehouseTerms):
        return replace(terms, code=code, name=name, storage=terms.storage + 50 * turn, pick_pack=terms.pick_pack + 50 * turn)
    return replace(terms, code=code, name=name, first=tuple(price + 50 * turn for price in terms.first))
