"""A party's statement as PDF: A4, in Indonesian with English labels beside, or in English; set by typst.

`statement_json` turns rows of the tables into ready words and figures, and holds them to each other: a statement that does not
foot is not set. `StatementPress` keeps one compiler for many statements. The time in the PDF is that of the run, so the same
rows give the same bytes.
"""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tuntas.formats import figures_text
from tuntas.formats.dispute_pack_words import CAUSES
from tuntas.formats.press import Press
from tuntas.formats.spelling import UNITS, speaks
from tuntas.formats.statement_document_words import CHARGE_TYPES, KINDS, REASONS, SECTION_WORDS, SECTIONS, WORDS
from tuntas.kernel.refusals import Refusal

Row = Mapping[str, Any]
_VAT_TOLD = ("vat_self", "fee_vat_kept")
_NOT_MOVING = ("opening", "shipping", "hold", "disputed", "awaited", *_VAT_TOLD)


class StatementDoesNotFoot(Refusal):
    """The parts of a statement do not make its whole, so it cannot be shown to anyone."""

    code = "STATEMENT-FOOT-01"


class StatementPress:
    """Sets statements, keeping one compiler for all of a run."""

    def __init__(self) -> None:
        self._press = Press("statement_document.typ")

    def pdf(self, document: Mapping[str, Any]) -> bytes:
        """Return the PDF (PDF/A-2b) of a document made by `statement_json`."""
        return self._press.pdf(json.dumps(document), timestamp=int(document["timestamp"]))

    def pages(self, document: Mapping[str, Any], *, ppi: int = 110) -> list[bytes]:
        """Return the pages as PNG pictures, for a preview."""
        return self._press.pages(json.dumps(document), ppi=ppi)


def statement_json(
    *,
    statement: Row,
    lines: Iterable[Row],
    taxes: Iterable[Row],
    party: Row,
    us: Row,
    run: Row,
    digest: str,
    payment: Row | None = None,
    language: str = "id",
    decimal_places: int = 0,
    reasons: Mapping[str, str] | None = None,
    transfers: Iterable[Row] = (),
    stamp: Row | None = None,
    bilingual: bool = True,
) -> dict[str, Any]:
    """Return the document of one statement, every figure ready to print.

    `statement`, `lines`, `taxes`, `payment`, `party` and `us` are rows of `statements`, `statement_lines`, `tax_lines`,
    `payments` and `parties`; `run` is the row of `run`; `digest` names the version of the run; `reasons` gives words for
    causes of holds and disputes that the caller knows better; `transfers` are the parts of the payment; `stamp` tells the stamp duty
    of the document (`duty_minor`, `source`) when it bears one; `bilingual` sets English beside Indonesian.
    Raises `StatementDoesNotFoot` when the parts do not make the whole.
    """
    found = sorted(lines, key=lambda row: int(row["line_no"]))
    hold_to_foot(statement, found, payment)
    say = _Say(language, str(statement["currency"]), decimal_places, reasons or {}, bilingual=bilingual)
    moving = [row for row in found if row["kind"] not in _NOT_MOVING]
    return {
        "lang": language,
        "timestamp": calendar.timegm(run["as_of"].timetuple()),
        "title": WORDS["title"][language],
        "title_side": WORDS["title"]["en"] if say.beside else "",
        "statement_id": statement["statement_id"],
        "footer_digest": f"{WORDS['digest'][language]} {digest[:16]}",
        "page": WORDS["page"][language],
        "labels": {name: say.pair(WORDS[name]) for name in WORDS},
        "us": {"name": us["name"], "detail": _npwp(us, language)},
        "party": {"name": party["name"], "detail": f"{WORDS['party_id'][language]} {party['party_id']} · {_npwp(party, language)}"},
        "facts": _facts(say, statement, run, digest),
        "headline": _headline(say, statement, payment),
        "equation": {
            name: {"label": say.pair(WORDS[name]), "amount": say.figure(int(statement[f"{name}_minor"]))}
            for name in ("opening", "movement", "closing", "payable", "held", "carried")
        },
        "notes": _notes(say, statement, moving, stamp),
        "sections": _sections(say, moving),
        "total": say.figure(int(statement["movement_minor"])),
        "memos": _memos(say, found),
        "taxes": [
            _tax(say, row)
            for row in sorted(taxes, key=lambda row: (row["tax"], row["tax_code"], row["doc_id"], row["object_code"]))
        ],
        "payment": _payment(say, payment, transfers) if payment else [],
    }


class _Say:
    """The language, currency and places of one document."""

    def __init__(self, language: str, currency: str, decimal_places: int, reasons: Mapping[str, str], *, bilingual: bool) -> None:
        self.language, self.currency, self.places, self.reasons = language, currency, decimal_places, reasons
        self.beside = bilingual and language == "id"

    def pair(self, words: Mapping[str, str]) -> dict[str, str]:
        """The word of the document's language, and the English one small beside it in an Indonesian document."""
        side = words["en"] if self.beside and words["en"] != words["id"] else ""
        return {"main": words[self.language], "side": side}

    def word(self, name: str) -> str:
        return WORDS[name][self.language]

    def figure(self, minor: int) -> str:
        return figures_text.figure(minor, language=self.language, decimal_places=self.places)

    def money(self, minor: int) -> str:
        return figures_text.money(minor, language=self.language, currency=self.currency, decimal_places=self.places)

    def told(self, row: Row) -> str:
        """What a line of a kind with words of its own says."""
        tax = str(row["posting"]).partition(":")[2]
        return KINDS[str(row["kind"])][self.language].format(code=row["charge_type"] or "—", tax=tax or "—")

    def charge(self, charge_type: str | None) -> str:
        name = charge_type or "other"
        return CHARGE_TYPES.get(name, {}).get(self.language, name.replace("_", " "))

    def reason(self, cause: str | None) -> str:
        name = cause or "other"
        if name in self.reasons:
            return self.reasons[name]
        if name in REASONS:
            return REASONS[name][self.language]
        if name in CAUSES:
            told, means = CAUSES[name][self.language], CAUSES[name][f"{self.language}_means"]
            return f"{told}: {means[:1].lower()}{means[1:]}" if means else told
        return name.replace("_", " ")


def line_text(row: Row, *, language: str) -> str:
    """Return what a line of a statement is, in words, as its PDF says it."""
    say = _Say(language, "", 0, {}, bilingual=False)
    if row["kind"] == "opening":
        return WORDS["opening"][language]
    return _memo_text(say, row) if row["kind"] in ("hold", "disputed", "awaited") else _line_text(say, row)


def hold_to_foot(statement: Row, lines: Sequence[Row], payment: Row | None) -> None:
    """Raise `StatementDoesNotFoot` unless lines, balances and payment of a statement agree; nothing is given out otherwise."""
    moved = sum(int(row["amount_minor"]) for row in lines)
    opening, movement, closing = (int(statement[f"{name}_minor"]) for name in ("opening", "movement", "closing"))
    parts = sum(int(statement[f"{name}_minor"]) for name in ("payable", "held", "carried"))
    paid = int(payment["amount_minor"]) if payment else int(statement["payable_minor"])
    if moved != movement or opening + movement != closing or parts != closing or paid != int(statement["payable_minor"]):
        raise StatementDoesNotFoot(
            f"saw {statement['statement_id']}: lines {moved}, movement {movement}, opening {opening}, closing {closing}, "
            f"payable + held + carried {parts}, payment {paid}; wanted them to agree; run `tuntas verify` and settle again"
        )


def _npwp(party: Row, language: str) -> str:
    return f"{WORDS['tax_id'][language]} {party.get('tax_id') or '—'}"


def _facts(say: _Say, statement: Row, run: Row, digest: str) -> list[dict[str, Any]]:
    period = figures_text.days(run["period_from"], run["period_to"], language=say.language)
    values = [
        ("statement_id", str(statement["statement_id"])),
        ("period", period),
        ("as_of", figures_text.day(run["as_of"].date(), language=say.language)),
        ("due_on", figures_text.day(statement["due_on"], language=say.language)),
        ("digest", digest[:16]),
    ]
    return [{"label": say.pair(WORDS[name]), "value": value} for name, value in values]


def _headline(say: _Say, statement: Row, payment: Row | None) -> dict[str, Any]:
    payable = int(statement["payable_minor"])
    words = _in_words(say, payable, say.language) if payable else ""
    side = _in_words(say, payable, "en") if payable and say.beside else ""
    held = payment is not None and payment["status"] == "held"
    label = "pays_nothing" if not payable else "pays_held" if held else "pays"
    return {"label": say.pair(WORDS[label]), "amount": say.money(payable), "words": words, "words_side": side}


def _in_words(say: _Say, minor: int, language: str) -> str:
    if not speaks(say.currency):
        return ""
    words = figures_text.in_words(minor, language=language, currency=say.currency, decimal_places=say.places)
    return words[:1].upper() + words[1:]


def _notes(say: _Say, statement: Row, moving: Sequence[Row], stamp: Row | None) -> list[str]:
    unit = UNITS[say.currency][say.language].many if speaks(say.currency) else say.currency
    notes = [say.word("in_unit").format(unit=unit)]
    carried = int(statement["carried_minor"])
    if carried:
        notes.append(say.word("carried_negative" if carried < 0 else "carried_small"))
    if any(row["kind"] == "payment" for row in moving):
        notes.append(say.word("paid_in"))
    told = [" ".join(notes)]
    if stamp and int(stamp["duty_minor"]) > 0:
        told.append(say.word("stamp").format(duty=say.money(int(stamp["duty_minor"])), source=stamp["source"]))
    return told


def _sections(say: _Say, moving: Sequence[Row]) -> list[dict[str, Any]]:
    known = {kind for _, kinds in SECTIONS for kind in kinds}
    plan = [*SECTIONS, ("other", tuple(sorted({str(row["kind"]) for row in moving} - known)))]
    made = []
    for name, kinds in plan:
        rows = [row for row in moving if row["kind"] in kinds]
        if rows:
            made.append(
                {
                    "title": say.pair(SECTION_WORDS[name]),
                    "rows": [_line(say, row) for row in rows],
                    "subtotal": say.figure(sum(int(row["amount_minor"]) for row in rows)),
                }
            )
    return made


def _line(say: _Say, row: Row) -> dict[str, str]:
    return {
        "text": _line_text(say, row),
        "document": str(row["document"] or ""),
        "count": figures_text.whole(int(row["source_count"]), language=say.language),
        "amount": say.figure(int(row["amount_minor"])),
    }


def _line_text(say: _Say, row: Row) -> str:
    return say.told(row) if str(row["kind"]) in KINDS else say.charge(row["charge_type"])


def _memos(say: _Say, lines: Sequence[Row]) -> list[dict[str, Any]]:
    made = []
    for kind, kinds in (
        ("hold", ("hold",)),
        ("disputed", ("disputed",)),
        ("awaited", ("awaited",)),
        ("shipping", ("shipping",)),
        ("vat", _VAT_TOLD),
    ):
        rows = [row for row in lines if row["kind"] in kinds]
        if rows:
            made.append(
                {
                    "title": say.pair(WORDS[f"memo_{kind}"]),
                    "rows": [
                        {
                            "text": _memo_text(say, row),
                            "document": str(row["document"] or ""),
                            "count": figures_text.whole(int(row["source_count"]), language=say.language),
                            "amount": say.figure(int(row["memo_minor"])),
                        }
                        for row in rows
                    ],
                    "total": say.figure(sum(int(row["memo_minor"]) for row in rows)),
                }
            )
    return made


def _memo_text(say: _Say, row: Row) -> str:
    if row["kind"] in KINDS:
        return say.told(row)
    return say.charge(row["charge_type"]) if row["kind"] == "awaited" else say.reason(row["charge_type"])


def _tax_order(row: Row) -> tuple[str, ...]:
    return (str(row["tax"]), str(row["tax_code"]), str(row["doc_id"]), str(row["object_code"]))


def _tax(say: _Say, row: Row) -> dict[str, str]:
    income = row["tax"] in ("wht", "wht_borne")
    named = str(row["tax_code"]) if income else {"id": "PPN", "en": "VAT"}[say.language]
    code = str(row["object_code"]) if income else str(row["tax_code"])
    document = {"bill": str(row["doc_id"]).rpartition("/")[2], "statement": ""}.get(str(row["doc_kind"]), str(row["doc_id"]))
    return {
        "tax": f"{named} · {document}" if document else named,
        "code": code,
        "base": say.figure(int(row["base_minor"])),
        "rate": figures_text.rate(int(row["rate_ppm"]), language=say.language),
        "amount": say.figure(int(row["amount_minor"])),
        "citation": str(row["source"]),
    }


def _payment(say: _Say, payment: Row, transfers: Iterable[Row]) -> list[dict[str, Any]]:
    account = str(payment["bank_account"] or "")
    ending = say.word("ending").format(digits=account[-4:]) if account else "—"
    bank = " ".join(part for part in (str(payment["bank_bic"] or ""), ending) if part)
    held = payment["status"] == "held"
    parts = [say.figure(int(row["amount_minor"])) for row in sorted(transfers, key=lambda row: int(row["part_no"]))]
    rail = f"{payment['rail']} ({len(parts)} x: {' + '.join(parts)})" if len(parts) > 1 else str(payment["rail"])
    facts = [
        ("pay_on", "—" if held else figures_text.day(payment["pay_on"], language=say.language)),
        ("account", f"{payment['bank_account_name'] or '—'}, {bank}"),
        ("amount", say.money(int(payment["amount_minor"]))),
        ("rail", "—" if held else rail),
        ("reference", str(payment["payment_id"])),
        ("status", say.word(str(payment["hold_code"])) if held else say.word("proposed")),
    ]
    return [{"label": say.pair(WORDS[name]), "value": value} for name, value in facts]
