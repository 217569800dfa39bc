"""What is in force follows from the steps: no suspension outlives the standing it rests on."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from greenlane.apps.audit.verify import verify
from greenlane.apps.incidents import actions as incidents
from greenlane.apps.incidents.queries import incidents_for_company
from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.queries import case_of
from greenlane.apps.suspensions import queries
from greenlane.apps.suspensions.actions import endings, proposals
from greenlane.apps.suspensions.models import InForce, Suspension
from greenlane.core.lifecycle.decide import Refused
from tests.factories.certified import Member, a_member, moment
from tests.factories.people import person_with
from tests.factories.trust import (
    DECIDED,
    PROPOSED,
    a_paper,
    fulfilled,
    named,
    notified,
    planned,
    proposed,
    suspended,
    the_director,
    urgently_suspended,
)

pytestmark = pytest.mark.django_db

LATER = DECIDED + timedelta(days=40)
AFTER = LATER + timedelta(days=100)


@pytest.fixture
def member() -> Member:
    return a_member()


def states(*cases: Suspension) -> list[str]:
    return [queries.suspension(one.stream, one.seq).state for one in cases]


def in_part(member: Member, day: date = DECIDED, *, place: int = 0) -> Suspension:
    """Suspend one benefit."""
    name = queries.benefits_of(member.account)[place].benefit.id
    return suspended(member, day, degree="PART", benefits=[name], ground="G6")


def lost(member: Member) -> set[str]:
    found = queries.benefits_of(member.account)
    return {one.benefit.id for one in found if not one.is_active}


def withdrawn(member: Member, day: date = AFTER) -> None:
    step(
        account=member.account,
        act="T16",
        by=member.by("company_officer"),
        at=moment(day),
        words="We leave the program.",
    )


def reinstated(member: Member, case: Suspension, day: date) -> None:
    endings.reinstate(
        account=member.account,
        case=case.seq,
        words="Both steps are verified.",
        by=the_director(member),
        at=moment(day),
    )


def test_a_reinstatement_ends_what_its_row_gives_back_and_the_standing_agrees(
    member: Member,
) -> None:
    part, full = in_part(member), suspended(member, LATER, ground="G6")
    planned(member, full, LATER + timedelta(days=2))
    fulfilled(member, full, LATER + timedelta(days=10))

    reinstated(member, full, LATER + timedelta(days=12))

    assert states(part, full) == ["LIFTED", "LIFTED"]
    assert case_of(member.account).standing().benefits_suspended_in_part is False
    assert lost(member) == set()
    assert verify().is_clean


def test_a_lifted_urgent_suspension_leaves_the_partial_one_that_can_still_be_restored(
    member: Member,
) -> None:
    part = in_part(member)
    gone = set(part.benefits)
    urgent = urgently_suspended(member, LATER)
    endings.review_urgency(
        account=member.account,
        case=urgent.seq,
        is_confirmed=False,
        words="There was no ground.",
        by=named(person_with("director"), "director"),
        at=moment(LATER + timedelta(days=1)),
    )

    between = (states(part, urgent), lost(member))
    planned(member, part, LATER + timedelta(days=2))
    fulfilled(member, part, LATER + timedelta(days=10))
    reinstated(member, part, LATER + timedelta(days=12))

    assert between == (["IN_FORCE", "LIFTED"], gone)
    assert (states(part), lost(member)) == (["LIFTED"], set())
    assert verify().is_clean


def test_two_partial_suspensions_take_the_benefits_of_both(member: Member) -> None:
    first, second = in_part(member), in_part(member, LATER, place=1)

    assert lost(member) == {*first.benefits, *second.benefits}


def test_a_removal_leaves_nothing_on_the_list_of_what_is_in_force(member: Member) -> None:
    part, full = in_part(member), suspended(member, LATER, ground="G6")

    endings.remove(
        account=member.account,
        case=full.seq,
        words="Nothing was done.",
        by=the_director(member),
        at=moment(AFTER),
    )

    # The partial one sleeps: an appeal that gives the membership back gives no benefit with it.
    assert states(part, full) == ["IN_FORCE", "REMOVED"]
    assert queries.all_in_force() == []
    assert queries.benefits_of(member.account) == []
    assert verify().is_clean


def test_a_withdrawal_ends_a_full_suspension_and_its_review(member: Member) -> None:
    urgent = urgently_suspended(member)
    waiting = queries.waiting_reviews([member.stream])

    withdrawn(member)

    ended = queries.suspension(member.stream, urgent.seq)
    assert [one.seq for one in waiting] == [urgent.seq]
    assert (ended.state, ended.ended_on, ended.ended_by) == ("ENDED", AFTER, member.officer.key)
    assert ended.ended_seq == member.account.steps[-1][0]
    assert queries.waiting_reviews() == queries.all_in_force() == []
    assert verify().is_clean


def test_a_new_application_ends_a_partial_suspension_of_the_old_membership(
    member: Member,
) -> None:
    part = in_part(member)
    withdrawn(member)
    sleeping = states(part)

    step(
        account=member.account,
        act="T19",
        by=member.by("company_officer"),
        at=moment(AFTER + timedelta(days=1)),
        facts={
            "application.agreement_is_signed": True,
            "application.risk_assessment_is_filed": True,
            "profile.musts_unanswered": 0,
            "profile.musts_not_accepted": 0,
            "reapplication.is_full": True,
        },
    )

    assert (sleeping, states(part)) == (["IN_FORCE"], ["ENDED"])
    assert queries.in_force(member.stream) == []
    assert verify().is_clean


def test_an_older_database_gets_the_same_columns_as_a_new_one(member: Member) -> None:
    part, full = in_part(member), suspended(member, LATER, ground="G6")
    withdrawn(member)
    new = list(Suspension.objects.order_by("seq").values())
    InForce.objects.all().delete()
    Suspension.objects.update(decision_seq=0, ended_seq=0)
    Suspension.objects.filter(seq=full.seq).update(
        state="IN_FORCE", ended_on=None, ended_by="", ended_seq=0
    )

    import_module("greenlane.apps.suspensions.migrations.0002_in_force").fill(apps, None)

    assert list(Suspension.objects.order_by("seq").values()) == new
    assert list(InForce.objects.values_list("full", "part")) == [([], [part.seq])]
    assert verify().is_clean


# --- What a guard may know ------------------------------------------------------------------------


def reported(member: Member, day: date = PROPOSED) -> int:
    """Let the company report an incident; return its place."""
    given = incidents.IncidentGiven("incident.seal", "A seal was cut.")
    by = member.by("point_of_contact")
    return incidents.report(account=member.account, given=given, by=by, at=moment(day)).seq


def discovered(member: Member, day: date, *, incident: int = 0) -> int:
    """Let the office find the same incident by itself; return its place."""
    return incidents.discover(
        account=member.account,
        kind="incident.seal",
        words="The same trailer.",
        source="The port unit.",
        by=member.by("specialist"),
        at=moment(day, 30),
        incident=incident,
    ).seq


def settled(member: Member, **rests_on: object) -> object:
    case = proposed(member, PROPOSED + timedelta(days=1), **rests_on)
    facts = queries.case_facts(member.account, case, on=PROPOSED + timedelta(days=1))
    return facts.get("suspension.self_report_is_settled", "unknown")


def test_nobody_can_tell_whether_an_unmatched_discovery_is_the_self_reported_incident(
    member: Member,
) -> None:
    reported(member)
    found = discovered(member, PROPOSED)

    assert settled(member, discoveries=[found]) == "unknown"


def test_a_discovery_of_the_self_reported_incident_waits_for_the_joint_review(
    member: Member,
) -> None:
    found = discovered(member, PROPOSED, incident=reported(member))

    assert settled(member, discoveries=[found]) is False


def test_a_document_does_not_switch_the_self_report_off(member: Member) -> None:
    reported(member)

    assert settled(member, documents=[a_paper(member, PROPOSED)]) is False


def test_without_an_open_self_report_an_unmatched_discovery_is_settled(member: Member) -> None:
    assert settled(member, discoveries=[discovered(member, PROPOSED)]) is True


def test_a_suspension_on_an_unmatched_discovery_is_refused_until_it_is_matched(
    member: Member,
) -> None:
    incident = reported(member, PROPOSED - timedelta(days=2))
    found = discovered(member, PROPOSED - timedelta(days=2))
    case = notified(member, discoveries=[found])
    day = DECIDED + timedelta(days=30)

    def decide() -> None:
        proposals.decide(
            account=member.account,
            case=case.seq,
            words="The seals were broken.",
            by=the_director(member),
            at=moment(day),
        )

    with pytest.raises(Refused) as unknown:
        decide()
    incidents.match(
        account=member.account,
        discovery=found,
        incident=incident,
        by=member.by("specialist"),
        at=moment(day),
    )
    with pytest.raises(Refused) as unreviewed:
        decide()
    incidents.close_review(
        account=member.account,
        incident=incidents_for_company(member.stream)[0].seq,
        shown={"diligence": "no", "procedures": "no", "improved": "no"},
        words="Nothing was shown.",
        by=member.by("specialist"),
        at=moment(day),
    )
    decide()

    assert unknown.value.refusal == "guard.self_report_settled.unknown"
    assert unreviewed.value.refusal == "guard.self_report_settled"
    assert member.account.membership == "SUSPENDED"


def test_what_a_case_knows_is_told_to_other_acts_only_where_there_is_one_case(
    member: Member,
) -> None:
    part = in_part(member)
    alone = queries.act_facts(member.account, on=LATER)
    proposed(member, LATER, ground="G6", is_aggravated=True)
    both = queries.act_facts(member.account, on=LATER)

    assert alone["suspension.is_aggravated"] is False
    assert [name for name in both if name.startswith("suspension.")] == []
    assert states(part) == ["IN_FORCE"]
