"""Names the app for Django."""

from __future__ import annotations

from django.apps import AppConfig


class VettingConfig(AppConfig):
    """Vetting checks and their results."""

    name = "greenlane.apps.vetting"
    label = "vetting"
    default_auto_field = "django.db.models.BigAutoField"
