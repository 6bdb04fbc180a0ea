"""What a rating job rates by: agreements, parties, the instant of knowledge, and a digest that names all of it with the rules in force."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.flow import rate
from tuntas.formats.agreement import read_agreements
from tuntas.kernel.ids import canonical, digest, file_digest
from tuntas.kernel.rounding import rounding_macros
from tuntas.kernel.stages import Step
from tuntas.tables import TERMS, table

Row = Mapping[str, Any]
# Of an agreement's row, what no charge depends on; its digest is of the page, so a new golden case would change it.
_NOT_READ = ("digest", "name", "billing_days", "weight_clause", "clause_text")


@dataclass(frozen=True, slots=True)
class RatingTerms:
    """Agreements as tables, the master data of parties (a Parquet file), and `as_of`: scans learnt of later are not used.

    `digest` names all of it; `intake` names only what taking a part in asks: parties, `as_of`, who has an agreement of side sell, and the
    rules; `versions` names each agreement version by the rows that rating reads of it.
    """

    rows: Mapping[str, Sequence[Row]]
    parties: Path
    as_of: datetime
    digest: str
    intake: str
    versions: Mapping[tuple[str, int], str]

    def load(self, engine: Engine, *, steps: Sequence[Step] | None = None) -> None:
        """Put terms and parties into an engine, with every other table the stage reads empty.

        Where only some `steps` will be run, terms whose tables none of them mentions stay empty too: filling all takes as long as taking in
        some thousand parcels.
        """
        mentioned = None if steps is None else set(re.findall(r"\w+", " ".join(step.sql for step in steps)))
        for name in rate.STAGE.reads:
            engine.create(table(name))
        for shape in TERMS:
            engine.load_rows(shape, self.rows[shape.name] if mentioned is None or shape.name in mentioned else ())
        engine.con.execute("DROP TABLE parties")
        engine.load_parquet("parties", self.parties)
        engine.load_rows(
            table("run"),
            [
                {
                    "cycle_id": "rating",
                    "period_from": self.as_of.date(),
                    "period_to": self.as_of.date(),
                    "as_of": self.as_of,
                    "country": "-",
                    "currency": "-",
                    "platform_id": "-",
                    "hold_days": 0,
                    "min_payout_minor": 0,
                }
            ],
        )


def read_terms(agreements: Path, *, parties: Path, as_of: datetime, places: Mapping[str, int]) -> RatingTerms:
    """Read the agreements of a folder. Raises what reading agreements raises.

    The digest covers the agreements, the parties, `as_of` and the text of every step: rules that change are other terms.
    """
    read = read_agreements(agreements, decimal_places=dict(places), as_of=as_of.date()).require()
    rules = hashlib.sha256("\x00".join([rounding_macros(), *(step.sql for step in rate.STAGE.steps)]).encode()).hexdigest()
    told = {"agreements": read.versions(), "parties": file_digest(parties), "as_of": as_of.isoformat(), "rules": rules}
    told |= read.rates_told()
    sells = [f"{row['party_id']}|{row['terms_group']}" for row in read.rows["agreements"] if row["side"] == "sell"]
    intake = {"parties": told["parties"], "as_of": told["as_of"], "sells": sorted(sells), "rules": rules}
    rows = {shape.name: read.rows[shape.name] for shape in TERMS}
    return RatingTerms(rows, parties, as_of, digest(told), digest(intake), _versions(rows))


def _versions(rows: Mapping[str, Sequence[Row]]) -> dict[tuple[str, int], str]:
    """A digest of each agreement version over its rows in the tables that rating reads; words for bills and tolerances are not among them."""
    told: dict[tuple[str, int], Any] = {}
    for name in sorted(set(rows) & set(rate.STAGE.reads)):
        for row in rows[name]:
            read = {column: value for column, value in row.items() if column not in _NOT_READ}
            told.setdefault((row["agreement_id"], row["version"]), hashlib.sha256()).update(f"{name}:{canonical(read)}\n".encode())
    return {version: sum_.hexdigest() for version, sum_ in told.items()}
