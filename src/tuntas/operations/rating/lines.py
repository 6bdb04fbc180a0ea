"""The record of a rated part with its names: which subject, which charge of which agreement, which band, how much.

A record is numbers that mean something only beside the sheets, zones and profiles of its own part. Here they are joined, so that parts can be
read by people, handed on, and compared with the same part rated elsewhere.
"""

from __future__ import annotations

import json
from pathlib import Path

from tuntas.engine import Engine
from tuntas.engine.duck import Fingerprint


def folders_of(book: Path, part: str) -> tuple[Path, Path]:
    """Return where the rows of a part and where its record are, in a book on this disk, whether one machine rated it or many.

    Raises `FileNotFoundError` where the part is not in the book.
    """
    rated = book / "rated" / part
    done = json.loads((rated / "done.json").read_text(encoding="utf-8"))
    if "/" not in done["folder"]:
        attempt = rated / done["folder"]
        return book / "intake" / part / (attempt / "taken_in").read_text(encoding="utf-8"), attempt
    # The name of a part may hold a dash itself; what follows the last one names what it was taken in from.
    taken_in = [place for place in (book / "intake").glob(f"{part}-*") if place.name.rsplit("-", 1)[0] == part]
    return max(taken_in, key=lambda place: place.stat().st_mtime_ns), rated


def load_lines(engine: Engine, taken_in: Path, rated: Path) -> None:
    """Make the views `part_lines` (a row a subject and charge, `amount_minor` null where it waits) and `part_subjects` (a row a subject).

    `taken_in` holds rows and profiles of the part, `rated` its record, sheets and zones. A subject without an agreement has no line.
    """
    for name, path in (
        ("part_rows", taken_in / "rows.parquet"),
        ("part_profiles", taken_in / "profiles.parquet"),
        ("part_record", rated / "record.parquet"),
        ("part_sheets", rated / "sheets.parquet"),
        ("part_zones", rated / "zones.parquet"),
    ):
        engine.load_parquet(name, path)
    columns = [row[0] for row in engine.rows("DESCRIBE part_record")]
    slots = sorted(int(name.removeprefix("amount_")) for name in columns if name.startswith("amount_"))
    engine.con.execute("""
        CREATE OR REPLACE VIEW part_subjects AS
        SELECT p.side AS side, w.subject_id AS subject_id, p.party_id AS party_id, p.currency AS currency, p.status AS status,
            z.zone AS zone, r.volumetric_g AS volumetric_g, r.chargeable_g AS chargeable_g, r.face_no IS NOT NULL AS has_agreement
        FROM part_record AS r
        LEFT JOIN part_rows AS w ON w.row_no = r.row_no
        LEFT JOIN part_profiles AS p ON p.profile_no = w.profile_no
        LEFT JOIN part_zones AS z ON z.zone_no = r.zone_no""")
    laid_out = " UNION ALL ".join(
        f"SELECT row_no, face_no, {slot} AS slot, amount_{slot}::BIGINT AS minor, ((waits >> {slot - 1}) & 1) = 1 AS waits,"
        f" {f'band_no_{slot}::BIGINT' if f'band_no_{slot}' in columns else 'NULL::BIGINT'} AS band_no FROM part_record"
        for slot in slots
    ) or "SELECT 0 AS row_no, 0 AS face_no, 0 AS slot, 0::BIGINT AS minor, false AS waits, 0::BIGINT AS band_no WHERE false"  # fmt: skip
    engine.con.execute(f"""
        CREATE OR REPLACE VIEW part_lines AS
        SELECT p.side AS side, w.subject_id AS subject_id, p.party_id AS party_id, p.currency AS currency, s.agreement_id AS agreement_id,
            s.version AS version, s.charge_no AS charge_no, s.charge_type AS charge_type, s.clause AS clause, l.band_no AS band_no,
            l.minor * s.sign AS amount_minor, l.waits AS waits
        FROM ({laid_out}) AS l
        LEFT JOIN part_sheets AS s ON s.face_no = l.face_no AND s.slot = l.slot
        LEFT JOIN part_rows AS w ON w.row_no = l.row_no
        LEFT JOIN part_profiles AS p ON p.profile_no = w.profile_no
        WHERE l.minor IS NOT NULL OR l.waits""")


def fingerprint_of(taken_in: Path, rated: Path) -> tuple[Fingerprint, Fingerprint]:
    """Return an order-free digest of the subjects of a part and of its lines, by name: the same wherever and however often it was rated."""
    with Engine(memory_limit="500MB") as engine:
        load_lines(engine, taken_in, rated)
        return engine.fingerprint("part_subjects"), engine.fingerprint("part_lines")
