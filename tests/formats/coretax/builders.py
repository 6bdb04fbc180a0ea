"""Documents for the tests of Coretax files: one that is right of each form, and the rules of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tuntas.formats import coretax
from tuntas.formats.coretax import Buyer, EquatedDocument, ForeignPayee, LineTax, Slip, TaxInvoice, draw_line
from tuntas.packs.tax_files import load_tax_files

SAMPLES = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "einvoice" / "coretax"
TIN = "0013121660091000"
HEAD_OFFICE = TIN + "000000"
PAYEE = "0029482015507000"
DAY = date(2026, 11, 23)
GENERAL = LineTax(base_num=11, base_den=12, rate_ppm=120_000, effective_ppm=110_000)
PARCEL = LineTax(base_num=1, base_den=1, rate_ppm=120_000, effective_ppm=11_000)


def sample(name: str) -> bytes:
    """Return a sample file, or skip where the samples are not beside the project."""
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip(f"the sample {name} is not beside the project (shared/data/einvoice/coretax)")
    return path.read_bytes()


def rules(on: date = DAY) -> coretax.FileRules:
    """Return the rules of Indonesia on a day."""
    return coretax.rules_of(load_tax_files("ID"), on=on)


def service_line(price_minor: int = 10_000_000, *, strict: bool = True, tax: LineTax = GENERAL, **other: object):
    """Return one line of a service."""
    given = {"kind": "B", "name": "JASA PERGUDANGAN NOV 2026", "unit": "UM.0030", "price_cents": price_minor * 100} | other
    return draw_line(tax=tax, vat_is_rate_times_base=strict, **given)


def invoice(number: int = 1, **other: object) -> TaxInvoice:
    """Return an invoice of code 04 that nothing is wrong with."""
    lines = other.pop("lines", (service_line(),))
    vat = sum(line.vat_cents for line in lines)
    made = TaxInvoice(
        document_id=f"INV/2026/11/{number:04d}",
        issued_on=DAY,
        code="04",
        seller_branch_id=HEAD_OFFICE,
        buyer=Buyer("PT CONTOH PEMBELI", "JL. CONTOH NO. 1 JAKARTA", PAYEE, PAYEE + "000000"),
        lines=tuple(lines),
        vat_minor=(vat * 2 + 100) // 200,
    )
    return replace(made, **other)


def slip(number: int = 1, **other: object) -> Slip:
    """Return a slip of the form BPPU that nothing is wrong with."""
    made = Slip(
        form="BPPU",
        document_id=f"SLIP-{number:04d}",
        period_year=2026,
        period_month=11,
        payee_tin=PAYEE,
        payee_branch_id=PAYEE + "000000",
        object_code="24-104-40",
        base_minor=10_000_000,
        rate_ppm=20_000,
        tax_minor=200_000,
        reference_kind="TaxInvoice",
        reference_number="04002600000000001",
        payer_branch_id=HEAD_OFFICE,
        withheld_on=DAY,
        reference_on=date(2026, 11, 20),
    )
    return replace(made, **other)


def courier_slip(number: int = 1) -> Slip:
    """Return a slip of the form BP21: half of the gross at 5%."""
    person = "3171011708450001"
    return slip(
        number,
        form="BP21",
        payee_tin=person,
        payee_branch_id=person + "000000",
        object_code="21-100-09",
        base_minor=3_000_000,
        deemed_ppm=500_000,
        rate_ppm=50_000,
        tax_minor=75_000,
        exemption_status="TK/0",
    )


def foreign_slip(form: str, number: int = 1) -> Slip:
    """Return a slip of the form BPNR or BP26 for a payee abroad."""
    return slip(
        number,
        form=form,
        payee_tin="T08GB0001A",
        payee_branch_id="",
        object_code="27-104-01",
        base_minor=50_000_000,
        rate_ppm=200_000,
        tax_minor=10_000_000,
        reference_kind="CommercialInvoice",
        foreign=ForeignPayee("Example Pte Ltd", "SGP", facility_number="DGT-1" if form == "BP26" else ""),
    )


def equated(number: int = 1) -> EquatedDocument:
    """Return a marketplace's billing document with 0.5% of PPh 22."""
    return EquatedDocument(
        document_id=f"BILL-{number:04d}",
        period_year=2026,
        period_month=11,
        payee_tin="3171011708450001",
        payee_name="Toko Contoh",
        payee_account="toko-contoh",
        payer_tin=PAYEE,
        payer_name="Pembeli",
        payer_account="pembeli-1",
        object_code="22-100-99",
        billing_number=f"BILL-{number:04d}",
        billed_on=date(2026, 11, 3),
        base_minor=200_000,
        rate_ppm=5_000,
        tax_minor=1_000,
        branch_id=HEAD_OFFICE,
    )


RIGHT = {
    "FAKTUR": invoice(),
    "BPPU": slip(),
    "BP21": courier_slip(),
    "BP26": foreign_slip("BP26"),
    "BPNR": foreign_slip("BPNR"),
    "BPCY": slip(form="BPCY"),
    "DDBU": equated(),
}
