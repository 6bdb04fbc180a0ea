"""The run report in the words and figures of one language: facts, a lead, numbers, pictures and tables.

Every table that has a total adds up to it, and what is not shown by name is summed as "others"; the controls say what was held
to what.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tuntas.formats import figures, figures_text
from tuntas.formats.dispute_pack_words import CAUSES
from tuntas.formats.run_report_facts import Control, RunReport, SellerTotals, Tally, TaxTotal, VendorTotals
from tuntas.formats.run_report_words import WORDS

__all__ = ["Control", "RunReport", "SellerTotals", "Tally", "TaxTotal", "VendorTotals", "view"]
VENDORS_SHOWN, CAUSES_SHOWN, FINDINGS_SHOWN = 12, 8, 8


def view(report: RunReport, *, language: str) -> dict[str, Any]:
    """Return the report in the words and figures of one language: facts, lead, numbers, pictures and tables."""
    say = _Say(report, language)
    totals = _audit_totals(report)
    money = _lead_money(say, totals)
    return {
        "lang": language,
        "title": f"{say('title')} {report.cycle_id}",
        "our_name": report.our_name,
        "facts": [
            [say("period"), figures_text.days(report.period_from, report.period_to, language=language)],
            [say("known_by"), figures_text.day(report.as_of.date(), language=language)],
            [say("digest"), report.digest[:16]],
            ["", say("unit").format(unit=figures_text.UNIT_WORDS.get(report.currency, report.currency))],
        ],
        "lead": say("lead_in").format(**money),
        "numbers": _numbers(say, report, totals),
        "pictures": _pictures(say, report, totals, money),
        "vendors": _vendors(say, report),
        "tables": [
            made for made in (_sellers(say), _rails(say), _cash(say), _open(say), _ties(say), _taxes(say), _findings(say)) if made
        ],
        "controls": _controls(say),
        "others": [_apart(_Say(other, language)) for other in report.others],
        "as_table": say("as_table"),
        "all_agree": all(c.seen == c.wanted for part in (report, *report.others) for c in part.all_controls),
    }


def _audit_totals(report: RunReport) -> dict[str, int]:
    return {
        name: sum(int(getattr(v, f"{name}_minor")) for v in report.vendors) for name in ("billed", "agreed", "disputed", "held")
    }


def _lead_money(say: _Say, totals: dict[str, int]) -> dict[str, str]:
    return {name: say.money(minor) for name, minor in totals.items()} | {"payable": say.money(say.report.payable_minor)}


def _apart(say: _Say) -> dict[str, Any]:
    """What stands in another currency than the report's own: the same lead, tables and controls, none of the counts of the whole."""
    report = say.report
    sellers = (_sellers(say),) if report.sellers.count else ()
    accrued = [("accrued", report.accrued)] if report.accrued.count else []
    made = (*sellers, _causes(say), _rails(say), _cash(say), _open(say), _ties(say), _taxes(say))
    return {
        "title": say("apart").format(currency=report.currency),
        "lead": say("lead_in").format(**_lead_money(say, _audit_totals(report))),
        "vendors": _vendors(say, report),
        "tables": [table for table in (*made, _tallied(say, "accrued", "item", [(say(n), t) for n, t in accrued])) if table],
        "controls": _controls(say),
    }


class _Say:
    """Words and figures of one report in one language."""

    def __init__(self, report: RunReport, language: str) -> None:
        self.report, self.language = report, language

    def __call__(self, name: str) -> str:
        return WORDS[name][self.language]

    def known(self, name: str) -> str:
        """The word of a key, or the name itself when it is none."""
        return WORDS[name][self.language] if name in WORDS else name

    def money(self, minor: int) -> str:
        return figures_text.money(
            minor, language=self.language, currency=self.report.currency, decimal_places=self.report.decimal_places
        )

    def cell(self, minor: int) -> dict[str, Any]:
        return {
            "text": figures_text.figure(minor, language=self.language, decimal_places=self.report.decimal_places),
            "value": minor,
        }

    def count(self, number: int) -> dict[str, Any]:
        return {"text": figures_text.whole(number, language=self.language), "value": number}

    def whole(self, number: int) -> str:
        return figures_text.whole(number, language=self.language)

    def share(self, part: int, of: int) -> str:
        return figures_text.share(part, of, language=self.language)

    def cause(self, name: str) -> str:
        return CAUSES[name][self.language] if name in CAUSES else name.replace("_", " ")

    def table(
        self,
        name: str,
        heads: Sequence[tuple[str, bool]],
        rows: Sequence[list[Any]],
        total: list[Any] | None = None,
        note: str = "",
    ) -> dict[str, Any]:
        columns = [{"label": self(head), "num": is_number} for head, is_number in heads]
        plain = [[cell if isinstance(cell, dict) else {"text": cell, "value": None} for cell in row] for row in rows]
        last = [cell if isinstance(cell, dict) else {"text": cell, "value": None} for cell in total] if total else []
        return {"name": name, "title": self(name), "columns": columns, "rows": plain, "total": last, "note": note}


def _numbers(say: _Say, report: RunReport, totals: dict[str, int]) -> list[dict[str, str]]:
    bills = sum(v.bill_count for part in (report, *report.others) for v in part.vendors)
    payments = sum(r.count for r in report.rails) + report.held_payments.count
    taxed = {tax: sum(t.amount_minor for t in report.taxes if t.tax == tax) for tax in ("vat_in", "vat_out", "wht")}

    def number(label: str, text: str, note: str, tone: str) -> dict[str, str]:
        return {"label": say(label), "text": text, "note": note, "tone": tone}

    def of_billed(name: str) -> str:
        return say("of_billed").format(share=say.share(totals[name], totals["billed"]))

    vat = say("vat_note").format(paid=say.money(taxed["vat_in"]), owed=say.money(taxed["vat_out"]))
    parcels = say("parcels_note").format(bills=say.whole(bills), lines=say.whole(report.bill_lines))
    accrued = say("accrued_note").format(count=say.whole(report.accrued.count))
    paid = say("payments_note").format(count=say.whole(payments))
    return [
        number("parcels", say.whole(report.parcels), parcels, "quiet"),
        number("billed", say.money(totals["billed"]), say("before_tax"), "total"),
        number("agreed", say.money(totals["agreed"]), of_billed("agreed"), "bar"),
        number("disputed", say.money(totals["disputed"]), of_billed("disputed"), "down"),
        number("held", say.money(totals["held"]), say("waiting"), "held"),
        number("payable", say.money(report.payable_minor), paid, "bar"),
        number("withheld_tax", say.money(taxed["wht"]), vat, "quiet"),
        number("accrued", say.money(report.accrued.amount_minor), accrued, "quiet"),
    ]


def _pictures(say: _Say, report: RunReport, totals: dict[str, int], money: dict[str, str]) -> list[dict[str, Any]]:
    steps = [
        figures.Mark(say("billed"), totals["billed"], money["billed"], "total"),
        figures.Mark(say("disputed"), -totals["disputed"], say.money(-totals["disputed"]), "down"),
        figures.Mark(say("held"), -totals["held"], say.money(-totals["held"]), "held"),
        figures.Mark(say("agreed"), totals["agreed"], money["agreed"], "total"),
    ]
    says = say("waterfall_says").format(**money)
    made = [
        {
            "title": say("waterfall"),
            "svg": figures.waterfall(steps, name="waterfall", title=say("waterfall"), description=says, width=460, height=210),
            "twin": figures.twin(steps, caption=say("waterfall"), what=say("waterfall"), amount=say("amount")),
            "empty": "",
        }
    ]
    ranked = sorted(report.causes, key=lambda c: (-abs(c.amount_minor), c.name))
    shown, rest = ranked[:CAUSES_SHOWN], ranked[CAUSES_SHOWN:]
    marks = [figures.Mark(say.cause(c.name), c.amount_minor, say.money(c.amount_minor), "down") for c in shown]
    if rest:
        more = sum(c.amount_minor for c in rest)
        marks.append(figures.Mark(say("others").format(count=len(rest)), more, say.money(more), "quiet"))
    total = sum(c.amount_minor for c in ranked)
    told = say("causes_says").format(total=say.money(total), count=say.whole(sum(c.count for c in ranked)))
    made.append(
        {
            "title": say("causes"),
            "svg": figures.bars(marks, name="causes", title=say("causes"), description=told, width=470, label_width=172)
            if marks
            else "",
            "twin": figures.twin(marks, caption=told, what=say("cause"), amount=say("at_stake")) if marks else "",
            "empty": "" if marks else say("no_causes"),
        }
    )
    return made


_VENDOR_MONEY = ("billed_minor", "agreed_minor", "disputed_minor", "held_minor", "vat_minor", "withheld_minor", "payable_minor")


def _vendors(say: _Say, report: RunReport) -> dict[str, Any]:
    ranked = sorted(report.vendors, key=lambda v: (-v.billed_minor, v.party_id))
    shown, rest = ranked[:VENDORS_SHOWN], ranked[VENDORS_SHOWN:]

    def row(head: str, found: Sequence[VendorTotals]) -> list[Any]:
        return [
            head,
            say.count(sum(v.bill_count for v in found)),
            *(say.cell(sum(int(getattr(v, k)) for v in found)) for k in _VENDOR_MONEY),
        ]

    rows = [row(v.name, [v]) for v in shown]
    if rest:
        rows.append(row(say("others").format(count=len(rest)), rest))
    heads = [("vendor", False), ("bills", True), *((k.removesuffix("_minor"), True) for k in _VENDOR_MONEY)]
    return say.table("vendors", heads, rows, row(say("total"), ranked))


def _sellers(say: _Say) -> dict[str, Any]:
    s = say.report.sellers
    moves = [
        ("opening", s.opening_minor),
        ("sales", s.sales_minor),
        ("fees", s.fees_minor),
        ("fee_vat", s.tax_minor),
        ("refunds", s.refunds_minor),
        ("other_moves", s.other_minor),
    ]
    rows: list[list[Any]] = [[say("seller_count"), say.count(s.count)]]
    rows += [[say(name), say.cell(minor)] for name, minor in moves]
    rows.append([say("closing"), say.cell(s.closing_minor)])
    rows += [
        [f"· {say(name)}", say.cell(minor)]
        for name, minor in (("payable", s.payable_minor), ("held", s.held_minor), ("carried", s.carried_minor))
    ]
    return say.table("sellers", [("sellers", False), ("amount", True)], rows)


def _tallied(
    say: _Say, name: str, head: str, found: Sequence[tuple[str, Tally]], *, amount: str = "amount"
) -> dict[str, Any] | None:
    if not found:
        return None
    rows: list[list[Any]] = [[told, say.count(t.count), say.cell(t.amount_minor)] for told, t in found]
    total = [say("total"), say.count(sum(t.count for _, t in found)), say.cell(sum(t.amount_minor for _, t in found))]
    return say.table(name, [(head, False), ("count", True), (amount, True)], rows, total)


def _rails(say: _Say) -> dict[str, Any] | None:
    found = [(t.name, t) for t in sorted(say.report.rails, key=lambda t: (-t.amount_minor, t.name))]
    if say.report.held_payments.count:
        found.append((say("held_payment"), say.report.held_payments))
    return _tallied(say, "rails", "rail", found)


def _cash(say: _Say) -> dict[str, Any] | None:
    order = ("matched", "amount_differs", "ambiguous", "no_item")
    found = sorted(say.report.cash, key=lambda t: (order.index(t.name) if t.name in order else len(order), t.name))
    return _tallied(say, "cash", "verdict", [(say.known(t.name), t) for t in found])


def _causes(say: _Say) -> dict[str, Any] | None:
    found = sorted(say.report.causes, key=lambda t: (-abs(t.amount_minor), t.name))
    return _tallied(say, "causes", "cause", [(say.cause(t.name), t) for t in found], amount="at_stake")


def _open(say: _Say) -> dict[str, Any] | None:
    return _tallied(
        say, "still_open", "item", [(say.known(t.name), t) for t in sorted(say.report.open_items, key=lambda t: t.name)]
    )


def _ties(say: _Say) -> dict[str, Any] | None:
    order = ("ties", "differs", "unpaid", "no_order")
    found = sorted(say.report.ties, key=lambda t: (order.index(t.name) if t.name in order else len(order), t.name))
    return _tallied(say, "ties", "order_verdict", [(say.known(f"ties_{t.name}"), t) for t in found], amount="difference")


def _taxes(say: _Say) -> dict[str, Any] | None:
    found = sorted(say.report.taxes, key=lambda t: (t.tax, t.code))
    if not found:
        return None
    rows: list[list[Any]] = [[say(t.tax).format(code=t.code), say.cell(t.amount_minor)] for t in found]
    return say.table("taxes", [("tax", False), ("amount", True)], rows)


def _findings(say: _Say) -> dict[str, Any]:
    ranked = sorted(say.report.findings, key=lambda f: (-f[1], f[0]))
    shown, rest = ranked[:FINDINGS_SHOWN], ranked[FINDINGS_SHOWN:]
    rows: list[list[Any]] = [[code, say.count(count)] for code, count in shown]
    if rest:
        rows.append([say("others").format(count=len(rest)), say.count(sum(c for _, c in rest))])
    total = [say("total"), say.count(sum(c for _, c in ranked))] if ranked else None
    return say.table("findings", [("code", False), ("count", True)], rows, total, note="" if ranked else say("no_findings"))


def _controls(say: _Say) -> dict[str, Any]:
    rows: list[list[Any]] = []
    for c in say.report.all_controls:
        tell = say.count if c.is_count else say.cell
        rows.append([say.known(c.name), tell(c.seen), tell(c.wanted), say("ok" if c.seen == c.wanted else "not_ok")])
    return say.table("controls", [("control", False), ("seen", True), ("wanted", True), ("verdict_of_control", False)], rows)
