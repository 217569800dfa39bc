"""Every documented problem that this arc answers has a test of its own, named for it."""

from __future__ import annotations

import ast
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2]
PROBLEMS = (
    *("P1", "P2", "P3", "P4", "P7", "P8", "P9", "P10", "P11", "P12", "P13", "P14", "P16", "P17"),
    *("P18", "P20", "P21", "P24", "P25", "P26", "P31"),
)
"""The problems of the program dossier, section o, that certification and trust must answer."""


def named_tests() -> dict[str, list[str]]:
    """Return the tests that carry a problem's number, by the number."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef) or not node.name.lower().startswith("test_p"):
                continue
            number = node.name.split("_")[1].upper()
            # What it says is an assertion, or a refusal that must come.
            says = any(
                isinstance(n, ast.Assert) or (isinstance(n, ast.Attribute) and n.attr == "raises")
                for n in ast.walk(node)
            )
            if number in PROBLEMS and says:
                found.setdefault(number, []).append(f"{path.name}::{node.name}")
    return found


def test_every_documented_problem_has_a_test_that_is_named_for_it() -> None:
    found = named_tests()

    assert [number for number in PROBLEMS if number not in found] == []
