"""A limit counted from any day, asked for on any later one."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from greenlane.core.vocabulary import DutyState
from tests.unit.core.stories import duty_of, steps

OPEN, OVERDUE = DutyState.OPEN, DutyState.OVERDUE


@given(st.dates(date(2001, 1, 1), date(2060, 12, 31)), st.integers(0, 2000))
def test_a_limit_is_in_one_state_at_a_time_and_never_goes_back(anchor: date, later: int) -> None:
    chain = steps((anchor.isoformat(), "certified"))
    on = anchor + timedelta(days=later)

    found = duty_of(chain, "D04", on.isoformat())

    assert found.state is (OPEN if on <= found.due_on else OVERDUE)
    assert found.days_left == (found.due_on - on).days
