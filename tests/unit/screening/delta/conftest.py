"""Tests of re-screening stand on the name screener."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the name screener until that module is in the tree."""
    if importlib.util.find_spec("greenlane.screening.screener") is not None:
        return
    reason = "greenlane.screening.screener is not written yet; these tests stand on it"
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.skip(reason=reason))
