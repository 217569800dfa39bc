"""Names the app for Django."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organizations, roles and sign-in."""

    name = "greenlane.apps.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
