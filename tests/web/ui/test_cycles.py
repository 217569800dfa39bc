"""The bar of a duty that returns is drawn over this cycle's time, not since the first year."""

from __future__ import annotations

from datetime import date

import pytest

from greenlane.core.calendar import Period
from greenlane.core.deadlines import Duty
from greenlane.core.marks import Mark
from greenlane.core.program import Count, Deadline, Source
from greenlane.core.text import Text
from greenlane.core.vocabulary import Confidence, DutyNature, DutyState, Side
from greenlane.web.ui.clocks import clock_of


def a_duty(count: Count, cycle: int, due_on: date, opens_on: date | None = None) -> Duty:
    """Return a running duty of an account that was certified on 1 March 2020."""
    deadline = Deadline(
        id="D08",
        title=Text({"en": "Review"}),
        owed_by=Side.COMPANY,
        nature=DutyNature.DUTY,
        count=count,
        anchors=frozenset[Mark](),
        met_by=frozenset[Mark](),
        source=Source("S", Confidence.S),
        period=Period(years=4),
    )
    return Duty(
        deadline, 3, date(2020, 3, 1), due_on, DutyState.OPEN, "", cycle, opens_on, days_left=73
    )


@pytest.mark.parametrize(
    ("count", "cycle", "due_on", "length"),
    [
        (Count.YEARLY, 1, date(2021, 3, 1), 365),
        (Count.YEARLY, 6, date(2026, 3, 1), 365),
        (Count.YEARLY, 4, date(2024, 3, 1), 366),
        (Count.WINDOWS, 2, date(2028, 3, 1), 1461),
        (Count.AFTER, 0, date(2020, 5, 30), 90),
    ],
)
def test_the_length_is_the_cycles_own(count: Count, cycle: int, due_on: date, length: int) -> None:
    assert clock_of(a_duty(count, cycle, due_on), language="en").length == length


def test_a_day_of_the_calendar_counts_from_the_one_before() -> None:
    duty = a_duty(Count.CALENDAR, 3, date(2026, 1, 31), opens_on=date(2025, 1, 31))

    assert clock_of(duty, language="en").length == 365
    assert clock_of(duty, language="en").spent == 80
