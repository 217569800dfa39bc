"""The style sheet page is shown in a demonstration only, so these tests run as one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django import Settings


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    """Show the kit's own pages."""
    settings.IS_DEMO = True


@pytest.fixture
def spanish() -> Iterator[None]:
    """Speak Spanish for one test."""
    with translation.override("es"):
        yield
