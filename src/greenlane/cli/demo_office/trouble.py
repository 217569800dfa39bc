"""Plays what happens when trust fails: incidents, suspensions, plans, appeals, each by its act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from greenlane.apps.certification.actions import Person
from greenlane.apps.incidents import actions as incidents
from greenlane.apps.members.queries import account
from greenlane.apps.suspensions.actions import answers, appeals, endings, proposals
from greenlane.apps.suspensions.queries import benefits_of
from greenlane.cli.demo_office.story import VIA, Story
from greenlane.cli.demo_office.words import evidence_text

if TYPE_CHECKING:
    from greenlane.apps.suspensions.models import Suspension

REASONS: Final = {
    "en": "Three seals were broken in one month, and nobody at the yard had logged it.",
    "es": "En un mes se rompieron tres sellos y nadie en el patio lo había registrado.",
}
HEARD: Final = {
    "en": "The yard lead was replaced; the log is kept since Monday.",
    "es": "Se reemplazó al jefe de patio; la bitácora se lleva desde el lunes.",
}
CAUSE: Final = {
    "en": "Nobody was responsible for the seal log at night.",
    "es": "De noche nadie era responsable de la bitácora de sellos.",
}
APPEALED: Final = {
    "en": "The log of both yards was given at the visit, and the letter does not mention it.",
    "es": "En la visita se entregó la bitácora de ambos patios y el oficio no la menciona.",
}
NO_ANSWER: Final = {
    "en": "No plan was given in ninety days, and two letters came back unopened.",
    "es": "En noventa días no se entregó ningún plan y dos cartas regresaron sin abrir.",
}
SEEN: Final = {
    "en": "At the gate the seal of trailer 12 did not match the paper. The load was held.",
    "es": "El sello del remolque 12 no coincidía con el documento. Se retuvo la carga.",
}


def _person(story: Story, names: Mapping[str, str], role: str) -> Person:
    actor = story.actor(role)
    return Person(actor, names.get(actor.id, ""))


def suspend(
    story: Story, names: Mapping[str, str], ground: str, degree: str = "FULL"
) -> Suspension:
    """Propose, give notice, hear the company, decide: thirty days in all."""
    language = story.company.language
    benefits = [benefits_of(story.account)[0].benefit.id] if degree == "PART" else []
    case = proposals.propose(
        account=story.account,
        given=proposals.ProposalGiven(
            ground, REASONS[language], "Demonstration.", degree=degree, benefits=benefits
        ),
        by=story.actor("specialist"),
        at=story.at,
        via=VIA,
    )
    story.wait(2)
    director = _person(story, names, "director")
    letter: dict[str, Any] = {"by": director, "language": language, "via": VIA}
    proposals.notify(account=story.account, case=case.seq, at=story.at, **letter)
    story.wait(20)
    proposals.hear(
        account=story.account,
        case=case.seq,
        words=HEARD[language],
        by=story.actor("point_of_contact"),
        at=story.at,
        via=VIA,
    )
    story.wait(8)
    case = proposals.decide(
        account=story.account, case=case.seq, words=REASONS[language], at=story.at, **letter
    )
    story.account = account(story.account.stream)
    return case


def suspend_at_once(story: Story, names: Mapping[str, str]) -> None:
    """Suspend on the urgent path; its review is still to come."""
    language = story.company.language
    case = proposals.propose(
        account=story.account,
        given=proposals.ProposalGiven(
            "G1", REASONS[language], path="URGENT", urgency="urgent.cargo_at_risk"
        ),
        by=story.actor("field_manager"),
        at=story.at,
        via=VIA,
    )
    proposals.approve_at_once(
        account=story.account,
        case=case.seq,
        words="Demonstration.",
        by=_person(story, names, "director"),
        at=story.at,
        language=language,
        via=VIA,
    )
    story.account = account(story.account.stream)


def give_plan(story: Story, case: Suspension) -> None:
    """Answer with a plan of two steps, and prove the first."""
    language, by = story.company.language, story.actor("point_of_contact")
    answers.answer(
        account=story.account,
        case=case.seq,
        words=CAUSE[language],
        steps=[
            answers.StepGiven(HEARD[language], "Yard lead", story.day + timedelta(days=20)),
            answers.StepGiven(CAUSE[language], "Security", story.day + timedelta(days=30)),
        ],
        consents=True,
        by=by,
        at=story.at,
        via=VIA,
    )
    prove(story, case, 1)


def prove(story: Story, case: Suspension, number: int) -> None:
    """Prove a step of the plan."""
    language, by = story.company.language, story.actor("point_of_contact")
    paper = evidence_text(story.company.name, "7.1", language)
    answers.prove(
        account=story.account,
        case=case.seq,
        number=number,
        words=HEARD[language],
        files=[("log.txt", paper)],
        by=by,
        at=story.at,
        via=VIA,
    )


def win_back(story: Story, names: Mapping[str, str], case: Suspension) -> None:
    """Prove and verify the whole plan, then reinstate."""
    give_plan(story, case)
    prove(story, case, 2)
    story.wait(10)
    for number in (1, 2):
        answers.judge(
            account=story.account,
            case=case.seq,
            number=number,
            is_verified=True,
            words="Demonstration: the log was read.",
            by=story.actor("specialist"),
            at=story.at,
            via=VIA,
        )
    endings.reinstate(
        account=story.account,
        case=case.seq,
        words=HEARD[story.company.language],
        is_fixed=True,
        by=_person(story, names, "director"),
        at=story.at,
        language=story.company.language,
        via=VIA,
    )
    story.account = account(story.account.stream)


def remove(story: Story, names: Mapping[str, str], case: Suspension) -> None:
    """Remove a company that let the days for its answer pass."""
    endings.remove(
        account=story.account,
        case=case.seq,
        words=NO_ANSWER[story.company.language],
        by=_person(story, names, "director"),
        at=story.at,
        language=story.company.language,
        via=VIA,
    )
    story.account = account(story.account.stream)


def appeal(story: Story) -> None:
    """File an appeal against the latest decision; its determination is still to come."""
    appeals.file_appeal(
        account=story.account,
        words=APPEALED[story.company.language],
        by=story.actor("company_officer"),
        at=story.at,
        via=VIA,
    )
    story.account = account(story.account.stream)


def report_incident(story: Story) -> None:
    """Report an incident; the joint review is open."""
    incidents.report(
        account=story.account,
        given=incidents.IncidentGiven(
            "incident.seal", SEEN[story.company.language], found_on=story.day
        ),
        by=story.actor("point_of_contact"),
        at=story.at,
        via=VIA,
    )
