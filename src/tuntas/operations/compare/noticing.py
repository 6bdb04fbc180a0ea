"""Agreements that a case changes without anybody having signed what the change does: told as findings, or refused where the case says so.

COMPARE-SIGNED-01: a version of an agreement that settled cycles know reads otherwise than when the last of them was settled, or is new, and no
signed comparison tried it. An agreement nobody was settled under yet changes nothing, and is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tuntas.kernel.findings import Finding
from tuntas.kernel.refusals import Refusal
from tuntas.store.runs import read_document

SIGNED, TOLD = "signed", "told"


class ChangeNotSigned(Refusal):
    """A case that wants every change of an agreement signed holds one that nobody signed."""

    code = "COMPARE-SIGNED-02"


def change_notices(
    versions: Iterable[Mapping[str, Any]], *, runs: Sequence[Path], files: Mapping[tuple[str, int], str]
) -> list[Finding]:
    """Return a finding for each changed version nobody signed. `runs` are the settled runs, oldest first; `files` names the pages."""
    if not runs:
        return []
    settled = {_version(row) for row in read_document(runs[-1]).get("agreements", ())}
    known = {name for name, _, _ in settled}
    changed = [version for version in map(_version, versions) if version[0] in known and version not in settled]
    if not changed:
        return []
    from tuntas.operations.compare.approving import signed_versions

    signed = signed_versions()
    return [
        Finding(
            code="COMPARE-SIGNED-01",
            table="agreements",
            where=files.get((name, number), "agreements"),
            row_id=f"{name}@{number}",
            field="",
            seen=content[:12],
            wanted="the version of the last settled cycle, or one of a signed comparison",
            help="run `tuntas compare` on the page and let a second person sign the difference",
        )
        for name, number, content in sorted(changed)
        if (name, number, content) not in signed
    ]


def refuse_unsigned(notices: Sequence[Finding]) -> None:
    """Raise `ChangeNotSigned` when there is a change nobody signed."""
    if notices:
        raise ChangeNotSigned(
            f"saw {', '.join(n.row_id for n in notices)} changed and unsigned, and `changes: signed` in case.yaml; wanted every change "
            "signed; run `tuntas compare` on the changed pages and let a second person sign the difference"
        )


def _version(row: Mapping[str, Any]) -> tuple[str, int, str]:
    return str(row["agreement_id"]), int(row["version"]), str(row["digest"])
