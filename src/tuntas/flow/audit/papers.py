"""The papers on the auditing clerk's desk: plain rows of the tables the stage reads, laid out so that one line can be audited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tuntas.flow.audit.exchange import Owed, owed_on
from tuntas.flow.audit.periods import Periods, plain_words
from tuntas.kernel.derivations import Working

Row = Mapping[str, Any]
LineKey = tuple[str, str, int]
Claim = tuple[str, str]
# Where a claim stands among its like: cycle (0 before, 1 now), day received, bill, line. The smallest came first.
Seat = tuple[int, date, str, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """One bill line understood: what its words mean, where its subject stands, and the expectation it claims."""

    line: Row
    subject: Row | None
    rated: Row | None
    charge_type: str | None
    claim_type: str | None
    standing: str
    expected: Row | None
    settled_apart: bool
    quoted: bool = False
    exchanged: bool = False
    fx_code: str | None = None
    fx_told: Working | None = None

    @property
    def key(self) -> LineKey:
        """Vendor, bill and line."""
        return (self.line["vendor_id"], self.line["bill_no"], self.line["line_no"])

    @property
    def claims(self) -> bool:
        """Whether it claims an expectation: what is billed does, a credit only where it is what we are owed for a period."""
        return self.line["amount_minor"] >= 0 or (self.expected is not None and self.expected["amount_minor"] < 0)

    @property
    def periodic(self) -> bool:
        """Whether its subject is a period."""
        return self.subject is not None and self.subject.get("subject_kind") == "period"

    @property
    def claim(self) -> Claim | None:
        """Subject and charge it claims; none for lines that claim nothing and for lines without a subject."""
        if self.line["subject_id"] is None or not self.claims:
            return None
        return (self.line["subject_id"], self.claim_type or "?" + plain_words(self.line["charge_text"]))


@dataclass(slots=True)
class Papers:
    """Rows by the keys the clerk looks them up with. Build it with `Papers.of`."""

    run: Row
    lines: dict[LineKey, Row] = field(default_factory=dict)
    vendor_lines: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    bill_lines: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    parties: dict[str, Row] = field(default_factory=dict)
    subjects: dict[str, Row] = field(default_factory=dict)
    rated: dict[str, Row] = field(default_factory=dict)
    expected: dict[tuple[str, str], Row] = field(default_factory=dict)
    expected_fx: dict[str, Row] = field(default_factory=dict)
    fx_terms: dict[tuple[str, int], Row] = field(default_factory=dict)
    fx_rates: dict[tuple[str, int], list[Row]] = field(default_factory=lambda: defaultdict(list))
    holds: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    agreements: dict[tuple[str, int], Row] = field(default_factory=dict)
    charges: dict[tuple[str, int], list[Row]] = field(default_factory=lambda: defaultdict(list))
    period_charges: dict[tuple[str, int], list[Row]] = field(default_factory=lambda: defaultdict(list))
    named: dict[LineKey, str] = field(default_factory=dict)
    bands: dict[tuple[str, int, int], list[Row]] = field(default_factory=lambda: defaultdict(list))
    aliases: dict[tuple[str, int], dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    tolerances: dict[tuple[str, int, str, str], Row] = field(default_factory=dict)
    before: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    shipments: dict[str, Row] = field(default_factory=dict)
    remittances: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    seats_of: dict[str, dict[Claim, list[Seat]]] = field(default_factory=dict)
    copies: dict[tuple[str, str], str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Mapping[str, Iterable[Row]]) -> Papers:
        """Lay out the tables the stage reads; an absent table counts as empty, `run` must hold its one row.

        To audit one line it is enough to hand in the lines of its vendor, the subjects and expectations they name, and the
        vendor's agreements.
        """
        papers = cls(run=next(iter(tables["run"])))
        papers._terms(tables)
        periods = Periods.of(tables)
        for given in tables.get("bill_lines", ()):
            named = periods.named(given, aliases=papers.aliases) if given["kind"] == "charge" else None
            row = given if named is None else {**given, "subject_id": named[0]}
            if named is not None:
                papers.named[row["vendor_id"], row["bill_no"], row["line_no"]] = named[1]
            papers.bill_lines[row["vendor_id"], row["bill_no"]].append(row)
            if row["kind"] == "charge":
                papers.lines[row["vendor_id"], row["bill_no"], row["line_no"]] = row
                papers.vendor_lines[row["vendor_id"]].append(row)
        papers.parties = {row["party_id"]: row for row in tables.get("parties", ())}
        papers.subjects = {row["subject_id"]: row for row in tables.get("subjects", ()) if row["side"] == "buy"}
        papers.rated = {row["subject_id"]: row for row in tables.get("rated", ()) if row["side"] == "buy"}
        papers.expected = {
            (row["subject_id"], row["charge_type"]): row for row in tables.get("expected", ()) if row["side"] == "buy"
        }
        papers.expected_fx = {row["charge_id"]: row for row in tables.get("expected_fx", ())}
        for row in tables.get("rate_holds", ()):
            if row["side"] == "buy":
                papers.holds[row["subject_id"]].append(row)
        for row in tables.get("billed_before", ()):
            papers.before[row["vendor_id"]].append(row)
        papers.shipments = {row["waybill"]: row for row in tables.get("shipments", ())}
        for row in tables.get("cod_remittances", ()):
            papers.remittances[row["waybill"]].append(row)
        return papers

    def _terms(self, tables: Mapping[str, Iterable[Row]]) -> None:
        self.agreements = {(row["agreement_id"], row["version"]): row for row in tables.get("agreements", ())}
        for row in tables.get("charges", ()):
            self.charges[row["agreement_id"], row["version"]].append(row)
        self.fx_terms = {(row["agreement_id"], row["version"]): row for row in tables.get("fx_terms", ())}
        for row in tables.get("fx_rates", ()):
            self.fx_rates[row["agreement_id"], row["version"]].append(row)
        for row in tables.get("period_charges", ()):
            self.period_charges[row["agreement_id"], row["version"]].append(row)
        for row in tables.get("bands", ()):
            self.bands[row["agreement_id"], row["version"], row["charge_no"]].append(row)
        for row in tables.get("aliases", ()):
            known, words = self.aliases[row["agreement_id"], row["version"]], plain_words(row["charge_text"])
            known[words] = min(known.get(words, row["charge_type"]), row["charge_type"])
        self.tolerances = {
            (row["agreement_id"], row["version"], row["level"], row["charge_type"]): row for row in tables.get("tolerances", ())
        }

    # ---- reading ------------------------------------------------------------------------------------------------------
    def read(self, line: Row) -> Reading:
        """Understand one bill line; nothing is judged yet."""
        vendor, subject_id = line["vendor_id"], line["subject_id"]
        subject = None if subject_id is None else self.subjects.get(subject_id)
        rated = None if subject_id is None else self.rated.get(subject_id)
        key = (vendor, line.get("bill_no", ""), line.get("line_no", 0))
        charge_type = self.named[key] if key in self.named else self._charge_type(line, rated)
        claim_type = self.claim_type(subject, charge_type)
        expected = None
        if subject_id is not None and claim_type is not None:
            expected = self.expected.get((subject_id, claim_type))
        if subject is None:
            standing = "stranger"
        elif subject["party_id"] != vendor:
            standing = "other"
        else:
            standing = "moving" if subject["status"] == "in_transit" else "known"
        below = expected is not None and expected["amount_minor"] < 0
        owed = Owed(None)
        if expected is not None and (line["amount_minor"] >= 0 or below):
            version = (expected["agreement_id"], expected["version"])
            fx, terms = self.expected_fx.get(expected["charge_id"]), self.fx_terms.get(version)
            owed = owed_on(line, expected, fx, terms=terms, rates=self.fx_rates.get(version, ()))
        told = expected is not None and (owed.row is not None or owed.code is not None)
        expected = owed.row
        periodic = subject is not None and subject.get("subject_kind") == "period"
        settled_apart = standing == "known" and told and below and not periodic
        if below and not periodic:
            expected = None
        return Reading(
            line, subject, rated, charge_type, claim_type, standing, expected, settled_apart,
            quoted=owed.quoted, exchanged=owed.exchanged, fx_code=owed.code, fx_told=owed.told,
        )  # fmt: skip

    def claim_type(self, subject: Row | None, charge_type: str | None) -> str | None:
        """The charge a line claims: freight billed on a returned parcel that owes only its way back claims that way back."""
        if charge_type != "freight" or subject is None or subject["status"] != "returned":
            return charge_type
        subject_id = subject["subject_id"]
        owes_out = (subject_id, "freight") in self.expected or "freight" in self.held(subject_id)
        return charge_type if owes_out else "return_freight"

    def _charge_type(self, line: Row, rated: Row | None) -> str | None:
        words = plain_words(line["charge_text"])
        if rated is not None and rated["agreement_id"] is not None:
            own = self.aliases.get((rated["agreement_id"], rated["version"]), {}).get(words)
            if own is not None:
                return own
        party = self.parties.get(line["vendor_id"])
        found = []
        for key, agreement in self.agreements.items():
            meant = self.aliases.get(key, {}).get(words)
            rank = _rank(agreement, line["vendor_id"], party)
            if meant is None or rank is None or not _valid(agreement, line["billed_on"]):
                continue
            found.append((rank, *key, meant))
        return min(found)[3] if found else None

    def held(self, subject_id: str) -> dict[str, str]:
        """Codes of what waits for a rate on a subject, by charge type; * is the whole subject."""
        found: dict[str, str] = {}
        rated = self.rated.get(subject_id)
        version = (rated["agreement_id"], rated["version"]) if rated is not None else ("", 0)
        terms = [*self.charges.get(version, []), *self.period_charges.get(version, [])]
        for hold in self.holds.get(subject_id, []):
            types = ["*"] if hold["charge_no"] == 0 else [c["charge_type"] for c in terms if c["charge_no"] == hold["charge_no"]]
            for charge_type in types:
                found[charge_type] = min(found.get(charge_type, hold["code"]), hold["code"])
        return found

    # ---- claims made more than once ----------------------------------------------------------------------------------
    def seats(self, vendor_id: str) -> dict[Claim, list[Seat]]:
        """Every claim of a vendor with its seats, first come first."""
        if vendor_id not in self.seats_of:
            found: dict[Claim, list[Seat]] = defaultdict(list)
            for line in self.vendor_lines.get(vendor_id, []):
                claim = self.read(line).claim
                if claim is not None:
                    found[claim].append((1, line["received_on"], line["bill_no"], line["line_no"]))
            for row in self.before.get(vendor_id, []):
                if row["subject_id"] is not None and row["charge_type"] is not None:
                    charge_type = self.claim_type(self.subjects.get(row["subject_id"]), row["charge_type"])
                    found[row["subject_id"], charge_type or ""].append((0, date.min, row["bill_no"], row["line_no"]))
            self.seats_of[vendor_id] = {claim: sorted(seats) for claim, seats in found.items()}
        return self.seats_of[vendor_id]

    def copy_of(self, vendor_id: str, bill_no: str) -> str | None:
        """The first earlier bill of the vendor that made every claim this bill makes; none when the bill is no copy."""
        if (vendor_id, bill_no) not in self.copies:
            self.copies[vendor_id, bill_no] = self._copied_from(vendor_id, bill_no)
        return self.copies[vendor_id, bill_no]

    def _copied_from(self, vendor_id: str, bill_no: str) -> str | None:
        seats = self.seats(vendor_id)
        ours: dict[Claim, Seat] = {}
        for line in self.bill_lines.get((vendor_id, bill_no), []):
            claim = self.read(line).claim if line["kind"] == "charge" else None
            if claim is None:
                continue
            seat = (1, line["received_on"], bill_no, line["line_no"])
            ours[claim] = max(ours.get(claim, seat), seat)
        earlier: dict[tuple[int, str], int] = defaultdict(int)
        for claim, seat in ours.items():
            for bill in {(s[0], s[2]) for s in seats[claim] if s < seat and (s[0] == 0 or s[2] != bill_no)}:
                earlier[bill] += 1
        full = [bill for bill, count in earlier.items() if count == len(ours)]
        return min(full)[1] if full else None


def _rank(agreement: Row, vendor_id: str, party: Row | None) -> int | None:
    if agreement["side"] != "buy":
        return None
    if agreement["party_id"] == vendor_id:
        return 1
    if agreement["party_id"] != "*":
        return None
    if agreement["terms_group"] == "*":
        return 3
    return 2 if party is not None and party["terms_group"] == agreement["terms_group"] else None


def _valid(agreement: Row, day: date) -> bool:
    until: date | None = agreement["valid_to"]
    start: date = agreement["valid_from"]
    return start <= day and (until is None or day < until)
