"""The office's decision levels: who sets them, what they change, and what the record keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from greenlane.apps.audit.verify import verify
from greenlane.apps.vetting.levels import levels_in_force, set_levels
from greenlane.apps.vetting.models import AccountScreening, ScreeningRun
from greenlane.apps.vetting.queries import screening_state
from greenlane.apps.vetting.screening_actions import lists_changed, screen_all
from greenlane.core.access import RoleNotAllowed
from greenlane.core.errors import BadInput
from greenlane.core.lifecycle.decide import Actor
from greenlane.screening.levels import DEFAULT_FLOOR, DEFAULT_LEVELS
from tests.apps.vetting.conftest import Office
from tests.factories.lists import screened
from tests.factories.people import NOW, the_program

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WORDS = "Curve of March, 900 labels"


def decide(office: Office, *, review: int, alert: int, words: str = WORDS) -> None:
    """Set the levels as somebody who may confirm hits."""
    set_levels(
        program=the_program(), review=review, alert=alert, words=words, by=office.colleague, at=NOW
    )


def test_until_somebody_decides_the_shipped_levels_hold() -> None:
    found = levels_in_force()

    assert found.is_shipped
    assert found.as_levels() == DEFAULT_LEVELS


def test_the_lowest_level_is_the_floor_of_the_screening() -> None:
    from greenlane.apps.vetting.levels import LOWEST, MOST

    assert LOWEST / MOST == DEFAULT_FLOOR


def test_a_decision_names_who_set_it_when_and_why_and_the_record_verifies(office: Office) -> None:
    decide(office, review=400_000, alert=900_000)

    found = levels_in_force()
    assert (found.review, found.alert) == (400_000, 900_000)
    assert (found.by, found.on, found.words) == (office.colleague.id, NOW.date(), WORDS)
    assert verify().first is None


@pytest.mark.parametrize("who", ["officer", "specialist"])
def test_only_who_may_confirm_hits_sets_levels(office: Office, who: str) -> None:
    by: Actor = getattr(office, who)
    program = the_program()

    with pytest.raises(RoleNotAllowed):
        set_levels(program=program, review=400_000, alert=900_000, words=WORDS, by=by, at=NOW)
    assert levels_in_force().is_shipped
    set_levels(
        program=program, review=400_000, alert=900_000, words=WORDS, by=office.manager, at=NOW
    )
    assert levels_in_force().by == office.manager.id


@pytest.mark.parametrize(
    ("review", "alert", "words"),
    [
        (900_000, 400_000, WORDS),
        (249_999, 900_000, WORDS),
        (400_000, 1_000_001, WORDS),
        (400_000, 900_000, "  "),
        (500_000, 850_000, WORDS),
        (400_000, 900_000, "x" * 10_001),
    ],
)
def test_levels_out_of_reach_unchanged_or_without_a_reason_are_refused(
    office: Office, review: int, alert: int, words: str
) -> None:
    with pytest.raises(BadInput):
        decide(office, review=review, alert=alert, words=words)
    assert levels_in_force().is_shipped


def test_a_screening_of_one_account_uses_the_levels_and_says_so(office: Office) -> None:
    office.declare(role="OFFICER", name="Zoltan Brezniak")
    decide(office, review=990_000, alert=1_000_000)
    office.declare(role="PARTNER", name="Ostrava Gulf Tradin")

    screened(office.account, at=NOW)

    # The name that is wholly the same is shown; the one a letter short is below the level.
    assert [hit.level for hit in office.hits("OPEN")] == ["ALERT"]
    assert office.hits("OPEN")[0].score == 1_000_000
    assert AccountScreening.objects.get(stream=office.stream).levels == {
        "review": 990_000,
        "alert": 1_000_000,
    }
    assert verify().first is None


def test_other_levels_screen_everybody_again_and_until_then_nobody_is_current(
    office: Office,
) -> None:
    office.declare(role="PARTNER", name="Ostrava Gulf Tradin")
    screened(office.account, at=NOW)
    screen_all(program=the_program(), at=NOW + DAY / 24)
    (before,) = office.hits("OPEN")
    was = screening_state(office.fresh(), on=NOW.date())

    decide(office, review=min(before.score + 1, 990_000), alert=1_000_000)
    asked = lists_changed(program=the_program(), at=NOW + DAY / 12)
    then = screening_state(office.fresh(), on=NOW.date())
    done = screen_all(program=the_program(), at=NOW + DAY / 12)
    now = screening_state(office.fresh(), on=NOW.date())

    assert was.is_current is True
    assert (asked, then.is_current, then.missing) == (True, False, "levels_changed")
    assert done.kind == "FULL"
    assert now.is_current is True
    assert office.hits("OPEN") == []
    assert ScreeningRun.objects.order_by("-seq")[0].levels["alert"] == 1_000_000
    assert not lists_changed(program=the_program(), at=NOW + DAY / 12)
    assert verify().first is None


def test_nothing_is_left_of_a_refused_decision(office: Office) -> None:
    with pytest.raises(BadInput), transaction.atomic():
        decide(office, review=900_000, alert=400_000)

    assert verify().first is None
