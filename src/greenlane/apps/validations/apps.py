"""Names the app for Django."""

from __future__ import annotations

from django.apps import AppConfig


class ValidationsConfig(AppConfig):
    """The plan of validations, and each validation case."""

    name = "greenlane.apps.validations"
    label = "validations"
    default_auto_field = "django.db.models.BigAutoField"
