"""What an agreement to begin with says, by kind: a carrier's, a warehouse's, a line-haul vendor's, a customer's or a seller's.

Every charge has its words in both languages where the agreement is new to most readers, and a golden case that works it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Cells = Sequence[Sequence[str]]
_WEIGHT = {"divisor": "6000", "step_g": "1000", "tolerance_g": "300", "min_g": "1000", "order": "max_then_round", "clause": "4.1"}
_BANDS = ("service", "zone", "from_g", "to_g", "first_g", "first", "next_g", "next", "per_kg", "min")
_TIERS = ("from", "to", "rate", "each", "amount")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of agreement: the side it is of, what its page says beside the head, and its sheets."""

    side: str
    page: Mapping[str, Any]
    sheets: Mapping[str, Cells] = field(default_factory=dict)


_ZONES: Cells = (("service", "origin", "dest", "zone"), ("*", "*", "31", "A"), ("*", "*", "*", "B"))
_FREIGHT: Cells = (
    _BANDS,
    ("*", "A", "0", "5000", "1000", "9000", "1000", "4000", "", ""),
    ("*", "A", "5000", "", "1000", "9000", "1000", "3900", "", ""),
    ("*", "B", "0", "", "1000", "15000", "1000", "9000", "", ""),
)
_FUEL: Cells = (("from", "to", "rate", "source"), ("2026-01-01", "", "4.5%", "notice of the vendor"))
_TOLERANCES = [{"type": "*", "level": "line", "under": "1", "over": "1"}]

PARCELS = Kind(
    side="buy",
    page={
        "billing_days": "7", "weight": _WEIGHT, "zones": "zones.csv", "areas": {"remote": "remote.csv"}, "indices": {"fuel": "fuel.csv"},
        "charges": [
            {"no": "10", "type": "freight", "kind": "bands", "clause": "5.1", "text": "Freight by zone and weight", "bands": "freight.csv",
             "when": {"status": ["delivered", "damaged"]}},
            {"no": "15", "type": "return_freight", "kind": "bands", "clause": "5.2", "text": "Freight of returned parcels", "bands": "freight.csv",
             "when": {"status": ["returned"]}},
            {"no": "20", "type": "fuel", "kind": "index", "clause": "6.1", "text": "Fuel surcharge", "index": "fuel",
             "of": {"charges": ["freight", "return_freight"]}},
            {"no": "30", "type": "cod_fee", "kind": "percent", "clause": "7.1", "text": "Fee for collecting cash", "rate": "2%", "of": "cod",
             "min": "2000", "when": {"status": ["delivered"], "cod": "yes"}},
            {"no": "40", "type": "remote_area", "kind": "flat", "clause": "6.2", "text": "Remote areas", "amount": "7500", "when": {"areas": "remote"}},
            {"no": "50", "type": "claim_lost", "kind": "claim", "clause": "9.1", "text": "Lost parcels, up to the cap", "of": "declared",
             "max": "1000000", "sign": "-1", "when": {"status": ["lost"]}},
        ],
        "aliases": {"ONGKIR": "freight", "BBM": "fuel", "BIAYA COD": "cod_fee"}, "tolerances": _TOLERANCES, "cases": "cases.csv",
    },
    sheets={
        "zones.csv": _ZONES, "freight.csv": _FREIGHT, "fuel.csv": _FUEL, "remote.csv": (("area",), ("11.09",)),
        "cases.csv": (
            ("case", "on", "dest", "actual_g", "status", "cod", "declared", "wanted", "source"),
            ("above the tolerance", "2026-01-05", "31.71", "1301", "delivered", "", "", "freight 13000, fuel 585", "worked out from clauses 4.1, 5.1, 6.1"),
            ("returned", "2026-01-05", "31.71", "1300", "returned", "", "", "return_freight 9000, fuel 405", "worked out from clauses 5.2, 6.1"),
            ("cash", "2026-01-05", "31.71", "1000", "delivered", "250000", "", "freight 9000, fuel 405, cod_fee 5000", "worked out from clause 7.1"),
            ("remote", "2026-01-05", "11.09", "1000", "delivered", "", "", "freight 15000, fuel 675, remote_area 7500", "worked out from clause 6.2"),
            ("lost", "2026-01-05", "31.71", "1000", "lost", "", "1500000", "claim_lost -1000000", "worked out from clause 9.1"),
        ),
    },
)  # fmt: skip
WAREHOUSE = Kind(
    side="buy",
    page={
        "charges": [
            {"no": "10", "type": "storage", "kind": "per_unit", "clause": "3.1", "text": "Storage, each pallet and day / Sewa per palet per hari",
             "amount": "3500", "of": "pallets", "when": {"subject": "warehouse_day"}},
            {"no": "15", "type": "storage_room", "kind": "per_unit", "clause": "3.2",
             "text": "Loose goods, each cubic metre and day / Barang curah per m3 per hari",
             "amount": "2100", "of": "storage_dm3", "step": "1000", "counting": "exact", "when": {"subject": "warehouse_day"}},
            {"no": "20", "type": "inbound", "kind": "per_unit", "clause": "4.1", "text": "Pieces received / Barang masuk per satuan", "amount": "400",
             "of": "inbound", "when": {"subject": "warehouse_day"}},
            {"no": "30", "type": "handling", "kind": "per_unit", "clause": "4.2", "text": "Orders picked and packed / Pengambilan dan pengepakan per pesanan",
             "amount": "1500", "of": "handled", "when": {"subject": "warehouse_day"}},
            {"no": "40", "type": "labels", "kind": "per_unit", "clause": "4.3", "text": "Labels / Label", "amount": "150", "of": "labels",
             "when": {"subject": "warehouse_day"}},
            {"no": "50", "type": "returns_handling", "kind": "per_unit", "clause": "4.4", "text": "Returned pieces / Barang retur per satuan",
             "amount": "2000", "of": "returned", "when": {"subject": "warehouse_day"}},
        ],
        "periods": [
            {"no": "100", "type": "minimum", "kind": "floor", "clause": "5.1", "text": "Least turnover of a month / Nilai minimum per bulan",
             "measure": {"charges": ["storage", "storage_room", "inbound", "handling"]}, "amount": "25000000", "when": {"subject": "warehouse_day"}},
        ],
        "aliases": {"SEWA PALET": "storage", "SEWA M3": "storage_room", "BARANG MASUK": "inbound", "HANDLING": "handling", "LABEL": "labels",
                    "RETUR": "returns_handling", "KEKURANGAN MINIMUM": "minimum"},
        "tolerances": _TOLERANCES, "cases": "cases.csv",
    },
    sheets={
        "cases.csv": (
            ("case", "on", "subject", "pallet_count", "inbound_count", "handled_count", "storage_dm3", "label_count", "returned_count", "measured", "wanted",
             "source"),
            ("a day", "2026-01-05", "warehouse_day", "120", "300", "450", "12500", "450", "7", "",
             "storage 420000, storage_room 26250, inbound 120000, handling 675000, labels 67500, returns_handling 14000",
             "worked out from clauses 3.1 to 4.4"),
            ("an empty day", "2026-01-06", "warehouse_day", "0", "", "", "", "", "", "", "nothing", "nothing in store costs nothing"),
            ("a slow month", "2026-01-31", "period", "", "", "", "", "", "", "storage 13000000, handling 9500000", "minimum 2500000",
             "worked out from clause 5.1"),
            ("a good month", "2026-02-28", "period", "", "", "", "", "", "", "storage 13000000, handling 12000000", "nothing",
             "worked out from clause 5.1"),
        ),
    },
)  # fmt: skip
LINE_HAUL = Kind(
    side="buy",
    page={
        "charges": [
            {"no": "10", "type": "trucking", "kind": "flat", "clause": "3.1", "text": "A trip with a wingbox / Satu rit wingbox", "amount": "4500000",
             "when": {"subject": "trip", "category": "WINGBOX"}},
            {"no": "20", "type": "trucking", "kind": "per_unit", "clause": "3.2", "text": "Other vehicles, each kilometre / Kendaraan lain, per kilometer",
             "amount": "6500", "of": "distance_m", "step": "1000", "counting": "exact", "when": {"subject": "trip"}},
            {"no": "30", "type": "multi_stop", "kind": "per_unit", "clause": "3.3", "text": "Stops after the first two / Titik setelah dua yang pertama",
             "amount": "150000", "of": "stops", "free": "2", "when": {"subject": "trip"}},
            {"no": "40", "type": "detention", "kind": "per_unit", "clause": "4.1",
             "text": "Waiting, each started hour after two / Waktu tunggu, per jam setelah dua jam",
             "amount": "75000", "of": "detention_min", "free": "120", "step": "60", "when": {"subject": "trip"}},
            {"no": "50", "type": "demurrage", "kind": "per_unit", "clause": "4.2",
             "text": "A container kept, each day after three / Peti kemas ditahan, per hari setelah tiga",
             "amount": "350000", "of": "demurrage_days", "free": "3", "when": {"subject": "trip"}},
            {"no": "60", "type": "claim_lost", "kind": "claim", "clause": "8.1", "text": "Lost loads, up to the cap / Muatan hilang, sampai batas",
             "of": "declared", "max": "500000000", "sign": "-1", "when": {"subject": "trip", "status": ["lost"]}},
        ],
        "periods": [
            {"no": "100", "type": "volume_rebate", "kind": "tiers", "clause": "6.1", "text": "Rebate by trips of a month / Rabat menurut jumlah rit sebulan",
             "measure": "count", "mode": "all_units", "of": {"charges": ["trucking"]}, "round": "sum", "tiers": "trips.csv", "sign": "-1",
             "when": {"subject": "trip", "status": ["delivered"]}},
        ],
        "aliases": {"TRUCKING": "trucking", "MULTIDROP": "multi_stop", "WAKTU TUNGGU": "detention", "DEMURRAGE": "demurrage", "REBAT VOLUME": "volume_rebate"},
        "tolerances": _TOLERANCES, "cases": "cases.csv",
    },
    sheets={
        "trips.csv": (_TIERS, ("0", "20", "", "", ""), ("20", "40", "3%", "", ""), ("40", "", "5%", "", "")),
        "cases.csv": (
            ("case", "on", "subject", "vehicle", "arrived_on", "distance_m", "stop_count", "detention_min", "demurrage_days", "status", "declared", "count",
             "measured", "wanted", "source"),
            ("a wingbox", "2026-01-05", "trip", "WINGBOX", "2026-01-06", "781250", "2", "120", "3", "", "", "", "", "trucking 4500000",
             "worked out from clauses 3.1 to 4.2: what is free costs nothing"),
            ("a truck", "2026-01-05", "trip", "CDD", "2026-01-06", "781250", "3", "181", "4", "", "", "", "",
             "trucking 5078125, multi_stop 150000, detention 150000, demurrage 350000", "worked out from clauses 3.2, 3.3, 4.1, 4.2"),
            ("a lost load", "2026-01-05", "trip", "WINGBOX", "2026-01-06", "", "", "", "", "lost", "600000000", "", "",
             "trucking 4500000, claim_lost -500000000", "worked out from clauses 3.1, 8.1"),
            ("nineteen trips", "2026-01-31", "period", "", "", "", "", "", "", "", "", "19", "trucking 85500000", "nothing", "worked out from clause 6.1"),
            ("twenty trips", "2026-01-31", "period", "", "", "", "", "", "", "", "", "20", "trucking 90000000", "volume_rebate -2700000",
             "worked out from clause 6.1"),
        ),
    },
)  # fmt: skip
CUSTOMER = Kind(
    side="sell",
    page={
        "weight": {**_WEIGHT, "divisor": "5000", "tolerance_g": "0"}, "zones": "zones.csv", "areas": {"remote": "remote.csv"},
        "indices": {"fuel": "fuel.csv"}, "service_level": "sla.csv",
        "charges": [
            {"no": "10", "type": "freight", "kind": "bands", "clause": "5.1", "text": "Freight by zone and weight / Ongkos kirim menurut zona dan berat",
             "bands": "freight.csv", "when": {"status": ["delivered", "damaged"]}},
            {"no": "15", "type": "return_freight", "kind": "bands", "clause": "5.2", "text": "Returned parcels / Paket retur", "bands": "return.csv",
             "when": {"status": ["returned"]}},
            {"no": "17", "type": "freight", "kind": "bands", "clause": "9.1", "text": "Freight a claim is limited by / Ongkos kirim sebagai batas klaim",
             "bands": "freight.csv", "sign": "0", "when": {"status": ["lost"]}},
            {"no": "20", "type": "fuel", "kind": "index", "clause": "6.1", "text": "Fuel surcharge / Biaya bahan bakar", "index": "fuel",
             "of": {"charges": ["freight", "return_freight"]}, "when": {"status": ["delivered", "damaged", "returned"]}},
            {"no": "30", "type": "cod_fee", "kind": "percent", "clause": "7.1", "text": "Collecting cash / Penagihan tunai (COD)", "rate": "3%", "of": "cod",
             "min": "2500", "when": {"status": ["delivered"], "cod": "yes"}},
            {"no": "40", "type": "insurance", "kind": "percent", "clause": "7.2", "text": "Insurance / Asuransi", "rate": "0.25%", "of": "declared",
             "plus": "5000", "when": {"insured": "yes"}},
            {"no": "50", "type": "remote_area", "kind": "flat", "clause": "6.2", "text": "Remote areas / Daerah terpencil", "amount": "10000",
             "when": {"areas": "remote"}},
            {"no": "60", "type": "late", "kind": "percent", "clause": "8.1", "text": "Late deliveries, given back / Keterlambatan, dikembalikan", "rate": "10%",
             "of": {"charges": ["freight"]}, "max": "50000", "sign": "-1", "when": {"late": "yes", "status": ["delivered"]}},
            {"no": "70", "type": "claim_lost", "kind": "claim", "clause": "9.1",
             "text": "Lost parcels, up to ten times the freight / Paket hilang, sampai sepuluh kali ongkos",
             "of": "declared", "cap": {"times": "10", "of": {"charges": ["freight"]}}, "sign": "-1", "when": {"status": ["lost"]}},
        ],
        "cases": "cases.csv",
    },
    sheets={
        "zones.csv": _ZONES, "fuel.csv": (_FUEL[0], ("2026-01-01", "", "5%", "our notice to customers")), "remote.csv": (("area",), ("11.09",)),
        "freight.csv": (
            _BANDS,
            ("*", "A", "0", "", "1000", "12000", "1000", "5000", "", ""),
            ("*", "B", "0", "", "1000", "20000", "1000", "11000", "", ""),
        ),
        "return.csv": (
            _BANDS,
            ("*", "A", "0", "", "1000", "6000", "1000", "2500", "", ""),
            ("*", "B", "0", "", "1000", "10000", "1000", "5500", "", ""),
        ),
        "sla.csv": (("service", "zone", "days"), ("*", "A", "2"), ("*", "*", "5")),
        "cases.csv": (
            ("case", "on", "dest", "actual_g", "length_mm", "width_mm", "height_mm", "status", "status_on", "cod", "insured", "declared", "wanted", "source"),
            ("by volume", "2026-01-05", "31.71", "900", "300", "200", "180", "delivered", "2026-01-07", "", "", "", "freight 22000, fuel 1100",
             "worked out from clauses 4.1, 5.1, 6.1: 10.800 cm3 by 5000 is 2.160 g, which is 3.000 g"),
            ("a day late", "2026-01-05", "31.71", "1000", "", "", "", "delivered", "2026-01-08", "", "", "", "freight 12000, fuel 600, late -1200",
             "worked out from clause 8.1: 10% of the freight"),
            ("cash, insured, remote", "2026-01-05", "11.09", "1000", "", "", "", "delivered", "2026-01-09", "200000", "yes", "1000000",
             "freight 20000, fuel 1000, cod_fee 6000, insurance 7500, remote_area 10000", "worked out from clauses 5.1, 6.1, 6.2, 7.1, 7.2"),
            ("returned", "2026-01-05", "31.71", "2000", "", "", "", "returned", "2026-01-09", "", "", "", "return_freight 8500, fuel 425",
             "worked out from clauses 5.2, 6.1"),
            ("lost", "2026-01-05", "31.71", "1000", "", "", "", "lost", "2026-01-12", "", "", "1500000", "claim_lost -120000",
             "worked out from clause 9.1: ten times 12.000"),
        ),
    },
)  # fmt: skip
SELLER = Kind(
    side="payout",
    page={
        "charges": [
            {"no": "10", "type": "commission", "kind": "percent", "clause": "3.1", "text": "Commission / Komisi", "rate": "5%", "of": "net_goods", "sign": "-1",
             "when": {"subject": "order_line"}, "refund": {"before_ship": "100%", "after_ship": "100%"}},
            {"no": "20", "type": "payment_fee", "kind": "percent", "clause": "3.2",
             "text": "Payment, at most 10000 an order / Pembayaran, maksimum 10000 per pesanan",
             "rate": "1.8%", "of": "net_goods", "order": {"max": "10000"}, "sign": "-1", "when": {"subject": "order_line"}},
            {"no": "30", "type": "processing_fee", "kind": "flat", "clause": "3.3", "text": "Fee an order line / Biaya per baris pesanan", "amount": "1000",
             "sign": "-1", "when": {"subject": "order_line"}},
        ],
        "cases": "cases.csv",
    },
    sheets={
        "cases.csv": (
            ("case", "on", "subject", "order", "price", "seller_discount", "line", "stage", "wanted", "source"),
            ("a sale", "2026-01-05", "order_line", "", "200000", "", "", "", "commission -10000, payment_fee -3600, processing_fee -1000",
             "worked out from clauses 3.1, 3.2, 3.3"),
            ("first of two", "2026-01-05", "order_line", "A", "600000", "", "", "", "commission -30000, payment_fee -7500, processing_fee -1000",
             "worked out from clause 3.2: 10.800 + 3.600 is above 10.000"),
            ("second of two", "2026-01-05", "order_line", "A", "200000", "", "", "", "commission -10000, payment_fee -2500, processing_fee -1000",
             "worked out as above: shared 3 to 1"),
            ("back before it left", "2026-01-06", "refund", "", "", "", "a sale", "before_ship", "commission 10000", "worked out from clause 3.1"),
            ("back on the way", "2026-01-06", "refund", "", "", "", "first of two", "after_ship", "commission 30000", "worked out from clause 3.1"),
        ),
    },
)  # fmt: skip
KINDS: Mapping[str, Kind] = {
    "parcels": PARCELS,
    "warehouse": WAREHOUSE,
    "line_haul": LINE_HAUL,
    "customer": CUSTOMER,
    "seller": SELLER,
}
# The kind an agreement of a side begins as, where nobody says.
FIRST_OF: Mapping[str, str] = {"buy": "parcels", "sell": "customer", "payout": "seller"}
