"""Loads the `dev` script, which has no ending, as a module."""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def dev() -> ModuleType:
    """Return the script as a module; nothing of it runs."""
    loader = SourceFileLoader("greenlane_dev", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader("greenlane_dev", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["greenlane_dev"] = module
    loader.exec_module(module)
    return module
