"""What the words on bills mean under each agreement version, and which charge of a face they name: by the very steps of the stage `audit`.

Words that mean the same under every version are one meaning, so that a face and a meaning are looked up in one small array, however many
days and bills the words stand on.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tuntas.engine import Engine
from tuntas.flow import audit
from tuntas.operations.rating.row_stretches import by_number
from tuntas.operations.rating.terms import RatingTerms
from tuntas.tables import table

Array = Any
Versions = Collection[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Texts:
    """What a line says in words, by `text_no`: its bill, its vendor, its currency (0 for none), its cycle, and what its words mean (0 for nothing).

    `by_line`: what its vendor is forgiven is forgiven line by line. Not so where any agreement version of the vendor, or of everyone, forgives by
    the document: there a line is one of a sum over the bill.
    """

    bill_key: Array
    vendor_no: Array
    currency_no: Array
    cycle: Array
    meaning: Array
    by_line: Array

    def who(self) -> Array:
        """Who says a text and in what currency, in one number laid out as `profiles_say`; what was settled fits every currency."""
        return (np.where(self.cycle == 0, -1, self.currency_no) << 32) | (self.vendor_no << 2)


@dataclass(frozen=True, slots=True)
class FaceWords:
    """Which slot of a face a meaning names: one row a face (`face_no` + 1; row 0 for no face), one column a meaning (column 0 for none).

    `known`: the meaning is a charge of the face's agreement. `slot` is 0 where the face does not have it. A parcel that came back and owes no
    way out owes its way back under the same word (`out_and_back`): then `back_slot` is meant.

    `under` and `over` are what the face's agreement forgives on a line, in minor units, one column a slot.
    """

    known: Array
    slot: Array
    sign: Array
    out_and_back: Array
    back_slot: Array
    back_sign: Array
    under: Array
    over: Array

    @property
    def slots_named(self) -> set[int]:
        """The slots that any of these words names; no other amount of the record is asked for."""
        return {int(slot) for slot in np.union1d(self.slot, self.back_slot) if slot}

    @property
    def meanings(self) -> int:
        """How many columns there are."""
        return int(self.known.shape[1])

    @property
    def slots(self) -> int:
        """How many columns `under` and `over` have."""
        return int(self.over.shape[1])


def load_words(engine: Engine, bills: Path, terms: RatingTerms, exchanged: Versions) -> Texts:
    """Load what the words of the bills mean, and return it by text. `exchanged` are versions whose words are left to the stage."""
    for name in ("bills", "words", "currencies"):
        engine.con.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{bills}/{name}.parquet')")
    engine.con.execute(
        f"CREATE TABLE texts AS SELECT text_no, bill_key, word_no, currency_no, cycle FROM read_parquet('{bills}/texts.parquet')"
    )
    engine.con.execute(
        "CREATE TABLE vendors AS SELECT row_number() OVER (ORDER BY vendor_id) AS vendor_no, vendor_id FROM (SELECT DISTINCT vendor_id FROM bills)"
    )
    for name in ("agreements", "aliases", "period_charges", "tolerances"):
        engine.load_rows(table(name), terms.rows[name])
    engine.load_parquet("parties", terms.parties)
    engine.con.execute(
        "CREATE VIEW bill_lines AS SELECT vendor_id, billed_on, words AS charge_text FROM words WHERE charge_type IS NULL"
    )
    for step in audit.STAGE.steps:
        if step.table in ("audit_words", "audit_vendor_words"):
            engine.step(step)
    engine.con.execute("CREATE TABLE exchanged (agreement_id TEXT, version BIGINT)")
    if exchanged:
        engine.con.executemany("INSERT INTO exchanged VALUES (?, ?)", [list(version) for version in exchanged])
    # A word that names a charge of a period may be for the period and not for the parcel: that is for the stage to see.
    engine.con.execute("""
        CREATE TABLE word_meanings AS
        SELECT g.agreement_id AS agreement_id, g.version AS version, w.word_no AS word_no,
            coalesce(w.charge_type, o.charge_type, v.charge_type) AS charge_type
        FROM words AS w
        JOIN (SELECT * FROM agreements ANTI JOIN exchanged USING (agreement_id, version)) AS g
            ON g.side = 'buy' AND g.party_id IN (w.vendor_id, '*')
        LEFT JOIN audit_words AS o ON o.agreement_id = g.agreement_id AND o.version = g.version AND o.words = w.words
        LEFT JOIN audit_vendor_words AS v ON v.vendor_id = w.vendor_id AND v.billed_on = w.billed_on AND v.words = w.words
        WHERE coalesce(w.charge_type, o.charge_type, v.charge_type) IS NOT NULL
            AND (w.charge_type IS NOT NULL OR coalesce(o.charge_type, v.charge_type) NOT IN (SELECT p.charge_type FROM period_charges AS p))""")
    engine.con.execute("""
        CREATE TABLE word_numbers AS
        SELECT word_no, dense_rank() OVER (ORDER BY said) AS meaning
        FROM (
            SELECT word_no, list((agreement_id, version, charge_type) ORDER BY agreement_id, version, charge_type) AS said
            FROM word_meanings GROUP BY word_no
        )""")
    engine.con.execute("""
        CREATE TABLE meanings AS
        SELECT DISTINCT n.meaning AS meaning, m.agreement_id AS agreement_id, m.version AS version, m.charge_type AS charge_type
        FROM word_numbers AS n JOIN word_meanings AS m ON m.word_no = n.word_no""")
    told = engine.con.execute("""
        SELECT t.text_no AS text_no, t.bill_key AS bill_key, v.vendor_no AS vendor_no, coalesce(t.currency_no, 0) AS currency_no,
            t.cycle AS cycle, coalesce(n.meaning, 0) AS meaning, d.vendor_id IS NULL AS by_line
        FROM texts AS t
        LEFT JOIN bills AS b ON b.bill_key = t.bill_key
        LEFT JOIN vendors AS v ON v.vendor_id = b.vendor_id
        LEFT JOIN word_numbers AS n ON n.word_no = t.word_no
        LEFT JOIN (
            SELECT DISTINCT w.vendor_id AS vendor_id FROM vendors AS w
            JOIN agreements AS g ON g.side = 'buy' AND g.party_id IN (w.vendor_id, '*')
            JOIN tolerances AS f ON f.agreement_id = g.agreement_id AND f.version = g.version AND f.level = 'document'
        ) AS d ON d.vendor_id = b.vendor_id""").fetchnumpy()
    names = ("bill_key", "vendor_no", "currency_no", "cycle", "meaning", "by_line")
    return Texts(**{name: by_number(told["text_no"], told[name]) for name in names})


def profiles_say(engine: Engine, profiles: Path) -> Array:
    """Return what the profiles of a part say of their parcels, by `profile_no`, in one number, so that ten million lines ask once.

    From the lowest bit: came back, moving, vendor (0 for one who bills nothing here) and, from bit 32, currency. After `load_words`.
    """
    told = engine.con.execute(f"""
        SELECT p.profile_no AS profile_no, (
            (coalesce(c.currency_no, 0)::BIGINT << 32) + (coalesce(v.vendor_no, 0) << 2) + (coalesce(p.status = 'in_transit', false)::BIGINT << 1)
            + coalesce(p.status = 'returned', false)::BIGINT
        ) AS said
        FROM read_parquet('{profiles}') AS p
        LEFT JOIN vendors AS v ON v.vendor_id = p.party_id AND p.side = 'buy'
        LEFT JOIN currencies AS c ON c.currency = p.currency""").fetchnumpy()
    return by_number(told["profile_no"], told["said"])


def face_words(engine: Engine) -> FaceWords:
    """Return which slot each meaning names on the faces of the part whose `sheets` the engine holds; after `load_words`."""
    told = engine.con.execute("""
        SELECT f.face_no AS face_no, m.meaning AS meaning, coalesce(s.slot, 0) AS slot, coalesce(s.sign, 0) AS sign,
            (m.charge_type = 'freight')::TINYINT AS out_and_back, coalesce(b.slot, 0) AS back_slot, coalesce(b.sign, 0) AS back_sign
        FROM (SELECT DISTINCT face_no, agreement_id, version FROM sheets) AS f
        JOIN meanings AS m ON m.agreement_id = f.agreement_id AND m.version = f.version
        LEFT JOIN sheets AS s ON s.face_no = f.face_no AND s.charge_type = m.charge_type
        LEFT JOIN sheets AS b ON b.face_no = f.face_no AND b.charge_type = 'return_freight' AND m.charge_type = 'freight'""").fetchnumpy()
    faces = int(engine.value("SELECT coalesce(max(face_no), 0) FROM sheets")) + 2
    meanings = int(engine.value("SELECT coalesce(max(meaning), 0) FROM meanings")) + 1
    face, meaning = (told[name].astype(np.int64) for name in ("face_no", "meaning"))

    def laid_out(values: Array, kind: Any) -> Array:
        table = np.zeros((faces, meanings), dtype=kind)
        table[face + 1, meaning] = values
        return table

    under, over = _forgiven(engine, faces)
    named = {
        name: laid_out(told[name], bool if name == "out_and_back" else np.int8)
        for name in ("slot", "sign", "out_and_back", "back_slot", "back_sign")
    }
    return FaceWords(known=laid_out(np.ones(len(face), dtype=bool), bool), **named, under=under, over=over)


def _forgiven(engine: Engine, faces: int) -> tuple[Array, Array]:
    """What is forgiven on a line by face and slot, under and over: as the step `audit_differences` of the stage `audit` chooses it."""
    told = engine.con.execute("""
        SELECT s.face_no AS face_no, s.slot AS slot, coalesce(t.under_minor, a.under_minor, 0) AS under_minor,
            coalesce(t.over_minor, a.over_minor, 0) AS over_minor
        FROM sheets AS s
        LEFT JOIN tolerances AS t
            ON t.agreement_id = s.agreement_id AND t.version = s.version AND t.level = 'line' AND t.charge_type = s.charge_type
        LEFT JOIN tolerances AS a ON a.agreement_id = s.agreement_id AND a.version = s.version AND a.level = 'line' AND a.charge_type = '*'
        WHERE s.slot > 0""").fetchnumpy()
    under, over = (np.zeros((faces, int(told["slot"].max(initial=0)) + 1), dtype=np.int64) for _ in range(2))
    for by_slot, name in ((under, "under_minor"), (over, "over_minor")):
        by_slot[told["face_no"].astype(np.int64) + 1, told["slot"].astype(np.int64)] = told[name]
    return under, over
