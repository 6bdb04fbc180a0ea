"""The clerk of audit: one bill line at a time, with every step written down. The same rules as the SQL beside it.

`audit_line` gives the row of `audited` and the steps that led to it; the explainer turns the steps into sentences with `words.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tuntas.flow.audit.diagnosis import Finding, diagnose
from tuntas.flow.audit.papers import LineKey, Papers, Reading, Row
from tuntas.kernel.derivations import Fact, Working
from tuntas.kernel.rounding import mul_ppm

DISPUTED_WHOLE = frozenset({"duplicate", "unknown_subject", "not_delivered", "off_contract"})


@dataclass(frozen=True, slots=True)
class Audit:
    """A row of `audited` and the steps that led to it."""

    row: Mapping[str, object]
    workings: tuple[Working, ...]


@dataclass(slots=True)
class _Opinion:
    verdict: str
    cause: str
    evidence: str | None = None
    compared: bool = False
    first_seen: str | None = None
    workings: list[Working] = field(default_factory=list)


def audit_line(*, papers: Papers, key: LineKey) -> Audit:
    """Audit the line `(vendor_id, bill_no, line_no)`. Raises `KeyError` when the papers hold no such charge line."""
    reading = papers.read(papers.lines[key])
    opinion = _judge(papers, reading)
    line, expected = reading.line, reading.expected if opinion.compared else None
    billed = line["amount_minor"]
    ours = None if expected is None else expected["amount_minor"]
    agreed = ours if opinion.verdict == "over" else billed if opinion.verdict in ("matched", "tolerated", "under") else 0
    disputed = billed - (ours or 0) if opinion.verdict == "over" else billed if opinion.verdict in DISPUTED_WHOLE else 0
    held = billed if opinion.verdict in ("no_rate", "ambiguous") else 0
    weighed = expected is not None and expected["band_no"] is not None
    row: dict[str, object] = {
        "vendor_id": line["vendor_id"],
        "bill_no": line["bill_no"],
        "line_no": line["line_no"],
        "subject_id": line["subject_id"],
        "charge_text": line["charge_text"],
        "charge_type": reading.charge_type,
        "charge_id": None if expected is None else expected["charge_id"],
        "verdict": opinion.verdict,
        "cause": opinion.cause,
        "billed_minor": billed,
        "expected_minor": ours,
        "difference_minor": billed - (ours or 0),
        "agreed_minor": agreed,
        "disputed_minor": disputed,
        "held_minor": held,
        "billed_g": line["billed_g"],
        "expected_g": expected["quantity"] if expected is not None and weighed else None,
        "billed_zone": line["billed_zone"],
        "expected_zone": reading.rated["zone"] if weighed and reading.rated is not None else None,
        "first_seen": opinion.first_seen,
        "evidence": opinion.evidence,
        "currency": line["currency"],
    }
    split = {"billed": billed, "agreed": agreed, "disputed": disputed, "held": held}
    formula = f"{billed} = {agreed} + {disputed} + {held}"
    closing = Working("audit_split", split, "audit/split", formula=formula, amount_minor=agreed)
    return Audit(row, (_read_step(reading), *opinion.workings, closing))


def _read_step(reading: Reading) -> Working:
    facts: dict[str, Fact] = {"words": reading.line["charge_text"], "charge_type": reading.charge_type or "?"}
    rated = reading.rated
    rule = f"{rated['agreement_id']}@{rated['version']}" if rated is not None and rated["agreement_id"] else "audit/words"
    return Working("audit_words", facts, rule, amount_minor=reading.line["amount_minor"])


def _judge(papers: Papers, reading: Reading) -> _Opinion:
    """The verdict, the first that applies."""
    line, billed = reading.line, reading.line["amount_minor"]
    twice = _duplicate(papers, reading)
    if twice is not None:
        return twice
    if reading.settled_apart:
        return _off_contract(reading)
    if billed < 0 and not reading.claims and not (reading.periodic and _hold_code(papers, reading)):
        return _told("under", "underbilled", f"credit: {billed}", "audit_credit", {"billed": billed})
    if reading.standing == "stranger":
        subject = line["subject_id"] or "-"
        return _told(
            "unknown_subject", "never_shipped", f"never_shipped: subject {subject}", "audit_stranger", {"subject": subject}
        )
    if reading.standing == "other" and reading.subject is not None:
        facts = {"subject": line["subject_id"], "vendor": reading.subject["party_id"]}
        evidence = f"wrong_vendor: subject {facts['subject']}, vendor {facts['vendor']}"
        return _told("unknown_subject", "wrong_vendor", evidence, "audit_other", facts)
    if reading.standing == "moving":
        return _told(
            "not_delivered", "not_delivered", "not_delivered: status in_transit", "audit_moving", {"subject": line["subject_id"]}
        )
    if reading.expected is None:
        code = _hold_code(papers, reading)
        if code is None:
            return _off_contract(reading)
        verdict, cause = ("no_rate", "no_rate") if code.endswith("-01") else ("ambiguous", "ambiguous_rate")
        return _told(verdict, cause, f"{cause}: {code}", "audit_hold", {"code": code})
    return _compare(papers, reading, reading.expected)


def _hold_code(papers: Papers, reading: Reading) -> str | None:
    """Why the charge a line is for waits; None where it does not."""
    if reading.line["subject_id"] is None:
        return None
    if reading.fx_code is not None:
        return reading.fx_code
    held = papers.held(reading.line["subject_id"])
    return held.get(reading.claim_type or "") or held.get("*")


def _told(verdict: str, cause: str, evidence: str, code: str, facts: Mapping[str, Fact]) -> _Opinion:
    return _Opinion(verdict, cause, evidence, workings=[Working(code, facts, f"audit/{verdict}", formula=evidence)])


def _off_contract(reading: Reading) -> _Opinion:
    if reading.charge_type is None:
        words = reading.line["charge_text"].strip(" ").upper()
        return _told("off_contract", "unknown_charge", f"unknown_charge: {words}", "audit_unknown_charge", {"words": words})
    rated = reading.rated
    agreement = f"{rated['agreement_id']}@{rated['version']}" if rated is not None and rated["agreement_id"] else "-"
    facts = {"charge_type": reading.charge_type, "agreement": agreement, "currency": reading.line["currency"]}
    evidence = f"off_contract: {facts['charge_type']}, agreement {agreement}, currency {facts['currency']}"
    return _told("off_contract", "off_contract", evidence, "audit_off_contract", facts)


def _duplicate(papers: Papers, reading: Reading) -> _Opinion | None:
    vendor, bill_no, line_no = reading.key
    first, repeats = None, False
    if reading.claim is not None:
        first = papers.seats(vendor)[reading.claim][0]
        repeats = first != (1, reading.line["received_on"], bill_no, line_no)
    seen = f"{vendor}/{first[2]}/{first[3]}" if first is not None and repeats else None
    copy_of = papers.copy_of(vendor, bill_no)
    if copy_of is not None:
        opinion = _told("duplicate", "bill_twice", f"bill_twice: copy of {copy_of}", "audit_copy", {"bill": copy_of})
    elif first is not None and repeats:
        cause = "duplicate_in_bill" if first[0] == 1 and first[2] == bill_no else "duplicate_across_bills"
        opinion = _told("duplicate", cause, f"{cause}: first {seen}", "audit_duplicate", {"first": seen})
    else:
        return None
    opinion.first_seen = seen
    return opinion


def _compare(papers: Papers, reading: Reading, expected: Row) -> _Opinion:
    billed, ours = reading.line["amount_minor"], expected["amount_minor"]
    difference = billed - ours
    clause, rule = expected["clause"], expected["rule_id"]
    facts: dict[str, Fact] = {"billed": billed, "expected": ours, "difference": difference, "charge_id": expected["charge_id"]}
    told = [] if reading.fx_told is None else [reading.fx_told]
    told.append(Working("audit_expectation", facts, rule, clause, f"{billed} - {ours} = {difference}", ours))
    if difference == 0:
        return _Opinion("matched", "matched", None, True, workings=told)
    forgiven = _forgiven(papers, reading, difference)
    if forgiven is not None:
        told.append(forgiven)
        return _Opinion("tolerated", "tolerance", forgiven.formula, True, workings=told)
    finding = explain_difference(papers=papers, reading=reading)
    why: dict[str, Fact] = {"cause": finding.cause, "difference": difference}
    told.append(Working("audit_cause", why, rule, clause, finding.evidence, difference))
    return _Opinion("over" if difference > 0 else "under", finding.cause, finding.evidence, True, workings=told)


def _forgiven(papers: Papers, reading: Reading, difference: int) -> Working | None:
    under, over, rule = _tolerance(papers, reading, "line")
    if -under <= difference <= over:
        facts: dict[str, Fact] = {"difference": difference, "under": under, "over": over}
        evidence = f"tolerance: difference {difference}, under {under}, over {over}"
        return Working("audit_tolerance_line", facts, rule, formula=evidence)
    specific = _tolerance_row(papers, reading, "document", reading.claim_type or "") is not None
    under, over, rule = _tolerance(papers, reading, "document")
    document = 0
    for line in papers.bill_lines[reading.line["vendor_id"], reading.line["bill_no"]]:
        other = papers.read(line) if line["kind"] == "charge" else None
        if line["currency"] != reading.line["currency"]:
            continue
        if other is not None and _differs(papers, other) and (not specific or other.claim_type == reading.claim_type):
            document += abs(line["amount_minor"] - (other.expected or {})["amount_minor"])
    if document > (over if difference > 0 else under):
        return None
    facts = {"difference": difference, "document": document, "under": under, "over": over}
    evidence = f"tolerance: difference {difference}, document {document}, under {under}, over {over}"
    return Working("audit_tolerance_document", facts, rule, formula=evidence)


def _differs(papers: Papers, reading: Reading) -> bool:
    """Whether a line is held against its expectation and bills another amount."""
    return (
        reading.expected is not None
        and reading.standing == "known"
        and reading.line["amount_minor"] != reading.expected["amount_minor"]
        and _duplicate(papers, reading) is None
    )


def _tolerance_row(papers: Papers, reading: Reading, level: str, charge_type: str) -> Row | None:
    rated = reading.rated or {}
    return papers.tolerances.get((rated["agreement_id"], rated["version"], level, charge_type))


def _tolerance(papers: Papers, reading: Reading, level: str) -> tuple[int, int, str]:
    if reading.quoted:  # what is forgiven is said in the currency of settlement
        return 0, 0, "audit/tolerance"
    row = _tolerance_row(papers, reading, level, reading.claim_type or "") or _tolerance_row(papers, reading, level, "*")
    if row is None:
        return 0, 0, "audit/tolerance"
    return row["under_minor"], row["over_minor"], f"{row['agreement_id']}@{row['version']}/tolerance/{level}/{row['charge_type']}"


def explain_difference(*, papers: Papers, reading: Reading) -> Finding:
    """The cause of a difference that is not forgiven. The reading must claim an expectation."""
    expected = reading.expected or {}
    sheet = papers.charges[expected["agreement_id"], expected["version"]]
    charge = next((c for c in sheet if c["charge_no"] == expected["charge_no"]), None)
    if charge is None:  # a charge of a period: its parts are not on the bill
        return _plain(reading, expected)
    if reading.exchanged and reading.charge_type == reading.claim_type:  # its prices are in another currency than the bill
        return _plain(reading, expected)
    if charge["kind"] == "bands" or reading.charge_type != reading.claim_type:
        return diagnose(papers=papers, reading=reading, charge=charge)
    carried = _carried(papers, reading, charge) if charge["base"] == "charges" else None
    if carried is not None:
        return carried
    return _plain(reading, expected)


def _plain(reading: Reading, expected: Row) -> Finding:
    billed, ours = reading.line["amount_minor"], expected["amount_minor"]
    cause = "underbilled" if billed < ours else "price_differs"
    return Finding(cause, f"{cause}: ours {ours}, theirs {billed}")


def _carried(papers: Papers, reading: Reading, charge: Row) -> Finding | None:
    """The cause of the base lines, when the vendor's own figure follows from the base lines it billed."""
    line, expected = reading.line, reading.expected or {}
    base, cause = 0, None
    for other_line in sorted(papers.bill_lines[line["vendor_id"], line["bill_no"]], key=lambda row: int(row["line_no"])):
        if other_line["currency"] != line["currency"]:
            continue
        if other_line["kind"] != "charge" or other_line["subject_id"] != line["subject_id"] or other_line["amount_minor"] < 0:
            continue
        other = papers.read(other_line)
        if other.charge_type not in (charge["base_charges"] or "").split("|") or _repeats(papers, other):
            continue
        base += other_line["amount_minor"]
        if cause is None and _differs(papers, other) and other.expected is not None:
            difference = other_line["amount_minor"] - other.expected["amount_minor"]
            if _forgiven(papers, other, difference) is None and _banded(papers, other):
                cause = explain_difference(papers=papers, reading=other).cause
    if cause is None or expected["rate_ppm"] is None:
        return None
    gives = mul_ppm(base, expected["rate_ppm"]) + charge["unit_minor"]
    gives = max(gives, charge["min_minor"]) if charge["min_minor"] is not None else gives
    gives = min(gives, charge["max_minor"]) if charge["max_minor"] is not None else gives
    under, over, _ = _tolerance(papers, reading, "line")
    billed = line["amount_minor"]
    if not -under <= billed - gives <= over:
        return None
    told = f"{cause}: counted on {base}, rate {expected['rate_ppm']}, plus {charge['unit_minor']}, gives {gives}"
    return Finding(cause, f"{told}, ours {expected['amount_minor']}, theirs {billed}")


def _banded(papers: Papers, reading: Reading) -> bool:
    expected = reading.expected or {}
    sheet = papers.charges[expected["agreement_id"], expected["version"]]
    if reading.exchanged:
        return reading.charge_type != reading.claim_type
    return reading.charge_type != reading.claim_type or any(
        c["kind"] == "bands" for c in sheet if c["charge_no"] == expected["charge_no"]
    )


def _repeats(papers: Papers, reading: Reading) -> bool:
    claim = reading.claim
    if claim is None:
        return False
    vendor, bill_no, line_no = reading.key
    return papers.seats(vendor)[claim][0] != (1, reading.line["received_on"], bill_no, line_no)
