"""The manual on screening tells what was measured of the scorer that is shipped, nothing older."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.screening import tables
from greenlane.screening.levels import DEFAULT_LEVELS
from greenlane.screening.versions import SCORER_VERSION


@pytest.mark.parametrize("path", tables.PAGES, ids=lambda path: path.name)
def test_the_tables_hold_the_figures_of_the_files(path: Path) -> None:
    text = path.read_text("utf-8")

    assert tables.page(text) == text, "run python -m benchmarks.screening.tables"


def test_every_measured_block_is_on_a_page_once() -> None:
    pages = "".join(path.read_text("utf-8") for path in tables.PAGES)

    marked = re.findall(r"<!-- measured: (\w+) -->", pages)

    assert sorted(marked) == sorted(tables.BLOCKS)
    assert pages.count("<!-- end of measured -->") == len(tables.BLOCKS)


def test_the_figures_are_of_the_scorer_that_is_shipped() -> None:
    own = tables.measured()["engines"]["greenlane"]

    assert own["scorer_version"] == SCORER_VERSION, "run ./dev bench screening"
    assert tables.left_out()["scorer_version"] == SCORER_VERSION, "run fit.py --figures"


def test_a_figure_changed_by_hand_is_noticed() -> None:
    text = tables.PAGES[0].read_text("utf-8")

    changed = re.sub(r"\| Best F1 \| 0\.\d", "| Best F1 | 1.9", text)

    assert changed != text
    assert tables.page(changed) == text


def test_the_shipped_levels_tell_what_they_were_measured_to_give() -> None:
    levels = tables.measured()["engines"]["greenlane"]["levels"]
    review, alert = levels["0.50"], levels["0.85"]
    source = tables.ROOT.joinpath("src/greenlane/screening/levels.py").read_text("utf-8")
    told = re.search(r"([\d.]+) %\s+of true names reach the review level and ([\d.]+) % the alert "
                     r"level; of names that should not alert,\s+([\d.]+) % and ([\d.]+) % do",
                     source)  # fmt: skip

    assert told is not None
    assert [float(figure) for figure in told.groups()] == [
        round(100 * one["share"], 1)
        for one in (review["found"], alert["found"], review["false"], alert["false"])
    ]
    assert (DEFAULT_LEVELS.review, DEFAULT_LEVELS.alert) == (0.50, 0.85)
