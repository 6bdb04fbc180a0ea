"""Where the books are: PostgreSQL when an address is given, else SQLite inside the home."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Money: a commit that was answered must outlive a power cut, hence synchronous FULL although WAL would allow NORMAL.
# recursive_triggers lets REPLACE fire the DELETE guards, which it otherwise slips past.
SQLITE_START = (
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
    "PRAGMA recursive_triggers = ON; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;"
)


def database(url: str, *, home: Path) -> dict[str, Any]:
    """Return Django's settings of the books: `postgres://user:password@host:port/name`, or SQLite for an empty address.

    A `?host=/folder` names a socket folder. Raises `ImproperlyConfigured` for any other address.
    """
    if not url:
        return sqlite(home / "books.sqlite3")
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"saw DATABASE_URL with {parts.scheme or 'no scheme'!r}; wanted postgres://user:password@host:port/name; "
            "leave it empty to keep the books in SQLite"
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def sqlite(path: Path) -> dict[str, Any]:
    """Return Django's settings of books kept in one SQLite file."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": SQLITE_START},
    }
