"""What CONTRIBUTING says of the tests: every folder, and what the unit tests keep out."""

from __future__ import annotations

import ast
import re
from pathlib import Path


def test_every_folder_of_tests_has_its_line(root: Path, manual: dict[str, str]) -> None:
    rows = [line for line in manual["CONTRIBUTING.md"].splitlines() if line.startswith("| `tests/")]
    named = [name for row in rows for name in re.findall(r"`tests/(\w+)`", row)]
    there = {path.name for path in (root / "tests").iterdir() if path.is_dir()} - {"__pycache__"}

    assert sorted(named) == sorted(there)


def test_searches_stand_among_the_property_tests(root: Path) -> None:
    found = [
        str(path.relative_to(root))
        for path in sorted((root / "tests" / "unit").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and "hypothesis" in [getattr(node, "module", None), *(name.name for name in node.names)]
    ]

    assert found == []
