"""Words about tax: `tuntas tax ...`. The questions of a what-if are here; other rooms of the word register their own commands on `tax`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import cyclopts
from cyclopts import Parameter

from tuntas.faces.cli.app import app
from tuntas.faces.cli.cycle import Json, Language
from tuntas.faces.cli.tax_answers import tell_answer
from tuntas.packs.examples import Who

tax = cyclopts.App(name="tax", help="Ask what the law says, make tax documents, see what is due, and try a change of law.")
app.command(tax)

Country = Annotated[str, Parameter(name="--country")]
Entity = Literal["company", "sole_company", "cooperative", "individual", "foreign", "foreign_branch"]
Names = Annotated[list[str] | None, Parameter(negative="", consume_multiple=True)]
Flag = Annotated[bool, Parameter(negative="")]


@tax.command
def ask(
    *,
    service: str,
    amount: int,
    on: date,
    payee: Entity = "company",
    registered: Flag = False,
    tax_id: bool = True,
    letter: Names = None,
    we: Names = None,
    also: Names = None,
    before: Names = None,
    switch: Names = None,
    inclusive: Flag = False,
    gross_up: Flag = False,
    country: Country = "ID",
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Say what a vendor's bill bears: VAT, tax withheld, what to pay, which documents are due and when, and by which regulation.

    Parameters
    ----------
    service
        Charge type, such as storage, freight, forwarding, building_rent.
    amount
        Price of the service in minor units (whole rupiah; cents for SGD and MYR), without VAT unless --inclusive.
    on
        Date of the bill, such as 2026-10-05; it decides the law.
    payee
        Kind of party that is paid.
    registered
        The payee is registered for VAT (PKP) that day.
    tax_id
        Whether the payee gave a valid tax id (NPWP, or NIK of an individual).
    letter
        What else is true of the payee: suket_pp55, skb_pph23, treaty_form:SG, treaty_form:5%, with days suket_pp55[2026-01-01..2026-12-31].
    we
        What is true of us besides being registered, in the same form.
    also
        Further charges on the same bill: pass_through=2000000.
    before
        Earlier bills of the year from the same payee: 2026-02-01=60000000.
    switch
        Duties taken as switched on, such as pph22_marketplace.
    inclusive
        The amount holds its VAT.
    gross_up
        We bear the tax withheld, so that the payee receives the amount in full.
    """
    from tuntas import packs
    from tuntas.operations.what_if import BillQuestion, what_if
    from tuntas.operations.what_if.spelling import read_amounts, read_days, read_duties

    pack = packs.load(country)
    names = [*(letter or ()), *(("gross_up",) if gross_up else ())]
    question = BillQuestion(
        service=service,
        amount_minor=amount,
        on=on,
        payee=who_of(country, payee, names, registered=registered, tax_id=tax_id),
        us=who_of(country, "company", we or [], registered=True, tax_id=True) if we else None,
        inclusive=inclusive,
        also=read_amounts(also or ()),
        before=read_days(before or ()),
        switches=read_duties(switch or ()),
    )
    tell_answer(what_if(question, pack), language=lang, json=json)


@tax.command
def fee(
    *,
    service: str = "commission",
    amount: int,
    on: date,
    payer: Entity = "company",
    letter: Names = None,
    country: Country = "ID",
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Say what VAT our own fee to a seller bears, its tax invoice code, and who hands the tax over.

    Parameters
    ----------
    letter
        What is true of the one who pays, such as vat_collector_government or vat_collector_other.
    """
    from tuntas import packs
    from tuntas.operations.what_if import FeeQuestion, what_if

    who = who_of(country, payer, letter or [], registered=False, tax_id=True)
    tell_answer(what_if(FeeQuestion(service, amount, on, who), packs.load(country)), language=lang, json=json)


@tax.command
def sale(
    *,
    on: date,
    part: Annotated[list[str], Parameter(negative="", consume_multiple=True)],
    we: Names = None,
    switch: Names = None,
    country: Country = "ID",
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Say what a marketplace collects on one sale (PPh 22 of PMK 37/2025), merchant by merchant.

    Parameters
    ----------
    part
        What one merchant earns: "PT FQ | company tax_id | 150000"; delivery and insurance are parts of their own merchants.
    we
        What is true of the platform: pph22_collector once it is appointed.
    switch
        pph22_marketplace while collection is on.
    """
    from tuntas import packs
    from tuntas.operations.what_if import SaleQuestion, what_if
    from tuntas.operations.what_if.spelling import read_duties, read_part

    us = who_of(country, "company", we or [], registered=True, tax_id=True) if we else None
    question = SaleQuestion(on, tuple(read_part(text) for text in part), us, read_duties(switch or ()))
    tell_answer(what_if(question, packs.load(country)), language=lang, json=json)


def who_of(country: str, entity: str, names: list[str], *, registered: bool, tax_id: bool) -> Who:
    """A party as its flags say it; imports wait until a command runs, so that help is quick."""
    from tuntas import packs
    from tuntas.operations.what_if import registration
    from tuntas.operations.what_if.spelling import read_party

    own = [registration(packs.load(country))] if registered else []
    return read_party(" ".join([entity, *(["tax_id"] if tax_id else []), *own, *names]))
