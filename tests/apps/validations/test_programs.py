"""Which programs keep their visits as cases; in the others every act of a visit has its doors."""

from __future__ import annotations

import contextlib

import pytest

from greenlane.apps.validations.acts import Doing, act_that, is_of_case, keeps_cases
from greenlane.content.packs import load_program, pack_names
from greenlane.core.program import UnknownRuleId
from greenlane.core.vocabulary import Axis


@pytest.mark.parametrize("name", pack_names())
def test_no_act_of_a_visit_is_without_a_door(name: str) -> None:
    program = load_program(name)
    rows = [row for row in program.transitions.values() if Axis.VALIDATION in row.sources]

    of_case = [row.id for row in rows if is_of_case(program, row)]

    # The pages of the case stand in for the table only where they can do all of it.
    assert bool(of_case) is keeps_cases(program)
    assert not of_case or not act_that(program, Doing.OPEN).requires


def test_ctpat_keeps_cases_and_does_each_thing_by_an_act_of_its_own() -> None:
    program = load_program("ctpat")

    found = {act_that(program, doing).id for doing in Doing}

    assert keeps_cases(program)
    assert len(found) == len(Doing)


@pytest.mark.parametrize("name", ["wco-safe", "supplier-program"])
def test_a_program_that_plans_and_schedules_in_one_act_keeps_no_cases(name: str) -> None:
    program = load_program(name)

    assert act_that(program, Doing.OPEN) == act_that(program, Doing.SCHEDULE)
    assert not keeps_cases(program)


@pytest.mark.parametrize(("name", "act"), [("ctpat", "X11"), ("supplier-program", "X08")])
def test_what_closes_a_visit_is_what_sets_that_it_is_closed(name: str, act: str) -> None:
    # The supplier program's X09 leaves no visit open either, but confirms the approval.
    assert act_that(load_program(name), Doing.CLOSE).id == act


def test_no_act_that_decides_on_a_member_counts_as_the_close_of_a_visit() -> None:
    for name in pack_names():
        program = load_program(name)
        for doing in (Doing.VALIDATE, Doing.REVALIDATE):
            with contextlib.suppress(UnknownRuleId):
                assert act_that(program, doing) != act_that(program, Doing.CLOSE)
