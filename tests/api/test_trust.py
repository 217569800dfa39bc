"""Incidents, suspensions and appeals over the real API, and what a company never receives."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest

from greenlane.apps.documents.actions import give_document
from greenlane.apps.members import queries as members
from greenlane.apps.suspensions import queries as suspensions
from greenlane.apps.validations.queries import INSPECTION
from greenlane.gate.access import now, today
from tests.api.world import Caller, Reply, World
from tests.factories.certified import Member, a_member
from tests.factories.people import an_organization, person_with, the_program
from tests.factories.trust import MEMO, REASONS, a_paper

pytestmark = pytest.mark.django_db

SOURCE = "An officer on the night train."
NOTE = "Ask the terminal for its gate log first."
UNTOLD = "The driver met somebody at mile 40."
SEAL = "incident.seal"


@dataclass(frozen=True, slots=True)
class Case:
    """A member, its people as callers, and the address of its account."""

    member: Member
    at: str
    specialist: Caller
    director: Caller
    contact: Caller
    officer: Caller
    rival: Caller
    authority: Caller


@pytest.fixture
def case() -> Case:
    member = a_member(certified_on=today() - timedelta(days=120))
    people = (member.specialist, member.director, member.contact, member.officer)
    rival = person_with("company_officer", an_organization())
    authority = person_with("appeal_authority", at=now() - timedelta(days=1))
    callers = [Caller(one) for one in (*people, rival, authority)]
    return Case(member, f"/accounts/{member.stream}", *callers)


def suspended(case: Case) -> str:
    """Propose, notify, hear and decide over the API; return the address of the suspension."""
    made = case.specialist.post(
        f"{case.at}/suspensions", ground="G6", reasons=REASONS, memo=MEMO
    ).body
    one = f"{case.at}/suspensions/{made['suspension']}"
    before = case.contact.get(f"{case.at}/suspensions").body["suspensions"]
    case.director.post(f"{one}/acts/notice", language="es")
    case.contact.post(f"{one}/acts/hear", words="The yard lead was replaced.")
    decided = case.director.post(f"{one}/acts/decide", words="It does not show how.")
    assert (before, decided.body["state"]) == ([], "IN_FORCE")
    return one


def all_that_the_company_reads(case: Case) -> str:
    pages = ("incidents", "suspensions")
    return json.dumps([case.officer.get(f"{case.at}/{page}").body for page in pages])


def test_a_self_report_goes_over_the_api_from_report_to_analysis(case: Case) -> None:
    made = case.contact.post(f"{case.at}/incidents", kind=SEAL, words="A seal was cut.")
    seq = made.body["incident"]
    one = f"{case.at}/incidents/{seq}"
    found = case.specialist.post(
        f"{case.at}/discoveries", kind=SEAL, words=UNTOLD, source=SOURCE
    ).body["discovery"]
    matched = case.specialist.post(f"{case.at}/discoveries/{found}/incident", incident=seq)
    noted = case.specialist.post(f"{one}/notes", words=NOTE)
    hidden = all_that_the_company_reads(case)
    case.specialist.post(
        f"{one}/review", diligence="yes", procedures="yes", improved="yes", words="All was shown."
    )
    case.specialist.post(f"{one}/ask-analysis", due_on=(today() + timedelta(days=9)).isoformat())
    analyzed = case.contact.post(f"{one}/analysis", words="The gate had no camera.", documents=[])
    again = case.contact.post(f"{one}/analysis", words="Another word.", documents=[])
    office = case.specialist.get(f"{case.at}/incidents").body

    assert again.code == "input.unreadable"
    assert matched.body == {"discovery": found, "incident": seq}
    assert noted.body["notes"] == 1
    assert analyzed.status < 300, analyzed
    assert office["incidents"][0]["self_report"] is True
    assert office["incidents"][0]["notes"] == [NOTE]
    for secret in (SOURCE, NOTE, UNTOLD, "discoveries", "self_report"):
        assert secret not in hidden + all_that_the_company_reads(case)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_an_incident_does_not_happen_in_another_age(case: Case, day: str) -> None:
    reported = case.contact.post(
        f"{case.at}/incidents", kind=SEAL, words="A seal was cut.", happened_on=day
    )
    found = case.specialist.post(
        f"{case.at}/discoveries", kind=SEAL, words=UNTOLD, source=SOURCE, happened_on=day
    )

    assert (reported.code, found.code) == ("input.unreadable", "input.unreadable")
    assert case.specialist.get(f"{case.at}/incidents").body["discoveries"] == []


def test_what_the_office_found_reaches_the_company_only_when_told_and_never_how(
    case: Case,
) -> None:
    found = case.specialist.post(
        f"{case.at}/discoveries", kind=SEAL, words=UNTOLD, source=SOURCE
    ).body["discovery"]
    before = case.contact.get(f"{case.at}/incidents").body
    told = case.specialist.post(f"{case.at}/discoveries/{found}/disclosure", words="A cut seal.")
    again = case.specialist.post(f"{case.at}/discoveries/{found}/disclosure", words="Again.")
    after = case.contact.get(f"{case.at}/incidents").body

    assert before == {"incidents": []}
    assert (told.status < 300, again.status) == (True, 422), (told, again)
    assert [one["kind"] for one in after["incidents"]] == [SEAL]
    assert SOURCE not in json.dumps(after)
    assert UNTOLD not in json.dumps(after)


def test_a_suspension_goes_over_the_api_to_its_reinstatement(case: Case) -> None:
    one = suspended(case)
    day = (today() + timedelta(days=20)).isoformat()
    step = {"objective": "A seal log", "responsible": "Yard lead", "due_on": day}
    case.contact.post(f"{one}/plan", words="Nobody was.", consents=True, steps=[step])
    paper = a_paper(case.member, today() - timedelta(days=1))
    proved = case.contact.post(f"{one}/steps/1/proof", words="Done.", documents=[paper])
    judged = case.specialist.post(f"{one}/steps/1/judgment", is_verified=True, words="Read.")
    lifted = case.director.post(f"{one}/acts/reinstate", words="It is verified.")

    assert (proved.body["state"], judged.body["state"]) == ("PROVED", "VERIFIED")
    assert lifted.body["state"] == "LIFTED"
    assert case.member.account.membership == "CERTIFIED"
    assert MEMO in json.dumps(case.specialist.get(f"{case.at}/suspensions").body)
    assert MEMO not in all_that_the_company_reads(case)
    assert "memo" not in all_that_the_company_reads(case)


def test_a_company_names_no_document_of_the_offices_inspection(case: Case) -> None:
    photo = give_document(
        stream=case.member.stream,
        name="gate.png",
        content=b"\x89PNG\r\n\x1a\n",
        purpose=INSPECTION,
        by=case.member.by("specialist"),
        at=now(),
        program=the_program(),
    ).seq

    def reported(place: int) -> Reply:
        given = {"kind": SEAL, "words": "A seal was cut.", "documents": [place]}
        return case.contact.post(f"{case.at}/incidents", **given)

    hidden, absent = reported(photo), reported(9_999)

    assert hidden == absent
    assert hidden.code == "document.not_found"
    assert reported(a_paper(case.member, today())).status == 200


@pytest.mark.parametrize("language", ["fr", "", "e", "x" * 50])
def test_a_letter_comes_in_no_other_language_than_the_programs(case: Case, language: str) -> None:
    made = case.specialist.post(f"{case.at}/suspensions", ground="G6", reasons=REASONS).body
    one = f"{case.at}/suspensions/{made['suspension']}"

    refused = case.director.post(f"{one}/acts/notice", language=language)

    assert refused.code == "input.unreadable"
    assert suspensions.suspension(case.member.stream, made["suspension"]).state == "PROPOSED"


def test_an_appeal_is_filed_by_an_officer_and_granted_over_the_api(case: Case) -> None:
    suspended(case)
    by_contact = case.contact.post(f"{case.at}/appeals", words="It should not stand.")
    filed = case.officer.post(f"{case.at}/appeals", words="The logs were there.")
    own = case.director.post(f"{case.at}/appeals/decision", is_granted=False, words="No.")
    decided = case.authority.post(f"{case.at}/appeals/decision", is_granted=True, words="They were")

    assert (by_contact.status, own.status) == (403, 403)
    assert (filed.body["outcome"], decided.body["outcome"]) == ("", "GRANTED"), decided
    assert case.member.account.membership == "CERTIFIED"


def test_a_rival_company_finds_nothing_at_any_of_these_addresses(case: Case) -> None:
    one = suspended(case)
    reads = [case.rival.get(f"{case.at}/{page}") for page in ("incidents", "suspensions")]
    writes = [
        case.rival.post(f"{case.at}/incidents", kind=SEAL, words="Mine."),
        case.rival.post(f"{case.at}/discoveries/9/incident", incident=9),
        case.rival.post(f"{case.at}/discoveries/9/disclosure", words="Mine."),
        case.rival.post(f"{case.at}/incidents/9/notes", words="Mine."),
        case.rival.post(f"{one}/acts/hear", words="Mine."),
        case.rival.post(f"{case.at}/appeals", words="Mine."),
    ]

    # The door refuses by role before any account is looked for: it says nothing of this one.
    office_only = [reply.status for reply in writes[1:4]]
    assert [reply.status for reply in (*reads, writes[0], *writes[4:])] == [404] * 5
    assert office_only == [403, 403, 403]


def test_an_applicant_has_no_benefit_to_lose() -> None:
    account = members.account(World().opened())

    assert account.membership == "PRE_APPLICANT"
    assert suspensions.benefits_of(account) == []


@pytest.mark.parametrize(("act", "place"), [("T12", "suspensions"), ("A02", "appeals")])
def test_an_act_of_a_case_is_sent_to_the_address_of_its_kind(
    case: Case, act: str, place: str
) -> None:
    caller = case.director if act == "T12" else case.officer

    refused = caller.post(f"{case.at}/acts/{act}", given={})

    assert refused.status == 422
    assert f"{case.at}/{place}." in json.dumps(refused.body)
