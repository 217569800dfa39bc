"""A certified member with everybody who has to do with its validation, made by the real acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from greenlane.apps.accounts.models import User
from greenlane.apps.members import queries
from greenlane.apps.members.actions.accounts import open_account
from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.models import Account
from greenlane.apps.profiles.actions.answers import AnswerGiven, save_answers
from greenlane.apps.profiles.actions.reviews import accept_answers
from greenlane.apps.profiles.queries import OPEN_STATES, AnswerState, profile_of
from greenlane.apps.risk.actions import file_assessment
from greenlane.apps.vetting.actions import record_check, vetting_step
from greenlane.core.canonical import sha256_hex
from greenlane.core.facts import FactValue
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.satisfy import facts_satisfying
from tests.factories.lists import screened
from tests.factories.people import an_organization, person_with, the_program

_VETTED: dict[str, FactValue] = {
    "vetting.has_record": True,
    "vetting.has_failure": False,
    "vetting.has_open_hit": False,
    "vetting.screening_is_current": True,
}
COMPANY = "Muñoz & 진 Importers"
CERTIFIED_ON = date(2026, 5, 4)
_READY: dict[str, FactValue] = {
    "application.agreement_is_signed": True,
    "profile.musts_unanswered": 0,
    "profile.musts_not_accepted": 0,
    "profile.open_returns": 0,
    "certification.letter_is_signed": True,
}


def moment(day: date, minutes: int = 0) -> datetime:
    """Return a moment of a day in the office's working hours; what is a moment stays that moment.

    Whoever acts between people at a browser, who act now, gives a moment that is over: the working
    hours of today may still lie ahead.
    """
    if isinstance(day, datetime):
        return day + timedelta(minutes=minutes)
    return datetime.combine(day, time(15, tzinfo=UTC)) + timedelta(minutes=minutes)


@dataclass(slots=True)
class Member:
    """One member and its people; ``account`` is read anew by `now`."""

    stream: str
    officer: User
    contact: User
    consultant: User
    specialist: User
    analyst: User
    manager: User
    director: User

    @property
    def account(self) -> Account:
        """The account as it stands now."""
        return queries.account(self.stream)

    def by(self, role: str) -> Actor:
        """Return who plays a role here."""
        people = {
            "company_officer": self.officer,
            "point_of_contact": self.contact,
            "consultant": self.consultant,
            "specialist": self.specialist,
            "vetting_analyst": self.analyst,
            "field_manager": self.manager,
            "director": self.director,
        }
        return Actor(people[role].key, role)

    def vet(self, day: date) -> None:
        """Pass vetting for the certification, every check clear."""
        by = self.by("vetting_analyst")
        vetting_step(account=self.account, act="V01", by=by, at=moment(day))
        self._check(day)
        # Screening is a machine's work, tested where it is done.
        at = moment(day, 40)
        step(account=self.account, act="V02", by=by, at=at, facts=_VETTED)

    def vet_again(self, day: date) -> None:
        """Run secondary vetting for the open validation case: checks and screening anew."""
        self._check(day)
        self.screen(day)

    def screen(self, day: date) -> None:
        """Screen the account against a list that was looked at on that day."""
        screened(self.stream, at=moment(day, -30))

    def _check(self, day: date) -> None:
        for minutes, check in enumerate(the_program().checks, start=1):
            record_check(
                account=self.account,
                check=check,
                result="CLEAR",
                source="Ledger of the harbor master",
                detail="",
                by=self.by("vetting_analyst"),
                at=moment(day, minutes),
            )


def a_member(
    entity_type: str = "importer",
    *,
    certified_on: date = CERTIFIED_ON,
    office: str = "NEWARK",
    can_sign_in: bool = False,
    with_answers: bool = False,
    languages: tuple[str, str] = ("en", "en"),
) -> Member:
    """Certify a member on a day; the application took the sixty days before it.

    With ``with_answers`` it answered every criterion of its edition, and each answer is accepted.
    ``languages`` are those that the company's people and the office's people read.
    """
    program, began = the_program(), certified_on - timedelta(days=60)
    long_ago = moment(began - timedelta(days=30))
    company = an_organization(COMPANY, at=long_ago)
    own = [
        person_with(role, company, at=long_ago, can_sign_in=can_sign_in, language=languages[0])
        for role in ("company_officer", "point_of_contact", "consultant")
    ]
    offices = {"vetting_analyst": "", "director": ""}
    others = [
        person_with(
            role,
            office=offices.get(role, office),
            at=long_ago,
            can_sign_in=can_sign_in,
            language=languages[1],
        )
        for role in ("specialist", "vetting_analyst", "field_manager", "director")
    ]
    facts: dict[str, object] = dict(
        facts_satisfying(program.entity_type(entity_type).eligibility, on=began)
    )
    facts["application.eligibility_is_confirmed"] = True
    account = open_account(
        program=program,
        entity_type=entity_type,
        organization=company.key,
        company_name=COMPANY,
        facts=facts,
        by=Actor(own[1].key, "point_of_contact"),
        at=moment(began),
        office=office,
    )
    member = Member(account.stream, *own, *others)
    _apply(member, began, with_answers=with_answers)
    _certify(member, certified_on, with_answers=with_answers)
    return member


def renew_risk_assessment(member: Member, at: datetime) -> None:
    """File a risk assessment made on the day of ``at``, as each review asks."""
    file_assessment(
        account=member.account,
        assessed_on=the_program().day_of(at),
        name="risk.txt",
        content=b"Two lanes, eleven partners, one threat at origin.",
        summary="Lanes looked at again.",
        by=member.by("point_of_contact"),
        at=at,
    )


def answer_all(member: Member, at: datetime) -> None:
    """Answer every criterion that has no answer that counts."""
    rows = profile_of(member.account, on=at.date()).rows
    given = [
        AnswerGiven(row.criterion.id, "IMPLEMENTED", f"Done as {row.criterion.id} asks.")
        for row in rows
        if row.state in OPEN_STATES
    ]
    by = member.by("point_of_contact")
    save_answers(account=member.account, answers=given, by=by, at=at)


def accept_all(member: Member, at: datetime) -> None:
    """Accept every answer that nobody has looked at."""
    rows = profile_of(member.account, on=at.date()).rows
    read = {
        row.criterion.id: row.answer.seq
        for row in rows
        if row.answer is not None and row.state is AnswerState.ANSWERED
    }
    accept_answers(account=member.account, answers=read, by=member.by("specialist"), at=at)


def _apply(member: Member, day: date, *, with_answers: bool) -> None:
    agreement = the_program().agreement_on(day)
    given = {
        "agreement": agreement.id,
        "text_sha256": sha256_hex(agreement.text.in_("en").encode()),
        "language": "en",
    }
    contact, officer = member.by("point_of_contact"), member.by("company_officer")
    step(account=member.account, act="C01", by=contact, at=moment(day, 1))
    step(account=member.account, act="C02", by=officer, at=moment(day, 2), given=given)
    if with_answers:
        answer_all(member, moment(day, 2))
    assessed = {"assessed_on": day.isoformat()}
    step(account=member.account, act="C03", by=contact, at=moment(day, 3), given=assessed)
    step(account=member.account, act="T02", by=officer, at=moment(day, 4), facts=_READY)


def _certify(member: Member, day: date, *, with_answers: bool) -> None:
    before = day - timedelta(days=10)
    manager, specialist = member.by("field_manager"), member.by("specialist")
    given = {"specialist": specialist.id}
    step(account=member.account, act="S01", by=manager, at=moment(before), given=given)
    if with_answers:
        accept_all(member, moment(before))
    step(account=member.account, act="T05", by=specialist, at=moment(before, 1), facts=_READY)
    member.vet(before)
    facts: dict[str, FactValue] = {**_READY, **_VETTED}
    step(
        account=member.account,
        act="T06",
        by=specialist,
        second=manager,
        at=moment(day),
        facts=facts,
    )
