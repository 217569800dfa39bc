"""Plays the visits of a story: each method of `Visits` is one or a few real acts on a case."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from greenlane.apps.certification.actions import Person
from greenlane.apps.validations import queries
from greenlane.apps.validations.actions import (
    cases,
    decisions,
    findings,
    notices,
    planning,
    reports,
    visits,
)
from greenlane.apps.vetting.screening_actions import screen_account
from greenlane.cli.demo_office.words import PICTURE, VISIT_WORDS, evidence_text
from greenlane.core.lifecycle.decide import Actor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenlane.apps.members.models import Account
    from greenlane.cli.demo_office.story import Story
    from greenlane.core.program import Program

VIA: Final = "demo"
NOTICE_DAYS: Final = 40
_MEXICAN: Final = frozenset({"foreign_manufacturer", "long_haul_carrier_mx"})


class Visits:
    """The validation cases of one story; ``names`` are those of the office's people."""

    def __init__(self, story: Story, names: Mapping[str, str]) -> None:
        self.story = story
        self.names = names
        self.words = VISIT_WORDS[story.company.language]

    @property
    def account(self) -> Account:
        """Return the account as it stands."""
        return self.story.account

    def _read_again(self) -> None:
        self.story.account.refresh_from_db()

    def _by(self, role: str) -> Actor:
        return self.story.actor(role)

    def _person(self, role: str) -> Person:
        by = self._by(role)
        return Person(by, self.names[by.id])

    # -- before the visit ------------------------------------------------------------------

    def plan(self, *, mode: str = "ON_SITE") -> None:
        """Open a case with two sites, name team and papers, plan the day of the visit."""
        by, words = self._by("specialist"), self.words
        cases.open_case(
            account=self.account,
            scope=words["scope"],
            rationale=words["rationale"],
            sites=self._sites(),
            mode=mode,
            by=by,
            at=self.story.at,
            via=VIA,
        )
        self._read_again()
        cases.prepare(
            account=self.account,
            team=[by.id],
            agenda=words["agenda"].split("; "),
            requests=words["requests"].split("; "),
            by=by,
            at=self.story.at,
            via=VIA,
        )
        day = self.story.day + timedelta(days=NOTICE_DAYS)
        cases.schedule(account=self.account, visit_on=day, by=by, at=self.story.at, via=VIA)
        self._read_again()

    def _sites(self) -> list[cases.SiteGiven]:
        company = self.story.company
        is_abroad = company.entity_type in _MEXICAN
        own, other = ("MX", "US") if is_abroad else ("US", "MX")
        name = f"{company.name}, {self.words['yard']}"
        return [
            cases.SiteGiven(name, "1 Demonstration Way", "OWN", own, is_foreign=is_abroad),
            cases.SiteGiven(
                self.words["partner"], "Parque Industrial 7", "PARTNER", other, not is_abroad
            ),
        ]

    def notify(self) -> None:
        """Send the notice of the planned visit; the company gives the first paper asked for."""
        notices.send_notice(
            account=self.account,
            by=self._person("specialist"),
            at=self.story.at,
            language=self.story.company.language,
            via=VIA,
        )
        self._read_again()
        cases.give_paper(
            account=self.account,
            name="seal-log.txt",
            content=evidence_text(self.story.company.name, "7.1", self.story.company.language),
            item=0,
            by=self._by("point_of_contact"),
            at=self.story.at,
            via=VIA,
        )

    def leave_out_partner(self) -> None:
        """Say that the partner's site cannot be entered; the own one goes on (P24)."""
        visits.leave_out(
            account=self.account,
            site=queries.sites_of(queries.case_open(self.account.stream))[1].seq,
            reason="overdue.access_refused",
            words=self.words["closed"],
            by=self._by("specialist"),
            at=self.story.at,
            via=VIA,
        )

    def defer(self, *, days: int) -> None:
        """Defer the validation: the place cannot be reached (P24)."""
        cases.defer(
            account=self.account,
            reason="overdue.site_closed",
            new_due_on=self.story.day + timedelta(days=days),
            words=self.words["closed"],
            by=self._by("field_manager"),
            at=self.story.at,
            via=VIA,
        )
        self._read_again()

    # -- the visit -------------------------------------------------------------------------

    def hold(self, *, judged: int) -> None:
        """Vet again, hold the visit, judge the first ``judged`` criteria of each site."""
        screen_account(account=self.account, at=self.story.at, trigger="validation", via=VIA)
        self.story.run_checks(only_secondary=True)
        visits.hold_visit(
            account=self.account,
            effort_days=3,
            by=self._by("specialist"),
            at=self.story.at,
            via=VIA,
        )
        self._read_again()
        case = queries.case_open(self.account.stream)
        for site in queries.sites_of(case):
            rows = queries.checklist_of(self.account, case, site)[:judged]
            for row in rows:
                self._check(site.seq, row.criterion.id, "MET", "")

    def _check(self, site: int, criterion: str, result: str, words: str) -> None:
        visits.record_check(
            account=self.account,
            site=site,
            criterion=criterion,
            result=result,
            words=words,
            by=self._by("specialist"),
            at=self.story.at,
            via=VIA,
        )

    def find(self, kind: str, *, at_row: int, photo: bool = False) -> int:
        """Judge one criterion of the own site and raise a finding on it; return its place."""
        case = queries.case_open(self.account.stream)
        site = queries.sites_of(case)[0]
        criterion = queries.checklist_of(self.account, case, site)[at_row].criterion.id
        is_best = kind == queries.BEST
        result = {queries.REQUIRED: "NOT_MET", queries.RECOMMENDED: "PARTLY"}.get(kind, "MET")
        self._check(site.seq, criterion, result, self.words[kind])
        evidence = [self._photo(site.seq, criterion)] if photo else []
        why = self.words["framework"]
        return findings.raise_finding(
            account=self.account,
            given=findings.FindingGiven(
                kind,
                site.seq,
                criterion,
                self.words[kind],
                "" if is_best else self.words[f"{kind}_asks"],
                evidence,
                dict.fromkeys(queries.FRAMEWORK, "yes") if is_best else {},
                dict.fromkeys(queries.FRAMEWORK, why) if is_best else {},
            ),
            by=self._by("specialist"),
            at=self.story.at,
            via=VIA,
        ).seq

    def _photo(self, site: int, criterion: str) -> int:
        return visits.take_photo(
            account=self.account,
            site=site,
            criterion=criterion,
            name="yard.png",
            content=PICTURE,
            by=self._by("specialist"),
            at=self.story.at,
            via=VIA,
        )

    # -- after it --------------------------------------------------------------------------

    def report(self) -> None:
        """Issue the report as PDF."""
        reports.issue_report(
            account=self.account,
            by=self._person("specialist"),
            at=self.story.at,
            language=self.story.company.language,
            via=VIA,
        )
        self._read_again()

    def answer(self) -> None:
        """Let the company answer every finding with proof, and submit the answers."""
        case = queries.case_open(self.account.stream)
        company = self.story.company
        for row in queries.findings_for_company(case):
            if not queries.needs_answer(row):
                continue
            proof = evidence_text(company.name, row.criterion, company.language)
            findings.answer_finding(
                account=self.account,
                finding=row.seq,
                words=self.words["answer"],
                files=[(f"proof-{row.criterion}.txt", proof)],
                by=self._by("point_of_contact"),
                at=self.story.at,
                via=VIA,
            )
        by = self._by("point_of_contact")
        findings.submit_answers(account=self.account, by=by, at=self.story.at, via=VIA)
        self._read_again()

    def settle(self) -> None:
        """Accept the answers to recommendations, verify required actions."""
        case = queries.case_open(self.account.stream)
        for row in queries.findings_for_company(case):
            if row.kind == queries.BEST:
                continue
            by, at, words = self._by("specialist"), self.story.at, self.words["verified"]
            if row.kind == queries.REQUIRED:
                findings.verify_finding(
                    account=self.account,
                    finding=row.seq,
                    means="DOCUMENTS",
                    words=words,
                    by=by,
                    at=at,
                    via=VIA,
                )
            else:
                findings.accept_answer(
                    account=self.account, finding=row.seq, words=words, by=by, at=at, via=VIA
                )

    def ask_again(self, finding: int) -> None:
        """Ask the company again about one finding."""
        findings.ask_again(
            account=self.account,
            finding=finding,
            words=self.words["again"],
            due_on=self.story.day + timedelta(days=21),
            by=self._by("specialist"),
            at=self.story.at,
            via=VIA,
        )

    def decide(self, tier: str) -> None:
        """Put the case before the director, who decides the tier with reasons."""
        decisions.recommend(
            account=self.account,
            tier=tier,
            words=self.words["recommended"],
            by=self._by("specialist"),
            at=self.story.at,
            via=VIA,
        )
        self._read_again()
        self.story.account = decisions.decide(
            account=self.account,
            tier=tier,
            words=self.words["decided"],
            risk_band="normal",
            by=self._by("director"),
            at=self.story.at,
            via=VIA,
        )

    def validate(self, tier: str) -> None:
        """Hold a whole validation, from opening to the director's decision."""
        self.plan()
        self.notify()
        self.story.wait(NOTICE_DAYS)
        self.hold(judged=4)
        self.find(queries.RECOMMENDED, at_row=4)
        if tier == "T3":
            self.find(queries.BEST, at_row=5)
        self.story.wait(15)
        self.report()
        self.story.wait(30)
        self.answer()
        self.settle()
        self.story.wait(10)
        self.decide(tier)


def decide_for_the_office(program: Program, *, director: Actor, start: date, today: date) -> None:
    """Set what a specialist can hold in a month, and decree an outage (P16, P25)."""
    zone = ZoneInfo(program.timezone)
    past = today - timedelta(days=120)
    planning.set_capacity(
        program=program,
        office="",
        visits=1,
        by=director,
        at=datetime.combine(start + timedelta(days=1), time(9, tzinfo=zone)),
        via=VIA,
    )
    for minutes, office in enumerate(("", "LAREDO")):
        planning.set_capacity(
            program=program,
            office=office,
            visits=1 if office else 2,
            by=director,
            at=datetime.combine(past, time(9, minutes, tzinfo=zone)),
            via=VIA,
        )
    planning.decree_outage(
        program=program,
        starts_on=past,
        ends_on=past + timedelta(days=2),
        reason="outage.failure",
        includes_office=False,
        words="The demonstration's network was down for three days.",
        by=director,
        at=datetime.combine(past + timedelta(days=3), time(9, tzinfo=zone)),
        via=VIA,
    )
