"""A validation from opening to tier, and what refuses on the way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from greenlane.apps.audit.verify import verify
from greenlane.apps.certification.actions import Person
from greenlane.apps.certification.queries import letters_of
from greenlane.apps.criteria.queries import edition_in_force
from greenlane.apps.documents import store
from greenlane.apps.documents.queries import NoSuchDocument, document
from greenlane.apps.members.queries import case_of
from greenlane.apps.validations import queries
from greenlane.apps.validations.actions import cases, decisions, findings, notices, reports, visits
from greenlane.core.canonical import sha256_hex
from greenlane.core.errors import BadInput, NotAllowed
from greenlane.core.lifecycle.decide import Actor, Refused
from tests.factories.certified import Member, a_member, moment
from tests.factories.people import person_with

pytestmark = pytest.mark.django_db

OPENED, NOTICED, VISITED = date(2026, 9, 1), date(2026, 9, 3), date(2026, 10, 8)
REPORTED, ANSWERED, DECIDED = date(2026, 10, 20), date(2026, 11, 16), date(2026, 12, 1)
PDF = b"%PDF-1.4 proof"
HOME = cases.SiteGiven("Warehouse 4, Newark", "1 Dock Road", "OWN", "US", is_foreign=False)
ABROAD = cases.SiteGiven("Planta Tijuana", "Calle 5", "PARTNER", "MX", is_foreign=True)
FIVE = dict.fromkeys(queries.FRAMEWORK, "yes")
WHY = dict.fromkeys(queries.FRAMEWORK, "Shown at the visit, with the minutes of the board.")


@pytest.fixture
def member() -> Member:
    return a_member()


def opened(member: Member) -> None:
    cases.open_case(
        account=member.account,
        scope="Seals, yard and the Tijuana lane.",
        rationale="Two seal incidents in the lane last year.",
        sites=[HOME, ABROAD],
        by=member.by("specialist"),
        at=moment(OPENED),
    )
    cases.prepare(
        account=member.account,
        team=[member.specialist.key],
        agenda=["9:00 opening", "10:00 yard"],
        requests=["Seal log of the last year", "Training register"],
        by=member.by("specialist"),
        at=moment(OPENED, 5),
    )


def noticed(member: Member, visit_on: date = VISITED) -> None:
    opened(member)
    cases.schedule(
        account=member.account, visit_on=visit_on, by=member.by("specialist"), at=moment(OPENED, 9)
    )
    notices.send_notice(
        account=member.account,
        by=Person(member.by("specialist"), "Ruth Adeyemi"),
        at=moment(NOTICED),
    )


def visited(member: Member) -> None:
    noticed(member)
    member.vet_again(VISITED)
    visits.hold_visit(
        account=member.account, effort_days=3, by=member.by("specialist"), at=moment(VISITED)
    )


def site(member: Member) -> int:
    return queries.sites_of(queries.case_open(member.stream))[0].seq


def checked(member: Member, criterion: str = "7.1", result: str = "NOT_MET") -> None:
    visits.record_check(
        account=member.account,
        site=site(member),
        criterion=criterion,
        result=result,
        words="Two trailers stood without a seal.",
        by=member.by("specialist"),
        at=moment(VISITED, 20),
    )


def found(member: Member, kind: str = queries.REQUIRED, **more: object) -> int:
    return findings.raise_finding(
        account=member.account,
        given=findings.FindingGiven(
            kind,
            site(member),
            "7.1",
            "Two of nine trailers were not sealed.",
            "" if kind == queries.BEST else "Seal each trailer and log it.",
            **more,  # type: ignore[arg-type]  # fields of the dataclass
        ),
        by=member.by("specialist"),
        at=moment(VISITED, 30),
    ).seq


def reported(member: Member) -> None:
    reports.issue_report(
        account=member.account,
        by=Person(member.by("specialist"), "Ruth Adeyemi"),
        at=moment(REPORTED),
    )


def answered(member: Member, *numbers: int) -> None:
    for number in numbers:
        findings.answer_finding(
            account=member.account,
            finding=number,
            words="All trailers are sealed since 1 November; the yard lead signs the log.",
            files=[("log.pdf", PDF)],
            by=member.by("point_of_contact"),
            at=moment(ANSWERED, number),
        )
    findings.submit_answers(
        account=member.account, by=member.by("point_of_contact"), at=moment(ANSWERED, 300)
    )


def verified(member: Member, number: int) -> None:
    findings.verify_finding(
        account=member.account,
        finding=number,
        means="DOCUMENTS",
        words="The log of four weeks was read.",
        by=member.by("specialist"),
        at=moment(DECIDED),
    )


def recommended(member: Member, tier: str = "T2") -> None:
    decisions.recommend(
        account=member.account,
        tier=tier,
        words="Every required action is verified.",
        by=member.by("specialist"),
        at=moment(DECIDED, 5),
    )


def decided(member: Member, tier: str = "T2", role: str = "director") -> None:
    member.screen(DECIDED)
    decisions.decide(
        account=member.account,
        tier=tier,
        words="The measures are in place and followed.",
        by=member.by(role),
        at=moment(DECIDED, 9),
        risk_band="normal",
    )


class TestTheWholeWay:
    def test_a_visit_with_a_finding_ends_in_a_tier_and_the_record_verifies(
        self, member: Member
    ) -> None:
        visited(member)
        checked(member)
        number = found(member)
        reported(member)
        answered(member, number)
        verified(member, number)
        recommended(member)
        decided(member)

        account = member.account
        assert (account.membership, account.tier, account.validation) == ("VALIDATED", "T2", "NONE")
        case = queries.latest_case(member.stream)
        assert case is not None
        assert (case.outcome, case.decided_on, case.is_open) == ("VALIDATED_T2", DECIDED, False)
        assert queries.finding_of(case, number).state == "VERIFIED"
        assert [turn.act for turn in queries.turns_of(queries.finding_of(case, number))] == [
            "ANSWERED",
            "VERIFIED",
        ]
        assert verify().faults == []

    def test_a_best_practice_that_meets_all_five_carries_tier_three(self, member: Member) -> None:
        visited(member)
        checked(member, result="MET")
        found(member, queries.BEST, framework=FIVE, reasons=WHY)
        reported(member)
        findings.submit_answers(
            account=member.account, by=member.by("company_officer"), at=moment(ANSWERED)
        )
        recommended(member, "T3")
        decided(member, "T3")

        assert (member.account.membership, member.account.tier) == ("VALIDATED", "T3")
        acts = [step.act for step in case_of(member.account).steps]
        assert acts[-2:] == ["T08", "T10"]

    def test_tier_three_is_refused_when_one_of_the_five_is_not_met(self, member: Member) -> None:
        visited(member)
        checked(member, result="MET")
        found(member, queries.BEST, framework={**FIVE, "documented": "no"}, reasons=WHY)
        reported(member)
        findings.submit_answers(
            account=member.account, by=member.by("company_officer"), at=moment(ANSWERED)
        )

        with pytest.raises(BadInput, match="all five"):
            recommended(member, "T3")


class TestNotice:
    def test_the_notice_is_a_letter_with_sites_scope_and_document_request(
        self, member: Member
    ) -> None:
        noticed(member)

        letter = letters_of(member.stream)[0]
        case = queries.case_open(member.stream)
        assert (letter.kind, letter.seq, letter.issued_on) == (
            "validation_notice",
            case.notice_seq,
            NOTICED,
        )
        paper = document(member.stream, letter.document_seq)
        assert sha256_hex(store.read(paper.sha256)) == letter.sha256
        assert member.account.validation == "NOTIFIED"

    def test_a_notice_needs_a_day_a_team_and_a_document_request(self, member: Member) -> None:
        cases.open_case(
            account=member.account,
            scope="Yard.",
            rationale="First validation.",
            sites=[HOME],
            by=member.by("specialist"),
            at=moment(OPENED),
        )
        by = Person(member.by("specialist"), "Ruth Adeyemi")

        with pytest.raises(BadInput, match="Plan the day"):
            notices.send_notice(account=member.account, by=by, at=moment(NOTICED))

    def test_a_visit_before_day_thirty_is_refused_unless_the_company_waives(
        self, member: Member
    ) -> None:
        early = NOTICED + timedelta(days=20)
        noticed(member, early)
        member.vet_again(early)

        with pytest.raises(Refused) as refusal:
            visits.hold_visit(
                account=member.account, effort_days=1, by=member.by("specialist"), at=moment(early)
            )
        assert refusal.value.refusal == "guard.notice_in_time"

        cases.waive_notice(
            account=member.account,
            by=member.by("company_officer"),
            at=moment(early - timedelta(days=3)),
        )
        visits.hold_visit(
            account=member.account, effort_days=1, by=member.by("specialist"), at=moment(early)
        )
        assert member.account.validation == "VISITED"

    def test_a_waiver_holds_for_the_day_that_was_planned_only(self, member: Member) -> None:
        noticed(member)
        cases.waive_notice(
            account=member.account, by=member.by("company_officer"), at=moment(NOTICED, 5)
        )
        assert queries.case_open(member.stream).waived_on == NOTICED

        cases.schedule(
            account=member.account,
            visit_on=VISITED + timedelta(days=7),
            by=member.by("specialist"),
            at=moment(NOTICED, 9),
        )

        assert queries.case_open(member.stream).waived_on is None

    def test_the_office_cannot_waive_for_the_company(self, member: Member) -> None:
        noticed(member)

        with pytest.raises(Refused) as refusal:
            cases.waive_notice(
                account=member.account, by=member.by("specialist"), at=moment(NOTICED, 5)
            )
        assert refusal.value.refusal == "role.not_allowed"


class TestDocumentedProblems:
    def test_P8_a_case_without_scope_reasons_or_site_is_not_opened(self, member: Member) -> None:
        given = {"scope": "Yard.", "rationale": "First validation.", "sites": [HOME]}
        lacking: list[dict[str, object]] = [{"scope": " "}, {"rationale": ""}, {"sites": []}]
        for missing in lacking:
            with pytest.raises(BadInput):
                cases.open_case(
                    account=member.account,
                    by=member.by("specialist"),
                    at=moment(OPENED),
                    **{**given, **missing},  # type: ignore[arg-type]  # each of its own type
                )
        assert queries.open_case_of(member.stream) is None

    def test_P10_a_finding_is_closed_only_with_how_it_was_verified(self, member: Member) -> None:
        visited(member)
        checked(member)
        number = found(member)
        reported(member)
        shared = {"account": member.account, "finding": number, "by": member.by("specialist")}
        with pytest.raises(Refused, match="submitted answer"):
            findings.verify_finding(
                **shared,  # type: ignore[arg-type]  # each of its own type
                means="VISIT",
                words="Seen.",
                at=moment(REPORTED, 5),
            )
        answered(member, number)
        with pytest.raises(BadInput, match="no way to verify"):
            findings.verify_finding(
                account=member.account,
                finding=number,
                means="",
                words="Seen.",
                by=member.by("specialist"),
                at=moment(DECIDED),
            )
        with pytest.raises(BadInput, match="Say in words"):
            findings.verify_finding(
                account=member.account,
                finding=number,
                means="VISIT",
                words="  ",
                by=member.by("specialist"),
                at=moment(DECIDED),
            )

    def test_P10_a_finding_is_bound_to_criterion_edition_site_evidence_and_judgment(
        self, member: Member
    ) -> None:
        visited(member)
        checked(member)
        photo = visits.take_photo(
            account=member.account,
            site=site(member),
            criterion="7.1",
            name="yard.png",
            content=b"\x89PNG\r\n\x1a\n yard",
            by=member.by("specialist"),
            at=moment(VISITED, 25),
        )

        raised = queries.finding_of(
            queries.case_open(member.stream), found(member, evidence=[photo])
        )

        edition = edition_in_force("ctpat", on=OPENED).id
        assert (raised.criterion, raised.edition) == ("7.1", edition)
        assert (raised.site_seq, raised.evidence) == (site(member), [photo])
        assert raised.judgment == "Two of nine trailers were not sealed."
        with pytest.raises(BadInput, match="document"):
            found(member, evidence=[9_999])

    def test_P24_a_deferral_without_reason_or_a_day_to_come_is_refused(
        self, member: Member
    ) -> None:
        noticed(member)
        given = {"reason": "overdue.site_closed", "words": "Closed.", "new_due_on": VISITED}

        for wrong in ({"reason": "rain"}, {"words": " "}, {"new_due_on": NOTICED}):
            with pytest.raises((BadInput, Refused)):
                cases.defer(
                    account=member.account,
                    by=member.by("specialist"),
                    at=moment(NOTICED, 50),
                    **{**given, **wrong},  # type: ignore[arg-type]  # one of three is wrong
                )

        assert member.account.validation == "NOTIFIED"

    def test_P10_a_judgment_other_than_met_needs_words(self, member: Member) -> None:
        visited(member)

        with pytest.raises(BadInput, match="what was seen"):
            visits.record_check(
                account=member.account,
                site=site(member),
                criterion="7.1",
                result="PARTLY",
                words="",
                by=member.by("specialist"),
                at=moment(VISITED, 5),
            )

    def test_P11_a_visit_without_secondary_vetting_of_this_case_is_refused(
        self, member: Member
    ) -> None:
        noticed(member)

        with pytest.raises(Refused) as refusal:
            visits.hold_visit(
                account=member.account,
                effort_days=3,
                by=member.by("specialist"),
                at=moment(VISITED),
            )

        # Vetting passed before certification does not count: it was not run for this visit.
        assert member.account.vetting == "PASSED"
        assert refusal.value.refusal.startswith("guard.secondary_vetting_done")

    def test_P12_a_case_whose_checklist_is_empty_gets_no_report(self, member: Member) -> None:
        visited(member)

        with pytest.raises(BadInput, match="No criterion was judged"):
            reported(member)

    def test_P24_a_validation_that_cannot_be_held_is_a_state_with_reason_and_new_day(
        self, member: Member
    ) -> None:
        noticed(member)
        new_day = VISITED + timedelta(days=120)

        for reason, day, words in (
            ("", new_day, "The plant is closed."),
            ("overdue.site_closed", NOTICED, "The plant is closed."),
            ("overdue.site_closed", new_day, ""),
        ):
            with pytest.raises((BadInput, Refused)):
                cases.defer(
                    account=member.account,
                    reason=reason,
                    new_due_on=day,
                    words=words,
                    by=member.by("specialist"),
                    at=moment(NOTICED, 30),
                )
        cases.defer(
            account=member.account,
            reason="overdue.site_closed",
            new_due_on=new_day,
            words="The plant burned down.",
            by=member.by("specialist"),
            at=moment(NOTICED, 30),
        )

        case = queries.case_open(member.stream)
        assert member.account.validation == "DEFERRED"
        assert (case.deferral_reason, case.new_due_on) == ("overdue.site_closed", new_day)
        duties = {d.id: d for d in case_of(member.account).duties(on=NOTICED)}
        assert (duties["D24"].due_on, duties["D24"].state) == (new_day, "open")
        # The consequence: the law's own limit runs on, unmoved by the deferral.
        assert (duties["D04"].due_on, duties["D04"].state) == (date(2027, 5, 4), "open")

    def test_P24_a_deferred_case_is_taken_up_again_with_a_notice_of_its_own(
        self, member: Member
    ) -> None:
        noticed(member)
        cases.defer(
            account=member.account,
            reason="overdue.travel_ban",
            new_due_on=VISITED + timedelta(days=90),
            words="Travel to the place is not allowed.",
            by=member.by("field_manager"),
            at=moment(NOTICED, 30),
        )
        cases.take_up(account=member.account, by=member.by("specialist"), at=moment(NOTICED, 60))

        case = queries.case_open(member.stream)
        assert member.account.validation == "PLANNED"
        assert (case.visit_on, case.notified_on) == (None, None)

    def test_P24_one_site_that_cannot_be_visited_keeps_its_reason_and_the_others_go_on(
        self, member: Member
    ) -> None:
        noticed(member)
        member.vet_again(VISITED)
        abroad = queries.sites_of(queries.case_open(member.stream))[1]
        visits.leave_out(
            account=member.account,
            site=abroad.seq,
            reason="overdue.access_refused",
            words="The authority there refused access.",
            by=member.by("specialist"),
            at=moment(VISITED),
        )
        visits.hold_visit(
            account=member.account, effort_days=2, by=member.by("specialist"), at=moment(VISITED, 5)
        )

        states = {
            s.seq: (s.state, s.reason) for s in queries.sites_of(queries.case_open(member.stream))
        }
        assert states[abroad.seq] == ("NOT_HELD", "overdue.access_refused")
        assert ("VISITED", "") in states.values()

    def test_P24_a_certificate_of_a_recognized_program_stands_for_a_visit_abroad(
        self, member: Member
    ) -> None:
        elsewhere = cases.SiteGiven(
            "Planta Veracruz", "Calle 9", "PARTNER", "MX", is_foreign=True, how="RECOGNIZED"
        )
        opened(member)
        by = member.by("specialist")
        there = cases.add_site(account=member.account, site=elsewhere, by=by, at=moment(OPENED, 8))
        noticed_again(member, NOTICED, VISITED)
        member.vet_again(VISITED)

        with pytest.raises(BadInput, match="recognized program"):
            visits.hold_visit(
                account=member.account, effort_days=2, sites=[there], by=by, at=moment(VISITED)
            )
        visits.hold_visit(account=member.account, effort_days=2, by=by, at=moment(VISITED, 5))

        sites = queries.sites_of(queries.case_open(member.stream))
        assert [one.state for one in sites] == ["VISITED", "VISITED", "PLANNED"]

    def test_P25_a_virtual_visit_needs_no_travel_and_is_a_visit_all_the_same(
        self, member: Member
    ) -> None:
        opened(member)
        by = member.by("specialist")
        cases.schedule(
            account=member.account, visit_on=VISITED, by=by, at=moment(OPENED, 9), mode="VIRTUAL"
        )
        notices.send_notice(
            account=member.account, by=Person(by, "Ruth Adeyemi"), at=moment(NOTICED)
        )
        member.vet_again(VISITED)

        case = visits.hold_visit(account=member.account, effort_days=1, by=by, at=moment(VISITED))

        assert (case.mode, case.visited_on) == ("VIRTUAL", VISITED)
        assert member.account.validation == "VISITED"

    def test_a_visited_site_cannot_be_left_out_afterwards(self, member: Member) -> None:
        visited(member)

        with pytest.raises(Refused) as refusal:
            left_out(member, site(member), VISITED)
        assert refusal.value.refusal == "status.wrong"
        assert queries.site_of(queries.case_open(member.stream), site(member)).state == "VISITED"

    def test_a_site_that_was_left_out_is_not_recorded_as_visited(self, member: Member) -> None:
        noticed(member)
        member.vet_again(VISITED)
        left_out(member, site(member), VISITED)

        with pytest.raises(Refused) as refusal:
            visits.hold_visit(
                account=member.account,
                effort_days=2,
                by=member.by("specialist"),
                at=moment(VISITED, 5),
                sites=[site(member)],
            )
        assert refusal.value.refusal == "status.wrong"
        assert queries.site_of(queries.case_open(member.stream), site(member)).state == "NOT_HELD"

    def test_a_second_visit_after_a_deferral_may_look_at_a_visited_site_again(
        self, member: Member
    ) -> None:
        visited(member)
        cases.defer(
            account=member.account,
            reason="overdue.travel_ban",
            new_due_on=REPORTED + timedelta(days=90),
            words="The report has to wait.",
            by=member.by("field_manager"),
            at=moment(REPORTED),
        )
        cases.take_up(account=member.account, by=member.by("specialist"), at=moment(REPORTED, 5))
        again = REPORTED + timedelta(days=45)
        cases.schedule(
            account=member.account,
            visit_on=again,
            by=member.by("specialist"),
            at=moment(REPORTED, 9),
        )
        notices.send_notice(
            account=member.account,
            by=Person(member.by("specialist"), "Ruth Adeyemi"),
            at=moment(REPORTED, 20),
        )
        member.vet_again(again)

        visits.hold_visit(
            account=member.account,
            effort_days=1,
            by=member.by("specialist"),
            at=moment(again),
            sites=[site(member)],
        )

        assert queries.site_of(queries.case_open(member.stream), site(member)).visited_on == again

    def test_P24_a_closed_site_is_planned_again_when_the_case_is_taken_up(
        self, member: Member
    ) -> None:
        noticed(member)
        home, abroad = (one.seq for one in queries.sites_of(queries.case_open(member.stream)))
        left_out(member, home, NOTICED)
        left_out(member, abroad, NOTICED)
        taken_up(member, NOTICED)

        noticed_again(member, NOTICED, VISITED)
        member.vet_again(VISITED)
        visits.hold_visit(
            account=member.account, effort_days=2, by=member.by("specialist"), at=moment(VISITED)
        )

        sites = queries.sites_of(queries.case_open(member.stream))
        assert [(one.state, one.reason) for one in sites] == [("VISITED", ""), ("VISITED", "")]
        assert verify().is_clean

    def test_the_sites_of_a_second_visit_are_those_planned_and_those_visited_before(
        self, member: Member
    ) -> None:
        noticed(member)
        home, abroad = (one.seq for one in queries.sites_of(queries.case_open(member.stream)))
        member.vet_again(VISITED)
        visits.hold_visit(
            account=member.account,
            effort_days=2,
            sites=[home],
            by=member.by("specialist"),
            at=moment(VISITED),
        )
        assert queries.sites_to_visit(queries.case_open(member.stream)) == [abroad]
        taken_up(member, VISITED)

        assert queries.sites_to_visit(queries.case_open(member.stream)) == [abroad, home]

    def test_a_second_visit_after_a_report_is_reported_in_its_next_version(
        self, member: Member
    ) -> None:
        visited(member)
        checked(member)
        first = found(member)
        reported(member)
        taken_up(member, REPORTED)
        again = REPORTED + timedelta(days=45)
        noticed_again(member, REPORTED, again)
        member.vet_again(again)
        visits.hold_visit(
            account=member.account,
            effort_days=1,
            sites=[site(member)],
            by=member.by("specialist"),
            at=moment(again),
        )
        second = found(member, queries.RECOMMENDED)

        report = reports.issue_report(
            account=member.account,
            by=Person(member.by("specialist"), "Ruth Adeyemi"),
            at=moment(again, 60),
        )

        case = queries.case_open(member.stream)
        told = {row.seq: row.reported_on for row in queries.findings_for_company(case)}
        assert (report.version, member.account.validation) == (2, "REPORTED")
        assert told == {first: REPORTED, second: again}
        assert verify().is_clean

    def test_who_went_on_a_visit_before_a_deferral_is_still_barred_from_deciding(
        self, member: Member
    ) -> None:
        visited(member)
        cases.defer(
            account=member.account,
            reason="overdue.travel_ban",
            new_due_on=REPORTED + timedelta(days=90),
            words="The report has to wait.",
            by=member.by("field_manager"),
            at=moment(REPORTED),
        )
        cases.take_up(account=member.account, by=member.by("specialist"), at=moment(REPORTED, 5))
        other = person_with("specialist", at=moment(OPENED))
        cases.prepare(
            account=member.account,
            team=[other.key],
            agenda=[],
            requests=["Seal log"],
            by=member.by("specialist"),
            at=moment(REPORTED, 9),
        )

        case = queries.case_open(member.stream)
        assert case.team == [other.key]
        assert queries.visitors_of(case) == {member.specialist.key}


def taken_up(member: Member, on: date) -> None:
    cases.defer(
        account=member.account,
        reason="overdue.site_closed",
        new_due_on=on + timedelta(days=90),
        words="The plant is closed for repairs.",
        by=member.by("specialist"),
        at=moment(on, 100),
    )
    cases.take_up(account=member.account, by=member.by("specialist"), at=moment(on, 105))


def noticed_again(member: Member, on: date, visit_on: date) -> None:
    by = member.by("specialist")
    cases.schedule(account=member.account, visit_on=visit_on, by=by, at=moment(on, 110))
    notices.send_notice(account=member.account, by=Person(by, "Ruth Adeyemi"), at=moment(on, 115))


def left_out(member: Member, seq: int, on: date) -> None:
    visits.leave_out(
        account=member.account,
        site=seq,
        reason="overdue.travel_ban",
        words="Travel to the place is not allowed.",
        by=member.by("specialist"),
        at=moment(on, 2),
    )


def to_be_decided(member: Member) -> None:
    visited(member)
    checked(member, result="MET")
    reported(member)
    findings.submit_answers(
        account=member.account, by=member.by("company_officer"), at=moment(ANSWERED)
    )


def decide_as(member: Member, person: str) -> None:
    decisions.decide(
        account=member.account,
        tier="T2",
        words="The measures are in place.",
        by=Actor(person, "director"),
        at=moment(DECIDED, 9),
    )


class TestFourEyes:
    def test_whoever_recommended_does_not_decide_without_having_visited(
        self, member: Member
    ) -> None:
        colleague = person_with("specialist", at=moment(OPENED))
        to_be_decided(member)
        by = Actor(colleague.key, "specialist")
        decisions.recommend(
            account=member.account, tier="T2", words="Seen.", by=by, at=moment(DECIDED, 5)
        )
        assert colleague.key not in queries.case_open(member.stream).team

        with pytest.raises(Refused) as refusal:
            decide_as(member, colleague.key)
        assert refusal.value.refusal == "second.same_person"

    def test_whoever_visited_does_not_decide_without_having_recommended(
        self, member: Member
    ) -> None:
        colleague = person_with("specialist", at=moment(OPENED))
        to_be_decided(member)
        by = Actor(colleague.key, "specialist")
        decisions.recommend(
            account=member.account, tier="T2", words="Seen.", by=by, at=moment(DECIDED, 5)
        )

        with pytest.raises(Refused) as refusal:
            decide_as(member, member.specialist.key)
        assert refusal.value.refusal == "second.same_person"

    def test_the_team_cannot_be_named_anew_once_the_visit_was_held(self, member: Member) -> None:
        colleague = person_with("specialist", at=moment(OPENED))
        visited(member)

        with pytest.raises(Refused) as refusal:
            cases.prepare(
                account=member.account,
                team=[colleague.key],
                agenda=[],
                requests=["Seal log"],
                by=member.by("specialist"),
                at=moment(VISITED, 40),
            )
        assert refusal.value.refusal == "status.wrong"
        assert queries.case_open(member.stream).team == [member.specialist.key]

    def test_nobody_but_the_director_decides(self, member: Member) -> None:
        visited(member)
        checked(member, result="MET")
        reported(member)
        findings.submit_answers(
            account=member.account, by=member.by("company_officer"), at=moment(ANSWERED)
        )
        recommended(member)

        with pytest.raises(Refused) as refusal:
            decided(member, role="field_manager")
        assert refusal.value.refusal == "role.not_allowed"

    def test_a_required_action_that_is_not_verified_keeps_the_case_open(
        self, member: Member
    ) -> None:
        visited(member)
        checked(member)
        number = found(member)
        reported(member)
        answered(member, number)

        with pytest.raises(Refused) as refusal:
            recommended(member)
        assert refusal.value.refusal == "guard.required_actions_done"
        decisions.keep_open(account=member.account, by=member.by("specialist"), at=moment(DECIDED))
        assert member.account.validation == "ACTIONS_OPEN"
        assert member.account.membership == "CERTIFIED"


class TestReport:
    def test_a_version_is_numbered_hashed_and_never_changed(self, member: Member) -> None:
        visited(member)
        checked(member)
        found(member)
        reported(member)
        first = queries.reports_of(queries.case_open(member.stream))[0]

        with pytest.raises(BadInput, match="another version"):
            reported(member)
        reports.issue_report(
            account=member.account,
            by=Person(member.by("specialist"), "Ruth Adeyemi"),
            at=moment(REPORTED, 60),
            reason="The name of the yard was wrong.",
            language="es",
        )

        versions = queries.reports_of(queries.case_open(member.stream))
        assert [row.version for row in versions] == [2, 1]
        assert versions[1].sha256 == first.sha256
        for row in versions:
            pdf = store.read(document(member.stream, row.document_seq).sha256)
            assert pdf.startswith(b"%PDF-")
            assert sha256_hex(pdf) == row.sha256

    def test_the_company_sees_a_finding_and_its_proof_only_after_the_report(
        self, member: Member
    ) -> None:
        visited(member)
        checked(member)
        photo = visits.take_photo(
            account=member.account,
            site=site(member),
            criterion="7.1",
            name="seal.png",
            content=b"\x89PNG\r\n\x1a\n seal",
            by=member.by("specialist"),
            at=moment(VISITED, 25),
        )
        number = found(member, evidence=[photo])
        case = queries.case_open(member.stream)
        paper = document(member.stream, photo)

        assert queries.findings_for_company(case) == []
        with pytest.raises(queries.NoSuchFinding):
            queries.finding_for_company(case, number)
        with pytest.raises(NoSuchDocument):
            queries.check_open_to_company(paper)

        reported(member)

        assert [row.seq for row in queries.findings_for_company(case)] == [number]
        queries.check_open_to_company(paper)

    def test_a_required_action_is_answered_with_proof(self, member: Member) -> None:
        visited(member)
        checked(member)
        number = found(member)
        reported(member)

        with pytest.raises(BadInput, match="needs proof"):
            findings.answer_finding(
                account=member.account,
                finding=number,
                words="Done.",
                files=[],
                by=member.by("point_of_contact"),
                at=moment(ANSWERED),
            )
        with pytest.raises(NotAllowed):
            findings.answer_finding(
                account=member.account,
                finding=number,
                words="Done.",
                files=[("log.pdf", PDF)],
                by=member.by("consultant"),
                at=moment(ANSWERED),
            )

    def test_the_office_may_ask_again_and_the_new_day_binds(self, member: Member) -> None:
        visited(member)
        checked(member)
        number = found(member)
        reported(member)
        answered(member, number)

        findings.ask_again(
            account=member.account,
            finding=number,
            words="Send the log of December too.",
            due_on=DECIDED + timedelta(days=30),
            by=member.by("specialist"),
            at=moment(DECIDED),
        )

        row = queries.finding_of(queries.case_open(member.stream), number)
        assert (row.state, row.due_on) == ("ASKED_AGAIN", DECIDED + timedelta(days=30))
        assert queries.needs_answer(row)

    def test_answers_cannot_be_submitted_while_one_is_missing(self, member: Member) -> None:
        visited(member)
        checked(member)
        found(member)
        reported(member)

        with pytest.raises(BadInput, match=r"criterion 7\.1"):
            findings.submit_answers(
                account=member.account, by=member.by("point_of_contact"), at=moment(ANSWERED)
            )
