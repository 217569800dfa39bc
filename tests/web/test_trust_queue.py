"""The worklist of trust: everybody who is suspended, or for whom the clock of an appeal runs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from greenlane.apps.members.actions.steps import step
from greenlane.apps.suspensions.queries import has_page
from greenlane.gate.access import today
from tests.factories.browsers import signed_in_client
from tests.factories.certified import Member, a_member, moment
from tests.factories.people import the_program
from tests.factories.trust import an_authority, suspended, suspended_in_one_step

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    return a_member(certified_on=today() - timedelta(days=200))


def queue(person: object) -> str:
    answer = signed_in_client(person).get(reverse("specialist:trust_queue"))  # type: ignore[arg-type]  # a User
    assert answer.status_code == 200
    return answer.content.decode()


def trust(member: Member) -> str:
    return f'href="{reverse("specialist:trust", args=[member.stream])}"'


def appealed_in_one_step(member: Member) -> None:
    step(account=member.account, act="T17", by=member.by("company_officer"), at=moment(today(), 9))


def test_who_was_never_decided_against_is_not_on_it(member: Member) -> None:
    assert trust(member) not in queue(member.specialist)


@pytest.mark.parametrize(
    ("act", "note"),
    [
        ("T12", "Full suspension, without a case"),
        ("T26", "Suspension of single benefits, without a case"),
    ],
)
def test_a_standing_suspended_in_one_step_is_on_it_with_a_link(
    member: Member, act: str, note: str
) -> None:
    suspended_in_one_step(member, today(), act=act)

    shown = queue(member.specialist)

    assert shown.count(trust(member)) == 1
    assert note in shown
    assert "Nothing waits here." not in shown


def test_a_suspension_with_a_case_is_on_it_once_and_leads_to_the_case(member: Member) -> None:
    case = suspended(member, today(), ground="G6")

    shown = queue(member.specialist)

    assert shown.count(reverse("specialist:suspension", args=[member.stream, case.seq])) == 1
    assert trust(member) not in shown


def test_an_appeal_without_a_case_is_on_it_for_the_appeal_authority_too(member: Member) -> None:
    suspended_in_one_step(member, today())
    appealed_in_one_step(member)
    authority = an_authority()

    assert "Filed without a case" in queue(authority)
    assert "Full suspension, without a case" not in queue(authority)


def test_who_may_still_appeal_is_on_it_until_the_time_is_over(member: Member) -> None:
    day = today() - timedelta(days=20)
    suspended_in_one_step(member, day, act="T26")
    step(
        account=member.account,
        act="T27",
        by=member.by("director"),
        at=moment(day + timedelta(days=1)),
        facts={"suspension.plan_is_fulfilled": True},
    )
    other = a_member(certified_on=today() - timedelta(days=200))
    suspended_in_one_step(other, today() - timedelta(days=120), act="T26")
    step(
        account=other.account,
        act="T27",
        by=other.by("director"),
        at=moment(day),
        facts={"suspension.plan_is_fulfilled": True},
    )

    shown = queue(member.specialist)

    assert "Time to appeal runs" in shown
    assert shown.count(trust(member)) == 1
    assert trust(other) not in shown


def test_an_appeal_without_a_case_can_be_determined(member: Member) -> None:
    suspended_in_one_step(member, today())
    appealed_in_one_step(member)

    assert not has_page(member.account, the_program().transition("A01"))
