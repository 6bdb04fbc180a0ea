"""Reads the tables of a page of docs/domain, so that what the page claims is run."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tables(page: str) -> dict[str, list[dict[str, str]]]:
    """Return the tables of docs/domain/<page>.md by the heading they stand under; the last table of a heading wins."""
    found: dict[str, list[dict[str, str]]] = {}
    heading, head = "", []
    for line in (ROOT / "docs" / "domain" / f"{page}.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading, head = line.lstrip("# ").strip(), []
        elif line.startswith("|"):
            cells = [c.strip() for c in line.strip("|").split("|")]
            if not head:
                head, found[heading] = cells, []
            elif set("".join(cells)) - set("-: "):
                found[heading].append(dict(zip(head, cells, strict=True)))
        else:
            head = []
    return found


def minor(text: str) -> int:
    """Read a whole amount written with commas; an empty cell is 0."""
    return int(text.replace(",", "") or 0)
