"""What the tests of the architecture read: the sources and the order of the apps."""

from __future__ import annotations

import ast
import configparser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "greenlane"


@pytest.fixture(scope="session")
def app_floors() -> dict[str, int]:
    """Return the order of apps from `.importlinter`; 1 is the lowest floor."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    text = config["importlinter:contract:app-order"]["layers"]
    rows = [row for row in text.splitlines() if row.strip()]
    return {name.strip(): len(rows) - i for i, row in enumerate(rows) for name in row.split("|")}


@pytest.fixture(scope="session")
def trees() -> dict[str, ast.Module]:
    """Return every module of the product, parsed, by its path below ``greenlane``."""
    return {
        str(path.relative_to(SOURCE)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SOURCE.rglob("*.py"))
    }
