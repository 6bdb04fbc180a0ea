"""Hostile inputs, each with the finding it must give and how many rows of its table may be accepted. Built by code."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

CASE = """cycle: 2026-10
period: {from: 2026-10-01, to: 2026-11-01}
as_of: 2026-11-10T23:59:59
country: ID
currency: IDR
platform: P-TUNTAS
hold_days: 2
min_payout: 10000
"""
PARTIES = b"party_id,name,kind\nV-1,PT Satu,carrier\n"
HEAD = "waybill,vendor_id,service,shipped_on,origin_area,dest_area,actual_g"
GOOD = "W1,V-1,REG,2026-10-01,31.71,32.73,1200"
BANK = "bank_line_id,account_id,booked_on,amount_minor,description\n"

Build = bytes | Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile case: files by name, the codes that must be told, rows accepted of the table, and rows that come in (or None)."""

    name: str
    files: dict[str, Build]
    codes: tuple[str, ...]
    accepted: int = 0
    rows_in: int | None = None
    table: str = "shipments"
    must_not: tuple[str, ...] = ()
    base: dict[str, Build] = field(default_factory=lambda: {"parties/p.csv": PARTIES})


def lines(*rows: str, end: str = "\n", encoding: str = "utf-8") -> bytes:
    return "".join(row + end for row in rows).encode(encoding)


def shipment(**changes: str) -> bytes:
    """One good row with some cells changed, after a good one."""
    names = HEAD.split(",")
    extra = [name for name in changes if name not in names]
    cells = dict(zip(names, GOOD.replace("W1", "W2").split(","), strict=True)) | changes
    quoted = ['"' + cells[n].replace('"', '""') + '"' if set(cells[n]) & set(',"\n\r') else cells[n] for n in [*names, *extra]]
    return lines(",".join([*names, *extra]), ",".join([*GOOD.split(","), *("" for _ in extra)]), ",".join(quoted))


def one(name: str, code: str, *, accepted: int = 1, **changes: str) -> Hostile:
    return Hostile(name, {"shipments/s.csv": shipment(**changes)}, (code,), accepted=accepted, rows_in=2)


def text(
    name: str, content: bytes, *codes: str, accepted: int = 0, rows_in: int | None = None, must_not: tuple[str, ...] = ()
) -> Hostile:
    return Hostile(name, {"shipments/s.csv": content}, codes, accepted=accepted, rows_in=rows_in, must_not=must_not)


def table(name: str, where: str, of: str, content: str, *codes: str, accepted: int = 0, rows_in: int | None = None) -> Hostile:
    files: dict[str, Build] = {where: content.encode(), "shipments/s.csv": lines(HEAD, GOOD)}
    return Hostile(name, files, codes, accepted=accepted, rows_in=rows_in, table=of)


def mapped(name: str, page: str, content: str, *codes: str, accepted: int = 0, rows_in: int | None = None) -> Hostile:
    files: dict[str, Build] = {
        "mappings/m.yaml": page.encode(),
        "bank/b.csv": content.encode(),
        "shipments/s.csv": lines(HEAD, GOOD),
    }
    return Hostile(name, files, codes, accepted=accepted, rows_in=rows_in, table="bank_lines")


def workbook(*sheets: tuple[str, list[list[object]]], errors: tuple[tuple[int, int, str], ...] = ()) -> Callable[[Path], None]:
    def build(path: Path) -> None:
        with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
            for name, rows in sheets:
                sheet = book.add_worksheet(name)
                for at, row in enumerate(rows):
                    sheet.write_row(at, 0, row)
                for row_at, column, shown in errors:
                    sheet.write_formula(row_at, column, "=NA()", None, shown)

    return build


def parquet(columns: dict[str, pa.Array]) -> Callable[[Path], None]:
    return lambda path: pq.write_table(pa.table(columns), path)


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        for number in range(3):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 30_000_000)


def broken_parquet(path: Path) -> None:
    content = io.BytesIO()
    pq.write_table(pa.table({name: pa.array(["x"] * 1000) for name in HEAD.split(",")}), content)
    data = bytearray(content.getvalue())
    data[4 : len(data) // 2] = b"\xff" * (len(data) // 2 - 4)
    path.write_bytes(bytes(data))


def link_outside(path: Path) -> None:
    outside = path.parent.parent.parent / "outside.csv"
    outside.write_bytes(lines(HEAD, GOOD))
    path.symlink_to(outside)


CELLS = GOOD.split(",")
ROWS: list[list[object]] = [HEAD.split(","), CELLS]
MAP = """table: bank_lines
files: [bank/b.csv]
{more}columns:
  bank_line_id: id
  account_id: {{value: A}}
  booked_on: day
  amount_minor: {amount}
"""
SOURCE = "id,day,amt\nB1,2026-10-01,{amt}\nB2,2026-10-02,5\n"


def bank(name: str, amount: str, seen: str, *codes: str, accepted: int = 1, more: str = "") -> Hostile:
    return mapped(name, MAP.format(more=more, amount=amount), SOURCE.format(amt=seen), *codes, accepted=accepted, rows_in=2)


CORPUS: tuple[Hostile, ...] = (
    # ---- bytes ----
    text(
        "UTF-8 with a byte order mark", b"\xef\xbb\xbf" + lines(HEAD, GOOD), accepted=1, rows_in=1, must_not=("INGEST-HEADER-01",)
    ),
    text("UTF-16 with a byte order mark", lines(HEAD, GOOD, encoding="utf-16"), "INGEST-FILE-09", accepted=1, rows_in=1),
    text("UTF-16 without a byte order mark", lines(HEAD, GOOD, encoding="utf-16-le"), "INGEST-FILE-08"),
    text("UTF-16 cut in the middle of a character", lines(HEAD, GOOD, encoding="utf-16")[:-1], "INGEST-FILE-08"),
    text("UTF-32", lines(HEAD, GOOD, encoding="utf-32"), "INGEST-FILE-08"),
    table(
        "names with accents in UTF-8",
        "parties/q.csv",
        "parties",
        "party_id,name,kind\nV-2,Caf\u00e9,carrier\n",
        accepted=2,
        rows_in=2,
    ),
    Hostile(
        "Latin bytes that are not UTF-8",
        {"parties/q.csv": "party_id,name,kind\nV-2,Caf\u00e9,carrier\n".encode("cp1252"), "shipments/s.csv": lines(HEAD, GOOD)},
        ("INGEST-FILE-09",),
        accepted=2,
        rows_in=2,
        table="parties",
    ),
    Hostile(
        "bytes that no encoding has",
        {"parties/q.csv": b"party_id,name,kind\nV-2,Caf\x81,carrier\n", "shipments/s.csv": lines(HEAD, GOOD)},
        ("INGEST-FILE-09", "INGEST-TEXT-02"),
        accepted=1,
        rows_in=2,
        table="parties",
    ),
    text("a zero byte in a row", lines(HEAD, GOOD, GOOD.replace("W1", "W\x002")), "INGEST-ROW-04", accepted=1, rows_in=2),
    text("lines that end in CR LF", lines(HEAD, GOOD, end="\r\n"), accepted=1, rows_in=1),
    text("lines that end in CR", lines(HEAD, GOOD, end="\r"), accepted=1, rows_in=1),
    text("mixed line ends", (HEAD + "\r\n" + GOOD + "\n" + GOOD.replace("W1", "W2") + "\r").encode(), accepted=2, rows_in=2),
    text("no line end after the last row", (HEAD + "\n" + GOOD).encode(), accepted=1, rows_in=1),
    text("blank lines and rows of commas", lines(HEAD, "", GOOD, ",,,,,,", "   ", "\u00a0,,,,,,"), accepted=1, rows_in=1),
    text("an empty file", b"", "INGEST-FILE-04", rows_in=0),
    text("a file of blank lines", b"\n\n\n", "INGEST-FILE-04", rows_in=0),
    text("a header without rows", lines(HEAD), "INGEST-FILE-05", rows_in=0),
    # ---- fields ----
    text("a row cut short", lines(HEAD, GOOD, "W2,V-1,REG"), "INGEST-ROW-01", accepted=1, rows_in=2),
    text("a delimiter too many", lines(HEAD, GOOD, GOOD.replace("W1", "W2") + ",9"), "INGEST-ROW-02", accepted=1, rows_in=2),
    text("empty cells to the right", lines(HEAD + ",,", GOOD + ",,", GOOD.replace("W1", "W2")), accepted=2, rows_in=2),
    text("a quote that never closes", lines(HEAD, '"W2,V-1,REG', GOOD), "INGEST-ROW-03", accepted=1, rows_in=2),
    text("a quote that closes in mid-field", lines(HEAD, GOOD, GOOD.replace("W1", '"W"2')), "INGEST-ROW-03", accepted=1, rows_in=2),
    text("quotes doubled and a line break inside", lines(HEAD, GOOD.replace("REG", '"RE\nG"')), accepted=1, rows_in=1),
    text("semicolons", lines(HEAD.replace(",", ";"), GOOD.replace(",", ";")), accepted=1, rows_in=1),
    text("tabs", lines(HEAD.replace(",", "\t"), GOOD.replace(",", "\t")), accepted=1, rows_in=1),
    text("bars", lines(HEAD.replace(",", "|"), GOOD.replace(",", "|")), accepted=1, rows_in=1),
    text("Excel's delimiter line", lines("sep=;", HEAD.replace(",", ";"), GOOD.replace(",", ";")), accepted=1, rows_in=1),
    # ---- header ----
    text("a column twice", lines(HEAD + ",waybill", GOOD + ",W9"), "INGEST-HEADER-02", rows_in=1),
    text("a required column missing", lines(HEAD.replace("waybill", "resi"), GOOD), "INGEST-HEADER-01", rows_in=1),
    text("a column we do not know", lines(HEAD + ",colour", GOOD + ",red"), "INGEST-HEADER-03", accepted=1, rows_in=1),
    text("names with odd spaces and case", lines(HEAD.upper().replace(",", " ,\u00a0"), GOOD), accepted=1, rows_in=1),
    text("no header at all", lines(GOOD, GOOD.replace("W1", "W2")), "INGEST-HEADER-01", rows_in=1),
    text("a page of HTML", b"<html><body>Session expired</body></html>\n", "INGEST-FILE-05", rows_in=0),
    text("two thousand columns", lines(HEAD + ",x" * 2000, GOOD), "INGEST-FILE-07"),
    # ---- identifiers ----
    one("an identifier in powers of ten", "INGEST-EXCEL-01", waybill="1.23457E+12"),
    one("an identifier in powers of ten, with a comma", "INGEST-EXCEL-01", waybill="8,99123E+11"),
    one("an identifier with .0", "INGEST-EXCEL-01", waybill="8991230000.0"),
    one("an apostrophe in front", "INGEST-EXCEL-03", waybill="'0012345", accepted=2),
    one("Excel's way of keeping text", "INGEST-EXCEL-03", waybill='="0012345"', accepted=2),
    one("a formula for an identifier", "INGEST-TEXT-03", waybill="=cmd|' /C calc'!A0"),
    one("a word for nothing", "INGEST-ID-02", waybill="NaN"),
    one("a lost reference", "INGEST-EXCEL-02", waybill="#REF!"),
    one("a lookup that failed", "INGEST-EXCEL-02", actual_g="#N/A"),
    one("an identifier of 301 letters", "INGEST-TEXT-01", waybill="W" * 301),
    one("a bell in an identifier", "INGEST-TEXT-02", waybill="W\x072"),
    one("a character already lost", "INGEST-TEXT-05", waybill="W\ufffd2"),
    one("an empty identifier", "INGEST-VALUE-01", waybill=" \u00a0\u200b"),
    Hostile(
        "spaces nobody sees around an identifier",
        {"shipments/s.csv": shipment(waybill="\u200b\u00a0W1 ")},
        ("INGEST-KEY-02",),
        1,
        2,
    ),
    Hostile(
        "a trip under a waybill",
        {
            "shipments/s.csv": lines(HEAD, GOOD),
            "linehaul/t.csv": lines("trip_id,vendor_id,started_on,origin_area,dest_area", "W1,V-1,2026-10-02,31.71,32.73"),
        },
        ("INGEST-KEY-03",),
        0,
        1,
        "trips",
    ),
    table(
        "a tax number short of a zero",
        "parties/q.csv",
        "parties",
        "party_id,name,kind,tax_id\nV-2,B,carrier,12345678901234\n",
        "INGEST-ID-01",
        accepted=2,
        rows_in=2,
    ),
    table(
        "a formula for a name",
        "parties/q.csv",
        "parties",
        "party_id,name,kind\nV-2,=HYPERLINK(1),carrier\n",
        "INGEST-TEXT-04",
        accepted=2,
        rows_in=2,
    ),
    table(
        "a name already damaged",
        "parties/q.csv",
        "parties",
        "party_id,name,kind\nV-2,Caf\ufffd,carrier\n",
        "INGEST-TEXT-06",
        accepted=2,
        rows_in=2,
    ),
    table(
        "a word we do not know",
        "parties/q.csv",
        "parties",
        "party_id,name,kind\nV-2,B,robot\n",
        "INGEST-VALUE-02",
        accepted=1,
        rows_in=2,
    ),
    # ---- days and times ----
    one("the 30th of February", "INGEST-DATE-02", shipped_on="2026-02-30"),
    one("day and month in an order nobody stated", "INGEST-DATE-04", shipped_on="03/10/2026"),
    one("a year of two digits", "INGEST-DATE-05", shipped_on="03-10-26"),
    one("a day as Excel counts it", "INGEST-DATE-03", shipped_on="46296"),
    one("the year 26", "INGEST-DATE-06", shipped_on="0026-10-01"),
    one("a day in words", "INGEST-DATE-01", shipped_on="yesterday"),
    table(
        "a time with an offset",
        "events/e.csv",
        "events",
        "waybill,event,occurred_at,known_at\nW1,delivered,2026-10-02T10:00:00Z,2026-10-02T17:00:00+07:00\n",
        accepted=1,
        rows_in=1,
    ),
    Hostile(
        "a time with an offset in a country whose offset nobody stated",
        {
            "case.yaml": CASE.replace("country: ID", "country: US").encode(),
            "events/e.csv": b"waybill,event,occurred_at,known_at\nW1,delivered,2026-10-02T10:00:00Z,2026-10-02T17:00:00\n",
            "shipments/s.csv": lines(HEAD, GOOD),
        },
        ("INGEST-TIME-02",),
        rows_in=1,
        table="events",
    ),
    table(
        "an hour that no clock shows",
        "events/e.csv",
        "events",
        "waybill,event,occurred_at,known_at\nW1,delivered,2026-10-02 25:00,2026-10-02 10:00\n",
        "INGEST-TIME-01",
        rows_in=1,
    ),
    # ---- numbers and money ----
    one("a weight with decimals", "INGEST-NUMBER-01", actual_g="1.5"),
    one("a weight with a sign for thousands", "INGEST-NUMBER-01", actual_g="1,200"),
    one("both decimal signs in one column", "INGEST-NUMBER-01", declared_minor="1.234,56"),
    one("a weight below zero", "INGEST-NUMBER-02", actual_g="-5"),
    one("a weight of a thousand tonnes", "INGEST-NUMBER-03", actual_g="1000000000"),
    one("a number of forty digits", "INGEST-MONEY-02", declared_minor="9" * 40),
    one("an amount above one line", "INGEST-MONEY-02", declared_minor="9000000000001"),
    one("infinity", "INGEST-NUMBER-01", actual_g="inf"),
    one("digits of another script", "INGEST-NUMBER-01", actual_g="\u0661\u0662"),
    one("an unknown currency", "INGEST-MONEY-03", currency="RPH"),
    one("another currency than the case", "INGEST-MONEY-04", currency="USD", accepted=2),
    one("a yes that is a no in another language", "INGEST-BOOL-01", insured="t"),
    table(
        "a refund of nothing",
        "orders/refunds.csv",
        "refunds",
        "refund_id,order_line_id,order_id,seller_id,amount_minor,refunded_on\nR1,L1,O1,S1,0,2026-10-01\n",
        "INGEST-NUMBER-04",
        rows_in=1,
    ),
    bank("more decimals than the currency has", "{from: amt, money: true}", "12.50", "INGEST-MONEY-01"),
    bank("decimals of zero", "{from: amt, money: true}", "12.00", accepted=2),
    bank("the other decimal sign", "{from: amt, money: true}", '"1.234,56"', "INGEST-MONEY-05"),
    bank("groups of two digits", '{from: amt, money: true, thousands: ","}', '"12,34"', "INGEST-MONEY-05"),
    bank("brackets for a debit", "{from: amt, money: true}", "(500)", "INGEST-MONEY-05"),
    bank("a sign word nobody stated", "{from: amt, money: true, signs: {CR: 1}}", "5 DB", "INGEST-VALUE-03", accepted=0),
    # ---- keys ----
    text("one key, two contents", lines(HEAD, GOOD, GOOD.replace("1200", "1300")), "INGEST-KEY-01", rows_in=2),
    text("the same row twice", lines(HEAD, GOOD, GOOD), "INGEST-KEY-02", accepted=1, rows_in=2),
    Hostile(
        "one key, two contents in two files",
        {"shipments/a.csv": lines(HEAD, GOOD), "shipments/b.csv": lines(HEAD, GOOD.replace("1200", "1300"))},
        ("INGEST-KEY-01",),
        rows_in=2,
    ),
    Hostile(
        "the same file under two names",
        {"shipments/a.csv": lines(HEAD, GOOD), "shipments/b.csv": lines(HEAD, GOOD)},
        ("INGEST-FILE-10",),
        accepted=1,
        rows_in=2,
    ),
    # ---- files and folders ----
    Hostile("text in a file called XLSX", {"shipments/s.xlsx": lines(HEAD, GOOD)}, ("INGEST-FILE-06",)),
    Hostile("a workbook called CSV", {"shipments/s.csv": workbook(("A", ROWS))}, ("INGEST-FILE-06",)),
    Hostile("an archive that is no workbook", {"shipments/s.xlsx": b"PK\x03\x04" + b"\0" * 100}, ("INGEST-FILE-06",)),
    Hostile("an archive that unfolds too far", {"shipments/s.xlsx": bomb}, ("INGEST-FILE-07",)),
    Hostile("text called Parquet", {"shipments/s.parquet": lines(HEAD, GOOD)}, ("INGEST-FILE-06",)),
    Hostile("Parquet damaged in the middle", {"shipments/s.parquet": broken_parquet}, ("INGEST-FILE-06",)),
    Hostile("Parquet cut at its end", {"shipments/s.parquet": b"PAR1" + b"\0" * 50}, ("INGEST-FILE-06",)),
    Hostile("a PDF", {"shipments/s.pdf": b"%PDF-1.7"}, ("INGEST-FILE-01",)),
    Hostile("a link to a file elsewhere", {"shipments/s.csv": link_outside}, ("INGEST-FILE-02",)),
    table("a file nobody can place", "orders/mystery.csv", "order_lines", "a,b\n1,2\n", "INGEST-FILE-03"),
    Hostile("no shipments at all", {}, ("INGEST-FOLDER-01",)),
    # ---- workbooks and Parquet ----
    Hostile("a workbook of two sheets", {"shipments/s.xlsx": workbook(("A", ROWS), ("B", ROWS))}, ("INGEST-SHEET-01",), 1, 1),
    Hostile("an empty workbook", {"shipments/s.xlsx": workbook(("A", []))}, ("INGEST-FILE-04",), rows_in=0),
    Hostile(
        "an error in a cell that may be empty",
        {"shipments/s.xlsx": workbook(("A", [[*ROWS[0], "order_id"], CELLS]), errors=((1, 7, "#N/A"),))},
        ("INGEST-EXCEL-02",),
        rows_in=1,
    ),
    Hostile(
        "an identifier of eighteen digits kept as a number",
        {"shipments/s.xlsx": workbook(("A", [ROWS[0], [899123456789012345, *CELLS[1:]]]))},
        ("INGEST-EXCEL-01",),
        rows_in=1,
    ),
    Hostile("weights of a workbook are numbers", {"shipments/s.xlsx": workbook(("A", [ROWS[0], [*CELLS[:6], 1200.0]]))}, (), 1, 1),
    Hostile(
        "a weight of a workbook with decimals",
        {"shipments/s.xlsx": workbook(("A", [ROWS[0], [*CELLS[:6], 1200.5]]))},
        ("INGEST-NUMBER-01",),
        rows_in=1,
    ),
    Hostile(
        "whole numbers in a floating column of Parquet",
        {
            "shipments/s.parquet": parquet(
                {n: pa.array([c, c]) for n, c in zip(HEAD.split(",")[1:6], CELLS[1:6], strict=True)}
                | {"waybill": pa.array(["W1", "W2"]), "actual_g": pa.array([1200.0, 1200.5])}
            )
        },
        ("INGEST-NUMBER-01",),
        accepted=1,
        rows_in=2,
    ),
    # ---- mappings ----
    mapped(
        "a mapping of a table we do not have",
        "table: planets\ncolumns: {}\n",
        BANK + "B1,A,2026-10-01,5,x\n",
        "INGEST-MAP-02",
        accepted=1,
    ),
    mapped(
        "a mapping of a column the table does not have",
        MAP.format(more="", amount="amt") + "  colour: red\n",
        BANK,
        "INGEST-MAP-03",
    ),
    mapped("a mapping without a required column", "table: bank_lines\ncolumns: {bank_line_id: id}\n", BANK, "INGEST-MAP-03"),
    mapped("a mapping with an unknown unit", MAP.format(more="", amount="{from: amt, unit: stone}"), BANK, "INGEST-MAP-04"),
    mapped("a mapping with an unknown key", MAP.format(more="", amount="{from: amt, guess: yes}"), BANK, "INGEST-MAP-04"),
    mapped("a mapping with an unknown date form", MAP.format(more='dates: "%d/%q"\n', amount="amt"), BANK, "INGEST-MAP-04"),
    mapped("a mapping like one that is not there", "like: bank-of-mars\n", BANK, "INGEST-MAP-04"),
    mapped("a mapping that is no YAML", "table: [bank_lines\n", BANK, "INGEST-MAP-01"),
    mapped("a mapping with aliases", "a: &x [1]\nb: *x\n", BANK, "INGEST-MAP-01"),
    mapped("a mapping nested without end", "a: " + "[" * 500 + "]" * 500 + "\n", BANK, "INGEST-MAP-01"),
    mapped("a mapping of two megabytes", "a: " + "x" * 2_000_000 + "\n", BANK, "INGEST-MAP-01"),
    mapped("a mapping with a key twice", "table: bank_lines\ntable: events\n", BANK, "INGEST-MAP-01"),
    mapped("a mapping that fits no file", MAP.format(more="", amount="amt").replace("b.csv", "c.csv"), BANK, "INGEST-MAP-06"),
    mapped(
        "a mapping that reads a column the file lacks",
        MAP.format(more="", amount="{from: gone, money: true}"),
        SOURCE.format(amt=5),
        "INGEST-MAP-05",
        rows_in=2,
    ),
    Hostile(
        "two mappings of one file",
        {
            "mappings/a.yaml": MAP.format(more="", amount="amt").encode(),
            "mappings/b.yaml": MAP.format(more="", amount="amt").encode(),
            "bank/b.csv": SOURCE.format(amt=5).encode(),
            "shipments/s.csv": lines(HEAD, GOOD),
        },
        ("INGEST-MAP-07",),
        table="bank_lines",
    ),
    Hostile(
        "a mapping that names a sheet the workbook lacks",
        {
            "mappings/a.yaml": MAP.format(more="sheet: Nov\n", amount="amt").replace("b.csv", "b.xlsx").encode(),
            "bank/b.xlsx": workbook(("Oct", [["id", "day", "amt"], ["B1", "2026-10-01", 5]])),
            "shipments/s.csv": lines(HEAD, GOOD),
        },
        ("INGEST-SHEET-02",),
        table="bank_lines",
    ),
)
