"""An appeal: in time, by an officer, determined by an authority; no later decision is undone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from greenlane.apps.audit.verify import verify
from greenlane.apps.certification.actions import Person
from greenlane.apps.certification.queries import letters_of
from greenlane.apps.suspensions import queries
from greenlane.apps.suspensions.actions import appeals, endings
from greenlane.apps.suspensions.models import Appeal, Suspension
from greenlane.core.errors import BadInput
from greenlane.core.lifecycle.decide import Refused
from tests.factories.certified import Member, a_member, moment
from tests.factories.people import person_with
from tests.factories.trust import (
    DECIDED,
    an_authority,
    fulfilled,
    named,
    planned,
    suspended,
    suspended_in_one_step,
    the_director,
    urgently_suspended,
)

pytestmark = pytest.mark.django_db

FILED = DECIDED + timedelta(days=20)
DETERMINED = DECIDED + timedelta(days=150)
OVERDUE = DECIDED + timedelta(days=91)


@pytest.fixture
def member() -> Member:
    return a_member()


@pytest.fixture
def authority() -> Person:
    return named(an_authority(), "appeal_authority")


def appeal(member: Member, day: date = FILED, *, by: str = "company_officer") -> Appeal:
    return appeals.file_appeal(
        account=member.account,
        words="The seals were whole.",
        by=member.by(by),
        at=moment(day),
    )


def determine(
    member: Member, by: Person, *, is_granted: bool, words: str = "Read with the photographs."
) -> Appeal:
    return appeals.decide_appeal(
        account=member.account, is_granted=is_granted, words=words, by=by, at=moment(DETERMINED)
    )


def kind(member: Member) -> str:
    """Return the kind of the latest letter."""
    return letters_of(member.stream)[0].kind


def state(case: Suspension) -> str:
    return queries.suspension(case.stream, case.seq).state


def standing(member: Member) -> tuple[str, str, str]:
    account = member.account
    return account.membership, account.tier, account.appeal


def removed(member: Member, case: Suspension) -> None:
    endings.remove(
        account=member.account,
        case=case.seq,
        words="Nothing was done.",
        by=the_director(member),
        at=moment(OVERDUE),
    )


def test_an_appeal_lifts_nothing_and_upheld_leaves_all_as_it_was(
    member: Member, authority: Person
) -> None:
    case = suspended(member)

    filed = appeal(member)
    pending = standing(member)
    determined = determine(member, authority, is_granted=False)

    assert (pending[0], pending[2], filed.decision_act) == ("SUSPENDED", "PENDING", "T12")
    assert (determined.seq, determined.outcome) == (filed.seq, "UPHELD")
    assert (determined.decided_on, determined.decided_by) == (DETERMINED, authority.actor.id)
    assert (standing(member)[0], standing(member)[2]) == ("SUSPENDED", "UPHELD")
    assert standing(member)[1] == pending[1]
    assert state(case) == "IN_FORCE"
    assert not any(one.is_active for one in queries.benefits_of(member.account))
    assert kind(member) == "appeal_upheld"
    assert verify().is_clean


def test_a_granted_appeal_gives_back_what_the_suspension_took(
    member: Member, authority: Person
) -> None:
    case = suspended(member)
    appeal(member)

    determined = determine(member, authority, is_granted=True)

    assert determined.outcome == "GRANTED"
    assert standing(member) == ("CERTIFIED", "T1", "GRANTED")
    assert state(case) == "OVERTURNED"
    assert all(one.is_active for one in queries.benefits_of(member.account))
    assert kind(member) == "appeal_granted"
    assert verify().is_clean


def test_a_granted_appeal_against_a_partial_suspension_restores_the_benefits(
    member: Member, authority: Person
) -> None:
    lost = queries.benefits_of(member.account)[0].benefit.id
    case = suspended(member, degree="PART", benefits=[lost], ground="G6")
    appeal(member)
    during = standing(member)

    determine(member, authority, is_granted=True)

    assert during == ("CERTIFIED", "T1", "PENDING")
    assert standing(member) == ("CERTIFIED", "T1", "GRANTED")
    assert state(case) == "OVERTURNED"
    assert all(one.is_active for one in queries.benefits_of(member.account))
    assert verify().is_clean


def test_a_granted_appeal_against_a_removal_gives_membership_back(
    member: Member, authority: Person
) -> None:
    case = suspended(member)
    removed(member, case)

    filed = appeal(member, OVERDUE + timedelta(days=10))
    determine(member, authority, is_granted=True)

    assert filed.decision_act == "T14"
    assert standing(member) == ("CERTIFIED", "T1", "GRANTED")
    assert state(case) == "OVERTURNED"
    assert kind(member) == "appeal_granted"
    assert verify().is_clean


def test_a_closure_that_followed_an_appealed_suspension_falls_with_it(
    member: Member, authority: Person
) -> None:
    case = suspended(member)
    appeal(member)
    endings.close_unanswered(
        account=member.account,
        case=case.seq,
        words="No answer came.",
        by=the_director(member),
        at=moment(OVERDUE),
    )
    closed = standing(member)[0], state(case)

    determine(member, authority, is_granted=True)

    assert closed == ("WITHDRAWN", "CLOSED")
    assert standing(member) == ("CERTIFIED", "T1", "GRANTED")
    assert state(case) == "OVERTURNED"
    assert verify().is_clean


def test_an_appeal_that_a_later_removal_overlays_is_granted_in_words_alone(
    member: Member, authority: Person
) -> None:
    case = suspended(member)
    appeal(member)
    removed(member, case)

    determined = determine(member, authority, is_granted=True)

    assert determined.outcome == "GRANTED"
    assert determined.decision_words == "Read with the photographs."
    assert (standing(member)[0], standing(member)[2]) == ("REMOVED", "GRANTED")
    assert state(case) == "REMOVED"
    assert kind(member) == "appeal_granted"
    assert verify().is_clean


def won_back(member: Member, case: Suspension) -> None:
    """Fulfil a plan within a month of the appeal, and let the director reinstate."""
    planned(member, case, FILED + timedelta(days=1))
    fulfilled(member, case, FILED + timedelta(days=30))
    endings.reinstate(
        account=member.account,
        case=case.seq,
        words="Both steps are verified.",
        by=the_director(member),
        at=moment(FILED + timedelta(days=31)),
    )


def test_an_appeal_that_a_later_suspension_overlays_is_granted_in_words_alone(
    member: Member, authority: Person
) -> None:
    first = suspended(member, ground="G6")
    appeal(member)
    won_back(member, first)
    second = suspended(member, FILED + timedelta(days=80), ground="G6")

    determine(member, authority, is_granted=True)

    assert (state(first), state(second)) == ("LIFTED", "IN_FORCE")
    assert (standing(member)[0], standing(member)[2]) == ("SUSPENDED", "GRANTED")
    assert verify().is_clean


@pytest.mark.parametrize("degree", ["FULL", "PART"])
@pytest.mark.parametrize("is_granted", [True, False], ids=["granted", "upheld"])
@pytest.mark.parametrize("part", ["proposed", "decided"])
def test_who_had_a_part_in_the_suspension_does_not_determine_its_appeal(
    member: Member, degree: str, is_granted: bool, part: str
) -> None:
    lost = [queries.benefits_of(member.account)[0].benefit.id] if degree == "PART" else []
    case = suspended(member, degree=degree, benefits=lost, ground="G6")
    appeal(member)
    before = standing(member)
    person = member.specialist if part == "proposed" else member.director

    with pytest.raises(Refused) as own:
        determine(member, named(person, "appeal_authority"), is_granted=is_granted)

    assert own.value.refusal == "second.same_person"
    assert standing(member) == before
    assert state(case) == "IN_FORCE"
    assert [one.outcome for one in queries.appeals_of(member.stream)] == [""]


@pytest.mark.parametrize("part", ["proposed", "approved", "reviewed"])
def test_who_had_a_part_in_an_urgent_suspension_does_not_determine_its_appeal(
    member: Member, part: str
) -> None:
    third = person_with("director")
    case = urgently_suspended(member)
    endings.review_urgency(
        account=member.account,
        case=case.seq,
        is_confirmed=True,
        words="The cargo was looked at.",
        by=named(third, "director"),
        at=moment(DECIDED + timedelta(days=1)),
    )
    appeal(member)
    person = {"proposed": member.manager, "approved": member.director, "reviewed": third}[part]

    with pytest.raises(Refused) as own:
        determine(member, named(person, "appeal_authority"), is_granted=True)

    assert own.value.refusal == "second.same_person"
    assert standing(member)[2] == "PENDING"


def test_who_decided_without_a_case_does_not_determine_the_appeal(member: Member) -> None:
    suspended_in_one_step(member)
    appeal(member)

    with pytest.raises(Refused) as own:
        determine(member, named(member.director, "appeal_authority"), is_granted=True)

    assert own.value.refusal == "second.same_person"


def test_a_grant_overturns_the_suspension_that_was_appealed_and_no_other(
    member: Member, authority: Person
) -> None:
    names = [one.benefit.id for one in queries.benefits_of(member.account)]
    first = suspended(member, degree="PART", benefits=names[:1], ground="G6")
    second = suspended(
        member, DECIDED + timedelta(days=40), degree="PART", benefits=names[1:2], ground="G6"
    )
    appeal(member, DECIDED + timedelta(days=60))
    third = suspended(member, DECIDED + timedelta(days=90), ground="G6")

    determine(member, authority, is_granted=True)

    assert [state(one) for one in (first, second, third)] == ["IN_FORCE"] * 3
    assert (standing(member)[0], standing(member)[2]) == ("SUSPENDED", "GRANTED")
    assert verify().is_clean


def test_an_appeal_granted_after_a_reinstatement_changes_nothing_more(
    member: Member, authority: Person
) -> None:
    case = suspended(member, ground="G6")
    appeal(member)
    won_back(member, case)

    determined = determine(member, authority, is_granted=True)

    assert determined.outcome == "GRANTED"
    assert standing(member) == ("CERTIFIED", "T1", "GRANTED")
    assert state(case) == "LIFTED"
    assert verify().is_clean


@pytest.mark.parametrize(("ground", "days"), [("G6", 90), ("G4", 30)], ids=["other", "falsehood"])
def test_the_window_of_an_appeal_closes_after_its_last_day(
    member: Member, ground: str, days: int
) -> None:
    suspended(member, ground=ground)
    last = DECIDED + timedelta(days=days)

    with pytest.raises(Refused) as late:
        appeal(member, last + timedelta(days=1))

    assert late.value.refusal == "guard.latest_window_open"
    assert queries.appeals_of(member.stream) == []
    assert standing(member)[2] == "NONE"


@pytest.mark.parametrize(("ground", "days"), [("G6", 90), ("G4", 30)], ids=["other", "falsehood"])
def test_an_appeal_on_the_last_day_of_its_window_is_in_time(
    member: Member, ground: str, days: int
) -> None:
    suspended(member, ground=ground)

    filed = appeal(member, DECIDED + timedelta(days=days))

    assert filed.filed_on == DECIDED + timedelta(days=days)
    assert standing(member)[2] == "PENDING"
    assert verify().is_clean


def test_only_an_officer_appeals_once_and_only_the_authority_determines_with_reasons(
    member: Member, authority: Person
) -> None:
    suspended(member)

    with pytest.raises(Refused) as contact:
        appeal(member, by="point_of_contact")
    appeal(member)
    with pytest.raises(Refused):
        appeal(member, FILED + timedelta(days=1))
    with pytest.raises(Refused) as office:
        determine(member, named(member.manager, "field_manager"), is_granted=False)
    with pytest.raises(BadInput):
        determine(member, authority, is_granted=False, words=" ")

    assert contact.value.refusal == office.value.refusal == "role.not_allowed"
    assert [one.outcome for one in queries.appeals_of(member.stream)] == [""]
    assert standing(member)[2] == "PENDING"
