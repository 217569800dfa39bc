"""The scenarios of the CTPAT pack: each holds, and together they leave no rule out."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import pytest

from greenlane.content.packs import load_program, pack_dir
from greenlane.content.scenario_files import read_scenario
from greenlane.core.case import Case
from greenlane.core.deadlines import duties, duty_json, duty_steps, known_rows, membership_on
from greenlane.core.lifecycle.standing import fold, known_on
from greenlane.core.program import Program
from greenlane.core.scenario import FIRST, OFFICE, Outcome, Scenario, run
from greenlane.core.vocabulary import Axis

FOLDER = pack_dir("ctpat") / "scenarios"
PATHS = sorted(FOLDER.rglob("*.yaml"))


@pytest.fixture(scope="module")
def program() -> Program:
    return load_program("ctpat")


@lru_cache(maxsize=64)
def outcome_of(path: Path) -> Outcome:
    story = read_scenario(path)
    return run(load_program(story.pack), story)


def stories() -> list[Scenario]:
    return [outcome_of(path).scenario for path in PATHS]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_scenario_holds(path: Path) -> None:
    outcome = outcome_of(path)

    assert outcome.failures == ()
    assert outcome.snapshots


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_scenario_can_be_read_by_a_lawyer(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    story = outcome_of(path).scenario

    assert text.startswith("# ")
    assert story.name == path.stem
    assert story.title
    assert story.source


def test_every_transition_is_lawful_in_some_scenario(program: Program) -> None:
    done = {act.act for story in stories() for act in story.acts if not act.expects}

    assert set(program.transitions) - done == set()


def test_every_deadline_is_looked_at_in_some_scenario(program: Program) -> None:
    asked = {
        (key.partition("#")[0], want.get("state"))
        for story in stories()
        for expectation in story.expectations
        for key, want in expectation.duties.items()
    }

    seen = {key for key, state in asked if state != "none"}
    assert set(program.deadlines) - seen == {"D22"}, "D22 has no period: nobody can tell its day"
    assert ("D22", "none") in asked


def test_every_guard_refuses_in_some_scenario(program: Program) -> None:
    refused = {refusal.code for path in PATHS for refusal in outcome_of(path).refusals}
    guards = {code.split(".")[1] for code in refused if code.startswith("guard.")}

    # These refuse in the table of every transition (tests/unit/lifecycle).
    assert set(program.guards) - guards <= {
        "agreement_signed",
        "appeal_window_open",
        "deficiencies_listed",
        "musts_accepted",
        "profile_complete",
        "returns_answered",
        "risk_assessment_filed",
        "tier_three_reachable",
        "was_closed_without_answer",
    }


def test_every_ground_is_one_of_a_lawful_decision_in_some_scenario(program: Program) -> None:
    given = {
        act.given["ground"]
        for story in stories()
        for act in story.acts
        if not act.expects and "ground" in act.given
    }

    assert set(program.grounds) - given == set()


# Outcomes of a validation (programme dossier f.4): what the axes are when it has come to them.
OUTCOMES = {
    "VALIDATED_T2": {("VALIDATED", "T2", "NONE")},
    "VALIDATED_T3": {("VALIDATED", "T3", "NONE")},
    "VALIDATED_NO_TIER": {("VALIDATED", "NONE", "NONE")},
    "VALIDATED_WITH_ACTIONS": {
        ("CERTIFIED", "T1", "ACTIONS_OPEN"),
        ("VALIDATED", "T2", "ACTIONS_OPEN"),
    },
    "NOT_VALIDATED_SUSPEND": {("SUSPENDED", "T1", "NONE"), ("SUSPENDED", "T2", "NONE")},
    "NOT_VALIDATED_REMOVE": {("REMOVED", "T1", "NONE"), ("REMOVED", "T2", "NONE")},
    "DEFERRED": {("CERTIFIED", "T1", "DEFERRED"), ("VALIDATED", "T2", "DEFERRED")},
}


def test_every_outcome_of_a_validation_is_reached_in_some_scenario() -> None:
    reached: set[tuple[str, str, str]] = set()
    for path in PATHS:
        for case in outcome_of(path).cases.values():
            for count, step in enumerate(case.steps, start=1):
                acts = {one.act for one in case.steps[:count]}
                axes = fold(case.entity_type, case.steps[:count]).axes
                # An outcome is one of a case: of an account without any it is none.
                if "X01" in acts or step.act == "X09":
                    reached.add((axes[Axis.MEMBERSHIP], axes[Axis.TIER], axes[Axis.VALIDATION]))

    assert [name for name, ways in OUTCOMES.items() if not ways & reached] == []


def test_a_life_recorded_from_letters_comes_out_as_at_the_office() -> None:
    here = outcome_of(FOLDER / "outside/a-life-at-the-office.yaml").cases[FIRST]
    letters = outcome_of(FOLDER / "outside/a-life-by-letters.yaml").cases[FIRST]
    days = [date(2021, 1, 1) + timedelta(days=9 * n) for n in range(200)]

    assert any(step.origin.value == "outside" for step in letters.steps)
    for day in days:
        assert told(here, day) == told(letters, day)


def told(case: Case, day: date) -> object:
    standing = case.standing(on=day)
    return standing.axes, [duty_json(duty) for duty in case.duties(on=day)]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_past_day_as_known_then_does_not_change_when_later_events_come(path: Path) -> None:
    outcome = outcome_of(path)
    for key, case in outcome.cases.items():
        for count, step in enumerate(case.steps, start=1):
            day = step.recorded_on
            later = case.steps[count:]
            if any(other.recorded_on <= day for other in later) or key == OFFICE:
                continue
            before = Case(case.program, case.entity_type, case.steps[:count], decrees=case.decrees)

            assert told(before, day) == told(case, day)


def test_a_refused_act_leaves_no_trace(program: Program) -> None:
    for path in PATHS:
        full = outcome_of(path)
        story = full.scenario
        lawful = [act for act in story.acts if not act.expects]
        facts_kept = any(act.facts for act in story.acts if act.expects)
        if facts_kept or len(lawful) == len(story.acts):
            continue
        bare = run(
            program,
            Scenario(
                story.name,
                story.title,
                story.source,
                story.pack,
                story.accounts,
                story.facts,
                tuple(lawful),
                story.expectations,
            ),
        )

        assert {k: c.steps for k, c in full.cases.items()} == {
            k: c.steps for k, c in bare.cases.items()
        }


@pytest.mark.parametrize("known_now", [False, True])
def test_duties_from_the_anchor_projection_are_those_of_a_replay(known_now: bool) -> None:
    for path in PATHS:
        for case in outcome_of(path).cases.values():
            rows = [json.loads(json.dumps(step.as_json())) for step in case.steps]
            days = {step.on for step in case.steps} | {step.recorded_on for step in case.steps}
            for day in sorted(days)[::3]:
                read = known_rows(rows, on=day, known_now=known_now)
                kept = duty_steps(case.program, read)
                found = duties(
                    case.program,
                    kept,
                    on=day,
                    stream=case.stream,
                    decrees=case.decrees,
                    known_now=known_now,
                )

                replayed = case.duties(on=day, known_now=known_now)
                assert [duty_json(duty) for duty in found] == [duty_json(d) for d in replayed]
                known = known_on(case.steps, on=day, known_now=known_now)
                standing = case.standing(on=day, known_now=known_now)
                assert membership_on(read) == (standing.membership if known else None)
