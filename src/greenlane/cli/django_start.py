"""Starts Django for a command that needs the database; commands that do not never call it."""

from __future__ import annotations

import os


def start_django() -> None:
    """Read the settings and load the apps; harmless when that has happened.

    Raises:
        GreenlaneError: a setting is missing or wrong.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenlane.project.settings")
    import django

    django.setup()
