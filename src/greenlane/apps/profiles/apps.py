"""Names the app for Django."""

from __future__ import annotations

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    """Company and security profiles."""

    name = "greenlane.apps.profiles"
    label = "profiles"
    default_auto_field = "django.db.models.BigAutoField"
