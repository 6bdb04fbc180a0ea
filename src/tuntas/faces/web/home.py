"""Where the desk finds the books and the cases."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings


def home() -> Path:
    """Return the home folder: books, runs and the desk's own notes."""
    return Path(settings.TUNTAS_HOME)


def cases() -> list[Path]:
    """Return the case folders a plan can be made from: TUNTAS_CASES is one case, or a folder of cases."""
    root = Path(os.environ.get("TUNTAS_CASES", "demo/month"))
    if (root / "case.yaml").exists():
        return [root]
    if not root.is_dir():
        return []
    return sorted(item for item in root.iterdir() if (item / "case.yaml").exists())
