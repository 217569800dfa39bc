"""Counting days: periods, anniversaries, working days, holidays by rule."""

from __future__ import annotations

from datetime import date

import pytest

from greenlane.content.packs import load_program
from greenlane.core.calendar import HolidayRule, Period, WorkingCalendar

OFFICE = load_program("ctpat").calendar


@pytest.mark.parametrize(
    ("period", "anchor", "due"),
    [
        (Period(days=90), date(2024, 1, 15), date(2024, 4, 14)),
        (Period(days=90), date(2023, 12, 1), date(2024, 2, 29)),
        (Period(days=90), date(2024, 11, 30), date(2025, 2, 28)),
        (Period(months=1), date(2024, 1, 31), date(2024, 2, 29)),
        (Period(months=13), date(2023, 12, 31), date(2025, 1, 31)),
        (Period(years=1), date(2024, 2, 29), date(2025, 2, 28)),
        (Period(years=4), date(2096, 2, 29), date(2100, 2, 28)),
        (Period(years=1, months=1, days=1), date(2023, 1, 31), date(2024, 3, 1)),
        (Period(), date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_a_period_ends_on_the_day_a_lawyer_counts(period: Period, anchor: date, due: date) -> None:
    assert period.after(anchor) == due


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (Period(days=1), "1 day"),
        (Period(years=1, days=90), "1 year 90 days"),
        (Period(months=12), "12 months"),
        (Period(), "0 days"),
    ],
)
def test_a_period_is_named_as_letters_name_it(period: Period, words: str) -> None:
    assert str(period) == words


@pytest.mark.parametrize(
    "day",
    [
        date(2024, 1, 1),
        date(2021, 12, 31),  # New Year's Day of 2022 is a Saturday, kept on the Friday before
        date(2023, 1, 2),  # and that of 2023 a Sunday
        date(2024, 1, 15),
        date(2024, 2, 19),
        date(2024, 5, 27),
        date(2022, 6, 20),
        date(2026, 7, 3),
        date(2024, 9, 2),
        date(2024, 10, 14),
        date(2023, 11, 10),
        date(2024, 11, 28),
        date(2024, 12, 25),
    ],
)
def test_a_federal_holiday_is_no_working_day(day: date) -> None:
    assert not OFFICE.is_working_day(day)


def test_a_holiday_is_not_kept_before_its_first_year() -> None:
    juneteenth = HolidayRule("Juneteenth", month=6, day=19, since=2021)

    assert juneteenth.in_year(2020) is None
    assert juneteenth.in_year(2021) == date(2021, 6, 18)


def test_a_day_that_a_month_lacks_falls_on_its_last() -> None:
    assert HolidayRule("Leap", 2, day=29, observed=False).in_year(2025) == date(2025, 2, 28)
    assert HolidayRule("Leap", 2, day=29, observed=False).in_year(2024) == date(2024, 2, 29)


def test_a_fifth_weekday_is_kept_only_in_months_that_have_one() -> None:
    fifth = HolidayRule("Fifth Monday", month=4, weekday=0, nth=5)

    assert fifth.in_year(2024) == date(2024, 4, 29)
    assert fifth.in_year(2025) is None


def test_a_rule_without_day_or_weekday_is_never_kept() -> None:
    assert HolidayRule("Nothing", month=4).in_year(2024) is None


def test_a_calendar_without_holidays_has_weekends_only() -> None:
    bare = WorkingCalendar()

    assert bare.roll(date(2024, 6, 1)) == date(2024, 6, 3)
    assert bare.is_working_day(date(2024, 7, 4))


def test_the_last_year_of_the_calendar_is_counted_too() -> None:
    assert OFFICE.is_working_day(date(9999, 12, 29))


def test_working_days_are_counted_with_both_ends() -> None:
    # From a Wednesday over Independence Day, kept on Friday 3 July 2026, to the next Monday.
    assert OFFICE.working_days_between(date(2026, 7, 1), date(2026, 7, 6)) == 3
    assert OFFICE.working_days_between(date(2026, 7, 6), date(2026, 7, 1)) == 0
