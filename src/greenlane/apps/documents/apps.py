"""Names the app for Django."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Files given as evidence and letters given out."""

    name = "greenlane.apps.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
