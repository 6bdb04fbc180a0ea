"""Files of Coretax, Indonesia's tax system: tax invoices and withholding slips out, approvals and rejections back in.

In: typed documents (`documents`), whose lines are drawn to the hundredth by `amounts`. Between: checks as findings, with nothing
dropped. Out: XML in the official order and spelling, split by the limits of the day, with a manifest (`writing`); the schemas in
`schemas/` are derived from the same list of fields. Back: `results` reads what the authority answered.

Guarantees: documents = written + refused; the same documents give the same bytes; what is written fits its schema.
"""

from __future__ import annotations

from tuntas.formats.coretax.amounts import LineRounding, LineTax, draw_line, line_rounding, place_difference
from tuntas.formats.coretax.documents import (
    Buyer,
    Document,
    EquatedDocument,
    ForeignPayee,
    GoodsLine,
    Slip,
    TaxInvoice,
    buyer_without_tin,
    form_of,
)
from tuntas.formats.coretax.findings import blocks, in_indonesian
from tuntas.formats.coretax.results import (
    Result,
    Results,
    ResultsUnreadable,
    build_results_mapping,
    read_results,
    shipped_results_mapping,
)
from tuntas.formats.coretax.rules import FileRules, rules_of
from tuntas.formats.coretax.schemas import faults
from tuntas.formats.coretax.slip_checks import computed_tax
from tuntas.formats.coretax.writing import FileMade, Written, check_document, in_order, render, write_files

__all__ = [
    "Buyer",
    "Document",
    "EquatedDocument",
    "FileMade",
    "FileRules",
    "ForeignPayee",
    "GoodsLine",
    "LineRounding",
    "LineTax",
    "Result",
    "Results",
    "ResultsUnreadable",
    "Slip",
    "TaxInvoice",
    "Written",
    "blocks",
    "build_results_mapping",
    "buyer_without_tin",
    "check_document",
    "computed_tax",
    "draw_line",
    "faults",
    "form_of",
    "in_indonesian",
    "in_order",
    "line_rounding",
    "place_difference",
    "read_results",
    "render",
    "rules_of",
    "shipped_results_mapping",
    "write_files",
]
