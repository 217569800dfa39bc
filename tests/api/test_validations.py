"""A validation over the real API: from the notice to the tier, and what each side may not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from greenlane.apps.members.actions.steps import office_step
from greenlane.apps.validations import queries
from greenlane.gate.access import today
from tests.api.world import Caller
from tests.factories.certified import Member, a_member, moment
from tests.factories.people import the_program

pytestmark = pytest.mark.django_db

SEEN = "Two of nine trailers stood without a seal."
NOTE = "The yard boss changed twice."
OWN = {"name": "Warehouse 4", "owner": "OWN", "country": "US"}
ABROAD = {"name": "Planta 2", "owner": "PARTNER", "country": "MX", "is_foreign": True}


@dataclass(frozen=True, slots=True)
class Case:
    """A member, its people as callers, and the address of its validation."""

    member: Member
    at: str
    specialist: Caller
    director: Caller
    contact: Caller
    consultant: Caller

    def sites(self) -> list[int]:
        return [one.seq for one in queries.sites_of(queries.case_open(self.member.stream))]


@pytest.fixture
def case(settings: Any, tmp_path: Path) -> Case:
    settings.WATCHLISTS_DIR = tmp_path / "watchlists"
    member = a_member(certified_on=today() - timedelta(days=120))
    people = (member.specialist, member.director, member.contact, member.consultant)
    return Case(member, f"/accounts/{member.stream}/validation", *(Caller(one) for one in people))


def opened(case: Case) -> None:
    made = case.specialist.post(
        case.at, scope="Seals and yard", rationale="Two incidents", sites=[OWN, ABROAD]
    )
    assert made.status == 201, made
    case.specialist.put(
        f"{case.at}/preparation", team=[case.member.specialist.key], requests=["Seal log"]
    )


def noticed(case: Case) -> None:
    opened(case)
    planned = case.specialist.put(f"{case.at}/visit-day", visit_on=today().isoformat())
    sent = case.specialist.post(f"{case.at}/notice", language="es")
    assert (planned.status, sent.status) == (200, 200), sent


def visited(case: Case) -> None:
    noticed(case)
    assert case.contact.post(f"{case.at}/waiver").status == 200
    case.member.vet_again(today())
    held = case.specialist.post(f"{case.at}/visit", effort_days=2)
    assert held.body["state"] == "VISITED", held


def found(case: Case) -> tuple[int, int]:
    """Judge, take a photograph and raise a finding; return the finding and the photograph."""
    site = case.sites()[0]
    check = f"{case.at}/sites/{site}/checklist/7.1"
    case.specialist.put(check, result="NOT_MET", words=SEEN)
    photo = case.specialist.upload(f"{check}/photos", b"\x89PNG\r\n\x1a\n seal", "seal.png")
    raised = case.specialist.post(
        f"{case.at}/findings",
        kind="REQUIRED_ACTION",
        site=site,
        criterion="7.1",
        judgment=SEEN,
        asks="Seal every trailer.",
        evidence=[photo.body["document"]],
    )
    assert raised.status == 201, raised
    return raised.body["finding"], photo.body["document"]


def test_a_visit_goes_from_notice_to_tier_over_the_api(case: Case) -> None:
    visited(case)
    finding, photo = found(case)
    case.specialist.post(f"{case.at}/notes", words=NOTE)
    hidden = case.contact.get(case.at).body
    no_photo = case.contact.get(f"/accounts/{case.member.stream}/documents/{photo}")

    report = case.specialist.post(f"{case.at}/reports", language="es")
    told = case.contact.get(case.at).body["case"]
    pdf = case.contact.get(f"{case.at}/reports/1")
    answers = f"{case.at}/findings/{finding}/answers"
    unproved = case.contact.upload(answers, b"", words="Done.")
    answered = case.contact.upload(answers, b"%PDF-1.4 log", words="All are sealed.")
    submitted = case.contact.post(f"{case.at}/answers")
    proof = answered.body["exchange"][-1]["documents"][0]
    read = case.specialist.get(f"/accounts/{case.member.stream}/documents/{proof}")
    verified = case.specialist.post(
        f"{case.at}/findings/{finding}/verification", means="DOCUMENTS", words="Log read."
    )
    case.specialist.post(f"{case.at}/recommendation", tier="T2", words="All is verified.")
    own = case.specialist.post(f"{case.at}/decision", tier="T2", words="Mine.")
    decided = case.director.post(
        f"{case.at}/decision", tier="T2", words="In place.", risk_band="normal"
    )

    assert (hidden["case"]["findings"], hidden["state"]) == ([], "VISITED")
    assert (no_photo.status, report.status) == (404, 201)
    assert [one["judgment"] for one in told["findings"]] == [SEEN]
    assert (pdf.media_type, pdf.body[:5]) == ("application/pdf", b"%PDF-")
    assert unproved.status == 422
    assert (submitted.body["state"], read.body) == ("ANSWERED", b"%PDF-1.4 log")
    assert verified.body["state"] == "VERIFIED"
    assert own.status == 403
    standing = decided.body["standing"]
    assert (standing["membership"], standing["tier"]) == ("VALIDATED", "T2")
    ended = json.dumps(case.contact.get(case.at).body)
    assert "In place." in ended
    assert NOTE not in ended
    assert "All is verified." not in ended


def test_the_office_asks_again_accepts_and_keeps_the_case_open(case: Case) -> None:
    visited(case)
    finding, _ = found(case)
    case.specialist.post(f"{case.at}/reports")
    one = f"{case.at}/findings/{finding}"
    case.contact.upload(f"{one}/answers", b"%PDF-1.4 log", words="Sealed.")
    case.contact.post(f"{case.at}/answers")

    later = (today() + timedelta(days=20)).isoformat()
    asked = case.specialist.post(f"{one}/question", words="The log ends early.", due_on=later)
    kept = case.specialist.post(f"{case.at}/keep-open")
    early = case.specialist.post(f"{case.at}/recommendation", tier="T2", words="Done.")
    again = case.contact.upload(f"{one}/answers", b"%PDF-1.4 rest", words="The rest.")
    accepted = case.specialist.post(f"{one}/acceptance", words="Read.")

    assert (asked.body["state"], asked.body["due_on"]) == ("ASKED_AGAIN", later)
    assert kept.body["state"] == "ACTIONS_OPEN"
    assert early.status == 422
    assert (again.body["state"], accepted.body["state"]) == ("ANSWERED", "ACCEPTED")


def test_a_finding_is_changed_and_taken_back_only_before_the_report(case: Case) -> None:
    visited(case)
    finding, _ = found(case)
    one = f"{case.at}/findings/{finding}"
    body = {"kind": "RECOMMENDATION", "site": case.sites()[0], "criterion": "7.1"}

    changed = case.specialist.put(one, **body, judgment="Loose sheets.", asks="Use a book.")
    other = case.specialist.post(f"{case.at}/findings", **body, judgment="X", asks="Y").body
    dropped = case.specialist.send("DELETE", f"{case.at}/findings/{other['finding']}")
    case.specialist.post(f"{case.at}/reports")
    late = case.specialist.put(one, **body, judgment="Other.", asks="Other.")
    corrected = case.specialist.post(f"{case.at}/reports", reason="A name was misspelled.")
    unsaid = case.specialist.post(f"{case.at}/reports")

    assert (changed.body["kind"], dropped.status) == ("RECOMMENDATION", 200)
    assert (late.status, late.code) == (422, "status.wrong")
    assert (corrected.body["version"], unsaid.status) == (2, 422)
    (told,) = case.contact.get(case.at).body["case"]["findings"]
    assert told["judgment"] == "Loose sheets."


def test_P24_what_cannot_be_held_is_said_and_taken_up_again(case: Case) -> None:
    noticed(case)
    _, abroad = case.sites()
    left = case.specialist.post(
        f"{case.at}/sites/{abroad}/not-held", reason="overdue.travel_ban", words="No travel."
    )
    day = (today() + timedelta(days=90)).isoformat()
    deferred = case.specialist.post(
        f"{case.at}/deferral", reason="overdue.travel_ban", words="No travel.", new_due_on=day
    )
    blank = case.specialist.post(f"{case.at}/deferral", reason="overdue.travel_ban", words="X")
    planned = case.specialist.get(
        "/plan",
    ).body
    resumed = case.specialist.post(f"{case.at}/resumption")

    assert left.body["case"]["sites"][1]["state"] == "NOT_HELD"
    assert (deferred.body["state"], deferred.body["case"]["deferred"]["new_due_on"]) == (
        "DEFERRED",
        day,
    )
    assert blank.status == 400
    (row,) = planned["accounts"]
    assert row["cannot_be_held"] == {"reason": "overdue.travel_ban", "new_due_on": day}
    assert (resumed.body["state"], resumed.body["case"]["sites"][1]["state"]) == (
        "PLANNED",
        "PLANNED",
    )


def test_a_case_is_closed_without_validating_by_the_director_alone(case: Case) -> None:
    opened(case)
    reason = next(key for key in the_program().reasons if key.startswith("validation."))

    refused = case.specialist.post(f"{case.at}/closing", reason=reason, words="No.")
    done = case.director.post(f"{case.at}/closing", reason=reason, words="The company moved.")

    assert (refused.status, done.status) == (403, 200)
    told = case.contact.get(case.at).body
    assert (told["state"], told["case"]["outcome"]) == ("NONE", "NOT_VALIDATED")


def test_a_company_gives_papers_and_does_nothing_of_the_offices(case: Case) -> None:
    noticed(case)
    site = case.sites()[0]

    given = case.contact.upload(f"{case.at}/papers", b"%PDF-1.4 log", item="0")
    unasked = case.contact.upload(f"{case.at}/papers", b"%PDF-1.4 log", item="7")

    assert (given.status, unasked.status) == (200, 422)
    assert case.consultant.get(case.at).status == 200
    assert case.consultant.post(f"{case.at}/waiver").status == 403
    for path in ("/notice", "/visit", "/findings", "/reports", "/deferral", "/decision"):
        assert case.contact.post(f"{case.at}{path}").status == 403
    assert case.contact.get(f"{case.at}/sites/{site}/checklist").status == 403
    assert case.contact.get("/plan").status == 403
    listed = case.specialist.get(f"{case.at}/sites/{site}/checklist").body["criteria"]
    assert "7.1" in [row["criterion"] for row in listed]


def test_a_code_of_the_pack_that_is_none_is_refused_in_words(case: Case) -> None:
    opened(case)

    answer = case.specialist.post(
        f"{case.at}/sites/{case.sites()[0]}/not-held", reason="rain", words="Wet."
    )

    assert (answer.status, answer.code) == (422, "input.unreadable")
    assert "rain" in answer.body["detail"]


def test_the_acts_of_a_case_lead_to_its_addresses(case: Case) -> None:
    answer = case.specialist.post(f"/accounts/{case.member.stream}/acts/X01")

    assert answer.status == 422
    assert case.at in answer.body["detail"]


def test_P25_the_plan_says_what_will_be_late_and_rests_on_capacity_and_outages(case: Case) -> None:
    by = case.member.by("director")
    office_step(program=the_program(), act="O00", by=by, at=moment(today() - timedelta(days=1)))
    year = (today() + timedelta(days=245)).year
    unset = case.director.get(f"/plan?year={year}").body
    set_ = case.director.post("/plan/capacity", office="NEWARK", visits=0)
    refused = case.specialist.post("/plan/capacity", visits=9)
    adopted = case.director.post("/plan/adoption", year=year)
    decreed = case.director.post(
        "/outages",
        starts_on=today().isoformat(),
        ends_on=today().isoformat(),
        reason="outage.failure",
        words="Down.",
        includes_office=True,
    )
    late = case.director.get(f"/plan?year={year}&office=NEWARK").body

    assert (unset["late"], unset["accounts"][0]["held_by"]) == (0, None)
    assert set_.body["visits_a_month"] == {"NEWARK": 0}
    assert refused.status == 403
    assert (adopted.body["year"], adopted.body["late"]) == (year, 1)
    assert decreed.body["outages"][0]["includes_office"] is True
    assert late["accounts"][0]["will_be_late"] is True
    assert late["accounts"][0]["readings"][0]["source"] == "6 U.S.C. 965"
    assert case.director.get("/plan?year=9").status == 422
