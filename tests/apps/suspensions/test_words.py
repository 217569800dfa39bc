"""Which act answers a word about a suspension, from which it starts, and who may: one table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from greenlane.apps.accounts.actions import BY_SYSTEM, end_grant
from greenlane.apps.accounts.models import Grant
from greenlane.apps.suspensions import queries
from greenlane.apps.suspensions.actions import endings, proposals
from greenlane.apps.suspensions.acts import (
    STAGES,
    CaseKind,
    Word,
    act_for,
    act_of_appeal,
    check_fits,
    fits,
    judges_of_appeals,
    kind_of_case,
    roles_for,
)
from greenlane.core.lifecycle.decide import Refused
from tests.factories.certified import Member, a_member, moment
from tests.factories.people import person_with, the_program
from tests.factories.trust import (
    DECIDED,
    NOTIFIED,
    PROPOSED,
    REASONS,
    named,
    proposed,
    suspended,
    suspended_in_one_step,
    the_director,
    urgently_suspended,
)

LATER = DECIDED + timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Case:
    """A suspension, as far as words ask."""

    state: str = "IN_FORCE"
    path: str = "NORMAL"
    degree: str = "FULL"
    reviewed_on: date | None = None


@pytest.fixture
def member() -> Member:
    return a_member()


@pytest.mark.parametrize(
    ("word", "degree", "act"),
    [
        (Word.NOTICE, "PART", "S04"),
        (Word.DECIDE, "FULL", "T12"),
        (Word.DECIDE, "PART", "T26"),
        (Word.DECIDE, "REMOVAL", "T15"),
        (Word.APPROVE, "FULL", "T28"),
        (Word.PLAN, "PART", "S03"),
        (Word.REINSTATE, "FULL", "T13"),
        (Word.REINSTATE, "PART", "T27"),
        (Word.REMOVE, "FULL", "T14"),
        (Word.CLOSE, "FULL", "T22"),
    ],
)
def test_what_a_suspension_takes_decides_which_act_answers(
    word: Word, degree: str, act: str
) -> None:
    assert act_for(the_program(), word, Case(degree=degree)).id == act


@pytest.mark.parametrize(("is_confirmed", "act"), [(True, "U01"), (False, "T29")])
def test_the_outcome_of_a_review_decides_which_act_answers(is_confirmed: bool, act: str) -> None:
    row = act_for(the_program(), Word.REVIEW, Case(path="URGENT"), is_confirmed=is_confirmed)

    assert row.id == act
    assert row.by <= roles_for(the_program(), Word.REVIEW)


@pytest.mark.parametrize(
    ("word", "case", "refusal"),
    [
        (Word.DECIDE, Case("IN_FORCE"), "suspension.wrong_state"),
        (Word.PLAN, Case("LIFTED"), "suspension.wrong_state"),
        (Word.DECIDE, Case("PROPOSED", "URGENT"), "suspension.urgent"),
        (Word.APPROVE, Case("PROPOSED"), "suspension.not_urgent"),
        (Word.REVIEW, Case(), "suspension.not_urgent"),
        (Word.REVIEW, Case(path="URGENT", reviewed_on=DECIDED), "suspension.reviewed"),
        (Word.NOTICE, Case("PROPOSED", degree="REMOVAL"), "suspension.wrong_degree"),
        (Word.REMOVE, Case(degree="PART"), "suspension.wrong_degree"),
    ],
)
def test_a_word_that_does_not_fit_a_suspension_is_refused(
    word: Word, case: Case, refusal: str
) -> None:
    with pytest.raises(Refused) as refused:
        check_fits(case, word)

    assert refused.value.refusal == refusal
    assert not fits(case, word)


def test_an_act_for_what_a_suspension_does_not_take_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        act_for(the_program(), Word.CLOSE, Case(degree="PART"))

    assert refused.value.refusal == "suspension.wrong_degree"


def test_every_word_has_a_stage() -> None:
    assert set(STAGES) == set(Word)


def test_who_grants_may_uphold_in_this_program() -> None:
    program = the_program()

    assert judges_of_appeals(program, is_granted=True) == {"appeal_authority"}
    assert judges_of_appeals(program, is_granted=False) == {"appeal_authority"}


@pytest.mark.django_db
def test_an_appeal_is_filed_by_the_act_that_starts_from_where_the_account_stands(
    member: Member,
) -> None:
    certified = act_of_appeal(member.account).id
    suspended_in_one_step(member)

    assert (certified, act_of_appeal(member.account).id) == ("A02", "T17")


@pytest.mark.django_db
def test_a_removal_at_once_has_no_notice(member: Member) -> None:
    case = proposed(member, degree="REMOVAL", is_aggravated=True)

    with pytest.raises(Refused) as refused:
        proposals.notify(
            account=member.account, case=case.seq, by=the_director(member), at=moment(NOTIFIED)
        )

    assert refused.value.refusal == "suspension.wrong_degree"
    assert queries.suspension(member.stream, case.seq).state == "PROPOSED"


@pytest.mark.django_db
def test_a_removal_names_the_full_suspension_and_never_the_partial_one(member: Member) -> None:
    name = queries.benefits_of(member.account)[0].benefit.id
    part = suspended(member, degree="PART", benefits=[name], ground="G6")
    suspended(member, LATER, ground="G6")

    with pytest.raises(Refused) as refused:
        endings.remove(
            account=member.account,
            case=part.seq,
            words="Nothing was done.",
            by=the_director(member),
            at=moment(LATER + timedelta(days=100)),
        )

    assert refused.value.refusal == "suspension.wrong_degree"
    assert member.account.membership == "SUSPENDED"


@pytest.mark.django_db
def test_a_field_manager_confirms_an_urgent_suspension_and_does_not_lift_it(
    member: Member,
) -> None:
    case = urgently_suspended(member)
    third = named(person_with("field_manager"), "field_manager")

    def review(*, is_confirmed: bool) -> None:
        endings.review_urgency(
            account=member.account,
            case=case.seq,
            is_confirmed=is_confirmed,
            words="The cargo was looked at.",
            by=third,
            at=moment(DECIDED + timedelta(days=3)),
        )

    with pytest.raises(Refused) as lifted:
        review(is_confirmed=False)
    review(is_confirmed=True)

    assert lifted.value.refusal == "role.not_allowed"
    assert queries.suspension(member.stream, case.seq).review_outcome == "CONFIRMED"


@pytest.mark.django_db
def test_who_left_since_proposing_decides_no_urgent_suspension(member: Member) -> None:
    manager = named(member.manager, "field_manager")
    case = proposals.propose(
        account=member.account,
        given=proposals.ProposalGiven("G1", REASONS, path="URGENT", urgency="urgent.cargo_at_risk"),
        by=manager.actor,
        at=moment(PROPOSED),
    )
    end_grant(
        grant=Grant.objects.get(user_id=member.manager.key).key,
        by=BY_SYSTEM,
        at=moment(PROPOSED, 30),
        program=the_program(),
    )

    with pytest.raises(Refused) as gone:
        proposals.approve_at_once(
            account=member.account,
            case=case.seq,
            words="Cargo is under way.",
            by=the_director(member),
            at=moment(NOTIFIED),
        )

    assert gone.value.refusal == "second.role_not_allowed"
    assert member.account.membership == "CERTIFIED"


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        ("X05", CaseKind.VALIDATION),
        ("I02", CaseKind.INCIDENT),
        ("T12", CaseKind.SUSPENSION),
        ("U01", CaseKind.SUSPENSION),
        ("T17", CaseKind.APPEAL),
        ("A06", CaseKind.APPEAL),
    ],
)
def test_an_act_belongs_to_one_kind_of_case(act: str, kind: CaseKind) -> None:
    program = the_program()

    assert kind_of_case(program, program.transition(act)) is kind
