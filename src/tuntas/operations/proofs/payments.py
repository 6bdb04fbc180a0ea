"""Prove paying and clearing: batches and their people, entries of payments, no payment above what is payable, one line one clearing."""

from __future__ import annotations

from datetime import date
from typing import Any

from tuntas.kernel.ids import digest
from tuntas.ledger import payment_entry
from tuntas.operations.proofs.notes import Notes
from tuntas.store.rows import stored

WHO = "find out who wrote to the database before any money leaves"
BATCH = ("batch_id", "cycle_id", "payment_count", "total_minor", "digest", "state", "proposed_by_id", "approved_by_id")
PAID = ("payment_id", "party_id", "amount_minor", "currency", "bank_bic", "bank_account", "bank_account_name")
STATES = {
    "proposed": {"proposed"},
    "approved": {"approved"},
    "sent": {"sent", "settled", "returned"},
    "settled": {"settled", "returned"},
}


def prove_payments(notes: Notes) -> None:
    """Prove every payment and batch."""
    cleared: dict[str, int] = {}
    for item, minor in stored("bank_match", ["item_id", "bank_minor"], where="WHERE item_kind = 'payment' AND verdict = 'matched'"):
        whole, _, part = str(item).rpartition("/")
        # A payment sent as several transfers is cleared under its id and /1, /2 ..., which have to make it.
        for payment in {str(item), whole} if part.isdecimal() else {str(item)}:
            cleared[payment] = cleared.get(payment, 0) - minor
    columns = ["p.payment_id", "p.amount_minor", "s.payable_minor", "p.state", "p.batch_id", "s.side"]
    for row in stored("payment p LEFT JOIN statement s ON s.statement_id = p.statement_id", columns, order_by="p.payment_id"):
        payment, amount, payable, state, batch, _ = row
        if not isinstance(payable, int) or amount > payable:
            notes.note("VERIFY-PAYMENT-02", "payment", payment, "amount_minor", seen=amount, wanted=f"at most {payable}", help=WHO)
        if state == "settled" and cleared.get(str(payment)) != amount:
            notes.note("VERIFY-PAYMENT-05", "payment", payment, "state", seen=state, wanted="a bank line that cleared it", help=WHO)
        if state not in ("proposed", "held") and batch is None:
            notes.note("VERIFY-PAYMENT-05", "payment", payment, "batch_id", seen="no batch", wanted="an approved batch", help=WHO)
        notes.count("payments")
    for row in stored("payment_batch", BATCH, order_by="batch_id"):
        _batch(notes, dict(zip(BATCH, row, strict=True)))
        notes.count("batches")
    _entries(notes)


def _batch(notes: Notes, batch: dict[str, Any]) -> None:
    where = "WHERE batch_id = %s"
    found = list(stored("payment", [*PAID, "state"], where=where, values=[batch["batch_id"]]))
    told = digest([list(row[:-1]) for row in sorted(found, key=lambda row: str(row[0]))])
    name = batch["batch_id"]
    if told != batch["digest"]:
        notes.note("VERIFY-BATCH-01", "payment_batch", name, "digest", seen=told, wanted=batch["digest"], help=WHO)
    total = sum(row[2] for row in found if isinstance(row[2], int))
    if (len(found), total) != (batch["payment_count"], batch["total_minor"]):
        seen, wanted = f"{batch['payment_count']} of {batch['total_minor']}", f"{len(found)} of {total}"
        notes.note("VERIFY-BATCH-02", "payment_batch", name, "total_minor", seen=seen, wanted=wanted, help=WHO)
    if batch["approved_by_id"] == batch["proposed_by_id"]:
        notes.note(
            "VERIFY-BATCH-03",
            "payment_batch",
            name,
            "approved_by_id",
            seen=batch["approved_by_id"],
            wanted="somebody else",
            help=WHO,
        )
    if batch["state"] != "proposed" and batch["approved_by_id"] is None:
        notes.note("VERIFY-BATCH-03", "payment_batch", name, "approved_by_id", seen="nobody", wanted="an approver", help=WHO)
    for row in found:
        if row[-1] not in STATES.get(batch["state"], set()) and not (batch["state"] == "approved" and row[-1] == "settled"):
            notes.note(
                "VERIFY-BATCH-04", "payment", row[0], "state", seen=row[-1], wanted=f"{batch['state']}, as its batch", help=WHO
            )


def _entries(notes: Notes) -> None:
    """Derive the entry of each payment of an approved batch again and compare it with the ledger, both ways."""
    tables = "payment p JOIN payment_batch b ON b.batch_id = p.batch_id JOIN statement s ON s.statement_id = p.statement_id"
    columns = ["p.payment_id", "p.party_id", "s.side", "p.amount_minor", "p.currency", "b.cycle_id"]
    wanted: dict[str, tuple[Any, ...]] = {
        str(row[0]): row for row in stored(tables, columns, where="WHERE b.approved_by_id IS NOT NULL")
    }
    lines: dict[str, list[tuple[Any, ...]]] = {}
    names = ["e.because_id", "e.entry_id", "e.booked_on", "l.account", "l.party_id", "l.debit_minor", "l.credit_minor"]
    where = "WHERE e.because_kind = 'payment'"
    for row in stored("entry e JOIN entry_line l ON l.entry_id = e.sequence", names, where=where, order_by="e.sequence, l.line_no"):
        lines.setdefault(str(row[0]), []).append(row[1:])
    for payment in sorted({*wanted, *lines}):
        if payment not in lines:
            notes.note(
                "VERIFY-PAYMENT-03", "entry", payment, "because_id", seen="no entry", wanted="the entry of the payment", help=WHO
            )
        elif payment not in wanted:
            notes.note("VERIFY-PAYMENT-03", "entry", payment, "because_id", seen="an entry", wanted="an approved payment", help=WHO)
        else:
            _same(notes, payment, wanted[payment], lines[payment])


def _same(notes: Notes, payment: str, row: tuple[Any, ...], lines: list[tuple[Any, ...]]) -> None:
    entry = payment_entry(
        payment_id=payment,
        party_id=str(row[1]),
        side=str(row[2]),
        amount_minor=int(row[3]),
        currency=str(row[4]),
        cycle_id=str(row[5]),
        booked_on=date.fromisoformat(str(lines[0][1])),
    )
    told = [(entry.entry_id, line.account, line.party_id, line.debit_minor, line.credit_minor) for line in entry.lines]
    found = [(line[0], *line[2:]) for line in lines]
    if found != told:
        first = next((f, t) for f, t in zip(found, told, strict=False) if f != t) if len(found) == len(told) else (found, told)
        notes.note("VERIFY-PAYMENT-04", "entry_line", payment, "lines", seen=first[0], wanted=first[1], help=WHO)


def prove_clearing(notes: Notes) -> None:
    """Hold the bank to its rule: a line clears once, an item clears once, a cleared pair sums exactly."""
    for line, times in stored("bank_match", ["bank_line_id", "count(*)"], where="GROUP BY bank_line_id HAVING count(*) > 1"):
        notes.note("VERIFY-BANK-01", "bank_match", line, "bank_line_id", seen=f"cleared {times} times", wanted="once", help=WHO)
    where = "WHERE verdict = 'matched' GROUP BY item_kind, item_id, party_id, currency HAVING count(*) > 1"
    for kind, item, times in stored("bank_match", ["item_kind", "item_id", "count(*)"], where=where):
        notes.note(
            "VERIFY-BANK-02", "bank_match", f"{kind}|{item}", "item_id", seen=f"cleared {times} times", wanted="once", help=WHO
        )
    tables = "bank_line b LEFT JOIN bank_match m ON m.bank_line_id = b.bank_line_id"
    where = "WHERE m.bank_line_id IS NULL OR m.bank_minor <> b.amount_minor OR (m.verdict = 'matched' AND m.difference_minor <> 0)"
    for line, amount, matched in stored(tables, ["b.bank_line_id", "b.amount_minor", "m.bank_minor"], where=where):
        notes.note("VERIFY-BANK-05", "bank_line", line, "amount_minor", seen=amount, wanted=matched, help=WHO)
    notes.count("bank_lines", int(next(stored("bank_line", ["count(*)"]))[0]))
