"""A folder of watch lists of its own for each test: secondary vetting is asked of every visit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def own_lists(settings: Any, tmp_path: Path) -> Path:
    """Keep the lists of a test apart from those of every other."""
    folder = tmp_path / "watchlists"
    settings.WATCHLISTS_DIR = folder
    return folder
