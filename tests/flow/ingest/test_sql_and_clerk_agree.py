"""The SQL and the clerk of ingest say the same of every row: value, reasons and notes, at the edges on purpose."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tuntas.engine import Engine
from tuntas.flow.ingest import rules
from tuntas.flow.ingest.binding import Binding, bind
from tuntas.flow.ingest.clerk import convert_row
from tuntas.flow.ingest.convert import conversion
from tuntas.formats.mapping import Mapping, build_mapping, plain_mapping, shipped_mappings, shipped_page
from tuntas.kernel.money import LINE_MINOR_MAX
from tuntas.tables import FACTS, table

PLACES = {"IDR": 0, "USD": 2, "BRL": 2, "KWD": 3}
SPACED = ["", " ", "\u00a0", "\u200b", "'", "'  ", '=""', "\t", "\r\n", "-", "#N/A", "#ref!", "NaN", "inf", "null", "\x07", "\x85"]
TEXTS = [
    *SPACED, "W1", " W1 ", "'0012", '="0012"', '="a', "1.23457E+12", "8,99123E+11", "12345678.0", "31.71", "=cmd|'/c calc'!A1",
        "@SUM(1)",
    "+62812", "-x", "PT X, Tbk", "caf\u00e9", "a\u00a0b", "a\u200bb", "a\tb", "a\nb", "\ufffd", "x" * 301, "x" * 2001, "x" * 300,
    "idr", "USD",
    "XXX", "Nan", "CENAIDJA", "CENAIDJAXXX", "1234567890123456", "123456789012345", "carrier", "Warehouse", "delivered",
    "DELIVERED ",
    "credit_card", "'", "W\u3000X", "\ufeffW1", "#12", "W#1", "cr", "DB", "EN", "gateway", "vat",
]  # fmt: skip
NUMBERS = [
    *SPACED, "0", "1", "-1", "+1", "007", "1.0", "1,0", "1.234", "1,234", "1.234,56", "1,234.56", "1 234", "12.", ".5", ".00",
        ",5", "1e5", "0x10",
    "1_000", "--1", "+-1", "\u0661", "99999999", "100000000", "100000001", "100000", "100001", "1000000000", "1000000001",
    str(LINE_MINOR_MAX),
    str(LINE_MINOR_MAX + 1), str(-LINE_MINOR_MAX), str(-LINE_MINOR_MAX - 1), "9" * 18, "9" * 19, "9" * 40, "-" + "9" * 19,
        "9223372036854775808",
    "14.3", "14.3005", "14.3004999", "0.0005", "0.0004", "-0.0005", "12.50", "12.505", "12.500", "1,234,567.89", "12,34",
    "287,490.00 DB",
    "287,490.00CR", "100 XX", "DB", "5 db", "'12", "Rp1000", "(5)", "5-",
]  # fmt: skip
DAYS = [
    *SPACED, "2026-10-01", "2026-02-29", "2024-02-29", "2026-02-30", "2026-13-01", "2026-00-10", "2026-1-5", "1989-12-31",
        "1990-01-01",
    "2100-12-31", "2101-01-01", "0026-10-01", "2026-10-01 00:00:00", "2026-10-01T00:00", "2026-10-01 10:00",
    "2026-10-01T10:00:00.5",
    "2026-10-01T10:00:00.1234567", "2026-10-01 24:00:00", "2026-10-01 23:59:60", "2026-10-01T10:00:00Z",
    "2026-10-01T10:00:00+07:00",
    "2026-10-01 10:00:00-0330", "2026-10-01 10:00:00+00", "2026-10-01 10:00 +07", "2026-10-01T10:00:00+15:00",
    "1990-01-01T01:00:00+14:00",
    "2100-12-31T23:00:00-05:00", "31/02/2026", "01/10/2026", "1/10/2026 10:00", "01/10/26", "31-12-99", "46296", "46296.5",
    "4629", "99999",
    "01.10.2026", "1 Oktober 2026", "01 Foo 2026", "1 May 26", "23 November 2026 09:34:53", "23 November 2026 24:34:53",
    "00/00/0000", "'2026-10-01",
    "2026-10-01x", "20261001", "2026/10/01",
]  # fmt: skip
BOOLS = [*SPACED, "true", "TRUE", "1", "0", "ya", "Tidak", "t", "f", "y", "n", "yes ", "2", "bukan"]
POOL = {"text": TEXTS, "int": NUMBERS, "date": DAYS, "timestamp": DAYS, "bool": BOOLS}
ANY = sorted(set(TEXTS + NUMBERS + DAYS + BOOLS))
LIKELY = {
    "text": "W1", "int": "12", "date": "2026-10-03", "timestamp": "2026-10-03T10:00:00", "bool": "true",
}  # fmt: skip

MAPPED: dict[str, dict[str, object]] = {
    "kilograms and centimetres": {
        "table": "shipments",
        "decimal": ",",
        "thousands": ".",
        "dates": "%d/%m/%Y",
        "columns": {
            "waybill": {"join": ["a", "b"], "with": "-"},
            "vendor_id": {"value": "V-1"},
            "service": {"from": "svc", "map": {"W1": "REG", "CENAIDJA": "YES"}, "otherwise": "ECO"},
            "shipped_on": "day",
            "origin_area": {"from": "o", "default": "31.71"},
            "dest_area": {"from": "o", "map": {"W1": "32.73"}},
            "actual_g": {"from": "kg", "unit": "kg"},
            "length_mm": {"from": "cm", "unit": "cm"},
            "width_mm": {"from": "m", "unit": "m"},
            "declared_minor": {"from": "price", "money": "true"},
            "cod_minor": {"from": "kg", "money": "true", "default": "0"},
            "currency": {"from": "ccy"},
        },
    },
    "signs in another column": {
        "table": "bank_lines",
        "thousands": ",",
        "dates": "%d %B %Y %H:%M:%S",
        "columns": {
            "bank_line_id": {"join": ["a", "day"], "digest": "true"},
            "account_id": {"value": "123"},
            "booked_on": "day",
            "amount_minor": {"from": "price", "money": "true", "signs": {"DB": "-1", "cr": "1"}, "sign_from": "b"},
            "currency": {"value": "USD"},
        },
    },
    "instants in words": {
        "table": "events",
        "dates": "%d/%m/%Y %H:%M",
        "columns": {
            "waybill": "a",
            "event": {"value": "delivered"},
            "occurred_at": "day",
            "known_at": {"from": "day", "dates": "%d %b %y"},
        },
    },
    "Excel serial days": {
        "table": "refunds",
        "columns": {
            "refund_id": "a", "order_line_id": "a", "order_id": "a", "seller_id": "b", "amount_minor": "kg",
            "refunded_on": {"from": "day", "dates": "excel"},
        },
    },
}  # fmt: skip
KINDS = {
    "a": "text",
    "b": "text",
    "svc": "text",
    "o": "text",
    "ccy": "text",
    "day": "date",
    "kg": "int",
    "cm": "int",
    "m": "int",
    "price": "int",
}


def _bindings() -> list[tuple[str, Binding, list[str]]]:
    found: list[tuple[str, Binding, list[str]]] = []
    for shape in FACTS:
        header = [c.name for c in shape.columns]
        found.append((shape.name, bind(shape, plain_mapping(shape), header, mapped=False), [c.type for c in shape.columns]))
    pages = {**MAPPED, **{name: shipped_page(name) for name in shipped_mappings()}}
    for name, page in pages.items():
        mapping: Mapping = build_mapping(page, name=name)
        header = sorted({c for f in mapping.fields for c in f.read_columns()})
        kinds: dict[str, str] = {}
        for f in mapping.fields:
            for column in f.read_columns():
                kinds.setdefault(column, "text" if f.joiner else table(mapping.table).column(f.column).type)
        plain = [KINDS.get(column, kinds[column]) for column in header]
        found.append((name, bind(table(mapping.table), mapping, header, mapped=True), plain))
    return found


BINDINGS = _bindings()
ENGINE = Engine(threads=1)


@pytest.mark.parametrize(("binding", "kinds"), [b[1:] for b in BINDINGS], ids=[b[0] for b in BINDINGS])
@given(data=st.data(), offset=st.sampled_from([420, None, -180]))
@settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_the_sql_and_the_clerk_convert_every_row_alike(
    binding: Binding, kinds: list[str], data: st.DataObject, offset: int | None
) -> None:
    def cell(kind: str) -> st.SearchStrategy[str]:
        edges = st.sampled_from(POOL[kind])
        # a row with one odd cell tells more than a row of nothing but odd cells
        return st.one_of(
            st.just(LIKELY[kind]),
            st.just(LIKELY[kind]),
            edges,
            edges,
            st.sampled_from(ANY),
            st.text(alphabet=" 019aZ.,:-+/'=#E%é", max_size=12),
        )

    rows = data.draw(st.lists(st.tuples(*(cell(k) for k in kinds)), min_size=20, max_size=60))
    _compare(binding, rules.Context("IDR", PLACES, offset), rows)


@pytest.mark.parametrize(("binding", "kinds"), [b[1:] for b in BINDINGS], ids=[b[0] for b in BINDINGS])
def test_every_edge_of_every_column_is_converted_alike(binding: Binding, kinds: list[str]) -> None:
    rows = []
    for place, kind in enumerate(kinds):
        for edge in POOL[kind]:
            row = [LIKELY[k] for k in kinds]
            row[place] = edge
            rows.append(tuple(row))
    for offset in (420, None):
        _compare(binding, rules.Context("IDR", PLACES, offset), rows)


def _compare(binding: Binding, context: rules.Context, rows: list[tuple[str, ...]]) -> None:
    columns = list(zip(*rows, strict=True))
    unnested = ", ".join(f"unnest(?::VARCHAR[]) AS c{i}" for i in range(len(columns)))
    fixed = "'f' AS _file, unnest(?::BIGINT[]) AS _line, NULL::VARCHAR AS _broken, NULL::VARCHAR AS _raw"
    parameters = [list(range(len(rows))), *(list(c) for c in columns)]
    ENGINE.con.execute(f"CREATE OR REPLACE TABLE raw AS SELECT {fixed}, {unnested}", parameters)
    names = [c.name for c in binding.shape.columns]
    found = {row[-3]: row for row in ENGINE.rows(conversion(binding, context, source="SELECT * FROM raw"))}
    repeats = any(f.field.number_repeats for f in binding.fields)
    for line, row in enumerate(rows):
        told = convert_row(binding, context, row)
        *values, _, _, codes, notes = found[line]
        reasons = "*=blank" if told.blank else " ".join(f"{column}={code}" for column, code in told.reasons)
        assert codes == reasons, (row, codes, reasons)
        if told.blank:
            continue
        assert notes == " ".join(f"{column}={code}" for column, code in told.notes), (row, notes, told.notes)
        if told.accepted:
            ours = [told.values[name] for name in names]
            if repeats:
                values[0] = values[0].split("#")[0]
            assert values == ours, (row, values, ours)
            assert [type(v) for v in values] == [type(v) for v in ours], row
