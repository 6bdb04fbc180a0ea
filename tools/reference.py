"""Write `docs/reference/codes.md` and `docs/reference/tables.md` from the sources; `--check` says whether they are true."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src" / "tuntas"
sys.path.insert(0, str(ROOT / "src"))


def refusals() -> list[tuple[str, str, str]]:
    """Return (code, room, what it means) of every refusal, found in the sources: a class with a `code` and a docstring."""
    found = []
    for path in sorted(SRC.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ClassDef):
                continue
            for item in node.body:
                target = (
                    item.targets[0] if isinstance(item, ast.Assign) else item.target if isinstance(item, ast.AnnAssign) else None
                )
                value = getattr(item, "value", None)
                if (
                    isinstance(target, ast.Name)
                    and target.id == "code"
                    and isinstance(value, ast.Constant)
                    and isinstance(value.value, str)
                    and value.value
                ):
                    told = " ".join((ast.get_docstring(node) or "").split())
                    found.append((value.value, str(path.parent.relative_to(SRC)), told))
    return sorted(found)


def codes_page() -> str:
    """Return the page of refusal codes."""
    lines = [
        "# Codes of refusals",
        "",
        "A refusal is a request that was understood and declined. Its code never changes; the message beside it says what was seen, what",
        "was wanted and what to do. The command line exits with status 2, the desk answers 403, 404 or 409. Findings about data have",
        "codes of their own: those of files are in [ingest](../domain/ingest.md), those of agreements in [agreement](agreement.md).",
        "This page is generated: `python tools/reference.py`.",
        "",
        "| code | room | meaning |",
        "|---|---|---|",
    ]
    lines += [f"| `{code}` | {room} | {told} |" for code, room, told in refusals()]
    return "\n".join(lines) + "\n"


def tables_page() -> str:
    """Return the page of tables."""
    from tuntas.tables import ALL

    lines = [
        "# Tables that cross a room",
        "",
        "Facts come from the outside, terms from agreements, law from country packs, workings from the stages. `!` marks a column that is",
        "never null in an accepted row. This page is generated: `python tools/reference.py`.",
    ]
    for shape in ALL:
        lines += [
            "",
            f"## {shape.name}",
            "",
            f"{shape.meaning} Key: {', '.join(shape.key)}.",
            "",
            "| column | type | meaning |",
            "|---|---|---|",
        ]
        for column in shape.columns:
            meaning = column.meaning.replace("|", "\\|")
            lines.append(f"| {column.name} | {column.type}{'!' if column.required else ''} | {meaning} |")
    return "\n".join(lines) + "\n"


PAGES = {"codes.md": codes_page, "tables.md": tables_page}


def main() -> int:
    """Write the pages, or with `--check` tell which are stale."""
    stale = []
    for name, page in PAGES.items():
        path = ROOT / "docs" / "reference" / name
        text = page()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv:
        print(f"stale: {', '.join(stale)}; run: python tools/reference.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
