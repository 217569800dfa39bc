"""Plays one company's story: each method is one or a few real acts on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from greenlane.apps.certification.actions import Person, certify, propose
from greenlane.apps.members.actions.accounts import (
    declare_facts,
    open_account,
    save_company_profile,
)
from greenlane.apps.members.actions.steps import step
from greenlane.apps.parties.actions import PartyGiven, declare_party
from greenlane.apps.profiles.actions.annual import confirm
from greenlane.apps.profiles.actions.answers import (
    AnswerGiven,
    give_evidence,
    reaffirm,
    save_answers,
    save_draft,
    submit,
)
from greenlane.apps.profiles.actions.editions import apply_edition
from greenlane.apps.profiles.actions.reviews import accept_answers, close_review, review_criterion
from greenlane.apps.profiles.annual import annual_review
from greenlane.apps.profiles.editions import edition_state
from greenlane.apps.profiles.queries import AnswerState, profile_of
from greenlane.apps.risk.actions import file_assessment
from greenlane.apps.vetting.actions import record_check, vetting_step
from greenlane.apps.vetting.hit_actions import decide_hit
from greenlane.apps.vetting.queries import hits_of
from greenlane.apps.vetting.screening_actions import OWNERSHIP, WATCH_LISTS, screen_account
from greenlane.cli.demo_office.cast import Company
from greenlane.cli.demo_office.people_and_places import declare_parties
from greenlane.cli.demo_office.words import (
    ANSWERS,
    REMARK,
    RETURN_REASON,
    RISK_SUMMARY,
    evidence_text,
)
from greenlane.core.canonical import sha256_hex
from greenlane.core.facts import FactValue
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program
from greenlane.core.satisfy import facts_satisfying

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

VIA: Final = "demo"
_SCREENED: Final = frozenset({WATCH_LISTS, OWNERSHIP})
_NOON: Final = time(16, 0, tzinfo=UTC)


class Story:
    """One account from its first day on. ``day`` moves forward; acts happen on it."""

    def __init__(
        self, program: Program, company: Company, start: date, people: Mapping[str, Actor]
    ) -> None:
        self.program = program
        self.company = company
        self.day = start
        self.people = people
        self.minutes = 0
        self.account: Account

    def actor(self, role: str) -> Actor:
        """Return the person who plays ``role`` in this story."""
        return self.people[role]

    @property
    def at(self) -> datetime:
        """Return the moment of the next act; each a minute after the one before."""
        self.minutes += 1
        return datetime.combine(self.day, _NOON) + timedelta(minutes=self.minutes)

    def wait(self, days: int) -> None:
        """Let days pass."""
        self.day += timedelta(days=days)
        self.minutes = 0

    def step(
        self,
        act: str,
        role: str,
        given: Mapping[str, str] | None = None,
        facts: Mapping[str, FactValue] | None = None,
        words: str = "",
        on: date | None = None,
    ) -> None:
        """Do one act of the pack's table."""
        self.account = step(
            account=self.account,
            act=act,
            by=self.actor(role),
            at=self.at,
            on=on,
            given=given,
            facts=facts,
            words=words,
            via=VIA,
        )

    # -- the application -------------------------------------------------------------------

    def open(self) -> None:
        """Pass the eligibility check and open the account."""
        entity = self.program.entity_type(self.company.entity_type)
        facts: dict[str, object] = dict(facts_satisfying(entity.eligibility, on=self.day))
        facts["application.eligibility_is_confirmed"] = True
        self.account = open_account(
            program=self.program,
            entity_type=self.company.entity_type,
            organization=self.company.organization,
            company_name=self.company.name,
            facts=facts,
            by=self.actor("point_of_contact"),
            at=self.at,
            office=self.company.office,
            key=self.company.account,
            via=VIA,
        )

    def submit_company_profile(self) -> None:
        """Fill in and submit the company profile (C01)."""
        save_company_profile(
            account=self.account,
            content={
                "legal_name": self.company.name,
                "trading_name": "",
                "phone": "+1 555 0100",
                "website": "https://example.org",
                "employees": "140",
                "founded": "1998",
                "history": "Demonstration company.",
                "addresses": "1 Demonstration Way",
            },
            by=self.actor("point_of_contact"),
            at=self.at,
            program=self.program,
            via=VIA,
        )
        by = self.actor("company_officer")
        declare_parties(self.account, self.company, by=by, at=self.at)
        self.step("C01", "point_of_contact")

    def sign_agreement(self) -> None:
        """Let the officer sign the agreement in force (C02)."""
        text = self.program.agreement_on(self.day)
        language = self.company.language
        given = {
            "agreement": text.id,
            "text_sha256": sha256_hex(text.text.in_(language).encode()),
            "language": language,
        }
        self.step("C02", "company_officer", given)

    def file_risk_assessment(self) -> None:
        """File the risk assessment as a dated document (C03)."""
        self.account = file_assessment(
            account=self.account,
            assessed_on=self.day - timedelta(days=5),
            name="risk-assessment.txt",
            content=evidence_text(self.company.name, "2.1", self.company.language),
            summary=RISK_SUMMARY[self.company.language],
            by=self.actor("point_of_contact"),
            at=self.at,
            via=VIA,
        )

    def answer(self, *, share: float = 1.0) -> None:
        """Answer the profile; ``share`` of it, from the top."""
        rows = profile_of(self.account, on=self.day).rows
        texts = ANSWERS[self.company.language]
        answers = [
            AnswerGiven(
                row.criterion.id,
                "IMPLEMENTED",
                texts[index % len(texts)].format(code=f"SEC-{index + 1:03d}"),
                {sub.key: "yes" for sub in row.criterion.criterion.sub_requirements},
            )
            for index, row in enumerate(rows[: int(len(rows) * share)])
        ]
        by = self.actor("point_of_contact")
        save_answers(account=self.account, answers=answers, by=by, at=self.at, via=VIA)
        for row in rows[:3]:
            give_evidence(
                account=self.account,
                criterion=row.criterion.id,
                name=f"evidence-{row.criterion.id}.txt",
                content=evidence_text(self.company.name, row.criterion.id, self.company.language),
                by=by,
                at=self.at,
                kind="document",
                dated_on=self.day - timedelta(days=20),
                via=VIA,
            )

    def leave_a_draft(self) -> None:
        """Leave something typed and not saved."""
        row = profile_of(self.account, on=self.day).rows[-1]
        save_draft(
            account=self.account,
            criterion=row.criterion.id,
            content={"outcome": "PARTLY", "words": ANSWERS[self.company.language][3]},
            by=self.actor("point_of_contact"),
            at=self.at,
        )

    def apply(self) -> None:
        """Go from nothing to a submitted application (T01 to T02)."""
        self.open()
        self.submit_company_profile()
        self.wait(4)
        self.sign_agreement()
        self.file_risk_assessment()
        self.answer()
        self.wait(3)
        self.account = submit(
            account=self.account, by=self.actor("company_officer"), at=self.at, via=VIA
        )

    # -- the review ------------------------------------------------------------------------

    def assign(self) -> None:
        """Assign the specialist of the field office (S01)."""
        self.step("S01", "field_manager", {"specialist": self.actor("specialist").id})

    def accept(self, *, share: float = 1.0) -> None:
        """Take into review and accept ``share`` of the answers."""
        if self.account.profile == "SUBMITTED":
            self.step("P01", "specialist")
        rows = [row for row in profile_of(self.account, on=self.day).rows if row.answer]
        accepted = {
            row.criterion.id: row.answer.seq
            for row in rows[: int(len(rows) * share)]
            if row.answer is not None and row.state is AnswerState.ANSWERED
        }
        by = self.actor("specialist")
        accept_answers(account=self.account, answers=accepted, by=by, at=self.at, via=VIA)

    def remark(self) -> None:
        """Accept one answer with a remark that the member reads."""
        if self.account.profile == "SUBMITTED":
            self.step("P01", "specialist")
        row = next(r for r in profile_of(self.account, on=self.day).rows if r.answer is not None)
        review_criterion(
            account=self.account,
            criterion=row.criterion.id,
            decision="ACCEPTED",
            by=self.actor("specialist"),
            at=self.at,
            answer_seq=row.answer.seq if row.answer else 0,
            reason=REMARK[self.company.language],
            via=VIA,
        )

    def accept_unread(self) -> None:
        """Accept the answers that nobody has looked at as they stand."""
        for row in profile_of(self.account, on=self.day).rows:
            if row.answer is not None and row.state is AnswerState.ANSWERED:
                accept_answers(
                    account=self.account,
                    answers={row.criterion.id: row.answer.seq},
                    by=self.actor("specialist"),
                    at=self.at,
                    via=VIA,
                )

    def send_back(self) -> None:
        """Return two criteria to the member, with reasons (T04)."""
        rows = [row for row in profile_of(self.account, on=self.day).rows if row.answer]
        for row in rows[-2:]:
            review_criterion(
                account=self.account,
                criterion=row.criterion.id,
                decision="RETURNED",
                by=self.actor("specialist"),
                at=self.at,
                answer_seq=row.answer.seq if row.answer else 0,
                reason=RETURN_REASON[self.company.language],
                via=VIA,
            )
        by = self.actor("specialist")
        self.account = close_review(account=self.account, act="T04", by=by, at=self.at, via=VIA)

    def approve_profile(self) -> None:
        """Accept everything and approve the profile (T05)."""
        self.accept()
        by = self.actor("specialist")
        self.account = close_review(account=self.account, act="T05", by=by, at=self.at, via=VIA)

    def vet(self, *, hit: bool = False, upto: int | None = None) -> None:
        """Screen the parties and run the checks of the pack; with a hit, it stays open."""
        by = self.actor("vetting_analyst")
        self.account = vetting_step(account=self.account, act="V01", by=by, at=self.at, via=VIA)
        screen_account(account=self.account, at=self.at, by=by, trigger="asked", via=VIA)
        self.run_checks(upto=upto)
        if not hit and upto is None:
            self.tell_apart()
            self.account = vetting_step(account=self.account, act="V02", by=by, at=self.at, via=VIA)

    def run_checks(self, *, upto: int | None = None, only_secondary: bool = False) -> None:
        """Record the checks that a person runs; the watch lists are screened by the system."""
        for key, check in list(self.program.checks.items())[:upto]:
            if key in _SCREENED or (only_secondary and not check.is_secondary):
                continue
            record_check(
                account=self.account,
                check=key,
                result="CLEAR",
                source="Demonstration source",
                detail="",
                by=self.actor("vetting_analyst"),
                at=self.at,
                via=VIA,
            )

    def tell_apart(self) -> None:
        """Decide every open hit as false: another birth date, another number."""
        by = self.actor("vetting_analyst")
        for hit in hits_of(self.account, role=by.role):
            if hit.state == "OPEN":
                decide_hit(
                    account=self.account,
                    hit=hit.hit,
                    decision="FALSE",
                    reason="other_birth_date" if hit.contradicts else "other_name",
                    by=by,
                    at=self.at,
                    via=VIA,
                )

    def propose_true(self) -> None:
        """Propose the first open hit as true; a second person is still to look at it."""
        by = self.actor("vetting_analyst")
        for hit in hits_of(self.account, role=by.role)[:1]:
            decide_hit(
                account=self.account,
                hit=hit.hit,
                decision="TRUE",
                reason="same_details",
                words="Same name, same place of business. Demonstration.",
                by=by,
                at=self.at,
                via=VIA,
            )

    def propose(self) -> None:
        """Let the specialist propose certification."""
        propose(account=self.account, by=self.actor("specialist"), at=self.at, via=VIA)

    def certify(self, names: Mapping[str, str]) -> None:
        """Let the field manager approve: letter, then T06."""
        proposal = propose(account=self.account, by=self.actor("specialist"), at=self.at, via=VIA)
        specialist, manager = self.actor("specialist"), self.actor("field_manager")
        self.account = certify(
            account=self.account,
            proposal=proposal,
            proposer=Person(specialist, names[specialist.id]),
            by=Person(manager, names[manager.id]),
            at=self.at,
            language=self.company.language,
            via=VIA,
        )

    def become_certified(self, names: Mapping[str, str], *, is_remarked: bool = False) -> None:
        """Go from nothing to certified; with a remark of the specialist on one answer."""
        self.apply()
        self.wait(5)
        self.assign()
        self.wait(20)
        if is_remarked:
            self.remark()
        self.approve_profile()
        self.wait(10)
        self.vet()
        self.wait(12)
        self.certify(names)

    # -- the years after ---------------------------------------------------------------------

    def review_year(self, *, approve: bool = True) -> None:
        """Reaffirm everything and submit the annual review (AR02), which is then approved.

        A new edition of the criteria is applied first, and what it asks again is answered; the risk
        assessment is renewed before it.
        """
        self.apply_edition()
        self.file_risk_assessment()
        answered = [r for r in profile_of(self.account, on=self.day).rows if r.answer is not None]
        reaffirm(
            account=self.account,
            criteria=tuple(row.criterion.id for row in answered),
            by=self.actor("point_of_contact"),
            at=self.at,
            via=VIA,
        )
        by = self.actor("point_of_contact")
        self.account = submit(account=self.account, by=by, at=self.at, act="AR02", via=VIA)
        if approve:
            self.wait(6)
            specialist = self.actor("specialist")
            self.accept_unread()
            self.account = close_review(
                account=self.account, act="AR03", by=specialist, at=self.at, via=VIA
            )

    def change_company(self, day: date) -> None:
        """Open a second yard and hire: what the next review looks at first."""
        self.wait(max(0, (day - self.day).days))
        by = self.actor("point_of_contact")
        yard = PartyGiven(role="SITE", name=f"{self.company.name}, yard 2", countries=("US",))
        declare_party(account=self.account, given=yard, by=by, at=self.at, via=VIA)

    def begin_review(self, day: date) -> None:
        """Begin the annual review in its window: one category confirmed, one answer changed."""
        self.wait(max(0, (day - self.day).days))
        review = annual_review(self.account, on=self.day)
        if not review.is_open or review.counting.duty is None:
            return
        by = self.actor("point_of_contact")
        answers = {
            one.id: one.row.answer.seq
            for one in review.standing
            if one.category == 2 and one.row.answer is not None
        }
        confirm(account=self.account, answers=answers, by=by, at=self.at, via=VIA)
        row = review.standing[-1].row
        text = ANSWERS[self.company.language][2].format(code="SEC-900")
        given = AnswerGiven(row.criterion.id, "IMPLEMENTED", text)
        save_answers(account=self.account, answers=[given], by=by, at=self.at, via=VIA)

    def apply_edition(self) -> None:
        """Apply the edition in force where it is a newer one; answer what it asks again."""
        state = edition_state(self.account, on=self.day)
        if state.change is None:
            return
        by = self.actor("point_of_contact")
        apply_edition(account=self.account, edition=state.present.id, by=by, at=self.at, via=VIA)
        reaffirm(
            account=self.account, criteria=state.change.asked_again, by=by, at=self.at, via=VIA
        )

    def review_years_until(self, day: date) -> None:
        """Submit each annual review that falls before ``day``, 20 days before the anniversary."""
        certified = next(s for s in self.account.steps if "certified" in s[5])
        anchor = date.fromisoformat(certified[2])
        for year in range(1, 20):
            due = self.day.replace(
                year=anchor.year + year, month=anchor.month, day=min(anchor.day, 28)
            )
            if due - timedelta(days=20) <= self.day:
                continue
            if due >= day:
                return
            self.wait((due - timedelta(days=20) - self.day).days)
            self.review_year()

    def withdraw(self) -> None:
        """Withdraw in writing (T16)."""
        self.step("T16", "company_officer", facts={"withdrawal.is_written": True})

    def reject(self) -> None:
        """Reject the application (T07)."""
        self.step("T07", "specialist", {"reason": "rejection.criteria_not_met"})

    def find_ineligible(self) -> None:
        """Find ineligible during the application (E03)."""
        self._declare({"debt.is_final_unpaid": True})
        self.step("E03", "specialist", {"reason": "eligibility.debt"})

    def open_eligibility_review(self) -> None:
        """Open an eligibility review of a member (T20)."""
        self._declare({"identifier.is_lost": True})
        self.step("T20", "specialist")

    def _declare(self, facts: Mapping[str, object]) -> None:
        declare_facts(
            account=self.account,
            facts=facts,
            by=self.actor("specialist"),
            at=self.at,
            program=self.program,
            source="office",
            via=VIA,
        )
