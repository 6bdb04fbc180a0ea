"""A small agreement to begin with: it reads as it stands, and shows each kind of charge that its side usually has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tuntas.formats.agreement_book import BookSheets
from tuntas.formats.agreement_paper import Lines, Paper

_BANDS = ("service", "zone", "from_g", "to_g", "first_g", "first", "next_g", "next", "per_kg", "min")
_BUY: list[dict[str, Any]] = [
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
]  # fmt: skip
_OTHER: list[dict[str, Any]] = [
    {"no": "10", "type": "commission", "kind": "percent", "clause": "3.1", "text": "Commission", "rate": "5%", "of": "net_goods", "sign": "-1",
     "when": {"subject": "order_line"}},
    {"no": "20", "type": "processing_fee", "kind": "flat", "clause": "3.2", "text": "Fee an order line", "amount": "1000", "sign": "-1",
     "when": {"subject": "order_line"}},
]  # fmt: skip
_PARCELS: Sequence[Sequence[str]] = (
    ("case", "on", "dest", "actual_g", "status", "cod", "declared", "wanted", "source"),
    ("above the tolerance", "2026-01-05", "31.71", "1301", "delivered", "", "", "freight 13000, fuel 585", "worked out from clauses 4.1, 5.1, 6.1"),
    ("returned", "2026-01-05", "31.71", "1300", "returned", "", "", "return_freight 9000, fuel 405", "worked out from clauses 5.2, 6.1"),
    ("cash", "2026-01-05", "31.71", "1000", "delivered", "250000", "", "freight 9000, fuel 405, cod_fee 5000", "worked out from clause 7.1"),
    ("remote", "2026-01-05", "11.09", "1000", "delivered", "", "", "freight 15000, fuel 675, remote_area 7500", "worked out from clause 6.2"),
    ("lost", "2026-01-05", "31.71", "1000", "lost", "", "1500000", "claim_lost -1000000", "worked out from clause 9.1"),
)  # fmt: skip
_LINES: Sequence[Sequence[str]] = (
    ("case", "on", "subject", "price", "seller_discount", "wanted", "source"),
    ("a sale", "2026-01-05", "order_line", "200000", "", "commission -10000, processing_fee -1000", "worked out from clauses 3.1, 3.2"),
)  # fmt: skip
_SHEETS: Mapping[str, Sequence[Sequence[str]]] = {
    "zones.csv": (("service", "origin", "dest", "zone"), ("*", "*", "31", "A"), ("*", "*", "*", "B")),
    "freight.csv": (
        _BANDS,
        ("*", "A", "0", "5000", "1000", "9000", "1000", "4000", "", ""),
        ("*", "A", "5000", "", "1000", "9000", "1000", "3900", "", ""),
        ("*", "B", "0", "", "1000", "15000", "1000", "9000", "", ""),
    ),
    "remote.csv": (("area",), ("11.09",)),
    "fuel.csv": (("from", "to", "rate", "source"), ("2026-01-01", "", "4.5%", "notice of the vendor")),
}


def template(*, agreement_id: str, party: str, side: str, currency: str) -> Paper:
    """Return the paper of a small agreement of a side (buy, payout or sell), valid from 1 January 2026."""
    page: dict[str, Any] = {
        "agreement": agreement_id, "version": "1", "side": side, "party": party, "group": "*", "name": f"Agreement with {party}",
        "currency": currency, "valid": {"from": "2026-01-01"},
    }  # fmt: skip
    if side == "buy":
        weight = {
            "divisor": "6000",
            "step_g": "1000",
            "tolerance_g": "300",
            "min_g": "1000",
            "order": "max_then_round",
            "clause": "4.1",
        }
        page |= {"billing_days": "7", "weight": weight, "zones": "zones.csv", "areas": {"remote": "remote.csv"},
                 "indices": {"fuel": "fuel.csv"}, "charges": _BUY, "aliases": {"ONGKIR": "freight", "BBM": "fuel", "BIAYA COD": "cod_fee"},
                 "tolerances": [{"type": "*", "level": "line", "under": "1", "over": "1"}], "cases": "cases.csv"}  # fmt: skip
    else:
        page |= {"charges": _OTHER}
        page |= {"cases": "cases.csv"} if side == "payout" else {}
    sheets = {**_SHEETS, "cases.csv": _PARCELS if side == "buy" else _LINES}
    tabs: dict[str, Lines] = {name: list(enumerate(rows, start=1)) for name, rows in sheets.items()}
    return Paper(f"{agreement_id}.xlsx", page, BookSheets(tabs))
