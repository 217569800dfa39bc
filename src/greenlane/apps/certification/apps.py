"""Names the app for Django."""

from __future__ import annotations

from django.apps import AppConfig


class CertificationConfig(AppConfig):
    """The decision that follows vetting, and its letter."""

    name = "greenlane.apps.certification"
    label = "certification"
    default_auto_field = "django.db.models.BigAutoField"
