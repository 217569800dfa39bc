"""Names the app for Django."""

from __future__ import annotations

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """Applications, accounts and their standing."""

    name = "greenlane.apps.members"
    label = "members"
    default_auto_field = "django.db.models.BigAutoField"
