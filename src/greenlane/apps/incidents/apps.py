"""Names the app for Django."""

from __future__ import annotations

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Incidents, self-reports and their joint review."""

    name = "greenlane.apps.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"
