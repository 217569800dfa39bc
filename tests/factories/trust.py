"""A member in trouble, made by the real acts: proposed, notified, suspended, answered."""

from __future__ import annotations

from datetime import date, timedelta

from greenlane.apps.accounts.models import User
from greenlane.apps.certification.actions import Person
from greenlane.apps.documents.actions import give_document
from greenlane.apps.members.actions.steps import step
from greenlane.apps.suspensions.actions import answers, proposals
from greenlane.apps.suspensions.actions.proposals import ProposalGiven
from greenlane.apps.suspensions.models import Suspension
from greenlane.core.lifecycle.decide import Actor
from tests.factories.certified import Member, moment
from tests.factories.people import person_with, the_program

PROPOSED, NOTIFIED = date(2026, 9, 1), date(2026, 9, 3)
DECIDED = date(2026, 10, 6)
REASONS = "Three seals were broken in one month, and nobody at the yard logged it."
MEMO = "The port unit will watch the lane; tell nobody."
PAPER = b"%PDF-1.4 proof"


def a_paper(member: Member, day: date, *, by: str = "point_of_contact") -> int:
    """Put a document on file and return its place."""
    return give_document(
        stream=member.stream,
        name="log.pdf",
        content=PAPER,
        purpose="trust",
        by=member.by(by),
        at=moment(day, 1),
        program=the_program(),
    ).seq


def named(person: User, role: str) -> Person:
    """Return somebody who signs a letter."""
    return Person(Actor(person.key, role), person.name)


def the_director(member: Member) -> Person:
    """Return the director, who signs."""
    return named(member.director, "director")


def an_authority(*, can_sign_in: bool = False, language: str = "en") -> User:
    """Record somebody who decides appeals."""
    return person_with(
        "appeal_authority", at=moment(PROPOSED), can_sign_in=can_sign_in, language=language
    )


def proposed(member: Member, day: date = PROPOSED, **given: object) -> Suspension:
    """Let the specialist propose a suspension."""
    wanted = {"ground": "G2", "reasons": REASONS, "memo": MEMO, **given}
    return proposals.propose(
        account=member.account,
        given=ProposalGiven(**wanted),  # type: ignore[arg-type]  # fields of the dataclass
        by=member.by("specialist"),
        at=moment(day),
    )


def notified(
    member: Member, day: date = NOTIFIED, *, before: int = 2, **given: object
) -> Suspension:
    """Propose ``before`` days earlier, and let the director give notice."""
    case = proposed(member, day - timedelta(days=before), **given)
    return proposals.notify(
        account=member.account, case=case.seq, by=the_director(member), at=moment(day)
    )


def suspended(
    member: Member, day: date = DECIDED, *, notice: int = 20, **given: object
) -> Suspension:
    """Propose, give ``notice`` days of notice, hear the company, and suspend on ``day``."""
    noticed = day - timedelta(days=notice)
    case = notified(member, noticed, before=2 if notice else 0, **given)
    proposals.hear(
        account=member.account,
        case=case.seq,
        words="The yard lead was replaced.",
        by=member.by("point_of_contact"),
        at=moment(day - timedelta(days=notice // 2)),
    )
    return proposals.decide(
        account=member.account,
        case=case.seq,
        words="The answer does not show how seals are checked.",
        by=the_director(member),
        at=moment(day),
    )


def suspended_in_one_step(member: Member, day: date = DECIDED, act: str = "T12") -> None:
    """Suspend by the act of the table alone, as before there were cases."""
    known = ("protections_considered", "field_recommended", "self_report_is_settled")
    step(
        account=member.account,
        act=act,
        by=member.by("director"),
        at=moment(day),
        given={"ground": "G6"},
        facts=dict.fromkeys((f"suspension.{name}" for name in known), True),
        words="As the letter of that day says.",
    )


def urgently_suspended(member: Member, day: date = DECIDED) -> Suspension:
    """Let the field manager propose a suspension at once, and the director approve it."""
    manager = named(member.manager, "field_manager")
    given = ProposalGiven("G1", REASONS, path="URGENT", urgency="urgent.cargo_at_risk")
    case = proposals.propose(account=member.account, given=given, by=manager.actor, at=moment(day))
    return proposals.approve_at_once(
        account=member.account,
        case=case.seq,
        words="Cargo is under way.",
        by=the_director(member),
        at=moment(day, 30),
    )


def planned(member: Member, case: Suspension, day: date, *, consents: bool = True) -> None:
    """Let the company answer with a plan of two steps."""
    answers.answer(
        account=member.account,
        case=case.seq,
        words="Nobody was responsible for the seal log at night.",
        steps=[
            answers.StepGiven("A seal log for each shift", "Yard lead", day + timedelta(days=20)),
            answers.StepGiven("Training of both shifts", "Security", day + timedelta(days=30)),
        ],
        consents=consents,
        by=member.by("point_of_contact"),
        at=moment(day),
    )


def fulfilled(member: Member, case: Suspension, day: date) -> None:
    """Let the company prove both steps, and the specialist verify them."""
    for number in (1, 2):
        answers.prove(
            account=member.account,
            case=case.seq,
            number=number,
            words="In place since Monday.",
            documents=[a_paper(member, day)],
            by=member.by("point_of_contact"),
            at=moment(day, 10 * number),
        )
        answers.judge(
            account=member.account,
            case=case.seq,
            number=number,
            is_verified=True,
            words="Four weeks of logs were read.",
            by=member.by("specialist"),
            at=moment(day, 10 * number + 5),
        )
