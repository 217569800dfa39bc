"""The register at work: days as a lawyer counts them, states as the rulings say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from greenlane.core.calendar import HolidayRule, Period
from greenlane.core.case import Case
from greenlane.core.deadlines import (
    Decree,
    Duty,
    duties,
    duty_facts,
    duty_json,
    next_revalidation,
    next_window,
    worst,
)
from greenlane.core.lifecycle.standing import CORRECTS, RIGHT_ON, Step
from greenlane.core.marks import Mark
from greenlane.core.program import Count, Deadline
from greenlane.core.vocabulary import DutyNature, DutyState, Side
from tests.unit.core.stories import CTPAT, day, duty_of, steps

OPEN, OVERDUE, MET = DutyState.OPEN, DutyState.OVERDUE, DutyState.MET
LAPSED, STOPPED = DutyState.LAPSED, DutyState.STOPPED
CERTIFIED = steps(("2023-05-15", "certified"))


def decree(starts: str, ends: str | None, *, office: bool = False, recorded: str = "") -> Decree:
    return Decree(1, day(starts), day(ends) if ends else None, office, day(recorded or starts))


def test_before_the_first_step_there_is_no_duty() -> None:
    assert duties(CTPAT, CERTIFIED, on=day("2023-05-14")) == []
    assert duties(CTPAT, [], on=day("2023-05-14")) == []
    assert duties(CTPAT, CERTIFIED, on=day("2023-05-15"), stream="nowhere") == []


def test_a_limit_is_open_on_its_day_and_overdue_on_the_next() -> None:
    assert duty_of(CERTIFIED, "D04", "2024-05-15").state is OPEN
    late = duty_of(CERTIFIED, "D04", "2024-05-17")

    assert (late.state, late.is_late, late.days_left) == (OVERDUE, True, -2)
    assert late.why == "1 year from S1 of 2023-05-15"
    assert (late.key, late.name) == ("D04:1:0", "D04")


def test_a_company_duty_rolls_and_a_right_does_not() -> None:
    chain = steps(("2024-06-10", "suspended decided_noncompliance"))

    # 90 days from 10 June 2024 are Sunday, 8 September.
    assert duty_of(chain, "D11", "2024-09-09").state is OPEN
    assert duty_of(chain, "D11", "2024-09-09").why.endswith("2024-09-08 is no working day")
    assert duty_of(chain, "D12", "2024-09-09").state is LAPSED


def test_a_rejection_reopens_a_notice_until_the_next_submission() -> None:
    chain = steps(
        ("2024-03-04", "review_notice_sent"),
        ("2024-04-01", "review_submitted"),
        ("2024-04-08", "review_rejected"),
        ("2024-05-06", "review_submitted"),
    )

    assert duty_of(chain[:2], "D07", "2024-05-01").state is MET
    assert duty_of(chain[:3], "D07", "2024-05-01").state is OPEN
    assert duty_of(chain, "D07", "2024-05-06").met_on == day("2024-05-06")


def test_vetting_finished_before_the_assignment_meets_its_limit_at_once() -> None:
    before = steps(
        ("2024-01-02", "application_received"),
        ("2024-01-09", "vetting_completed"),
        ("2024-01-16", "assigned_to_specialist"),
    )
    of_another_application = steps(
        ("2023-01-09", "vetting_completed"),
        ("2024-01-02", "application_received"),
        ("2024-01-16", "assigned_to_specialist"),
    )

    assert duty_of(before, "D03", "2024-01-16").state is MET
    assert duty_of(of_another_application, "D03", "2024-01-16").state is OPEN


def test_each_anchor_of_a_duty_is_a_duty_of_its_own() -> None:
    chain = steps(("2020-01-06", "suspended reinstated"), ("2024-01-08", "suspended"))

    found = [d for d in duties(CTPAT, chain, on=day("2024-01-08")) if d.id == "D11"]

    assert [(d.anchor_seq, d.state) for d in found] == [(1, OVERDUE), (2, OPEN)]


def test_closing_an_account_ends_its_duties_and_a_granted_appeal_revives_them() -> None:
    closed = steps(("2023-05-15", "opened certified"), ("2023-09-04", "removed"))
    restored = steps(
        ("2023-05-15", "opened certified"),
        ("2023-09-04", "removed"),
        ("2023-12-04", "reinstated appeal_decided"),
    )

    ended = duty_of(closed, "D04", "2023-12-04")
    assert (ended.state, ended.why) == (
        LAPSED,
        "1 year from S1 of 2023-05-15; ended by S2 of 2023-09-04",
    )
    assert duty_of(restored, "D04", "2023-12-04").state is OPEN


def test_a_reinstatement_in_a_second_life_does_not_revive_the_first() -> None:
    chain = steps(
        ("2015-05-15", "opened certified"),
        ("2016-03-07", "withdrawn"),
        ("2020-01-06", "reapplied application_received"),
        ("2020-04-06", "certified"),
        ("2020-06-01", "suspended"),
        ("2020-07-06", "reinstated"),
    )

    first, second = (d for d in duties(CTPAT, chain, on=day("2020-07-06")) if d.id == "D04")

    assert (first.state, second.state) == (LAPSED, OPEN)


def test_what_came_after_the_closing_does_not_meet_what_was_due_before() -> None:
    chain = steps(
        ("2015-05-15", "certified"), ("2016-03-07", "withdrawn"), ("2020-04-06", "validated")
    )

    assert duty_of(chain, "D04", "2020-04-06").state is LAPSED


def test_an_account_closed_by_two_marks_is_closed_once() -> None:
    chain = steps(("2024-06-10", "suspended"), ("2024-09-10", "closed_for_no_answer withdrawn"))

    assert duty_of(chain, "D15", "2025-09-10").state is OPEN
    assert duty_of(chain, "D15", "2025-09-11").state is LAPSED


def test_a_bar_ends_when_the_decision_falls() -> None:
    chain = steps(("2024-09-10", "closed_for_no_answer"), ("2024-11-04", "reinstated"))

    assert duty_of(chain, "D15", "2024-11-04").state is LAPSED


def test_a_window_is_met_inside_it_or_never() -> None:
    chain = steps(("2012-05-10", "validated"), ("2021-04-19", "revalidated"))

    states = [d.state for d in duties(CTPAT, chain, on=day("2024-05-11")) if d.id == "D05"]

    assert states == [OVERDUE, OVERDUE, MET, OPEN]


def test_a_closed_account_has_no_further_windows_and_keeps_the_missed_ones() -> None:
    chain = steps(
        ("2012-05-10", "validated"),
        ("2017-05-10", "withdrawn"),
        ("2018-05-10", "reapplied"),
        ("2019-05-10", "validated"),
    )

    found = [d for d in duties(CTPAT, chain, on=day("2022-01-03")) if d.id == "D05"]

    assert [(d.anchor_seq, d.cycle, d.state) for d in found] == [
        (1, 1, OVERDUE),
        (1, 2, LAPSED),
        (4, 1, OPEN),
    ]


def test_the_earliest_reading_of_the_four_years_wins_and_each_is_shown() -> None:
    chain = steps(
        ("2012-05-10", "validated", {"risk_band": "elevated"}),
        ("2015-05-10", "revalidated", {"risk_band": "high"}),
    )
    readings = {"D05": "statute", "D05-P": "policy", "D05-R": "risk"}

    found = next_revalidation(duties(CTPAT, chain, on=day("2021-01-04")), readings)

    assert {key: duty.due_on.isoformat() for key, duty in found.items()} == {
        "statute": "2020-05-10",
        "policy": "2019-05-10",
        "risk": "2016-05-10",
    }


def test_a_band_without_an_interval_sets_no_day() -> None:
    chain = steps(("2012-05-10", "validated"))

    assert [d.id for d in duties(CTPAT, chain, on=day("2013-01-07"))] == ["D05", "D05-P"]


def test_a_review_meets_the_year_in_whose_window_it_lies_and_late_what_was_missed() -> None:
    chain = steps(("2023-05-15", "certified"), ("2025-03-03", "review_submitted"))

    first = duty_of(chain, "D06", "2025-03-03", cycle=1)
    second = duty_of(chain, "D06", "2025-03-03", cycle=2)

    assert (first.state, first.is_late) == (MET, True)
    assert (second.state, second.is_late) == (MET, False)
    assert first.why == "anniversary 1 of S1 of 2023-05-15; met by S2 of 2025-03-03 (late)"


def test_a_closed_account_has_no_further_anniversaries() -> None:
    chain = steps(("2023-05-15", "certified"), ("2024-06-03", "withdrawn"))

    found = [d for d in duties(CTPAT, chain, on=day("2030-01-07")) if d.id == "D06"]

    assert [(d.cycle, d.state) for d in found] == [(1, LAPSED)]


def test_an_account_carried_over_owes_no_review_of_the_years_before() -> None:
    chain = steps(("2015-03-02<2024-03-11", "opened split certified"))

    found = [d for d in duties(CTPAT, chain, on=day("2025-01-06")) if d.id == "D06"]

    assert [d.cycle for d in found] == [10]


def deadline(**changes: object) -> Deadline:
    plain = Deadline(
        id="D90",
        title=CTPAT.deadlines["D06"].title,
        owed_by=Side.COMPANY,
        nature=DutyNature.DUTY,
        count=Count.YEARLY,
        anchors=frozenset({Mark.CERTIFIED}),
        met_by=frozenset({Mark.REVIEW_SUBMITTED}),
        source=CTPAT.deadlines["D06"].source,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # the fields of the test's own rule


def only(rule: Deadline, chain: list[Step], on: str) -> list[Duty]:
    program = replace(CTPAT, deadlines={rule.id: rule})
    return duties(program, chain, on=day(on))


def test_where_any_review_counts_a_late_one_does_not_count_twice() -> None:
    rule = deadline(any_review_counts=True, window=Period(days=90))
    chain = steps(("2023-05-15", "certified"), ("2024-06-03", "review_submitted"))

    states = [duty.state for duty in only(rule, chain, "2025-03-03")]

    assert states == [MET, OPEN]


def test_a_yearly_duty_without_window_opens_on_its_day() -> None:
    assert only(deadline(), CERTIFIED, "2024-05-14") == []
    assert [duty.state for duty in only(deadline(), CERTIFIED, "2024-05-15")] == [OPEN]


@pytest.mark.parametrize(
    "rule",
    [
        deadline(count=Count.WINDOWS),
        deadline(count=Count.AFTER),
        deadline(count=Count.BEFORE_VISIT),
        deadline(count=Count.CALENDAR),
        deadline(count=Count.SPAN),
        deadline(count=Count.SPAN, starts_on=date(2025, 12, 1)),
    ],
)
def test_a_rule_the_office_has_not_finished_computes_nothing(rule: Deadline) -> None:
    assert only(rule, CERTIFIED, "2024-05-15") == []


@pytest.mark.parametrize(
    ("office", "states"), [(False, (STOPPED, OPEN)), (True, (STOPPED, STOPPED))]
)
def test_an_outage_stops_the_company_and_the_office_only_by_its_words(
    office: bool, states: tuple[DutyState, DutyState]
) -> None:
    chain = steps(("2024-03-04", "certified review_notice_sent"))
    stop = (decree("2024-05-06", "2024-05-10", office=office),)

    company = duty_of(chain, "D07", "2024-05-08", decrees=stop)
    limit = duty_of(chain, "D04", "2024-05-08", decrees=stop)

    assert (company.state, limit.state) == states
    assert company.due_on == day("2024-06-07")
    assert company.why.endswith("5 days added by decree; the clock stands still by decree")


def test_each_day_of_two_overlapping_outages_counts_once() -> None:
    chain = steps(("2024-03-04", "review_notice_sent"))
    both = (
        decree("2024-05-06", "2024-05-10"),
        decree("2024-05-08", "2024-05-12"),
        decree("2024-05-07", "2024-05-09"),
    )

    assert duty_of(chain, "D07", "2024-05-20", decrees=both).due_on == day("2024-06-10")


def test_an_outage_without_an_end_goes_on_adding_days() -> None:
    chain = steps(("2024-03-04", "review_notice_sent"))
    endless = (decree("2024-05-06", None),)

    assert duty_of(chain, "D07", "2024-05-06", decrees=endless).due_on == day("2024-06-03")
    assert duty_of(chain, "D07", "2024-05-20", decrees=endless).due_on == day("2024-06-17")
    assert duty_of(chain, "D07", "2024-05-20", decrees=endless).state is STOPPED


def test_an_outage_before_the_anchor_or_after_the_due_day_moves_nothing() -> None:
    chain = steps(("2024-03-04", "review_notice_sent"))
    outside = (decree("2024-02-05", "2024-03-04"), decree("2024-06-04", "2024-06-30"))

    found = duty_of(chain, "D07", "2024-07-01", decrees=outside)

    assert (found.due_on, found.state) == (day("2024-06-03"), OVERDUE)


def test_an_outage_on_the_working_day_a_duty_rolls_to_still_counts() -> None:
    # 90 days from 10 June are Sunday, 8 September; the duty runs on to Monday.
    chain = steps(("2024-06-10", "suspended"))

    found = duty_of(chain, "D11", "2024-09-09", decrees=(decree("2024-09-09", "2024-09-09"),))

    assert (found.state, found.due_on) == (STOPPED, day("2024-09-09"))


def test_a_bar_runs_on_through_an_outage() -> None:
    chain = steps(("2024-09-10", "closed_for_no_answer"))
    stop = (decree("2025-01-06", "2025-03-03", office=True),)

    assert duty_of(chain, "D15", "2025-03-03", decrees=stop).due_on == day("2025-09-10")


def test_a_past_day_knows_only_the_decrees_recorded_by_then() -> None:
    chain = steps(("2024-03-04", "review_notice_sent"))
    later = (decree("2024-05-06", "2024-05-10", recorded="2024-05-13"),)

    then = duty_of(chain, "D07", "2024-05-08", decrees=later)
    now = duty_of(chain, "D07", "2024-05-08", decrees=later, known_now=True)

    assert (then.state, now.state) == (OPEN, STOPPED)


def test_the_end_of_a_review_moves_only_by_days_inside_its_window() -> None:
    stop = (decree("2023-08-07", "2023-08-11"), decree("2024-04-01", "2024-04-05"))

    found = duty_of(CERTIFIED, "D06", "2024-04-02", decrees=stop)

    assert (found.opens_on, found.due_on) == (day("2024-02-15"), day("2024-05-20"))


def test_notice_is_counted_back_from_the_visit_and_a_moved_visit_ends_the_old_limit() -> None:
    chain = steps(
        ("2024-09-02", "validation_scheduled", {"visit_on": "2024-10-07"}),
        ("2024-09-03", "validation_scheduled"),
        ("2024-09-20", "validation_scheduled", {"visit_on": "2024-11-04"}),
        ("2024-10-01", "validation_notified"),
        ("2024-10-21", "validation_scheduled", {"visit_on": "2024-11-12"}),
        ("2024-10-28", "validation_deferred"),
        ("2024-11-04", "validation_scheduled", {"visit_on": "2025-01-06"}),
    )

    found = [d for d in duties(CTPAT, chain, on=day("2024-11-04")) if d.id == "D09"]

    assert [(d.anchor_seq, d.due_on.isoformat(), d.state) for d in found] == [
        (1, "2024-09-07", LAPSED),
        (3, "2024-10-05", MET),
        (5, "2024-10-13", MET),
        (7, "2024-12-07", OPEN),
    ]


@pytest.mark.parametrize(
    ("rows", "state", "is_late"),
    [
        ([("2024-10-07", "X04", {"effort_days": "10"})], OPEN, False),
        ([("2024-10-07", "X04", {"effort_days": "11"})], OVERDUE, True),
        (
            [("2024-10-07", "X04", {"effort_days": "11"}), ("2024-10-08", "validation_closed")],
            MET,
            True,
        ),
        ([("2024-10-07", "X04", {"effort_days": "9"}), ("2024-10-08", "removed")], LAPSED, False),
    ],
)
def test_effort_is_a_limit_of_working_days_not_a_day(
    rows: list[tuple[str, str, dict[str, str]]], state: DutyState, is_late: bool
) -> None:
    chain = steps(("2024-09-02", "validation_opened"), *rows)

    found = duty_of(chain, "D10", "2024-12-02")

    assert (found.state, found.is_late) == (state, is_late)


def test_effort_after_the_case_was_closed_is_not_counted_to_it() -> None:
    chain = steps(
        ("2024-09-02", "validation_opened"),
        ("2024-10-08", "validation_closed"),
        ("2025-09-02", "validation_opened"),
        ("2025-10-07", "X04", {"effort_days": "11"}),
    )

    states = [d.state for d in duties(CTPAT, chain, on=day("2025-10-07")) if d.id == "D10"]

    assert states == [MET, OVERDUE]


def test_a_late_report_meets_its_year_and_not_the_next() -> None:
    chain = steps(
        ("2020-11-02", "program_started"),
        ("2021-03-01", "criteria_reviewed"),
        ("2022-12-30", "criteria_reviewed"),
    )

    found = duties(CTPAT, chain, on=day("2023-06-05"), stream="office")
    reviews = [(d.cycle, d.state, d.is_late) for d in found if d.id == "D16"]

    assert reviews == [(1, MET, True), (2, OVERDUE, True), (3, MET, False), (4, OPEN, False)]


def test_a_strategic_plan_is_due_every_fifth_year() -> None:
    chain = steps(("2020-11-02", "program_started"))

    found = duties(CTPAT, chain, on=day("2027-01-04"), stream="office")

    due = [d.due_on.isoformat() for d in found if d.id == "D18-S"]
    assert due == ["2021-10-01", "2026-10-01", "2031-10-01"]


def test_the_end_of_the_calendar_stops_nothing() -> None:
    chain = steps(("2020-11-02", "program_started"))

    found = duties(CTPAT, chain, on=date(9999, 12, 31), stream="office")

    assert max(d.due_on for d in found if d.id == "D16") == date(9999, 12, 31)
    assert duty_of(CERTIFIED, "D06", "9999-12-31").cycle == 9999 - 2023
    assert duty_of(steps(("2020-01-06", "validated")), "D05", "9999-12-31").due_on.year == 9996


def test_a_day_of_the_calendar_that_some_years_lack_is_looked_for_in_the_next() -> None:
    fifth = HolidayRule("Fifth Monday of April", month=4, weekday=0, nth=5)
    rule = deadline(count=Count.CALENDAR, on_day=fifth, nature=DutyNature.LIMIT)

    found = only(rule, CERTIFIED, "2024-05-01")

    assert [d.due_on.isoformat() for d in found] == ["2024-04-29", "2029-04-30"]


def test_a_pilot_that_ends_early_is_over() -> None:
    chain = steps(("2025-11-03", "program_started"), ("2027-02-01", "pilot_ended"))

    assert duty_of(chain[:1], "D20", "2027-02-01", stream="office").state is OPEN
    assert duty_of(chain, "D20", "2027-02-01", stream="office").state is LAPSED
    assert duty_of(chain[:1], "D20", "2030-12-02", stream="office").state is LAPSED


@pytest.mark.parametrize(
    ("named", "reason"), [("D05#1", "r"), ("D05:1:1", "r"), ("D05#2", ""), ("D04", "")]
)
def test_the_reason_given_stays_with_the_duty_it_names(named: str, reason: str) -> None:
    chain = steps(
        ("2012-05-10", "validated"), ("2017-01-09", "O01", {"duty": named, "reason": "r"})
    )

    assert duty_of(chain, "D05", "2018-01-08", cycle=1).reason == reason


def test_a_plain_name_means_the_duty_that_ran_when_the_reason_was_given() -> None:
    chain = steps(
        ("2012-05-10", "suspended"),
        ("2013-01-07", "O01", {"duty": "D11", "reason": "first"}),
        ("2014-05-10", "suspended"),
        ("2015-01-05", "O01", {"duty": "D11", "reason": "second"}),
    )

    reasons = [d.reason for d in duties(CTPAT, chain, on=day("2015-01-05")) if d.id == "D11"]

    assert reasons == ["first", "second"]


def test_the_reason_for_too_much_effort_is_kept() -> None:
    chain = steps(
        ("2024-09-02", "validation_opened"),
        ("2024-10-07", "X04", {"effort_days": "11"}),
        ("2024-10-08", "O01", {"duty": "D10", "reason": "r"}),
    )

    assert duty_of(chain, "D10", "2024-12-02").reason == "r"


def test_the_bucket_is_the_worst_duty_and_never_a_right_a_bar_or_effort_inside_its_limit() -> None:
    chain = steps(
        ("2023-05-15", "certified"),
        ("2024-05-06", "decided_noncompliance validation_opened"),
        ("2024-05-07", "review_notice_sent"),
    )

    def bucket(on: str, *stops: Decree) -> str | None:
        found = worst(duties(CTPAT, chain, on=day(on), decrees=stops))
        return found.id if found else None

    assert bucket("2024-05-15") == "D04"
    assert bucket("2024-05-16") == "D04"
    assert bucket("2024-05-15", decree("2024-05-13", "2024-05-17", office=True)) == "D04"
    rights = steps(("2024-05-06", "decided_noncompliance validation_opened"))
    assert worst(duties(CTPAT, rights, on=day("2024-05-07"))) is None


def test_guards_are_told_the_state_of_the_latest_duty_and_whether_any_is_overdue() -> None:
    found = duties(CTPAT, CERTIFIED, on=day("2025-03-03"))

    facts = duty_facts(found, CTPAT.register["account"])

    assert facts["duty.D06"] == "open"
    assert facts["overdue.D06"] is True
    assert facts["duty.D12"] == "none"
    assert facts["overdue.D12"] is False
    assert "duty.D22" not in facts, "the office has not set its length: nobody can tell"


def test_a_duty_is_printed_with_its_source() -> None:
    printed = duty_json(duty_of(CERTIFIED, "D06", "2024-05-15"))

    assert printed["id"] == "D06"
    assert printed["opens_on"] == "2024-02-15"
    assert printed["due_on"] == "2024-05-15"
    assert printed["met_on"] is None
    assert printed["confidence"] == "C"
    assert duty_json(duty_of(CERTIFIED, "D04", "2024-05-15"))["opens_on"] is None


def test_a_ready_made_sentence_is_kept() -> None:
    found = duty_of(CERTIFIED, "D04", "2024-05-15")._replace(telling="because")

    assert found.why == "because"


def test_a_second_deferral_ends_the_promise_of_the_first() -> None:
    chain = steps(
        ("2024-03-04", "validation_deferred", {"new_due_on": "2024-06-03"}),
        ("2024-05-06", "validation_deferred", {"new_due_on": "2024-09-02"}),
    )

    first, second = [one for one in duties(CTPAT, chain, on=day("2024-07-01")) if one.id == "D24"]

    assert (first.due_on, first.state) == (day("2024-06-03"), LAPSED)
    assert (second.due_on, second.state) == (day("2024-09-02"), OPEN)


def test_a_late_review_that_was_carried_over_met_the_year_it_was_late_for() -> None:
    chain = steps(
        ("2023-05-15", "certified"),
        ("2024-06-17", "review_submitted carried_over"),
    )

    found = duty_of(chain, "D06", "2024-07-01")

    assert (found.cycle, found.state, found.is_late) == (1, MET, True)


def test_a_duty_with_two_kinds_of_anchor_is_owed_once_for_each() -> None:
    """D11 is counted from a suspension, of the membership or of single benefits."""
    chain = steps(
        ("2024-01-08", "suspended"), ("2024-03-04", "partly_suspended"), ("2024-05-06", "suspended")
    )

    found = [d for d in duties(CTPAT, chain, on=day("2024-05-06")) if d.id == "D11"]

    assert [(d.anchor_seq, d.anchor_on) for d in found] == [
        (1, day("2024-01-08")),
        (2, day("2024-03-04")),
        (3, day("2024-05-06")),
    ]


def test_a_later_deferral_ends_the_promise_before_it() -> None:
    chain = steps(
        ("2024-01-08", "validation_deferred", {"new_due_on": "2024-03-01"}),
        ("2024-02-05", "validation_deferred", {"new_due_on": "2024-06-03"}),
        ("2024-05-06", "validation_deferred", {"new_due_on": "2024-09-02"}),
    )

    found = [d for d in duties(CTPAT, chain, on=day("2024-05-07")) if d.id == "D24"]

    assert [(d.due_on, d.state) for d in found] == [
        (day("2024-03-01"), LAPSED),
        (day("2024-06-03"), LAPSED),
        (day("2024-09-02"), OPEN),
    ]
    assert found[0].why.endswith("ended by S2 of 2024-02-05")
    assert found[1].why.endswith("ended by S3 of 2024-05-06")


# -- what a step of two marks, or one recorded late, means for a duty ----------------------------


AFTER = {"count": Count.AFTER, "period": Period(days=30)}


def after(**changes: object) -> Deadline:
    return deadline(**{**AFTER, **changes})


def test_a_duty_tells_the_days_on_which_things_took_effect_not_those_they_were_recorded_on() -> (
    None
):
    met = steps(
        ("2024-01-08<2024-01-15", "certified"), ("2024-02-05<2024-02-12", "review_submitted")
    )
    ended = steps(("2024-01-08<2024-01-15", "certified"), ("2024-02-07<2024-02-12", "removed"))
    barred = after(nature=DutyNature.BAR)

    (duty,) = only(after(), met, "2024-03-04")
    assert (duty.anchor_on, duty.due_on, duty.state) == (day("2024-01-08"), day("2024-02-07"), MET)
    assert (duty.met_on, duty.met_seq, duty.is_late) == (day("2024-02-05"), 2, False)
    assert duty.why == "30 days from S1 of 2024-01-08; met by S2 of 2024-02-05"
    (duty,) = only(after(), ended, "2024-03-04")
    assert (duty.state, duty.is_late) == (LAPSED, False)
    assert duty.why == "30 days from S1 of 2024-01-08; ended by S2 of 2024-02-07"
    (duty,) = only(barred, met, "2024-03-04")
    assert (duty.state, duty.met_on, duty.met_seq) == (LAPSED, None, None)
    assert duty.why == "30 days from S1 of 2024-01-08; ended by S2 of 2024-02-05"


@pytest.mark.parametrize(("on", "is_late"), [("2024-02-07", False), ("2024-02-08", True)])
def test_what_is_done_or_ended_on_the_due_day_is_not_late(on: str, is_late: bool) -> None:
    for mark in ("review_submitted", "removed"):
        (duty,) = only(after(), steps(("2024-01-08", "certified"), (on, mark)), "2024-03-04")

        assert duty.is_late is is_late


def test_of_several_steps_that_meet_a_duty_the_first_one_does() -> None:
    chain = steps(
        ("2024-01-08", "certified"),
        ("2024-01-15", "review_submitted"),
        ("2024-01-22", "review_submitted"),
    )
    either = frozenset({Mark.REVIEW_SUBMITTED, Mark.REJECTED})

    (duty,) = only(after(), chain, "2024-02-05")
    assert duty.met_seq == 2
    (duty,) = only(after(met_by=either), chain, "2024-02-05")
    assert duty.met_seq == 2
    (duty,) = only(
        after(met_by=either),
        steps(
            ("2024-01-08", "certified"),
            ("2024-01-15", "rejected"),
            ("2024-01-22", "review_submitted"),
        ),
        "2024-02-05",
    )
    assert duty.met_seq == 2
    (duty,) = only(
        after(met_by=either),
        steps(
            ("2024-01-08", "certified"),
            ("2024-01-15", "review_submitted"),
            ("2024-01-22", "rejected"),
        ),
        "2024-02-05",
    )
    assert duty.met_seq == 2


def test_a_step_does_not_meet_or_end_the_duty_that_it_begins() -> None:
    begun = steps(("2024-01-08", "certified review_submitted rejected"))
    rule = after(ended_by=frozenset({Mark.REJECTED}))

    assert [duty.state for duty in only(rule, begun, "2024-01-08")] == [OPEN]
    closing = after(anchors=frozenset({Mark.REMOVED}))
    removed = steps(("2024-01-08", "removed"))
    assert [duty.state for duty in only(closing, removed, "2024-01-08")] == [OPEN]


def test_a_step_that_meets_a_duty_and_ends_it_has_met_it() -> None:
    both = steps(("2024-01-08", "certified"), ("2024-01-15", "review_submitted removed"))
    ended_first = steps(
        ("2024-01-08", "certified"), ("2024-01-15", "removed"), ("2024-01-22", "review_submitted")
    )
    met_first = steps(
        ("2024-01-08", "certified"), ("2024-01-15", "review_submitted"), ("2024-01-22", "removed")
    )

    assert [duty.state for duty in only(after(), both, "2024-02-05")] == [MET]
    assert [duty.state for duty in only(after(), ended_first, "2024-02-05")] == [LAPSED]
    assert [duty.state for duty in only(after(), met_first, "2024-02-05")] == [MET]


def test_a_granted_appeal_undoes_the_closing_of_an_account_that_was_never_opened_here() -> None:
    chain = steps(
        ("2024-01-08", "certified"), ("2024-01-15", "removed"), ("2024-01-22", "reinstated")
    )

    assert [duty.state for duty in only(after(), chain, "2024-01-22")] == [OPEN]


def test_each_life_of_an_account_ends_with_its_own_closing() -> None:
    chain = steps(
        ("2023-01-09", "certified"),
        ("2023-01-16", "removed"),
        ("2024-01-08", "reapplied"),
        ("2024-01-15", "certified"),
        ("2024-01-22", "removed"),
    )

    assert [duty.state for duty in only(after(), chain[:4], "2024-01-22")] == [LAPSED, OPEN]
    assert [duty.state for duty in only(after(), chain, "2024-01-22")] == [LAPSED, LAPSED]


def test_a_yearly_duty_counts_from_the_first_anchor_of_the_latest_life() -> None:
    chain = steps(
        ("2018-01-08", "certified"),
        ("2019-03-04", "removed"),
        ("2021-01-11", "reapplied"),
        ("2021-02-08", "certified"),
        ("2022-05-16", "certified"),
    )

    found = only(deadline(), chain, "2023-03-06")

    assert [(duty.anchor_seq, duty.due_on) for duty in found] == [
        (4, day("2022-02-08")),
        (4, day("2023-02-08")),
    ]


def test_a_band_without_an_interval_leaves_the_anchors_after_it_their_day() -> None:
    chain = steps(
        ("2024-01-08", "validated", {"risk_band": "of another program"}),
        ("2024-02-05", "revalidated", {"risk_band": "normal"}),
    )

    found = [d for d in duties(CTPAT, chain, on=day("2024-02-05")) if d.id == "D05-R"]

    assert [duty.anchor_seq for duty in found] == [2]


def test_each_visit_planned_anew_ends_the_limit_before_it() -> None:
    chain = steps(
        ("2024-01-08", "validation_scheduled", {"visit_on": "2024-04-08"}),
        ("2024-01-15", "validation_scheduled", {"visit_on": "2024-05-06"}),
        ("2024-01-22", "validation_scheduled", {"visit_on": "2024-06-03"}),
    )

    found = [d for d in duties(CTPAT, chain, on=day("2024-01-22")) if d.id == "D09"]

    assert [duty.state for duty in found] == [LAPSED, LAPSED, OPEN]
    assert [duty.why.rpartition("; ")[2] for duty in found[:2]] == [
        "ended by S2 of 2024-01-15",
        "ended by S3 of 2024-01-22",
    ]


def test_work_since_the_clock_was_set_running_counts_and_what_came_before_does_not() -> None:
    rule = after(
        anchors=frozenset({Mark.ASSIGNED_TO_SPECIALIST}),
        met_by=frozenset({Mark.VETTING_COMPLETED}),
        met_since=frozenset({Mark.APPLICATION_RECEIVED, Mark.REAPPLIED}),
    )

    def states(*rows: tuple[str, str]) -> list[DutyState]:
        return [duty.state for duty in only(rule, steps(*rows), "2024-03-04")]

    received, vetted = ("2024-02-05", "application_received"), ("2024-02-12", "vetting_completed")
    assigned, again = ("2024-02-19", "assigned_to_specialist"), ("2024-02-26", "reapplied")
    assert states(received, vetted, assigned, again) == [MET]
    assert states(received, vetted, ("2024-02-13", "reapplied"), assigned) == [OPEN]
    assert states(("2024-02-01", "reapplied"), vetted, received, assigned) == [OPEN]
    at_once = ("2024-02-19", "assigned_to_specialist application_received")
    assert states(vetted, at_once) == [OPEN]
    assert states(received, vetted, at_once) == [MET]


def test_a_decree_that_does_not_stop_a_clock_leaves_the_next_one_to_do_so() -> None:
    rule = after(owed_by=Side.OFFICE)
    program = replace(CTPAT, deadlines={rule.id: rule})
    decrees = (
        decree("2024-01-15", "2024-01-16"),
        decree("2024-01-22", "2024-01-26", office=True),
        decree("2024-01-25", "2024-01-28", office=True),
    )

    (duty,) = duties(
        program, steps(("2024-01-08", "certified")), on=day("2024-01-30"), decrees=decrees
    )

    # 22 to 28 January are seven days, however many decrees name one of them.
    assert duty.due_on == day("2024-02-14")
    assert duty.why == "30 days from S1 of 2024-01-08; 7 days added by decree"


def test_a_day_decreed_on_the_last_day_of_a_clock_still_stops_it_and_one_after_does_not() -> None:
    program = replace(CTPAT, deadlines={"D90": after()})
    chain = steps(("2024-01-08", "certified"))

    for starts, due in (("2024-02-07", "2024-02-08"), ("2024-02-08", "2024-02-07")):
        (duty,) = duties(program, chain, on=day("2024-02-09"), decrees=(decree(starts, starts),))
        assert duty.due_on == day(due)


def test_a_notice_in_the_step_that_plans_the_visit_is_none_of_it() -> None:
    chain = steps(
        ("2024-01-08", "validation_scheduled validation_notified", {"visit_on": "2024-04-08"})
    )

    assert duty_of(chain, "D09", "2024-01-08").state is OPEN


# -- yearly duties -------------------------------------------------------------------------------


def test_an_account_split_off_owes_the_anniversary_of_the_very_day_it_was_opened() -> None:
    split = steps(("2023-05-15<2025-05-15", "certified split"))

    assert [duty.cycle for duty in only(deadline(), split, "2025-06-02")] == [2]


def test_a_review_carried_over_from_the_anniversary_itself_meets_it() -> None:
    rule = deadline(any_review_counts=True, window=Period(days=90))
    chain = steps(("2022-05-16", "certified"), ("2024-05-16", "review_submitted carried_over"))

    found = only(rule, chain, "2024-06-03")

    assert [(duty.cycle, duty.state) for duty in found] == [(2, MET)]


def test_a_review_carried_over_from_the_day_the_next_window_opens_leaves_the_year_before_out() -> (
    None
):
    chain = steps(("2022-05-16", "certified"), ("2024-05-16", "review_submitted carried_over"))

    assert [duty.cycle for duty in only(deadline(), chain, "2024-06-03")] == [2]


@pytest.mark.parametrize(("on", "state"), [("2024-02-16", MET), ("2024-02-15<2024-03-04", OPEN)])
def test_a_review_counts_from_the_day_the_window_opens(on: str, state: DutyState) -> None:
    rule = deadline(window=Period(days=90))
    chain = steps(("2023-05-16", "certified"), (on, "review_submitted"))

    (duty,) = only(rule, chain, "2024-03-11")

    assert (duty.opens_on, duty.state) == (day("2024-02-16"), state)


def test_the_first_of_two_reviews_meets_the_year_and_one_that_certifies_is_none() -> None:
    rule = deadline(any_review_counts=True)
    twice = steps(
        ("2023-05-15", "certified"),
        ("2024-05-06", "review_submitted"),
        ("2024-05-07", "review_submitted"),
    )
    at_once = steps(("2023-05-15", "certified review_submitted"))

    assert [duty.met_seq for duty in only(rule, twice, "2024-05-15")] == [2]
    assert [duty.state for duty in only(rule, at_once, "2024-05-15")] == [OPEN]


def test_a_rejection_takes_back_the_review_before_it_and_none_before_that() -> None:
    rule = deadline(any_review_counts=True, reopened_by=frozenset({Mark.REVIEW_REJECTED}))
    chain = steps(
        ("2023-05-15", "certified"),
        ("2024-04-01", "review_submitted"),
        ("2024-04-08", "review_submitted"),
        ("2024-04-15", "review_rejected"),
    )

    assert [duty.met_seq for duty in only(rule, chain, "2024-05-15")] == [2]


def test_a_day_decreed_on_the_day_the_window_opens_is_added() -> None:
    program = replace(CTPAT, deadlines={"D90": deadline(window=Period(days=90))})
    stop = decree("2024-02-16", "2024-02-16")

    (duty,) = duties(
        program, steps(("2023-05-16", "certified")), on=day("2024-03-04"), decrees=(stop,)
    )

    assert duty.due_on == day("2024-05-17")


def test_a_step_that_closes_an_account_belongs_to_the_life_that_it_ends() -> None:
    chain = steps(("2022-05-16", "certified"), ("2023-06-05", "certified removed"))

    assert [duty.anchor_seq for duty in only(deadline(), chain, "2024-06-03")] == [1]


# -- windows, efforts, days of the calendar ------------------------------------------------------


def test_a_window_is_not_filled_in_another_life_nor_by_the_step_that_closes() -> None:
    rule = deadline(
        count=Count.WINDOWS,
        period=Period(years=4),
        anchors=frozenset({Mark.VALIDATED}),
        met_by=frozenset({Mark.REVALIDATED}),
        survives_closing=True,
    )
    another = steps(
        ("2018-01-08", "validated"),
        ("2019-01-07", "removed"),
        ("2020-01-06", "reapplied"),
        ("2020-06-01", "validated"),
        ("2021-01-11", "revalidated"),
    )
    closing = steps(("2018-01-08", "validated"), ("2019-01-07", "revalidated removed"))

    assert [duty.state for duty in only(rule, another, "2021-02-01")] == [OPEN, MET]
    assert [duty.state for duty in only(rule, closing, "2021-02-01")] == [OPEN]


def test_an_effort_counts_from_the_step_that_opens_the_case_to_the_one_that_closes_it() -> None:
    spent = {"effort_days": "3"}
    chain = steps(
        ("2024-09-02", "X04", spent),
        ("2024-09-03", "validation_opened", spent),
        ("2024-09-04", "validation_closed", spent),
        ("2024-09-05", "X04", spent),
    )

    found = duty_of(chain, "D10", "2024-12-02")

    assert found.why.startswith("6 of 10 working days spent since S2 of 2024-09-03")
    assert (found.days_left, found.cycle, found.opens_on) == (4, 0, None)
    assert (found.met_on, found.met_seq) == (day("2024-09-04"), 3)


def test_an_effort_without_a_limit_is_over_at_once_and_a_step_that_closes_both_has_met_it() -> None:
    rule = deadline(count=Count.EFFORT, met_by=frozenset({Mark.VALIDATION_CLOSED}))
    chain = steps(
        ("2024-09-02", "certified", {"effort_days": "1"}),
        ("2024-09-03", "validation_closed removed"),
    )

    assert [duty.state for duty in only(rule, chain[:1], "2024-09-02")] == [OVERDUE]
    assert [duty.state for duty in only(rule, chain, "2024-09-03")] == [MET]
    too_late = steps(
        ("2024-09-02", "certified"), ("2024-09-03", "removed"), ("2024-09-04", "validation_closed")
    )
    assert [duty.state for duty in only(rule, too_late, "2024-09-04")] == [LAPSED]


FIRST_OF_JUNE = deadline(
    count=Count.CALENDAR,
    on_day=HolidayRule("First of June", month=6, day=1),
    nature=DutyNature.LIMIT,
)


@pytest.mark.parametrize(
    ("on", "met"), [("2021-11-30", [2, None, None]), ("2021-12-01", [None, 2, None])]
)
def test_what_is_done_by_half_way_to_the_next_day_is_late_for_the_last_one(
    on: str, met: list[int | None]
) -> None:
    chain = steps(("2021-01-04", "certified"), (on, "review_submitted"))

    found = only(FIRST_OF_JUNE, chain, "2022-06-06")

    assert [duty.met_seq for duty in found] == met


def test_a_day_of_the_calendar_is_owed_after_the_start_and_the_next_one_from_the_day_itself() -> (
    None
):
    started = steps(("2021-06-01", "certified"))
    twice = steps(
        ("2021-06-01", "certified"),
        ("2022-06-01", "review_submitted"),
        ("2022-06-01", "review_submitted"),
    )

    found = only(FIRST_OF_JUNE, started, "2022-06-01")
    assert [duty.due_on for duty in found] == [day("2022-06-01"), day("2023-06-01")]
    assert [duty.state for duty in only(FIRST_OF_JUNE, twice, "2022-06-01")] == [MET, OPEN]


# -- reasons, readings, buckets ------------------------------------------------------------------


def test_a_step_explains_no_duty_that_it_begins_and_none_that_it_follows_up() -> None:
    told = {"duty": "D90", "reason": "other"}
    chain = steps(("2024-01-08", "certified", told), ("2024-03-04", "certified", told))

    assert [duty.reason for duty in only(after(), chain, "2024-05-06")] == ["", ""]


def test_of_two_duties_equally_bad_the_first_stays_the_bucket_and_the_reading() -> None:
    chain = steps(("2024-01-08", "certified"), ("2024-01-08", "certified"))
    found = only(after(), chain, "2024-01-08")

    assert worst(found) is found[0]
    assert next_revalidation(found, {"D90": "a"})["a"] is found[0]


def test_a_right_or_an_effort_before_a_duty_does_not_hide_it() -> None:
    open_duty = only(after(), steps(("2024-01-08", "certified")), "2024-01-08")
    effort = only(
        deadline(count=Count.EFFORT, limit_days=10),
        steps(("2024-01-08", "certified")),
        "2024-01-08",
    )

    assert worst([*effort, *open_duty]) is open_duty[0]


YEARLY = CTPAT.deadlines["D06"]


def test_the_next_window_opens_before_the_next_anniversary_that_is_not_past() -> None:
    assert next_window(CTPAT, YEARLY, CERTIFIED, on=day("2023-06-01")) == day("2024-02-15")
    assert next_window(CTPAT, YEARLY, CERTIFIED, on=day("2024-02-15")) == day("2025-02-14")


def test_the_next_window_is_counted_from_the_day_as_it_was_corrected() -> None:
    chain = [
        *steps(("2023-05-15", "certified")),
        Step(
            2,
            "S2",
            day("2023-06-01"),
            day("2023-06-01"),
            given={CORRECTS: "1", RIGHT_ON: "2023-04-14"},
        ),
    ]

    assert next_window(CTPAT, YEARLY, chain, on=day("2023-06-02")) == day("2024-01-15")


def test_no_window_opens_for_who_is_not_certified_or_was_closed() -> None:
    closed = steps(("2023-05-15", "certified"), ("2023-06-01", "withdrawn"))

    assert next_window(CTPAT, YEARLY, steps(), on=day("2023-06-02")) is None
    assert next_window(CTPAT, YEARLY, closed, on=day("2023-06-02")) is None


def test_an_act_sets_the_duties_running_that_its_marks_anchor_and_no_others() -> None:
    case = Case(CTPAT, "importer", tuple(CERTIFIED))

    found = case.set_running(Mark.VALIDATION_REPORTED, on=day("2024-07-08"))

    assert {duty.anchor_seq for duty in found} == {2}
    assert "D21" in {duty.id for duty in found}
    assert "D04" not in {duty.id for duty in found}
    assert Case(CTPAT, "importer").set_running(Mark.CERTIFIED, on=day("2024-07-08"))


def test_of_what_ends_a_duty_and_what_closes_its_account_the_earlier_one_is_told() -> None:
    rule = after(ended_by=frozenset({Mark.REJECTED}))
    begun, ended = ("2024-01-08", "certified"), ("2024-01-15", "rejected")
    closed = ("2024-01-22", "removed")

    def why(*rows: tuple[str, str]) -> str:
        (duty,) = only(rule, steps(*rows), "2024-02-05")
        return duty.why.rpartition("; ")[2]

    assert why(begun, ended, closed) == "ended by S2 of 2024-01-15"
    assert why(begun, ("2024-01-12", "removed"), ended) == "ended by S2 of 2024-01-12"


@pytest.mark.parametrize(
    ("on", "state"), [("2022-01-08<2022-01-31", LAPSED), ("2022-01-10", OVERDUE)]
)
def test_a_closing_on_the_last_day_of_a_window_ends_it_and_one_after_leaves_it_overdue(
    on: str, state: DutyState
) -> None:
    rule = deadline(
        count=Count.WINDOWS, period=Period(years=4), anchors=frozenset({Mark.VALIDATED})
    )
    chain = steps(("2018-01-08", "validated"), (on, "removed"))

    assert only(rule, chain, "2022-02-07")[0].state is state
