"""The page on performance says what was measured, and links what it rests on."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import figures


def test_the_page_holds_the_figures_of_the_files() -> None:
    assert figures.PAGE.read_text("utf-8") == figures.page(), "run python -m benchmarks.figures"


@pytest.mark.parametrize("bar", figures.BARS, ids=lambda bar: bar.promise)
def test_every_bar_has_a_script_that_measures_it(root: Path, bar: figures.Bar) -> None:
    script = (root / "benchmarks" / bar.script).read_text(encoding="utf-8")

    assert "keep(" in script or "RESULTS" in script


def test_a_bar_that_is_missed_says_so() -> None:
    slow = {"cpu_seconds": 1.01, "duties": 125_033, "measured_on": "2026-11-24", "cpus": 2}

    lines = figures.table(lambda name: slow if name == "due_list" else None).splitlines()
    first, second = lines[2:4]

    assert "1.01 CPU-s for 125,033 duties | **missed** | 2026-11-24" in first
    assert "not measured yet" in second
