"""How a suspension ends without a plan: removal, closure, and the review of an urgent one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from greenlane.apps.audit.verify import verify
from greenlane.apps.certification.actions import Person
from greenlane.apps.certification.queries import letters_of
from greenlane.apps.suspensions import queries
from greenlane.apps.suspensions.actions import endings
from greenlane.apps.suspensions.models import Suspension
from greenlane.core.lifecycle.decide import Refused
from tests.factories.certified import Member, a_member, moment
from tests.factories.people import person_with
from tests.factories.trust import (
    DECIDED,
    named,
    planned,
    suspended,
    the_director,
    urgently_suspended,
)

pytestmark = pytest.mark.django_db

LAST_DAY, OVERDUE = DECIDED + timedelta(days=90), DECIDED + timedelta(days=91)
URGENT, REVIEWED = date(2026, 9, 1), date(2026, 9, 21)


@pytest.fixture
def member() -> Member:
    return a_member()


def kinds(member: Member) -> list[str]:
    """Return the kinds of the letters, the latest first."""
    return [one.kind for one in letters_of(member.stream)]


def state(case: Suspension) -> str:
    return queries.suspension(case.stream, case.seq).state


def remove(member: Member, case: Suspension, day: date, *, is_aggravated: bool = False) -> None:
    endings.remove(
        account=member.account,
        case=case.seq,
        words="Nothing was done about the seals.",
        by=the_director(member),
        at=moment(day),
        is_aggravated=is_aggravated,
    )


def close(member: Member, case: Suspension, day: date) -> None:
    endings.close_unanswered(
        account=member.account,
        case=case.seq,
        words="No answer came.",
        by=the_director(member),
        at=moment(day),
    )


def review(member: Member, case: Suspension, by: Person, *, is_confirmed: bool) -> None:
    endings.review_urgency(
        account=member.account,
        case=case.seq,
        is_confirmed=is_confirmed,
        words="The cargo was looked at.",
        by=by,
        at=moment(REVIEWED),
    )


@pytest.mark.parametrize("has_plan", [False, True], ids=["unanswered", "answered"])
def test_nobody_is_removed_before_day_90_has_passed_and_then_it_is_lawful(
    member: Member, has_plan: bool
) -> None:
    case = suspended(member)
    if has_plan:
        planned(member, case, DECIDED + timedelta(days=30))

    with pytest.raises(Refused) as early:
        remove(member, case, LAST_DAY)
    before = (member.account.membership, state(case), kinds(member)[0])
    remove(member, case, OVERDUE)

    assert early.value.refusal == "guard.answer_overdue_or_aggravated"
    assert before == ("SUSPENDED", "IN_FORCE", "suspension")
    assert (member.account.membership, state(case)) == ("REMOVED", "REMOVED")
    assert kinds(member) == ["removal", "suspension", "suspension_notice"]
    assert queries.benefits_of(member.account) == []
    assert verify().is_clean


def test_in_an_aggravated_case_nobody_waits_for_day_90(member: Member) -> None:
    case = suspended(member)

    remove(member, case, DECIDED + timedelta(days=1), is_aggravated=True)

    ended = queries.suspension(member.stream, case.seq)
    assert (member.account.membership, ended.state) == ("REMOVED", "REMOVED")
    assert (ended.ended_on, ended.ended_by) == (DECIDED + timedelta(days=1), member.director.key)
    assert ended.end_words == "Nothing was done about the seals."
    with pytest.raises(Refused) as twice:
        remove(member, case, OVERDUE)
    assert twice.value.refusal == "suspension.wrong_state"
    assert verify().is_clean


def test_only_the_director_removes(member: Member) -> None:
    case = suspended(member)

    with pytest.raises(Refused) as role:
        endings.remove(
            account=member.account,
            case=case.seq,
            words="So.",
            by=named(member.manager, "field_manager"),
            at=moment(OVERDUE),
        )

    assert role.value.refusal == "role.not_allowed"
    assert (member.account.membership, state(case)) == ("SUSPENDED", "IN_FORCE")


def test_an_account_is_closed_only_when_day_90_has_passed_without_an_answer(
    member: Member,
) -> None:
    case = suspended(member)

    with pytest.raises(Refused) as early:
        close(member, case, LAST_DAY)
    close(member, case, OVERDUE)

    assert early.value.refusal == "guard.answer_overdue"
    assert (member.account.membership, state(case)) == ("WITHDRAWN", "CLOSED")
    assert kinds(member) == ["closure", "suspension", "suspension_notice"]
    assert verify().is_clean


def test_a_company_that_answered_is_not_closed_for_want_of_an_answer(member: Member) -> None:
    case = suspended(member)
    planned(member, case, LAST_DAY)

    with pytest.raises(Refused) as answered:
        close(member, case, OVERDUE)

    assert answered.value.refusal == "guard.answer_overdue"
    assert (member.account.membership, state(case)) == ("SUSPENDED", "IN_FORCE")
    assert "closure" not in kinds(member)
    assert verify().is_clean


def test_a_third_person_confirms_an_urgent_suspension_once_and_it_stays(member: Member) -> None:
    case = urgently_suspended(member, URGENT)
    third = named(person_with("director"), "director")

    review(member, case, third, is_confirmed=True)

    found = queries.suspension(member.stream, case.seq)
    assert (found.state, found.review_outcome) == ("IN_FORCE", "CONFIRMED")
    assert (found.reviewed_on, found.reviewed_by) == (REVIEWED, third.actor.id)
    assert member.account.membership == "SUSPENDED"
    assert kinds(member) == ["urgent_suspension"]
    assert queries.waiting_reviews([member.stream]) == []
    with pytest.raises(Refused) as again:
        review(member, case, third, is_confirmed=False)
    assert again.value.refusal == "suspension.reviewed"
    assert verify().is_clean


def test_a_third_person_lifts_an_urgent_suspension_and_everything_comes_back(
    member: Member,
) -> None:
    case = urgently_suspended(member, URGENT)
    during = member.account.membership
    kept = [one for one in queries.benefits_of(member.account) if one.is_active]

    review(member, case, named(person_with("director"), "director"), is_confirmed=False)

    found = queries.suspension(member.stream, case.seq)
    assert (during, kept) == ("SUSPENDED", [])
    assert (found.state, found.review_outcome, found.ended_on) == ("LIFTED", "LIFTED", REVIEWED)
    assert (member.account.membership, member.account.tier) == ("CERTIFIED", "T1")
    assert all(one.is_active for one in queries.benefits_of(member.account))
    assert kinds(member) == ["reinstatement", "urgent_suspension"]
    assert verify().is_clean


@pytest.mark.parametrize("role", ["field_manager", "director"], ids=["proposer", "approver"])
@pytest.mark.parametrize("is_confirmed", [True, False], ids=["confirmed", "lifted"])
def test_whoever_took_part_in_an_urgent_suspension_does_not_review_it(
    member: Member, role: str, is_confirmed: bool
) -> None:
    case = urgently_suspended(member, URGENT)
    participant = named(member.manager if role == "field_manager" else member.director, role)

    with pytest.raises(Refused) as own:
        review(member, case, participant, is_confirmed=is_confirmed)

    assert own.value.refusal == "second.same_person"
    assert member.account.membership == "SUSPENDED"
    assert [one.seq for one in queries.waiting_reviews([member.stream])] == [case.seq]


def test_a_suspension_on_the_normal_path_has_no_later_review(member: Member) -> None:
    case = suspended(member)

    with pytest.raises(Refused) as normal:
        review(member, case, named(person_with("director"), "director"), is_confirmed=True)

    assert normal.value.refusal == "suspension.not_urgent"
    assert queries.suspension(member.stream, case.seq).reviewed_on is None
