"""Names the app for Django."""

from __future__ import annotations

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """People, owners, sites, vessels and partners of an account."""

    name = "greenlane.apps.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"
