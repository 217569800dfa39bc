"""Clocks: their words, their tone, their bar."""

from __future__ import annotations

from datetime import date

import pytest

from greenlane.core.deadlines import Duty
from greenlane.core.marks import Mark
from greenlane.core.program import Count, Deadline, Source
from greenlane.core.text import Text
from greenlane.core.vocabulary import Confidence, DutyNature, DutyState, Side
from greenlane.web.ui.clocks import Clock, TimelineEntry, clock_of
from tests.factories.people import the_program

DUE = date(2026, 3, 14)


@pytest.mark.parametrize(
    ("left", "length", "state", "tone", "says"),
    [
        (42, 90, "open", "neutral", "42 days left of 90"),
        (31, 90, "open", "neutral", "31 days left of 90"),
        (30, 90, "open", "warning", "30 days left of 90"),
        (1, 90, "open", "warning", "1 day left of 90"),
        (5, None, "open", "neutral", "5 days left"),
        (0, 90, "open", "warning", "due today"),
        (-1, 90, "open", "bad", "1 day over"),
        (-12, 90, "overdue", "bad", "12 days over"),
        (30, 90, "stopped", "waiting", "stopped"),
        (None, 90, "lapsed", "ended", "lapsed"),
        (None, 90, "met", "good", "met"),
        (None, None, "open", "neutral", "open"),
    ],
)
def test_a_clock_says_how_it_stands(
    left: int | None, length: int | None, state: str, tone: str, says: str
) -> None:
    clock = Clock(left, DUE, length, state=state)

    assert (clock.tone, clock.words) == (tone, says)


def test_a_clock_names_the_act_and_its_day() -> None:
    assert Clock(42, DUE, 90, "certify").due_words == "certify by 14 Mar 2026"
    assert Clock(42, DUE, 90).due_words == "by 14 Mar 2026"


@pytest.mark.parametrize(
    ("left", "length", "spent"),
    [
        (90, 90, 0),
        (45, 90, 50),
        (0, 90, 100),
        (-3, 90, 100),
        (100, 90, 0),
        (5, None, None),
        (5, 0, None),
    ],
)
def test_the_bar_shows_the_time_spent(left: int, length: int | None, spent: int | None) -> None:
    assert Clock(left, DUE, length).spent == spent


def test_a_met_clock_says_when() -> None:
    assert Clock(None, DUE, 90, state="met", met_on=date(2026, 3, 1)).words == "met on 1 Mar 2026"


def duty(state: DutyState, reason: str = "") -> Duty:
    deadline = Deadline(
        id="D05",
        title=Text({"en": "Certify", "es": "Certificar"}),
        owed_by=Side.OFFICE,
        nature=DutyNature.LIMIT,
        count=Count.AFTER,
        anchors=frozenset[Mark](),
        met_by=frozenset[Mark](),
        source=Source("6 U.S.C. 964", Confidence.S),
    )
    return Duty(
        deadline, 3, date(2025, 12, 14), DUE, state, "90 days from T03", days_left=42, reason=reason
    )


def test_a_duty_becomes_a_clock_in_the_language_asked() -> None:
    clock = clock_of(duty(DutyState.OPEN), language="es", href="/rules/D05")

    assert (clock.title, clock.source, clock.length) == ("Certificar", "6 U.S.C. 964", 90)
    assert (clock.href, clock.rule, clock.reason) == ("/rules/D05", "D05", "")


def test_a_stopped_clock_says_why() -> None:
    assert clock_of(duty(DutyState.STOPPED), language="en").reason == "90 days from T03"
    assert clock_of(duty(DutyState.OVERDUE, "Fire."), language="en").reason == "Fire."


def test_a_point_of_time_says_its_state() -> None:
    said = [TimelineEntry("x", state).state_word for state in ("past", "present", "future")]

    assert said == ["happened", "running now", "to come"]


@pytest.mark.parametrize(
    ("left", "words"), [(7, "7 of 10 working days left"), (-2, "2 working days over")]
)
def test_an_effort_counts_working_days_and_names_no_day(left: int, words: str) -> None:
    rule = the_program().deadlines["D10"]
    state = DutyState.OPEN if left >= 0 else DutyState.OVERDUE
    spent = Duty(rule, 1, date(2026, 9, 1), date(2026, 11, 24), state, (), days_left=left)

    clock = clock_of(spent, language="en")

    assert (clock.words, clock.due_words, clock.length) == (words, "", 10)
