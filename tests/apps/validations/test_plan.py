"""Who must be validated when, by which reading, what will be late; capacity and decrees."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from greenlane.apps.audit.verify import verify
from greenlane.apps.members.actions.steps import office_step, step
from greenlane.apps.validations import plans
from greenlane.apps.validations.actions import planning
from greenlane.core.errors import BadInput, NotAllowed
from greenlane.core.facts import FactValue
from greenlane.core.lifecycle.decide import Actor
from tests.factories.certified import CERTIFIED_ON, Member, a_member, moment
from tests.factories.people import the_program

pytestmark = pytest.mark.django_db

HELD: dict[str, FactValue] = {
    "validation.scope_is_set": True,
    "validation.notice_is_waived": True,
    "validation.required_actions_open": 0,
    "vetting.secondary_is_done": True,
    "vetting.has_open_hit": False,
    "vetting.screening_is_current": True,
}


def validated(member: Member, day: date, *, band: str = "normal", act: str = "T08") -> None:
    """Hold a whole validation on one day, by the table alone."""
    acts = ["X01", "X02", "X03", "X04", "X05", "X06", "X08", act]
    roles = {"X06": "point_of_contact", act: "director"}
    given = {
        "X02": {"visit_on": day.isoformat()},
        "X04": {"effort_days": "2"},
        act: {"risk_band": band},
    }
    for minutes, one in enumerate(acts):
        step(
            account=member.account,
            act=one,
            by=member.by(roles.get(one, "specialist")),
            at=moment(day, minutes),
            given=given.get(one),
            facts=HELD,
        )


def row(member: Member, on: date) -> plans.PlanRow:
    found = plans.plan_row(the_program(), member.account, on=on)
    assert found is not None
    return found


def start(director: Actor, day: date = date(2025, 1, 2)) -> None:
    office_step(program=the_program(), act="O00", by=director, at=moment(day))


class TestReadings:
    def test_a_certified_member_is_due_within_one_year(self) -> None:
        member = a_member()

        found = row(member, CERTIFIED_ON + timedelta(days=30))

        assert [duty.id for duty in found.readings] == ["D04"]
        assert found.due.due_on == date(2027, 5, 4)
        assert found.due.deadline.source.citation == "6 U.S.C. 965"

    def test_a_validated_member_shows_every_reading_and_the_earliest_wins(self) -> None:
        member = a_member()
        validated(member, date(2026, 9, 1), band="elevated")

        found = row(member, date(2026, 12, 1))

        assert [(d.id, d.due_on) for d in found.readings] == [
            ("D05-R", date(2028, 9, 1)),
            ("D05", date(2030, 9, 1)),
            ("D05-P", date(2030, 9, 1)),
        ]
        assert all(duty.deadline.source.citation for duty in found.readings)
        assert found.risk_band == "elevated"

    def test_a_missed_window_stays_a_breach_beside_the_day_that_runs(self) -> None:
        member = a_member(certified_on=date(2020, 6, 1))
        validated(member, date(2021, 1, 15))
        validated(member, date(2025, 3, 1), act="T09")

        found = row(member, date(2026, 1, 1))

        assert [(d.name, d.due_on) for d in found.breaches] == [("D05#1", date(2025, 1, 15))]
        assert [(d.name, d.due_on) for d in found.filled] == [("D05#2", date(2029, 1, 15))]
        assert (found.due.id, found.due.due_on) == ("D05-P", date(2029, 3, 1))

    def test_P1_no_visit_moves_the_day_that_the_law_counts_from(self) -> None:
        member = a_member(certified_on=date(2020, 3, 31))
        validated(member, date(2021, 2, 1))
        validated(member, date(2023, 6, 1), act="T09")

        later = row(member, date(2025, 7, 1)).readings

        (window,) = [duty for duty in later if duty.id == "D05"]
        assert (window.anchor_on, window.cycle) == (date(2021, 2, 1), 2)
        assert window.due_on == date(2029, 2, 1)


class TestPlan:
    def test_P2_every_active_member_is_in_the_plan_or_not_due_and_a_past_day_repeats(self) -> None:
        first, second = a_member(), a_member()
        validated(second, date(2026, 9, 1))
        day = date(2026, 12, 1)

        plan = plans.plan_of(the_program(), year=2027, on=day)

        assert [one.stream for one in plan.rows] == [first.stream]
        assert plan.not_due == 1
        before = plans.plan_of(the_program(), year=2027, on=date(2026, 8, 1))
        assert {one.stream for one in before.rows} == {first.stream, second.stream}
        validated(first, date(2026, 12, 20))
        again = plans.plan_of(the_program(), year=2027, on=date(2026, 8, 1))
        assert [one.due for one in again.rows] == [one.due for one in before.rows]

    def test_P3_offices_are_filters_of_one_plan(self) -> None:
        newark, laredo = a_member(), a_member(office="LAREDO")
        day = date(2026, 12, 1)

        whole = plans.plan_of(the_program(), year=2027, on=day)
        part = plans.plan_of(the_program(), year=2027, on=day, offices=frozenset({"LAREDO"}))

        assert {one.stream for one in whole.rows} == {newark.stream, laredo.stream}
        assert [one for one in whole.rows if one.office == "LAREDO"] == list(part.rows)

    def test_P25_the_plan_says_now_what_will_be_late(self) -> None:
        members = [a_member() for _ in range(3)]
        day = date(2027, 4, 1)
        start(members[0].by("director"))
        for office in ("NEWARK", ""):
            planning.set_capacity(
                program=the_program(),
                office=office,
                visits=0 if office else 9,
                by=members[0].by("director"),
                at=moment(date(2027, 1, 4)),
            )

        none = plans.plan_of(the_program(), year=2027, on=day)

        assert len(none.late) == 3
        planning.set_capacity(
            program=the_program(),
            office="NEWARK",
            visits=2,
            by=members[0].by("field_manager"),
            at=moment(date(2027, 1, 5)),
        )
        some = plans.plan_of(the_program(), year=2027, on=day)
        # Three specialists of the office at two visits a month hold three visits within April.
        assert (some.offices[0].specialists, some.offices[0].monthly) == (3, 6)
        assert some.late == ()

    def test_P25_a_capacity_that_nobody_set_is_not_guessed(self) -> None:
        a_member()

        plan = plans.plan_of(the_program(), year=2027, on=date(2026, 12, 1))

        assert plan.offices[0].monthly is None
        assert plan.rows[0].expected is not None
        assert plan.rows[0].expected.month is None

    def test_P9_an_adopted_plan_keeps_the_figures_that_the_law_asks_for(self) -> None:
        member = a_member()
        start(member.by("director"))

        planning.adopt_plan(
            program=the_program(), year=2027, by=member.by("director"), at=moment(date(2026, 9, 30))
        )

        (kept,) = plans.adopted_plans()
        assert (kept.year, kept.due, kept.specialists) == (2027, 1, 1)
        assert verify().faults == []

    def test_capacity_is_the_offices_to_set_within_reason(self) -> None:
        member = a_member()
        start(member.by("director"))

        with pytest.raises(NotAllowed):
            planning.set_capacity(
                program=the_program(),
                office="NEWARK",
                visits=3,
                by=member.by("specialist"),
                at=moment(date(2026, 9, 1)),
            )
        with pytest.raises(BadInput):
            planning.set_capacity(
                program=the_program(),
                office="NEWARK",
                visits=500,
                by=member.by("director"),
                at=moment(date(2026, 9, 1)),
            )


class TestOutage:
    def test_P16_a_decree_stops_the_clocks_of_all_concerned_on_the_record(self) -> None:
        member = a_member()
        start(member.by("director"))
        before = row(member, date(2026, 8, 1)).due.due_on

        planning.decree_outage(
            program=the_program(),
            starts_on=date(2026, 9, 1),
            ends_on=date(2026, 9, 10),
            reason="outage.failure",
            includes_office=True,
            words="The system was down.",
            by=member.by("director"),
            at=moment(date(2026, 9, 11)),
        )

        after = row(member, date(2026, 9, 12)).due
        assert after.due_on == before + timedelta(days=10)
        assert "10 days added by decree" in after.why
        # A decree that leaves the office out does not move the office's own limits.
        assert row(member, date(2026, 9, 9)).due.due_on == before

    def test_P16_a_decree_that_leaves_the_office_out_moves_no_limit_of_the_office(self) -> None:
        member = a_member()
        start(member.by("director"))
        before = row(member, date(2026, 8, 1)).due.due_on

        planning.decree_outage(
            program=the_program(),
            starts_on=date(2026, 9, 1),
            ends_on=date(2026, 9, 10),
            reason="outage.planned",
            includes_office=False,
            words="Maintenance.",
            by=member.by("director"),
            at=moment(date(2026, 8, 30)),
        )

        assert row(member, date(2026, 9, 12)).due.due_on == before
