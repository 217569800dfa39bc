"""Names the app for Django."""

from __future__ import annotations

from django.apps import AppConfig


class MigrationConfig(AppConfig):
    """Accounts carried over from an office's earlier records."""

    name = "greenlane.apps.migration"
    label = "migration"
    default_auto_field = "django.db.models.BigAutoField"
