"""Digests and derived ids. The same facts give the same id, so doing a thing twice is doing it once."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from pathlib import Path


def canonical(value: object) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, dates in ISO form. Floats are refused."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: object) -> object:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    raise TypeError(f"a digest takes text, whole numbers, dates, lists and maps; got {type(value).__name__}")


def digest(value: object) -> str:
    """Return the SHA-256 of a value's canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode("utf-8")).hexdigest()


def derived_id(prefix: str, *parts: object) -> str:
    """Return a short id that depends on nothing but its parts: `prefix-` and 16 hexadecimal digits."""
    return f"{prefix}-{digest(list(parts))[:16]}"


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
