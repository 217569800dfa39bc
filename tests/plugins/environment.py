"""Gives the tests their settings; loaded before pytest-django reads them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

TEST_SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "greenlane.project.settings",
    "GREENLANE_SECRET_KEY": "for-tests-only-" + "0" * 50,
    "GREENLANE_DATABASE_URL": "sqlite:///:memory:",
    "GREENLANE_HTTP_LOCAL": "yes",
    "GREENLANE_DATA_DIR": str(Path(__file__).parents[2] / ".dev" / "test-state"),
}

for _name, _text in TEST_SETTINGS.items():
    os.environ.setdefault(_name, _text)


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Look for a static file when it is asked for, not for all of them before the first page.

    An installation reads them once, when it starts; a test starts the pages anew with every client,
    which took two thirds of the time of all tests that ask for a page.
    """
    conf = sys.modules.get("django.conf")
    if conf is not None and conf.settings.configured:
        conf.settings.WHITENOISE_AUTOREFRESH = True


def pytest_runtest_setup(item: object) -> None:
    """Begin each test in the language of the settings: a page read before may have left another."""
    translation = sys.modules.get("django.utils.translation")
    if translation is not None:
        translation.deactivate()
