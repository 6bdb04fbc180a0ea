"""The words of codes on a page: causes, verdicts, kinds, states. A code without words is shown as it is.

Causes and charge types have their words beside the documents that people receive; the desk says the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tuntas.formats.dispute_pack_words import CAUSES
from tuntas.formats.statement_document_words import CHARGE_TYPES

Words = Mapping[str, str | Promise]

VERDICT: Words = {
    "matched": _("agreed"),
    "tolerated": _("agreed within tolerance"),
    "over": _("billed too much"),
    "under": _("billed too little"),
    "duplicate": _("billed before"),
    "unknown_subject": _("parcel unknown"),
    "not_delivered": _("not delivered"),
    "off_contract": _("not in the agreement"),
    "no_rate": _("waits for a rate"),
    "ambiguous": _("waits for a decision"),
    "amount_differs": _("amount differs"),
    "no_item": _("nothing to match"),
}
STATE: Words = {
    "drafted": _("waits for approval"),
    "approved": _("approved"),
    "applied": _("applied"),
    "discarded": _("discarded"),
    "stale": _("out of date"),
}
SIDE: Words = {"buy": _("Vendors"), "payout": _("Sellers"), "sell": _("Customers")}
KIND: Words = {
    "carrier": _("Carrier"),
    "warehouse": _("Warehouse"),
    "seller": _("Seller"),
    "customer": _("Customer"),
    "platform": _("Platform"),
}
LINE: Words = {
    "opening": _("Opening balance"),
    "charge": _("Charges agreed"),
    "vat": _("VAT on charges"),
    "wht": _("Withholding tax"),
    "wht_borne": _("Withholding tax we bear"),
    "wht_back": _("Withholding tax given back"),
    "vat_self": _("VAT we pay ourselves"),
    "claim": _("Claims"),
    "sale": _("Sales"),
    "voucher": _("Vouchers"),
    "shipping": _("Shipping"),
    "fee": _("Fees"),
    "adjustment": _("Adjustments of earlier periods"),
    "rebate": _("Rebates of the period"),
    "billed": _("Freight billed"),
    "compensated": _("Claims of customers"),
    "fee_vat": _("VAT on fees"),
    "fee_vat_kept": _("VAT on fees a collector pays"),
    "refund": _("Refunds"),
    "payment": _("Payments"),
    "hold": _("On hold"),
    "disputed": _("Disputed, with reasons"),
    "awaited": _("Bill or credit note awaited"),
}
TABLE: Words = {
    "expected": _("expected charges"),
    "audited": _("bill lines"),
    "bill_taxes": _("taxes on bills"),
    "tax_lines": _("tax lines"),
    "order_lines": _("order lines"),
    "refunds": _("refunds"),
    "cod_audited": _("COD parcels"),
    "matches": _("bank lines"),
    "parties": _("party"),
    "unbilled": _("charges not billed yet"),
    "statement_lines": _("statement lines"),
    "payments_in": _("payments by buyers"),
    "cod_remittances": _("COD remittances"),
}
HOLD: Words = {
    "PAY-HOLD-01": _("bank account not verified"),
    "PAY-HOLD-02": _("no bank account"),
    "PAY-HOLD-03": _("party on hold"),
    "RATE-AGREEMENT-01": _("no agreement on that day"),
    "RATE-AGREEMENT-02": _("two agreements on that day"),
    "RATE-ZONE-01": _("no zone for the pair of areas"),
    "RATE-ZONE-02": _("two zones for the pair of areas"),
    "RATE-BAND-01": _("no price for the weight"),
    "RATE-BAND-02": _("two prices for the weight"),
    "RATE-INDEX-01": _("no index rate on that day"),
    "RATE-INDEX-02": _("two index rates on that day"),
}
RAIL: Words = {"in-house": _("in-house transfer"), "none": _("no rail")}
BECAUSE: Words = {
    "opening": _("Opening balance"),
    "statement": _("Statement"),
    "accrual": _("Accrual"),
    "cod": _("COD remittance"),
    "gateway": _("Gateway"),
    "bank": _("Bank"),
    "payment": _("Payment"),
    "refund": _("Refund"),
    "shipping": _("Shipping"),
    "reversal": _("Reversal"),
}
PAYMENT: Words = {
    "proposed": _("proposed"),
    "held": _("held"),
    "approved": _("approved"),
    "sent": _("sent"),
    "settled": _("settled"),
    "returned": _("returned"),
}
ALL: Mapping[str, Words] = {
    "verdict": VERDICT,
    "state": STATE,
    "side": SIDE,
    "kind": KIND,
    "line": LINE,
    "table": TABLE,
    "hold": HOLD,
    "because": BECAUSE,
    "rail": RAIL,
    "payment": PAYMENT,
}

DOCUMENT_WORDS: Mapping[str, Mapping[str, Mapping[str, str]]] = {"cause": CAUSES, "charge": CHARGE_TYPES}


def label(kind: str, code: str | None) -> str:
    """Return the words of a code of a kind; the code itself, with spaces, when it has none."""
    if not code:
        return ""
    plain = code.replace("_", " ")
    if kind in DOCUMENT_WORDS:
        return DOCUMENT_WORDS[kind].get(code, {}).get(_language(), plain)
    return str(ALL[kind].get(code, plain))


def _language() -> str:
    return (get_language() or "en")[:2]
