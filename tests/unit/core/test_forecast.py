"""What is due against what can be held: the months of each visit, and which will be late."""

from __future__ import annotations

from datetime import date

from greenlane.core.forecast import Demand, add_months, forecast, last_of

ON = date(2026, 2, 1)


def visit(key: str, due_on: date, **more: date | None) -> Demand:
    return Demand(key, "X", due_on, **more)


def test_the_earliest_due_takes_the_earliest_place() -> None:
    demands = [visit("late", date(2026, 4, 30)), visit("soon", date(2026, 2, 20))]

    found = forecast(demands, {"X": 1}, on=ON)

    assert (found.expected["soon"].month, found.expected["soon"].is_late) == (ON, False)
    assert found.expected["late"].month == date(2026, 3, 1)
    assert not found.expected["late"].is_late


def test_what_does_not_fit_before_its_day_is_late_and_says_when() -> None:
    demands = [visit(f"v{n}", date(2026, 2, 28)) for n in range(3)]

    found = forecast(demands, {"X": 1}, on=ON)

    assert [found.expected[f"v{n}"].is_late for n in range(3)] == [False, True, True]
    assert found.expected["v2"].month == date(2026, 4, 1)


def test_the_present_month_counts_by_the_share_that_is_left() -> None:
    found = forecast([visit("a", date(2026, 2, 28))], {"X": 4}, on=date(2026, 2, 15))

    assert (found.slots[0].capacity, found.slots[1].capacity) == (2, 4)


def test_a_booked_visit_takes_its_place_even_above_the_capacity() -> None:
    demands = [
        visit("booked", date(2026, 6, 1), booked_on=date(2026, 2, 10)),
        visit("next", date(2026, 2, 28)),
    ]

    found = forecast(demands, {"X": 1}, on=ON)

    assert found.expected["booked"].is_booked
    assert found.expected["next"].month == date(2026, 3, 1)


def test_a_booked_visit_after_its_day_is_late() -> None:
    demands = [visit("a", date(2026, 2, 5), booked_on=date(2026, 2, 10))]

    assert forecast(demands, {"X": 1}, on=ON).expected["a"].is_late


def test_a_deferred_visit_is_not_expected_before_its_new_day() -> None:
    demands = [visit("a", date(2026, 2, 5), not_before=date(2026, 6, 9))]

    found = forecast(demands, {"X": 9}, on=ON).expected["a"]

    assert (found.month, found.is_late) == (date(2026, 6, 1), True)


def test_without_a_capacity_nothing_is_guessed() -> None:
    found = forecast([visit("a", date(2026, 5, 5)), visit("b", date(2026, 1, 5))], {}, on=ON)

    assert found.slots == ()
    assert (found.expected["a"].month, found.expected["a"].is_late) == (None, False)
    assert found.expected["b"].is_late


def test_a_capacity_of_nothing_makes_everything_late() -> None:
    found = forecast([visit("a", date(2026, 5, 5))], {"X": 0}, on=ON, months=6)

    assert (found.expected["a"].month, found.expected["a"].is_late) == (None, True)


def test_months_are_counted_over_the_turn_of_a_year() -> None:
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 1)
    assert last_of(date(2028, 2, 1)) == date(2028, 2, 29)


def test_a_visit_booked_beyond_the_span_takes_no_place_in_it() -> None:
    found = forecast([visit("far", date(2026, 2, 5), booked_on=date(2099, 1, 5))], {"X": 1}, on=ON)

    assert found.expected["far"].month == date(2099, 1, 1)
    assert found.expected["far"].is_booked
