"""A suspension on the normal path: proposed, noticed, heard, decided, answered, lifted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from greenlane.apps.audit.verify import verify
from greenlane.apps.certification.queries import letters_of
from greenlane.apps.suspensions import queries
from greenlane.apps.suspensions.actions import answers, endings, proposals
from greenlane.core.errors import BadInput, NotAllowed
from greenlane.core.lifecycle.decide import Refused
from tests.factories.certified import Member, a_member, moment
from tests.factories.people import person_with
from tests.factories.trust import (
    DECIDED,
    NOTIFIED,
    PROPOSED,
    REASONS,
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

ANSWERED, PROVED, LIFTED = date(2026, 11, 2), date(2026, 12, 1), date(2026, 12, 7)


@pytest.fixture
def member() -> Member:
    return a_member()


def refusal(caught: pytest.ExceptionInfo[Refused]) -> str:
    return caught.value.refusal


def reinstated(member: Member, seq: int, **more: object) -> None:
    endings.reinstate(
        account=member.account,
        case=seq,
        words="Both steps are verified.",
        by=the_director(member),
        at=moment(LIFTED),
        **more,  # type: ignore[arg-type]  # is_fixed
    )


def test_a_member_is_suspended_answers_with_a_plan_and_is_reinstated_as_before(
    member: Member,
) -> None:
    case = suspended(member)

    assert (member.account.membership, case.state) == ("SUSPENDED", "IN_FORCE")
    assert [one.kind for one in letters_of(member.stream)] == ["suspension", "suspension_notice"]
    assert not any(one.is_active for one in queries.benefits_of(member.account))

    planned(member, case, ANSWERED)
    with pytest.raises(Refused) as early:
        reinstated(member, case.seq, is_fixed=True)
    fulfilled(member, case, PROVED)
    with pytest.raises(Refused) as unfixed:
        reinstated(member, case.seq)
    reinstated(member, case.seq, is_fixed=True)

    assert refusal(early) == "guard.plan_fulfilled"
    assert refusal(unfixed) == "guard.vulnerabilities_fixed"
    assert (member.account.membership, member.account.tier) == ("CERTIFIED", "T1")
    assert queries.suspension(member.stream, case.seq).state == "LIFTED"
    assert letters_of(member.stream)[0].kind == "reinstatement"
    assert all(one.is_active for one in queries.benefits_of(member.account))
    assert verify().is_clean


def test_without_consent_to_unannounced_visits_nobody_is_reinstated(member: Member) -> None:
    case = suspended(member, ground="G6")
    planned(member, case, ANSWERED, consents=False)
    fulfilled(member, case, PROVED)

    with pytest.raises(Refused) as without:
        reinstated(member, case.seq)
    planned(member, case, PROVED)
    fulfilled(member, case, PROVED + timedelta(days=1))
    reinstated(member, case.seq)

    assert refusal(without) == "guard.consents_to_visits"
    assert member.account.membership == "CERTIFIED"


def test_p21_nobody_is_suspended_without_notice_reasons_and_a_chance_to_answer(
    member: Member,
) -> None:
    """P21: suspension usually came without warning, on a vague ground."""
    case = proposed(member, ground="G5")
    director = the_director(member)

    def decide(day: date) -> None:
        proposals.decide(
            account=member.account, case=case.seq, words="So.", by=director, at=moment(day)
        )

    with pytest.raises(Refused) as unnoticed:
        decide(PROPOSED)
    proposals.notify(account=member.account, case=case.seq, by=director, at=moment(NOTIFIED))
    with pytest.raises(Refused) as unheard:
        decide(NOTIFIED + timedelta(days=30))
    decide(NOTIFIED + timedelta(days=31))

    assert refusal(unnoticed) == refusal(unheard) == "guard.protections_considered"
    assert member.account.membership == "SUSPENDED"
    with pytest.raises(BadInput):
        proposed(member, DECIDED, ground="G5", reasons=" ")


def test_who_proposed_does_not_decide(member: Member) -> None:
    case = proposals.propose(
        account=member.account,
        given=proposals.ProposalGiven("G3", REASONS),
        by=member.by("director"),
        at=moment(PROPOSED),
    )

    with pytest.raises(Refused) as own:
        proposals.notify(
            account=member.account, case=case.seq, by=the_director(member), at=moment(NOTIFIED)
        )

    assert refusal(own) == "second.same_person"


def test_without_the_field_offices_recommendation_the_director_cannot_suspend(
    member: Member,
) -> None:
    case = proposals.propose(
        account=member.account,
        given=proposals.ProposalGiven("G3", REASONS),
        by=member.by("director"),
        at=moment(PROPOSED),
    )
    other = named(person_with("director"), "director")
    proposals.notify(account=member.account, case=case.seq, by=other, at=moment(NOTIFIED))
    proposals.hear(
        account=member.account,
        case=case.seq,
        words="The yard lead was replaced.",
        by=member.by("point_of_contact"),
        at=moment(NOTIFIED, 5),
    )

    with pytest.raises(Refused) as alone:
        proposals.decide(
            account=member.account, case=case.seq, words="So.", by=other, at=moment(DECIDED)
        )

    assert refusal(alone) == "guard.field_recommended"
    assert member.account.membership == "CERTIFIED"
    assert queries.suspension(member.stream, case.seq).state == "NOTIFIED"


def test_a_field_manager_decides_no_suspension(member: Member) -> None:
    case = notified(member)
    other = named(member.manager, "field_manager")

    with pytest.raises(Refused) as role:
        proposals.decide(
            account=member.account, case=case.seq, words="So.", by=other, at=moment(DECIDED)
        )

    assert refusal(role) == "role.not_allowed"
    assert member.account.membership == "CERTIFIED"


def test_the_company_sees_nothing_of_a_proposal_nor_of_one_declined(member: Member) -> None:
    case = proposed(member)

    before = queries.suspensions_for_company(member.stream)
    with pytest.raises(queries.NoSuchSuspension):
        queries.suspension_for_company(member.stream, case.seq)
    proposals.decline(
        account=member.account,
        case=case.seq,
        words="The yard is another company's.",
        by=member.by("director"),
        at=moment(NOTIFIED),
    )

    assert before == []
    assert queries.suspensions_for_company(member.stream) == []
    assert queries.suspension(member.stream, case.seq).state == "DECLINED"


def test_a_declined_proposal_leaves_no_gap_in_the_numbers_that_the_company_reads(
    member: Member,
) -> None:
    first = proposed(member)
    proposals.decline(
        account=member.account,
        case=first.seq,
        words="The yard is another company's.",
        by=member.by("director"),
        at=moment(PROPOSED),
    )

    second = notified(member)

    (told,) = queries.suspensions_for_company(member.stream)
    assert (told.seq, told.number) == (second.seq, 1)


def test_a_notice_is_answered_once_and_the_answer_stays(member: Member) -> None:
    case = notified(member)
    answering = {"account": member.account, "case": case.seq, "by": member.by("point_of_contact")}
    at = moment(NOTIFIED + timedelta(days=2))
    proposals.hear(**answering, words="The first answer.", at=at)  # type: ignore[arg-type]  # named

    with pytest.raises(Refused) as refused:
        proposals.hear(**answering, words="From another tab.", at=at)  # type: ignore[arg-type]  # named

    assert refusal(refused) == "suspension.heard"
    assert queries.suspension(member.stream, case.seq).heard_words == "The first answer."


@pytest.mark.parametrize("due_on", [date.min, date.max])
def test_a_step_of_a_plan_is_due_on_a_day_of_this_age(member: Member, due_on: date) -> None:
    case = suspended(member)

    with pytest.raises(BadInput, match="of this age"):
        answers.answer(
            account=member.account,
            case=case.seq,
            words="Nobody had the log.",
            steps=[answers.StepGiven("A log", "Yard lead", due_on)],
            consents=True,
            by=member.by("point_of_contact"),
            at=moment(ANSWERED),
        )


def test_a_partial_suspension_takes_the_named_benefits_and_leaves_the_others(
    member: Member,
) -> None:
    lost = queries.benefits_of(member.account)[0].benefit.id
    case = suspended(member, degree="PART", benefits=[lost], ground="G6")

    kept = {one.benefit.id: one.is_active for one in queries.benefits_of(member.account)}

    assert member.account.membership == "CERTIFIED"
    assert kept[lost] is False
    assert sum(kept.values()) == len(kept) - 1
    assert letters_of(member.stream)[0].kind == "partial_suspension"
    planned(member, case, ANSWERED, consents=False)
    fulfilled(member, case, PROVED)
    reinstated(member, case.seq)
    assert all(one.is_active for one in queries.benefits_of(member.account))
    assert letters_of(member.stream)[0].kind == "restoration"


@pytest.mark.parametrize(
    "given",
    [
        {"ground": "G9"},
        {"degree": "PART"},
        {"benefits": ["limited_score_credit"]},
        {"degree": "REMOVAL"},
        {"documents": [999]},
        {"findings": [999]},
        {"incidents": [999]},
        {"degree": "HALF"},
        {"reasons": "x" * 20_001},
    ],
    ids=lambda given: next(iter(given)),
)
def test_a_proposal_that_cannot_be_read_is_refused(
    member: Member, given: dict[str, object]
) -> None:
    with pytest.raises(Exception, match=r".") as caught:
        proposed(member, **given)  # type: ignore[arg-type]  # fields of the dataclass

    assert caught.type.__name__ in {"BadInput", "NoSuchDocument", "NoSuchIncident"}
    assert queries.suspensions_of(member.stream) == []


@pytest.mark.parametrize("degree", ["FULL", "REMOVAL"])
def test_whoever_is_suspended_already_has_nothing_to_be_proposed(
    member: Member, degree: str
) -> None:
    suspended(member)

    with pytest.raises(BadInput, match="nothing to suspend"):
        proposed(member, LIFTED, degree=degree, is_aggravated=True)

    assert len(queries.suspensions_of(member.stream)) == 1


def test_a_step_of_the_plan_is_verified_only_on_proof_and_by_the_office(member: Member) -> None:
    case = suspended(member)
    planned(member, case, ANSWERED)

    def judge(role: str, *, verified: bool = True) -> None:
        answers.judge(
            account=member.account,
            case=case.seq,
            number=1,
            is_verified=verified,
            words="Read.",
            by=member.by(role),
            at=moment(PROVED),
        )

    def prove(*papers: int) -> None:
        answers.prove(
            account=member.account,
            case=case.seq,
            number=1,
            words="Done.",
            documents=papers,
            by=member.by("point_of_contact"),
            at=moment(PROVED),
        )

    with pytest.raises(Refused) as unproved:
        judge("specialist")
    with pytest.raises(BadInput):
        prove()
    prove(a_paper(member, ANSWERED))
    with pytest.raises(NotAllowed):
        judge("company_officer")
    judge("specialist", verified=False)
    assert queries.step_of(case, 1).state == "ASKED_AGAIN"
    prove(a_paper(member, PROVED))
    judge("specialist")

    assert refusal(unproved) == "plan.unproved"
    assert queries.step_of(case, 1).state == "VERIFIED"
    with pytest.raises(Refused):
        prove(a_paper(member, PROVED))


def test_a_name_that_does_not_fit_is_refused_and_never_cut(member: Member) -> None:
    case = suspended(member)
    step = answers.StepGiven("A seal log", "y" * 401, ANSWERED + timedelta(days=20))

    with pytest.raises(BadInput) as too_long:
        answers.answer(
            account=member.account,
            case=case.seq,
            words="Nobody was responsible at night.",
            steps=[step],
            consents=True,
            by=member.by("point_of_contact"),
            at=moment(ANSWERED),
        )

    assert "401 characters; 400 fit" in too_long.value.message
    assert queries.plan_of(case) is None


def test_the_company_reads_a_suspension_without_anything_of_the_office(member: Member) -> None:
    suspended(member)

    (told,) = queries.suspensions_for_company(member.stream)

    assert told.reasons == REASONS
    for name in ("memo", "proposed_by", "decided_by", "discoveries", "findings", "is_aggravated"):
        assert not hasattr(told, name)


def test_why_an_urgent_suspension_could_not_wait_stays_with_the_office(member: Member) -> None:
    case = urgently_suspended(member)

    told = queries.suspension_for_company(member.stream, case.seq)

    assert (case.decision_words, told.decision_words) == ("Cargo is under way.", "")
