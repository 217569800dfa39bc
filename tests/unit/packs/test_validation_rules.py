"""The rules of a validation are data with a source, each told by a story that can be run (P4)."""

from __future__ import annotations

import pytest

from greenlane.content.packs import load_program, pack_dir
from greenlane.content.scenario_files import read_scenario
from greenlane.core.marks import Mark
from greenlane.core.program import Program
from greenlane.core.scenario import Scenario, run
from greenlane.core.vocabulary import Axis

OF_VALIDATION = frozenset({Mark.VALIDATED, Mark.REVALIDATED, Mark.TIER_RAISED, Mark.TIER_LOWERED})


@pytest.fixture(scope="module")
def program() -> Program:
    return load_program("ctpat")


@pytest.fixture(scope="module")
def stories() -> list[Scenario]:
    return [read_scenario(path) for path in sorted(pack_dir("ctpat").rglob("scenarios/**/*.yaml"))]


def acts_of_validation(program: Program) -> set[str]:
    return {
        row.id
        for row in program.transitions.values()
        if row.axis is Axis.VALIDATION or not OF_VALIDATION.isdisjoint(row.marks)
    }


def test_P4_every_act_and_condition_of_a_validation_names_its_source(program: Program) -> None:
    for act in acts_of_validation(program):
        row = program.transition(act)
        assert row.source.citation, act
        for name in row.guards:
            guard = program.guards[name]
            assert guard.source.citation, name
            assert str(guard.message), name


def test_P4_every_act_of_a_validation_is_done_in_a_story(
    program: Program, stories: list[Scenario]
) -> None:
    told = {act.act for story in stories for act in story.acts}

    assert sorted(acts_of_validation(program) - told) == []


def test_P4_the_stories_of_validations_end_as_they_say(
    program: Program, stories: list[Scenario]
) -> None:
    wanted = acts_of_validation(program)
    concerned = [story for story in stories if wanted & {act.act for act in story.acts}]

    assert len(concerned) >= 10
    assert [story.name for story in concerned if run(program, story).failures] == []
