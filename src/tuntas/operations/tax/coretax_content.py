"""What a tax document says, ready to be written for Coretax (Indonesia): from the books, the run behind it and the party's master data.

The tax point is the day the cycle's statements are booked, so invoice and withholding date lie in the tax period; the vendor's bill is
cited by its own date. Lines of an invoice are the fees of its statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tuntas import packs
from tuntas.formats.coretax.amounts import LineTax, draw_line, line_rounding, place_difference
from tuntas.formats.coretax.documents import (
    BUYER_NATIONAL_ID,
    BUYER_OTHER,
    BUYER_PASSPORT,
    Buyer,
    Document,
    EquatedDocument,
    ForeignPayee,
    GoodsLine,
    Slip,
    TaxInvoice,
    buyer_without_tin,
)
from tuntas.formats.coretax.rules import FileRules
from tuntas.formats.country_codes import three_letters
from tuntas.formats.statement_document_words import CHARGE_TYPES
from tuntas.kernel.rounding import PPM, mul_ratio
from tuntas.packs.pack import Row
from tuntas.store.readings.run_tables import RunTables

# Our form of a document -> the form of the file; the others have one name.
FILE_FORM = {"invoice": "FAKTUR", "SDocs": "DDBU"}
LAW = ("vat_rules", "withholding_rules", "rounding_rules")
SERVICE, OTHER_UNIT = "B", "UM.0033"
HEAD_OFFICE = "000000"
# Words of the template for the letter a payee gave. It still calls the final tax of small business by the regulation before PP 55/2022.
CERTIFICATES = {"suket_pp55": "PP23", "pp55_transition": "PP23", "skb_pph22": "TaxExAr22", "skb_pph23": "TaxExAr23"}
DOCUMENT_KINDS = {"national_id": BUYER_NATIONAL_ID, "passport": BUYER_PASSPORT, "other": BUYER_OTHER}
FEES = """
SELECT statement_id, coalesce(charge_type, 'other') AS charge_type, -sum(amount_minor)::BIGINT AS minor
FROM statement_lines WHERE kind IN ('fee', 'billed') GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """One run and what is known of parties now, for drawing up the documents of a plan."""

    rules: FileRules
    booked_on: date
    platform: Mapping[str, Any]
    parties: Mapping[str, Mapping[str, Any]]
    vat_rules: Mapping[str, Row]
    withholding_rules: Mapping[str, Row]
    rounding_rules: Sequence[Row]
    fees: Mapping[str, Sequence[tuple[str, int]]]
    treaty_forms: Mapping[str, str] = field(default_factory=dict)


def desk_of(*, folder: Path, document: Mapping[str, Any], parties: Mapping[str, Mapping[str, Any]], rules: FileRules) -> Desk:
    """Open a run for its documents. `document` is its plan's, `parties` master data by party, as known now.

    The law is the run's own, as it was approved; a run that does not hold a table of law is read by the country's pack.
    """
    pack = packs.load(str(document["country"])).rows
    booked_on = date.fromisoformat(str(document["period_to"])) - timedelta(days=1)
    with RunTables(folder, "statement_lines", "party_standings", *LAW) as run:
        fees: dict[str, list[tuple[str, int]]] = {}
        for row in run.rows(FEES):
            fees.setdefault(row["statement_id"], []).append((row["charge_type"], row["minor"]))
        forms = run.rows(
            """SELECT party_id, reference FROM party_standings WHERE standing = 'treaty_form' AND reference IS NOT NULL
            AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?) ORDER BY party_id, valid_from""",
            [booked_on, booked_on],
        )
        law: dict[str, Sequence[Row]] = {name: run.rows(f"SELECT * FROM {name}") or pack.get(name, ()) for name in LAW}
    return Desk(
        rules=rules,
        booked_on=booked_on,
        platform=parties.get(str(document["platform_id"]), {}),
        parties=parties,
        vat_rules={str(row["row_id"]): row for row in law["vat_rules"]},
        withholding_rules={str(row["row_id"]): row for row in law["withholding_rules"]},
        rounding_rules=law["rounding_rules"],
        fees=fees,
        treaty_forms={row["party_id"]: row["reference"] for row in forms},
    )


def contents(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> Iterator[Document]:
    """Yield the documents of rows of `tax_document`, in their order."""
    for row in rows:
        party = desk.parties.get(row["party_id"], {})
        if row["form"] == "invoice":
            yield _invoice(desk, row, party)
        elif row["form"] == "SDocs":
            yield _equated(desk, row, party)
        else:
            yield _slip(desk, row, party)


def file_form(form: str) -> str:
    """Return the name of the file's form for a form of ours."""
    return FILE_FORM.get(form, form)


def tin_of(party: Mapping[str, Any]) -> str:
    """Return the 16-digit taxpayer number: digits only, a number of 15 digits with a zero before it; what else is there as it is."""
    text = "".join(sign for sign in str(party.get("tax_id") or "") if sign.isascii() and sign.isalnum())
    return "0" + text if text.isdigit() and len(text) == 15 else text


def branch_of(party: Mapping[str, Any]) -> str:
    """Return the 22-digit number of the place of business (NITKU): taxpayer number and branch, the head office where none is named."""
    tin = tin_of(party)
    return tin + str(party.get("branch_no") or HEAD_OFFICE) if tin else ""


def _invoice(desk: Desk, row: Mapping[str, Any], party: Mapping[str, Any]) -> TaxInvoice:
    rule = desk.vat_rules.get(row["row_id"], {})
    code = desk.rules.codes.get(row["tax_code"])
    strict = code is not None and code.vat_is_rate_times_base
    tax = LineTax(
        base_num=int(str(rule.get("base_num", 1))),
        base_den=int(str(rule.get("base_den", 1))),
        rate_ppm=int(str(rule.get("rate_ppm", row["rate_ppm"]))),
        effective_ppm=int(str(rule.get("effective_ppm", row["rate_ppm"]))),
    )
    lines: list[GoodsLine] = [
        draw_line(kind=SERVICE, name=name, unit=OTHER_UNIT, price_cents=minor * 100, tax=tax, vat_is_rate_times_base=strict)
        for name, minor in _priced(desk, row)
    ]
    rounding = line_rounding(desk.rounding_rules, on=desk.booked_on)
    return TaxInvoice(
        document_id=row["document_id"],
        issued_on=desk.booked_on,
        code=row["tax_code"],
        seller_branch_id=branch_of(desk.platform),
        buyer=_buyer(party, row["party_id"]),
        lines=place_difference(lines, vat_minor=row["amount_minor"], rounding=rounding, vat_is_rate_times_base=strict),
        vat_minor=row["amount_minor"],
        add_info=str(rule.get("add_info") or ""),
        facility=str(rule.get("facility") or ""),
    )


def _priced(desk: Desk, row: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return names and prices of an invoice's lines: the statement's fees where they come to its base, else the base in one line."""
    fees = desk.fees.get(row["source_id"], ())
    if fees and all(minor > 0 for _, minor in fees) and sum(minor for _, minor in fees) == row["base_minor"]:
        return [(CHARGE_TYPES.get(kind, CHARGE_TYPES["other"])["id"], minor) for kind, minor in fees]
    return [(f"Jasa sesuai {row['source_id']}", int(row["base_minor"]))]


def _buyer(party: Mapping[str, Any], party_id: str) -> Buyer:
    name, address = str(party.get("name") or party_id), str(party.get("address") or "")
    country, email = alpha3(str(party.get("country") or "ID")), str(party.get("email") or "")
    kind = DOCUMENT_KINDS.get(str(party.get("tax_id_kind") or ""))
    if kind:
        number = str(party.get("tax_id") or "")
        return buyer_without_tin(document=kind, number=number, name=name, address=address, country=country, email=email)
    return Buyer(name=name, address=address, tin=tin_of(party), branch_id=branch_of(party), country=country, email=email)


def _slip(desk: Desk, row: Mapping[str, Any], party: Mapping[str, Any]) -> Slip:
    rule = desk.withholding_rules.get(str(row["row_id"]).split("+")[0], {})
    form = file_form(row["form"])
    # BP21 and the forms for payees abroad state gross and the deemed part; BPPU states the base itself.
    part = int(str(rule.get("base_ppm", PPM))) if form != "BPPU" else PPM
    foreign = None
    if form in ("BPNR", "BP26"):
        foreign = ForeignPayee(
            name=str(party.get("name") or row["party_id"]),
            country=alpha3(str(party.get("country") or "")),
            facility_number=desk.treaty_forms.get(row["party_id"], ""),
            address=str(party.get("address") or ""),
        )
    number = str(row["source_id"])
    return Slip(
        form=form,
        document_id=row["document_id"],
        period_year=desk.booked_on.year,
        period_month=desk.booked_on.month,
        payee_tin=tin_of(party),
        payee_branch_id=branch_of(party),
        object_code=row["object_code"],
        base_minor=mul_ratio(row["base_minor"], PPM, part) if part else 0,
        rate_ppm=row["rate_ppm"],
        tax_minor=row["amount_minor"],
        reference_kind="CommercialInvoice" if row["source_kind"].startswith("bill") else "PaymentProof",
        reference_number=number.removeprefix(f"{row['party_id']}/") if row["source_kind"].startswith("bill") else number,
        payer_branch_id=branch_of(desk.platform),
        withheld_on=desk.booked_on,
        reference_on=row["taxed_on"],
        certificate=CERTIFICATES.get(str(rule.get("standing")), "N/A"),
        deemed_ppm=part,
        foreign=foreign,
    )


def _equated(desk: Desk, row: Mapping[str, Any], party: Mapping[str, Any]) -> EquatedDocument:
    rule = desk.withholding_rules.get(str(row["row_id"]).split("+")[0], {})
    return EquatedDocument(
        document_id=row["document_id"],
        period_year=desk.booked_on.year,
        period_month=desk.booked_on.month,
        payee_tin=tin_of(party),
        payee_name=str(party.get("name") or row["party_id"]),
        payee_account=row["party_id"],
        payer_tin=tin_of(desk.platform),
        payer_name=str(desk.platform.get("name") or ""),
        payer_account=str(desk.platform.get("party_id") or ""),
        object_code=row["object_code"],
        billing_number=row["source_id"],
        billed_on=desk.booked_on,
        base_minor=row["base_minor"],
        rate_ppm=row["rate_ppm"],
        tax_minor=row["amount_minor"],
        branch_id=branch_of(desk.platform),
        certificate=CERTIFICATES.get(str(rule.get("standing")), "N/A"),
    )


def alpha3(country: str) -> str:
    """Return the three letters of a country of two (ISO 3166); letters nobody knows stay as they are."""
    return three_letters(country.upper()) or country
