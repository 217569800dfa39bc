"""Names the app for Django."""

from __future__ import annotations

from django.apps import AppConfig


class RiskConfig(AppConfig):
    """Dated risk assessments."""

    name = "greenlane.apps.risk"
    label = "risk"
    default_auto_field = "django.db.models.BigAutoField"
