"""Names the app for Django."""

from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Reports from the record; it has no tables."""

    name = "greenlane.apps.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"
