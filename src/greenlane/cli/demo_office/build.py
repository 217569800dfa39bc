"""Builds the demonstration office: people first, then sixty stories, then the chain's anchors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from typing import Final

from django.db import transaction

from greenlane.apps.accounts import actions as people_acts
from greenlane.apps.accounts.credentials import encode_password
from greenlane.apps.audit.queries import anchors_after, streams
from greenlane.apps.audit.sequencer import anchor_pending
from greenlane.apps.members.actions.steps import office_step
from greenlane.apps.validations import queries
from greenlane.apps.vetting.screening_actions import screen_all
from greenlane.cli.demo_office import trouble
from greenlane.cli.demo_office.cast import COMPANIES, OFFICE_PEOPLE, Company, Ending
from greenlane.cli.demo_office.earlier import take_over
from greenlane.cli.demo_office.office import keep_duties
from greenlane.cli.demo_office.people_and_places import put_list_in_force
from greenlane.cli.demo_office.story import VIA, Story
from greenlane.cli.demo_office.visits import NOTICE_DAYS, Visits, decide_for_the_office
from greenlane.content.packs import load_program
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program

PROGRAM: Final = "ctpat"
PASSWORD: Final = "greenlane demonstration"  # noqa: S105  printed by the demo on purpose
PROPOSES_TRUE: Final = 17
REPORTS: Final = 5
AT_ONCE: Final = 30
WON_BACK: Final = 27
PARTNER_CLOSED: Final = 38
_UNDER_2020: Final = date(2022, 9, 1)
_YEARS_BACK: Final = timedelta(days=2600)


class Built(Enum):
    """How far the demonstration office is there."""

    ABSENT = auto()
    CUT_SHORT = auto()
    WHOLE = auto()


def how_far() -> Built:
    """Tell whether the office is there, or only what a build left that was cut short.

    The last thing a build does is to anchor the chains; nothing else anchors before it.
    """
    if any(anchors_after(0, limit=1)):
        return Built.WHOLE
    return Built.CUT_SHORT if streams() else Built.ABSENT


def build(*, today: date, say: Callable[[str], None] = lambda _: None) -> None:
    """Build the office as it stands on ``today``; the same day gives the same stories.

    About sixty accounts and 8,000 events; takes half a minute.
    """
    program = load_program(PROGRAM)
    start = datetime.combine(today - _YEARS_BACK, time(14, tzinfo=UTC))
    password = encode_password(PASSWORD)
    names = _register_office(program, start, password)
    put_list_in_force(start=start, today=datetime.combine(today, time(12, tzinfo=UTC)))
    office_step(program=program, act="O00", by=Actor("system", "system"), at=start, via=VIA)
    director = _office_actor("director", "")
    decide_for_the_office(program, director=director, start=start.date(), today=today)
    for index, company in enumerate(COMPANIES, start=1):
        people = _register_company(program, company, start, password)
        _play(program, company, today, people, names)
        if index % 10 == 0:
            say(f"  {index} of {len(COMPANIES)} companies")
    take_over(program, by=director, today=today, via=VIA)
    keep_duties(program, start=start.date(), today=today, via=VIA)
    evening = datetime.combine(today, time(16, 30, tzinfo=UTC))
    screen_all(program=program, at=evening, via=VIA)
    anchor_pending(at=datetime.combine(today, time(17, tzinfo=UTC)))


def _register_office(program: Program, at: datetime, encoded: str) -> dict[str, str]:
    for person in OFFICE_PEOPLE:
        user = people_acts.register_person(
            name=person.name,
            email=person.email,
            at=at,
            program=program,
            key=person.key,
            encoded_password=encoded,
        )
        people_acts.grant(
            person=user.key,
            role=person.role,
            by=people_acts.BY_SYSTEM,
            at=at,
            program=program,
            office=person.office,
        )
    return {person.key: person.name for person in OFFICE_PEOPLE}


def _register_company(
    program: Program, company: Company, at: datetime, encoded: str
) -> dict[str, Actor]:
    people_acts.register_organization(
        name=company.name,
        by=people_acts.BY_SYSTEM,
        at=at,
        program=program,
        key=company.organization,
    )
    cast: dict[str, Actor] = {}
    for letter, role, name in (
        ("F", "company_officer", company.officer),
        ("P", "point_of_contact", company.contact),
    ):
        user = people_acts.register_person(
            name=name,
            email=f"{role.split('_')[-1]}{company.number}@demo.example",
            at=at,
            program=program,
            language=company.language,
            key=f"U-DM{letter}{company.number:07d}",
            encoded_password=encoded,
        )
        people_acts.grant(
            person=user.key,
            role=role,
            by=people_acts.BY_SYSTEM,
            at=at,
            program=program,
            organization=company.organization,
        )
        cast[role] = Actor(user.key, role)
    for role in ("director", "field_manager", "specialist", "vetting_analyst", "appeal_authority"):
        cast[role] = _office_actor(role, company.office)
    return cast


def _office_actor(role: str, office: str) -> Actor:
    """Return who plays an office role for a field office: its own person, else the first one."""
    able = [person for person in OFFICE_PEOPLE if person.role == role]
    own = [person for person in able if person.office in (office, "")]
    return Actor((own or able)[0].key, role)


def _play(
    program: Program,
    company: Company,
    today: date,
    people: dict[str, Actor],
    names: dict[str, str],
) -> None:
    begins = today - timedelta(days=company.days)
    if company.ending is Ending.EDITION_BEHIND:
        # Certified under the criteria of 2020, whatever the day of the demonstration.
        begins = min(begins, _UNDER_2020)
    story = Story(program, company, begins, people)
    # One transaction a company: the acts are the same, the disk is asked once instead of 40 times.
    with transaction.atomic():
        _ENDINGS[company.ending](story, today, names)


Names = dict[str, str]


def _draft(story: Story, today: date, names: Names) -> None:
    story.open()


def _profile_started(story: Story, today: date, names: Names) -> None:
    story.open()
    story.submit_company_profile()
    story.wait(6)
    story.answer(share=0.4)
    story.leave_a_draft()


def _expired(story: Story, today: date, names: Names) -> None:
    story.open()
    story.submit_company_profile()
    story.wait(36)
    story.people = {**story.people, "system": Actor("system", "system")}
    story.step("T03", "system")


def _ineligible(story: Story, today: date, names: Names) -> None:
    story.apply()
    story.wait(12)
    story.assign()
    story.find_ineligible()


def _submitted(story: Story, today: date, names: Names) -> None:
    story.apply()


def _assigned(story: Story, today: date, names: Names) -> None:
    story.apply()
    story.wait(4)
    story.assign()


def _in_review(story: Story, today: date, names: Names) -> None:
    _assigned(story, today, names)
    story.wait(10)
    story.accept(share=0.5)


def _returned(story: Story, today: date, names: Names) -> None:
    _assigned(story, today, names)
    story.wait(30)
    story.accept(share=0.8)
    story.send_back()


def _vetting(story: Story, today: date, names: Names) -> None:
    _assigned(story, today, names)
    story.wait(30)
    story.approve_profile()
    story.vet(upto=4)
    if story.company.number == PROPOSES_TRUE:
        story.propose_true()


def _vetting_hit(story: Story, today: date, names: Names) -> None:
    _assigned(story, today, names)
    story.wait(30)
    story.approve_profile()
    story.vet(hit=True)


def _proposed(story: Story, today: date, names: Names) -> None:
    _assigned(story, today, names)
    story.wait(30)
    story.approve_profile()
    story.vet()
    story.propose()


def _rejected(story: Story, today: date, names: Names) -> None:
    _assigned(story, today, names)
    story.wait(40)
    story.accept(share=0.3)
    story.reject()


def _certified(story: Story, today: date, names: Names) -> None:
    story.become_certified(names)
    story.review_years_until(today)
    _in_trouble(story, today, names)


def _review_due(story: Story, today: date, names: Names) -> None:
    story.become_certified(names, is_remarked=True)
    story.change_company(today - timedelta(days=120))
    story.begin_review(today - timedelta(days=10))


def _edition_behind(story: Story, today: date, names: Names) -> None:
    story.become_certified(names)


def _review_submitted(story: Story, today: date, names: Names) -> None:
    story.become_certified(names)
    story.wait((today - story.day).days - 12)
    story.review_year(approve=False)


def _visit_planned(story: Story, today: date, names: Names) -> None:
    story.become_certified(names)
    story.wait((today - story.day).days - 8)
    Visits(story, names).plan()


def _visit_notified(story: Story, today: date, names: Names) -> None:
    _visit_planned(story, today, names)
    visit = Visits(story, names)
    visit.notify()
    if story.company.number == PARTNER_CLOSED:
        story.wait(3)
        visit.leave_out_partner()


def _visit_deferred(story: Story, today: date, names: Names) -> None:
    _visit_planned(story, today, names)
    visit = Visits(story, names)
    visit.notify()
    story.wait(6)
    visit.defer(days=90)


def _visited(story: Story, today: date, names: Names) -> None:
    story.become_certified(names)
    story.wait((today - story.day).days - NOTICE_DAYS - 6)
    visit = Visits(story, names)
    visit.plan()
    visit.notify()
    story.wait(NOTICE_DAYS)
    visit.hold(judged=8)
    visit.find(queries.REQUIRED, at_row=8, photo=True)
    visit.find(queries.RECOMMENDED, at_row=9)


def _reported(story: Story, today: date, names: Names) -> None:
    story.become_certified(names)
    story.wait((today - story.day).days - NOTICE_DAYS - 30)
    visit = Visits(story, names)
    visit.plan()
    visit.notify()
    story.wait(NOTICE_DAYS)
    visit.hold(judged=8)
    visit.find(queries.REQUIRED, at_row=8, photo=True)
    visit.find(queries.RECOMMENDED, at_row=9)
    visit.find(queries.BEST, at_row=10)
    story.wait(16)
    visit.report()


def _answered(story: Story, today: date, names: Names) -> None:
    story.become_certified(names)
    story.wait((today - story.day).days - NOTICE_DAYS - 60)
    visit = Visits(story, names)
    visit.plan(mode="VIRTUAL")
    visit.notify()
    story.wait(NOTICE_DAYS)
    visit.hold(judged=8)
    visit.find(queries.REQUIRED, at_row=8, photo=True)
    doubted = visit.find(queries.RECOMMENDED, at_row=9)
    story.wait(16)
    visit.report()
    story.wait(30)
    visit.answer()
    story.wait(5)
    visit.ask_again(doubted)


def _validated(story: Story, today: date, names: Names) -> None:
    _hold_first_visit(story, names, "T2" if _has_tiers(story) else "NONE")
    story.review_years_until(today)


def _has_tiers(story: Story) -> bool:
    return bool(story.program.entity_type(story.company.entity_type).tiers)


def _hold_first_visit(story: Story, names: Names, tier: str) -> None:
    story.become_certified(names)
    story.wait(150)
    Visits(story, names).validate(tier)


def _tier_three(story: Story, today: date, names: Names) -> None:
    _hold_first_visit(story, names, "T3")
    story.review_years_until(today)


def _revalidated(story: Story, today: date, names: Names) -> None:
    tier = "T2" if _has_tiers(story) else "NONE"
    _hold_first_visit(story, names, tier)
    story.review_years_until(today - timedelta(days=350))
    Visits(story, names).validate(tier)
    story.review_years_until(today)


def _suspended(story: Story, today: date, names: Names) -> None:
    story.become_certified(names)
    story.review_years_until(today - timedelta(days=60))
    story.wait((today - story.day).days - 55)
    if story.company.number % 2:
        case = trouble.suspend(story, names, "G6", "PART")
        story.wait(15)
        trouble.give_plan(story, case)
    else:
        trouble.suspend(story, names, "G2")


def _appealed(story: Story, today: date, names: Names) -> None:
    story.become_certified(names)
    story.review_years_until(today - timedelta(days=90))
    story.wait((today - story.day).days - 70)
    trouble.suspend(story, names, "G5")
    story.wait(20)
    trouble.appeal(story)


def _in_trouble(story: Story, today: date, names: Names) -> None:
    """Let one of the members with nothing else to show have what a visitor should see."""
    number = story.company.number
    left = (today - story.day).days
    if number == REPORTS and left > 4:
        story.wait(left - 4)
        trouble.report_incident(story)
    elif number == AT_ONCE and left > 6:
        story.wait(left - 6)
        trouble.suspend_at_once(story, names)
    elif number == WON_BACK and left > 60:
        story.wait(left - 60)
        trouble.win_back(story, names, trouble.suspend(story, names, "G6"))


def _removed(story: Story, today: date, names: Names) -> None:
    story.become_certified(names)
    story.wait(200)
    case = trouble.suspend(story, names, "G3")
    story.wait(100)
    trouble.remove(story, names, case)


def _withdrawn(story: Story, today: date, names: Names) -> None:
    story.become_certified(names)
    story.wait(100)
    story.withdraw()


def _eligibility_review(story: Story, today: date, names: Names) -> None:
    story.become_certified(names)
    story.review_years_until(today - timedelta(days=30))
    story.wait((today - story.day).days - 5)
    story.open_eligibility_review()


_ENDINGS: Final[dict[Ending, Callable[[Story, date, Names], None]]] = {
    Ending.DRAFT: _draft,
    Ending.PROFILE_STARTED: _profile_started,
    Ending.EXPIRED: _expired,
    Ending.INELIGIBLE: _ineligible,
    Ending.SUBMITTED: _submitted,
    Ending.ASSIGNED: _assigned,
    Ending.IN_REVIEW: _in_review,
    Ending.RETURNED: _returned,
    Ending.VETTING: _vetting,
    Ending.VETTING_HIT: _vetting_hit,
    Ending.PROPOSED: _proposed,
    Ending.REJECTED: _rejected,
    Ending.CERTIFIED: _certified,
    Ending.REVIEW_DUE: _review_due,
    Ending.EDITION_BEHIND: _edition_behind,
    Ending.REVIEW_SUBMITTED: _review_submitted,
    Ending.VISIT_PLANNED: _visit_planned,
    Ending.VISIT_NOTIFIED: _visit_notified,
    Ending.VISIT_DEFERRED: _visit_deferred,
    Ending.VISITED: _visited,
    Ending.REPORTED: _reported,
    Ending.ANSWERED: _answered,
    Ending.VALIDATED: _validated,
    Ending.TIER_THREE: _tier_three,
    Ending.REVALIDATED: _revalidated,
    Ending.SUSPENDED: _suspended,
    Ending.APPEALED: _appealed,
    Ending.REMOVED: _removed,
    Ending.WITHDRAWN: _withdrawn,
    Ending.ELIGIBILITY_REVIEW: _eligibility_review,
}
