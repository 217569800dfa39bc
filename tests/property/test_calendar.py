"""Laws of counting days, on days of two centuries."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from greenlane.content.packs import load_program
from greenlane.core.calendar import Period, anniversary

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
OFFICE = load_program("ctpat").calendar


@given(DAYS, st.integers(0, 40))
def test_an_anniversary_is_counted_from_the_anchor_never_chained(day: date, years: int) -> None:
    found = anniversary(day, years)

    assert (found.year, found.month) == (day.year + years, day.month)
    assert found.day == day.day or (day.month, day.day, found.day) == (2, 29, 28)


@given(DAYS, st.integers(0, 3000), st.integers(0, 3000))
def test_days_add_up(day: date, first: int, second: int) -> None:
    both = Period(days=first + second)

    assert Period(days=second).after(Period(days=first).after(day)) == both.after(day)
    assert (both.after(day) - day).days == first + second


@given(DAYS, DAYS, st.integers(0, 5), st.integers(0, 30), st.integers(0, 300))
def test_a_later_anchor_never_falls_due_earlier(
    one: date, other: date, years: int, months: int, days: int
) -> None:
    period = Period(years, months, days)
    first, second = sorted((one, other))

    assert first <= period.after(first) <= period.after(second)


@given(DAYS)
def test_a_roll_goes_to_the_next_working_day_and_no_further(day: date) -> None:
    rolled = OFFICE.roll(day)

    assert OFFICE.is_working_day(rolled)
    assert 0 <= (rolled - day).days <= 5
    between = (day + timedelta(days=n) for n in range((rolled - day).days))
    assert not any(OFFICE.is_working_day(passed) for passed in between)
    assert OFFICE.roll(rolled) == rolled


@given(DAYS, st.integers(-5, 400))
def test_working_days_are_counted_with_both_ends(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    days = [first + timedelta(days=n) for n in range(length + 1)]

    expected = sum(OFFICE.is_working_day(day) for day in days)
    assert OFFICE.working_days_between(first, last) == expected
