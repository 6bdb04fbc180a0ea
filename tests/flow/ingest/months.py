"""Small case folders for the laws of ingest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tuntas.operations.ingest import IngestResult, ingest_case

CASE = """cycle: 2026-10
period: {from: 2026-10-01, to: 2026-11-01}
as_of: 2026-11-10T23:59:59
country: ID
currency: IDR
platform: P-TUNTAS
hold_days: 2
min_payout: 10000
"""
HEAD = "waybill,vendor_id,service,shipped_on,origin_area,dest_area,actual_g,order_id"
PLACES = {"IDR": 0, "USD": 2, "BRL": 2}


def write_case(case: Path, files: Mapping[str, bytes | str]) -> Path:
    """Write a case folder with the given files."""
    for name, content in {"case.yaml": CASE, "parties/p.csv": "party_id,name,kind\nV-1,PT Satu,carrier\n", **files}.items():
        path = case / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return case


def shipments(rows: Sequence[str]) -> str:
    """Return a shipments file with the given rows."""
    return "".join(f"{row}\n" for row in (HEAD, *rows))


def ingest(case: Path, out: Path) -> IngestResult:
    """Ingest a case with the currencies of these tests."""
    return ingest_case(case, out, currency_places=PLACES)
