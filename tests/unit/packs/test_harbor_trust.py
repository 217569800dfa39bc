"""An invented program that differs from ours wherever the engine can: it is data, and whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from greenlane.content.criteria_files import load_editions
from greenlane.content.packs import load_program, read_program
from greenlane.content.scenario_files import read_scenario
from greenlane.core.program import Program
from greenlane.core.scenario import Scenario, run
from greenlane.core.vocabulary import Phase, Purpose

FOLDER = Path(__file__).parents[2] / "packs" / "harbor-trust"
STORIES = sorted((FOLDER / "scenarios").rglob("*.yaml"))


@pytest.fixture(scope="module")
def harbor() -> Program:
    return read_program(FOLDER)


@pytest.fixture(scope="module")
def stories() -> list[Scenario]:
    return [read_scenario(path) for path in STORIES]


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_each_scenario_comes_out_as_told(harbor: Program, path: Path) -> None:
    assert run(harbor, read_scenario(path)).failures == ()


def test_every_transition_is_taken_in_some_scenario(
    harbor: Program, stories: list[Scenario]
) -> None:
    taken = {act.act for story in stories for act in story.acts if not act.expects}

    assert set(harbor.transitions) - taken == set()


def test_every_deadline_is_expected_in_some_scenario(harbor: Program) -> None:
    told = {name for path in STORIES for name in re.findall(r"\b(HD\d+)", path.read_text("utf-8"))}

    assert set(harbor.deadlines) - told == set()


def test_it_shares_no_act_role_deadline_or_entity_type_with_our_first_pack(
    harbor: Program,
) -> None:
    ours = load_program("ctpat")

    assert harbor.transitions.keys().isdisjoint(ours.transitions)
    assert harbor.deadlines.keys().isdisjoint(ours.deadlines)
    assert harbor.entity_types.keys().isdisjoint(ours.entity_types)
    assert harbor.checks.keys().isdisjoint(ours.checks)
    assert harbor.letters.keys().isdisjoint(ours.letters)
    assert harbor.roles.keys() & ours.roles.keys() == {"system"}
    assert not any(entity.tiers for entity in harbor.entity_types.values())


def test_it_differs_in_shape_too(harbor: Program) -> None:
    ours = load_program("ctpat")

    assert ours.has_act_that(Purpose.FILE_RISK_ASSESSMENT)
    assert not harbor.has_act_that(Purpose.FILE_RISK_ASSESSMENT)
    assert not harbor.has_act_that(Purpose.SUBMIT_REVIEW)
    assert harbor.statuses_in(Phase.MEMBER) == {"CERTIFIED"}
    assert harbor.statuses_in(Phase.CLOSED) > {"EXPIRED"}
    assert harbor.languages == ("en", "es", "pt")
    (edition,) = load_editions(FOLDER)
    assert len(edition.criteria) == 10
