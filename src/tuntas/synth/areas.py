"""The places of the synthetic month: real regency codes and names, with weights of our own for buyers and sellers."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Area:
    """One regency: Kemendagri code, name, island group, and how many buyers and sellers live there (relative)."""

    code: str
    name: str
    island: str
    buyers: int
    sellers: int
    remote: bool

    @property
    def province(self) -> str:
        """The province code, which is also the prefix a zone table uses."""
        return self.code[:2]


@cache
def areas() -> tuple[Area, ...]:
    """Read `areas.csv`, in the order of its codes."""
    with files("tuntas.synth").joinpath("areas.csv").open(encoding="utf-8") as stream:
        return tuple(
            Area(row["code"], row["name"], row["island"], int(row["buyers"]), int(row["sellers"]), row["remote"] == "yes")
            for row in csv.DictReader(stream)
        )
