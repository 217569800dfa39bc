"""The health report: every member in one line, every number from the steps known on the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from greenlane.content.packs import load_program
from greenlane.core.deadlines import duties, worst
from greenlane.core.health import Health, Life, health, waits_since
from greenlane.core.lifecycle.standing import Step, fold, known_on
from greenlane.core.marks import Mark
from greenlane.core.vocabulary import Axis

CTPAT = load_program("ctpat")
MEMBERSHIP = Axis.MEMBERSHIP


def step(seq: int, on: date, *marks: Mark, to: str = "", recorded: date | None = None) -> Step:
    changes = {MEMBERSHIP: to} if to else {}
    return Step(seq, "T00", on, recorded or on, changes, marks)


def life(stream: str, steps: Sequence[Step], on: date, office: str = "MIA") -> Life:
    known = known_on(steps, on=on)
    owed = duties(CTPAT, steps, on=on)
    return Life(stream, "importer", office, fold("importer", known), known, owed, worst(owed))


CERTIFIED = [
    step(1, date(2025, 1, 10), Mark.OPENED, to="PRE_APPLICANT"),
    step(2, date(2025, 2, 1), Mark.APPLICATION_RECEIVED, to="APPLICANT"),
    step(3, date(2025, 3, 1), Mark.CERTIFIED, to="CERTIFIED"),
]
APPLYING = [
    step(1, date(2026, 1, 5), Mark.OPENED, to="PRE_APPLICANT"),
    step(2, date(2026, 2, 1), Mark.APPLICATION_RECEIVED, to="APPLICANT"),
]


def report(on: date) -> Health:
    lives = [life("A-1", CERTIFIED, on), life("A-2", APPLYING, on, office="")]
    return health(CTPAT, [one for one in lives if one.steps], on=on)


def values(found: Health, table: str) -> dict[str, tuple[object, ...]]:
    return {line.key: line.values for line in found.table(table).lines}


def test_every_member_stands_in_exactly_one_line_of_the_buckets() -> None:
    found = report(date(2026, 6, 1))

    buckets = values(found, "bucket")
    assert found.members == 1
    assert sum(int(str(count)) for (count,) in buckets.values()) == found.members


def test_a_member_never_validated_is_overdue_and_has_no_reason_yet() -> None:
    # Nobody validated the member within a year of its certification: P2's forgotten member.
    found = report(date(2026, 6, 1))

    overdue = {
        (line.values[0], line.values[3])
        for line in found.table("overdue").lines
        if line.key.startswith("A-1:")
    }
    assert overdue == {("A-1", "-")}
    assert values(found, "office")["MIA"] == (1, 1)


def test_an_application_waits_from_the_day_it_was_received_until_it_is_decided() -> None:
    before = values(report(date(2025, 2, 11)), "waiting")["application"]
    decided = values(report(date(2025, 3, 2)), "waiting")["application"]
    other = values(report(date(2026, 2, 11)), "waiting")["application"]

    assert before == (1, 10, 10)
    assert decided == (0, None, None)
    assert other == (1, 10, 10)


def test_the_year_counts_acts_of_365_days_and_no_more() -> None:
    last_day = values(report(date(2026, 2, 28)), "year")["certified"]
    too_old = values(report(date(2026, 3, 1)), "year")["certified"]

    assert last_day == (1, 1)
    assert too_old == (0, 0)


def test_the_age_in_a_status_counts_from_the_step_that_set_it() -> None:
    ages = values(report(date(2025, 3, 31)), "age_in_status")

    assert ages == {"CERTIFIED": (1, 30, 30)}


def test_two_ages_with_a_half_between_them_are_rounded_up() -> None:
    on = date(2026, 2, 2)
    lives = [life("A-1", APPLYING, on), life("A-2", APPLYING, date(2026, 2, 1))]

    found = health(CTPAT, lives, on=on)

    assert values(found, "age_in_status")["APPLICANT"] == (2, 1, 1)


def test_a_matter_that_began_twice_waits_since_the_first_time() -> None:
    begins, ends = frozenset({Mark.SUSPENDED}), frozenset({Mark.REINSTATED})
    steps = [
        step(1, date(2026, 1, 1), Mark.SUSPENDED),
        step(2, date(2026, 1, 9), Mark.SUSPENDED),
    ]

    assert waits_since(steps, begins=begins, ends=ends) == date(2026, 1, 1)
    again = [*steps, step(3, date(2026, 2, 1), Mark.REINSTATED)]
    assert waits_since(again, begins=begins, ends=ends) is None


def test_every_table_says_what_it_counts_in_both_languages() -> None:
    found = report(date(2026, 6, 1))

    for table in found.tables:
        english, spanish = table.as_json("en"), table.as_json("es")
        assert english["definition"]
        assert english["definition"] != spanish["definition"]
        assert english["title"] != spanish["title"]
        assert {column.unit for column in table.columns}


def test_the_json_names_each_value_by_its_column() -> None:
    shown = report(date(2025, 3, 31)).as_json()

    assert shown["on"] == "2025-03-31"
    assert shown["known"] == "then"
    tables = shown["tables"]
    assert isinstance(tables, list)
    first = tables[0]
    assert isinstance(first, dict)
    assert first["lines"] == [{"key": "CERTIFIED", "title": "Certified", "accounts": 1}]


def test_a_reason_that_was_given_is_counted_beside_the_overdue_duty() -> None:
    given = {"duty": "D04", "reason": "overdue.travel"}
    told = Step(4, "O01", date(2026, 5, 4), date(2026, 5, 4), {}, (), given)
    on = date(2026, 6, 1)

    silent = values(health(CTPAT, [life("A-1", CERTIFIED, on)], on=on), "duties")["D04"]
    explained = values(health(CTPAT, [life("A-1", [*CERTIFIED, told], on)], on=on), "duties")["D04"]

    changed = [place for place, count in enumerate(silent) if explained[place] != count]
    assert [(silent[place], explained[place]) for place in changed] == [(0, 1)]


def test_an_account_without_a_status_has_no_age_in_one() -> None:
    bare = [step(1, date(2025, 1, 10), Mark.OPENED)]
    on = date(2025, 6, 1)

    found = health(CTPAT, [life("A-1", bare, on)], on=on)

    assert all(line.values[0] == 0 for line in found.table("age_in_status").lines)
