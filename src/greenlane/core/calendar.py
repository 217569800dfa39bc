"""Day counting: periods, anniversaries, working days, holidays by rule.

All periods are calendar days unless a name says working days. Nothing here knows today's date.
"""

from __future__ import annotations

import calendar as _calendar
from dataclasses import dataclass, field
from datetime import MAXYEAR, date, timedelta
from functools import lru_cache

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time: years, months and days, added in that order. Never negative."""

    years: int = 0
    months: int = 0
    days: int = 0

    def after(self, anchor: date) -> date:
        """Return the day this period after ``anchor``.

        29 February becomes 28 February where the year has none (ruling R4).

        Example:
            >>> Period(years=1).after(date(2024, 2, 29))
            datetime.date(2025, 2, 28)
            >>> Period(years=4).after(date(2024, 2, 29))
            datetime.date(2028, 2, 29)
        """
        return _after(anchor, self.years, self.months, self.days)

    def __str__(self) -> str:
        """Return the period in words, as letters name it: ``90 days``, ``1 year``."""
        parts = [
            f"{count} {unit if count == 1 else unit + 's'}"
            for count, unit in ((self.years, "year"), (self.months, "month"), (self.days, "day"))
            if count
        ]
        return " ".join(parts) or "0 days"


@lru_cache(maxsize=65_536)
def _after(anchor: date, years: int, months: int, days: int) -> date:
    month_index = anchor.year * 12 + anchor.month - 1 + years * 12 + months
    year, month = divmod(month_index, 12)
    last_day = _calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor.day, last_day)) + timedelta(days=days)


def anniversary(anchor: date, years: int) -> date:
    """Return the ``years``-th anniversary, always counted from the anchor, never chained (R4).

    Example:
        >>> anniversary(date(2024, 2, 29), 3)
        datetime.date(2027, 2, 28)
    """
    return _after(anchor, years, 0, 0)


@dataclass(frozen=True, slots=True)
class HolidayRule:
    """One yearly holiday.

    Either ``month`` and ``day`` (moved to Friday or Monday when ``observed`` and on a weekend), or
    ``month``, ``weekday`` (0 is Monday) and ``nth`` (1-5, or -1 for the last).
    ``since`` is the first year it was kept. A 29 February falls on the 28th where the year has none
    (R4); a fifth weekday that a month does not have is not kept in that year.
    """

    name: str
    month: int
    day: int | None = None
    weekday: int | None = None
    nth: int | None = None
    observed: bool = True
    since: int = 1

    def in_year(self, year: int) -> date | None:
        """Return the day the holiday is kept in ``year``, or None before it existed."""
        if year < self.since:
            return None
        last_day = _calendar.monthrange(year, self.month)[1]
        if self.day is not None:
            kept = date(year, self.month, min(self.day, last_day))
            if self.observed and kept.weekday() >= _SATURDAY:
                return kept + timedelta(days=-1 if kept.weekday() == _SATURDAY else 1)
            return kept
        if self.weekday is None or self.nth is None:
            return None
        if self.nth < 0:
            last = date(year, self.month, last_day)
            return last - timedelta(days=(last.weekday() - self.weekday) % 7)
        first = date(year, self.month, 1)
        later = (self.weekday - first.weekday()) % 7 + 7 * (self.nth - 1)
        return first + timedelta(days=later) if later < last_day else None


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The working days of a program office: Monday to Friday, less its holidays."""

    holidays: tuple[HolidayRule, ...] = ()
    _years: dict[int, frozenset[date]] = field(
        default_factory=dict, compare=False, hash=False, repr=False
    )
    # Kept, since the accounts of a program share some two thousand days.
    _rolled: dict[date, date] = field(default_factory=dict, compare=False, hash=False, repr=False)

    def is_working_day(self, day: date) -> bool:
        """Tell whether ``day`` is a working day of the office."""
        if day.weekday() >= _SATURDAY:
            return False
        return day not in self._holidays_of(day.year)

    def _holidays_of(self, year: int) -> frozenset[date]:
        known = self._years.get(year)
        if known is None:
            # New Year's Day may be observed on 31 December of the year before.
            years = (year, min(year + 1, MAXYEAR))
            kept = (rule.in_year(y) for y in years for rule in self.holidays)
            known = frozenset(day for day in kept if day is not None and day.year == year)
            self._years[year] = known
        return known

    def roll(self, day: date) -> date:
        """Return ``day`` itself when it is a working day, else the next working day."""
        rolled = self._rolled.get(day)
        if rolled is None:
            rolled = day
            while not self.is_working_day(rolled):
                rolled += timedelta(days=1)
            self._rolled[day] = rolled
        return rolled

    def working_days_between(self, first: date, last: date) -> int:
        """Count working days in ``[first, last]``; 0 when ``last`` lies before ``first``."""
        span = (last - first).days
        return sum(self.is_working_day(first + timedelta(days=i)) for i in range(span + 1))
