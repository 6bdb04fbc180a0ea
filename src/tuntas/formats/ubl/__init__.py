"""UBL 2.1: electronic invoices of Singapore (PINT-SG, InvoiceNow) and Malaysia (MyInvois) from typed documents.

In: a `Document`, its tax decided. Out: XML, streamed, the same bytes for the same document; `check_document` holds the order of
elements, what the profile asks and the sums. What a profile asks is rows beside this file; sending is not done here.
"""

from __future__ import annotations

from tuntas.formats.ubl.checking import check_document
from tuntas.formats.ubl.document import (
    Address,
    Document,
    DocumentParty,
    DocumentTax,
    DocumentUnsound,
    Exchange,
    Identifier,
    Line,
    NotToBeUndone,
    Reference,
    line_taxes,
    may_cancel,
    require_sound,
    tax_lines,
    undo,
    uuid_of,
)
from tuntas.formats.ubl.profiles import Profile, ProfileUnknown, profile_on
from tuntas.formats.ubl.writing import Written, document_bytes, write_document, write_documents

__all__ = [
    "Address",
    "Document",
    "DocumentParty",
    "DocumentTax",
    "DocumentUnsound",
    "Exchange",
    "Identifier",
    "Line",
    "NotToBeUndone",
    "Profile",
    "ProfileUnknown",
    "Reference",
    "Written",
    "check_document",
    "document_bytes",
    "line_taxes",
    "may_cancel",
    "profile_on",
    "require_sound",
    "tax_lines",
    "undo",
    "uuid_of",
    "write_document",
    "write_documents",
]
