"""How Django knows the store."""

from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """The store, under the label its migrations carry."""

    name = "tuntas.store"
    label = "store"
    verbose_name = "Books"
    default_auto_field = "django.db.models.BigAutoField"
