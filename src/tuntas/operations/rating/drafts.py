"""Folders that are whole or not there: made under another name, and named last."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def draft_beside(out: Path) -> Path:
    """A folder beside the one to be, so that what is under its own name is always whole."""
    draft = out.with_name(f".{out.name}.{os.getpid()}.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    return draft


def keep_as(draft: Path, out: Path) -> None:
    shutil.rmtree(out, ignore_errors=True)
    draft.rename(out)
