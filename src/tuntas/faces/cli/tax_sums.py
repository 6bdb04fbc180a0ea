"""Smaller questions of `tuntas tax`: cash on delivery, rounding, stamp duty, parcels from abroad, transfers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from tuntas.faces.cli.cycle import Json, Language
from tuntas.faces.cli.tax import Country, Names, tax, who_of
from tuntas.faces.cli.tax_answers import tell_answer


@tax.command
def cod(
    *,
    collected: int,
    shipping: int,
    fee: str,
    on: date,
    country: Country = "ID",
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Say what a seller receives of cash collected at the door: less shipping, less our fee (2.8%), less the VAT on the fee."""
    from tuntas import packs
    from tuntas.operations.what_if import CodQuestion, what_if
    from tuntas.operations.what_if.spelling import read_share

    seller = who_of(country, "company", [], registered=False, tax_id=True)
    tell_answer(
        what_if(CodQuestion(collected, shipping, read_share(fee), on, seller), packs.load(country)), language=lang, json=json
    )


@tax.command(name="round")
def rounding(
    amount: str,
    /,
    *,
    on: date,
    subject: Literal["vat", "wht"] = "vat",
    country: Country = "ID",
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Say what an exact amount, such as 1900000.50, is on a tax document of a day."""
    from tuntas import packs
    from tuntas.operations.what_if import RoundingQuestion, what_if

    tell_answer(what_if(RoundingQuestion(amount, on, subject), packs.load(country)), language=lang, json=json)


@tax.command
def stamp(
    document: str,
    /,
    *,
    amount: int,
    on: date,
    switch: Names = None,
    country: Country = "ID",
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Say whether a paper bears stamp duty: receipt, set_off_statement, contract, statement_letter, invoice."""
    from tuntas import packs
    from tuntas.operations.what_if import StampQuestion, what_if
    from tuntas.operations.what_if.spelling import read_duties

    question = StampQuestion(document, amount, on, read_duties(switch or ()))
    tell_answer(what_if(question, packs.load(country)), language=lang, json=json)


@tax.command
def parcel(
    *,
    goods: str,
    fob_cents: int,
    cif: int,
    on: date,
    country: Country = "ID",
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Say what a parcel from abroad bears: duty, VAT and income tax.

    Parameters
    ----------
    goods
        Class of goods: general, books, bags, textiles, shoes, cosmetics, iron_steel, watches, bicycles.
    fob_cents
        FOB value in US cents; it decides the band.
    cif
        CIF value in minor units of the country, at the customs rate.
    """
    from tuntas import packs
    from tuntas.operations.what_if import ParcelQuestion, what_if

    tell_answer(what_if(ParcelQuestion(goods, fob_cents, cif, on), packs.load(country)), language=lang, json=json)


@tax.command
def transfer(
    *,
    amount: int,
    due_on: date,
    at: datetime,
    rail: str = "",
    country: Country = "ID",
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Say by which rail an amount goes, in which parts, at what cost, and why by no other.

    Parameters
    ----------
    at
        The instant from which it may leave, local time: 2026-10-05T09:00:00.
    rail
        The one rail that may be used, such as BI-FAST.
    """
    from tuntas import packs
    from tuntas.operations.what_if import TransferQuestion, what_if

    tell_answer(what_if(TransferQuestion(amount, due_on, at, rail), packs.load(country)), language=lang, json=json)
