"""The day that a letter or a report names is the day that the due list will show."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from greenlane.apps.members.queries import due_after
from greenlane.apps.validations.actions.planning import decree_outage
from greenlane.core.marks import Mark
from tests.factories.certified import Member, a_member, moment
from tests.factories.people import the_program

pytestmark = pytest.mark.django_db

# Ninety days after it lies Sunday, 4 October 2026.
DAY = date(2026, 7, 6)


@pytest.fixture
def member() -> Member:
    return a_member()


@pytest.mark.parametrize("mark", [Mark.SUSPENDED, Mark.VALIDATION_REPORTED])
def test_a_day_that_is_no_working_day_rolls_as_the_rule_says(member: Member, mark: Mark) -> None:
    assert due_after(member.account, mark, on=DAY) == date(2026, 10, 5)


def test_a_decree_moves_the_day_that_is_told(member: Member) -> None:
    decree_outage(
        program=the_program(),
        starts_on=DAY + timedelta(days=10),
        ends_on=DAY + timedelta(days=19),
        reason="outage.planned",
        includes_office=False,
        words="The move of the servers.",
        by=member.by("director"),
        at=moment(DAY - timedelta(days=3)),
    )

    assert due_after(member.account, Mark.VALIDATION_REPORTED, on=DAY) == date(2026, 10, 14)


def test_what_sets_nothing_running_has_no_day(member: Member) -> None:
    assert due_after(member.account, Mark.TIER_RAISED, on=DAY) is None
