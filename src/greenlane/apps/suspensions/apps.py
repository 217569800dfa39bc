"""Names the app for Django."""

from __future__ import annotations

from django.apps import AppConfig


class SuspensionsConfig(AppConfig):
    """Suspensions, corrective action plans and appeals."""

    name = "greenlane.apps.suspensions"
    label = "suspensions"
    default_auto_field = "django.db.models.BigAutoField"
