"""Names the app for Django."""

from __future__ import annotations

from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    """Which edition of the criteria an account answers."""

    name = "greenlane.apps.criteria"
    label = "criteria"
    default_auto_field = "django.db.models.BigAutoField"
