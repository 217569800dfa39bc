"""Sets what is due against what can be held: which visits will be late, said before they are.

A pure function of demands and capacities; it decides nothing and changes no date. Months are
calendar months, written as their first day.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

HORIZON_MONTHS: Final = 36


@dataclass(frozen=True, slots=True)
class Demand:
    """One visit that somebody owes.

    Attributes:
        key: Stable key of whose visit it is.
        pool: Who can hold it: a field office.
        due_on: Last day.
        not_before: Earliest day: a deferred visit is not taken up before its new day.
        booked_on: Day that is planned already; it takes its place whatever the capacity.
    """

    key: str
    pool: str
    due_on: date
    not_before: date | None = None
    booked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One month of one pool: how many visits can be held, and how many are set into it."""

    pool: str
    month: date
    capacity: int
    used: int


@dataclass(frozen=True, slots=True)
class Expected:
    """When a visit can be held at the earliest. ``month`` None: not within the horizon."""

    month: date | None
    is_late: bool
    is_booked: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """What comes of all demands: the expected month of each, and the months of each pool."""

    expected: Mapping[str, Expected]
    slots: tuple[Slot, ...]


def forecast(
    demands: Iterable[Demand],
    monthly: Mapping[str, int],
    *,
    on: date,
    months: int = HORIZON_MONTHS,
) -> Forecast:
    """Return when each visit can be held, the earliest due first.

    Args:
        demands: Visits owed; of a pool without a capacity nothing is expected (None, and late only
            once its day has passed): what the office has not set is not guessed.
        monthly: Visits that a pool can hold in a whole month.
        on: The day of the question; the present month counts by the share that is left of it.
        months: How far to look, the present month included.

    Returns:
        A visit is late when the month it can be held in begins after its due day.

    Example:
        >>> found = forecast([Demand("a", "X", date(2026, 2, 10)), Demand("b", "X",
        ...     date(2026, 2, 20))], {"X": 1}, on=date(2026, 2, 1))
        >>> found.expected["b"].month, found.expected["b"].is_late
        (datetime.date(2026, 3, 1), True)
    """
    span = [add_months(on, offset) for offset in range(months)]
    room = {
        pool: {month: _capacity(visits, month, on) for month in span}
        for pool, visits in monthly.items()
    }
    used = {pool: dict.fromkeys(span, 0) for pool in monthly}
    expected: dict[str, Expected] = {}
    waiting: list[Demand] = []
    for demand in demands:
        if demand.booked_on is None:
            waiting.append(demand)
            continue
        month = max(demand.booked_on, on).replace(day=1)
        if demand.pool in used and month in used[demand.pool]:
            used[demand.pool][month] += 1
        expected[demand.key] = Expected(month, demand.booked_on > demand.due_on, is_booked=True)
    for demand in sorted(waiting, key=lambda one: (one.due_on, one.key)):
        expected[demand.key] = _placed(demand, room, used, span, on)
    slots = tuple(
        Slot(pool, month, room[pool][month], used[pool][month])
        for pool in sorted(monthly)
        for month in span
    )
    return Forecast(expected, slots)


def _placed(
    demand: Demand,
    room: Mapping[str, Mapping[date, int]],
    used: Mapping[str, dict[date, int]],
    span: list[date],
    on: date,
) -> Expected:
    if demand.pool not in room:
        return Expected(None, demand.due_on < on)
    earliest = max(on, demand.not_before or on).replace(day=1)
    for month in span:
        if month >= earliest and used[demand.pool][month] < room[demand.pool][month]:
            used[demand.pool][month] += 1
            return Expected(month, demand.due_on < max(month, on))
    return Expected(None, is_late=True)


def _capacity(visits: int, month: date, on: date) -> int:
    """Return the visits of a month; of the present one the share that is left, rounded down."""
    days = calendar.monthrange(month.year, month.month)[1]
    if month != on.replace(day=1):
        return visits
    return visits * (days - on.day + 1) // days


def add_months(day: date, months: int) -> date:
    """Return the first day of the month that lies ``months`` after that of ``day``."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def last_of(month: date) -> date:
    """Return the last day of a month."""
    return add_months(month, 1) - timedelta(days=1)
