"""Open a home: the folder with the books, the runs and the secret key. Sets Django up once, for this process."""

from __future__ import annotations

import os
from pathlib import Path


def open_home(home: Path) -> None:
    """Point the settings at a home and bring its books up to date."""
    os.environ["TUNTAS_HOME"] = str(home.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuntas.faces.site.settings")
    home.mkdir(parents=True, exist_ok=True)
    import django

    django.setup()
    from tuntas.operations.books import open_books

    open_books()
