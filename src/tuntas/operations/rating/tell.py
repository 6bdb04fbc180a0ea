"""Why a charge of a rated book is what it is: the row is found by its name, and the clerk rates it again beside the record.

A teller is opened once and asked many times, as the desk and a seller's question do. It holds the agreements and no parcel: each question
reads one group of names, one of rows and one of the record, of the parts that can hold it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tuntas import packs
from tuntas.engine import Engine
from tuntas.flow.rate.terms import Terms
from tuntas.kernel.derivations import Derivation
from tuntas.kernel.refusals import Refusal
from tuntas.operations.explaining.charges import charge_tree, subject_tree
from tuntas.operations.explaining.desk import Desk
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.names import check_names, name_no
from tuntas.operations.rating.terms import RatingTerms
from tuntas.tables import FACTS, TERMS, table

Row = dict[str, Any]


class NotInBook(Refusal):
    """No part of a rated book knows a name."""

    code = "RATING-NAME-01"


class Teller(Desk):
    """A rated book, open for questions, in one language. Use as a context manager."""

    def __init__(self, book: Path, *, terms: RatingTerms, country: str, currency: str, language: str = "en") -> None:
        self.folder, self.language, self.currency = book, language, currency
        self.document: dict[str, Any] = {"country": country, "currency": currency}
        self.places = packs.load(country).places[currency]
        self._terms: dict[str, Terms] = {}
        self.engine = Engine(memory_limit="256MB", threads=1)
        self.engine.con.execute("SET parquet_metadata_cache = true")
        # A book holds parcels: refunds, whose charges may wait for an order, are not among them, so these stay empty.
        for shape in (*FACTS, *(table(name) for name in ("subjects", "expected", "rated", "rate_holds"))):
            self.engine.create(shape)
        for shape in TERMS:
            self.engine.load_rows(shape, terms.rows[shape.name])
        self.engine.load_parquet("all_parties", terms.parties)
        # Where each part's names are, and where its record is: by the folder of its names, as questions find them by file.
        self.records = dict(
            folders_of(book, place.name) for place in sorted((book / "rated").iterdir()) if (place / "done.json").is_file()
        )
        listed = ", ".join("'" + str(taken_in / "names.parquet").replace("'", "''") + "'" for taken_in in self.records)
        self.engine.con.execute(f"CREATE OR REPLACE VIEW names AS SELECT * FROM read_parquet([{listed}], filename = true)")

    def __exit__(self, *_: object) -> None:
        self.engine.close()

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """Return rows of a question over the terms and the one subject that is open."""
        return self.engine.dicts(sql, list(parameters))

    def row(self, sql: str, *parameters: object) -> Row | None:
        """Return the first row, or None."""
        found = self.rows(sql, *parameters)
        return found[0] if found else None

    def tell(self, identity: str) -> Derivation:
        """Return the derivation of a subject (a waybill) or of one of its charges (`buy:WAYBILL:freight`). Raises `NotInBook`, `NamesOfAnotherEngine`."""
        side, _, rest = identity.partition(":")
        name, _, charge_type = rest.rpartition(":")
        subject = self._open(name if charge_type else identity, side if charge_type else None)
        if subject is None:
            for taken_in in self.records:
                check_names(self.engine, taken_in / "names.parquet")
            raise NotInBook(
                f"saw {identity!r}, which no part of {self.folder.name} knows; wanted a waybill or a charge such as buy:WAYBILL:freight"
            )
        if not charge_type:
            return subject_tree(self, subject)
        charge = self.row("SELECT * FROM expected WHERE charge_type = ?", charge_type)
        if charge is None:
            raise NotInBook(f"saw no charge {charge_type!r} of {name} in {self.folder.name}; ask for {name} to see those it has")
        return charge_tree(self, charge)

    def _open(self, name: str, side: str | None) -> Row | None:
        """Lay the subject of a name on the desk, with the charges its record holds."""
        for found in self.rows(f"SELECT row_no, filename FROM names WHERE name_no = {name_no('?')}", name):
            intake = Path(found["filename"]).parent
            row = self.row(f"SELECT * FROM read_parquet('{intake / 'rows.parquet'}') WHERE row_no = ?", found["row_no"])
            if row is None or row["subject_id"] != name:
                continue
            profile = self.row(
                f"SELECT * FROM read_parquet('{intake / 'profiles.parquet'}') WHERE profile_no = ?", row["profile_no"]
            )
            if profile is None or (side is not None and profile["side"] != side):
                continue
            subject = {column.name: {**profile, **row}[column.name] for column in table("subjects").columns}
            self.engine.load_rows(table("subjects"), [subject])
            self.engine.load_rows(table("expected"), self._charges(intake, row, subject))
            self.engine.load_rows(
                table("shipments"), [_empty("shipments") | {"waybill": name}] if subject["subject_kind"] == "parcel" else []
            )
            party = self.row("SELECT * FROM all_parties WHERE party_id = ?", subject["party_id"])
            self.engine.load_rows(table("parties"), [party] if party else [])
            return subject
        return None

    def _charges(self, intake: Path, row: Row, subject: Row) -> list[Row]:
        part = self.records[intake]
        record = self.row(f"SELECT * FROM read_parquet('{part / 'record.parquet'}') WHERE row_no = ?", row["row_no"])
        if record is None or record["face_no"] is None:
            return []
        sheet = self.rows(f"SELECT * FROM read_parquet('{part / 'sheets.parquet'}') WHERE face_no = ?", record["face_no"])
        return [
            {
                "charge_id": f"{subject['side']}:{subject['subject_id']}:{line['charge_type']}",
                **{name: subject[name] for name in ("side", "subject_kind", "subject_id", "party_id", "accrue_on", "currency")},
                **{name: line[name] for name in ("charge_type", "agreement_id", "version", "charge_no", "clause")},
                "rule_id": _rule(line, record),
                "amount_minor": record[f"amount_{line['slot']}"] * line["sign"],
            }
            for line in sorted(sheet, key=lambda line: int(line["charge_no"]))
            if record.get(f"amount_{line['slot']}") is not None and line["sign"] != 0
        ]


def _rule(line: Row, record: Row) -> str:
    band_no = record.get(f"band_no_{line['slot']}")
    return f"{line['agreement_id']}@{line['version']}#{line['charge_no']}" + (f"/{band_no}" if band_no is not None else "")


def _empty(name: str) -> Row:
    stand_ins = {"text": "", "int": 0, "bool": False}
    return {
        column.name: column.default if column.default is not None else stand_ins.get(column.type) for column in table(name).columns
    }
