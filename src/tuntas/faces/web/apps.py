"""The Django application of the desk: templates, static files, words. It has no models."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Tells Django where the desk's templates and files are."""

    name = "tuntas.faces.web"
    label = "desk"
    verbose_name = "Tuntas desk"
