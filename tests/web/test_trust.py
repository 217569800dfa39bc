"""The pages of incidents, suspensions and appeals, both doors, and what stays hidden."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from greenlane.apps.documents.actions import give_document
from greenlane.apps.incidents import queries as incidents
from greenlane.apps.suspensions import queries
from greenlane.apps.validations.queries import INSPECTION
from greenlane.core.marks import Mark
from greenlane.gate.access import now, today
from greenlane.web.specialist.doors import DOORS
from greenlane.web.specialist.trust_forms import ProposeForm
from tests.factories.browsers import signed_in_client
from tests.factories.certified import Member, a_member
from tests.factories.people import person_with, the_program
from tests.factories.trust import MEMO, REASONS, a_paper, an_authority, notified, planned, suspended

pytestmark = pytest.mark.django_db

HOW = "A tip from the port unit."
SEEN = "The seal of trailer 12 was changed."


@pytest.fixture
def member() -> Member:
    return a_member(certified_on=today() - timedelta(days=200))


def page(client: Client, door: str, page_name: str, /, *args: object) -> str:
    answer = client.get(reverse(f"{door}:{page_name}", args=args))
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return answer.content.decode()


def post(client: Client, door: str, page_name: str, /, *args: object, **given: object) -> None:
    answer = client.post(reverse(f"{door}:{page_name}", args=args), given)
    assert answer.status_code == 302, answer.content.decode()[-3000:]


def day(name: str, value: date) -> dict[str, object]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def a_pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("log.pdf", b"%PDF-1.4 log")


def reported(contact: Client, stream: str) -> None:
    """Let the company report an incident of the day before yesterday, found yesterday."""
    days = {
        **day("happened_on", today() - timedelta(days=2)),
        **day("found_on", today() - timedelta(days=1)),
    }
    given = {"kind": "incident.seal", "words": SEEN, **days}
    post(contact, "member", "report_incident", stream, **given)


def test_a_self_report_is_reviewed_jointly_through_both_doors(member: Member) -> None:
    contact, specialist = signed_in_client(member.contact), signed_in_client(member.specialist)
    stream = member.stream
    post(
        contact,
        "member",
        "report_incident",
        stream,
        kind="incident.seal",
        words=SEEN,
        papers=a_pdf(),
        **day("happened_on", today() - timedelta(days=2)),
        **day("found_on", today() - timedelta(days=1)),
    )
    (found,) = incidents.incidents_for_company(stream)
    post(
        specialist,
        "specialist",
        "discover",
        stream,
        kind="incident.seal",
        words="The same trailer.",
        source=HOW,
        incident=str(found.seq),
    )

    assert SEEN in page(contact, "member", "incident", stream, found.seq)
    shown = page(specialist, "specialist", "incident", stream, found.seq)
    assert "The company reported it before the office found it." in shown
    assert HOW in page(specialist, "specialist", "incidents", stream)
    for name in ("incidents", "standing", "record"):
        assert HOW not in page(contact, "member", name, stream)

    act = ("specialist", "incident_act", stream, found.seq)
    post(specialist, *act, "note", words="Ask the yard lead again.")
    post(specialist, *act, "analysis", **day("due_on", today() + timedelta(days=20)))
    post(contact, "member", "incident", stream, found.seq, words="The night shift had no log.")
    post(
        specialist,
        *act,
        "review",
        diligence="yes",
        procedures="yes",
        improved="yes",
        words="Seals are logged now.",
    )

    after = page(contact, "member", "incident", stream, found.seq)
    assert "Due diligence shown: no suspension" in after
    assert "Seals are logged now." in after
    assert "Ask the yard lead again." not in after


def test_what_the_office_found_is_told_only_when_it_is_disclosed(member: Member) -> None:
    contact, specialist = signed_in_client(member.contact), signed_in_client(member.specialist)
    stream = member.stream
    given = {"kind": "incident.theft", "words": "Seen on camera.", "source": HOW}
    post(specialist, "specialist", "discover", stream, **given)
    (found,) = incidents.discoveries_of(stream)

    before = page(contact, "member", "incidents", stream)
    told = {"words": "A loss on 3 May is known to the office."}
    post(specialist, "specialist", "discovery_act", stream, found.seq, "tell", **told)
    (incident,) = incidents.incidents_for_company(stream)
    after = page(contact, "member", "incident", stream, incident.seq)

    assert "No incident is on the record." in before
    assert told["words"] in after
    assert HOW not in after
    assert "Seen on camera." not in after


def test_a_suspension_goes_from_proposal_to_reinstatement_through_both_doors(
    member: Member,
) -> None:
    contact, specialist = signed_in_client(member.contact), signed_in_client(member.specialist)
    director, stream = signed_in_client(member.director), member.stream
    post(
        specialist,
        "specialist",
        "propose_suspension",
        stream,
        path="NORMAL",
        degree="PART",
        benefits=[queries.benefits_of(member.account)[0].benefit.id],
        ground="G6",
        reasons=REASONS,
        memo=MEMO,
    )
    (case,) = queries.suspensions_of(stream)
    assert REASONS not in page(contact, "member", "standing", stream)
    assert MEMO in page(director, "specialist", "suspension", stream, case.seq)
    assert member.account.company_name.split()[0] in page(director, "specialist", "trust_queue")

    act = ("specialist", "suspension_act", stream, case.seq)
    post(director, *act, "notice", language="es")
    stale = director.post(
        reverse(f"{act[0]}:{act[1]}", args=[*act[2:], "notice"]), {"language": "en"}
    )
    assert stale.status_code == 422
    assert "suspension.wrong_state" in stale.getvalue().decode()
    assert REASONS in page(contact, "member", "standing", stream)
    post(contact, "member", "hear", stream, case.seq, words="We disagree.", papers=a_pdf())
    heard = page(director, "specialist", "suspension", stream, case.seq)
    assert "We disagree." in heard
    assert ">log.pdf<" in heard
    post(director, *act, "decide", words="The log was never kept.", language="en")

    shown = page(contact, "member", "standing", stream)
    assert "Suspension of single benefits" in shown
    assert "Kept" in shown
    assert MEMO not in shown
    given: dict[str, object] = {"words": "Nobody had the log.", "consents": "on"}
    given |= {"objective_1": "A log for each shift", "responsible_1": "Yard lead"}
    half = {"objective_2": "Training"}
    due = day("due_on_1", today() + timedelta(days=9))
    address = reverse("member:plan", args=[stream, case.seq])
    assert contact.post(address, {**given, **due, **half}).status_code == 422
    post(contact, "member", "plan", stream, case.seq, **given, **due)
    proof = reverse("member:plan_step", args=[stream, case.seq, 1])
    assert contact.post(proof, {"words": "Done."}).status_code == 422
    post(contact, "member", "plan_step", stream, case.seq, 1, words="Done.", papers=a_pdf())
    judged = {"outcome": "verified", "words": "The log was read."}
    post(specialist, "specialist", "plan_step", stream, case.seq, 1, **judged)
    post(director, *act, "reinstate", words="The log is kept.", language="en")

    ended = page(contact, "member", "standing", stream)
    assert "Lifted" in ended
    assert queries.in_force(stream) == []
    assert page(contact, "member", "letters", stream).count("/check/") >= 3
    assert "Suspension proposed" not in page(contact, "member", "record", stream)
    page(specialist, "specialist", "record", stream)
    page(specialist, "specialist", "trust", stream)


def test_an_officer_appeals_and_only_the_appeal_authority_determines_it(member: Member) -> None:
    case = suspended(member, today(), ground="G6")
    officer, contact = signed_in_client(member.officer), signed_in_client(member.contact)
    authority, director = signed_in_client(an_authority()), signed_in_client(member.director)
    stream = member.stream
    address = reverse("member:appeal", args=[stream])
    assert contact.get(address).status_code == 403
    assert address in page(officer, "member", "standing", stream)

    post(officer, "member", "appeal", stream, words="The seals were whole.", papers=a_pdf())
    filed = page(contact, "member", "standing", stream)
    assert "The decision stays in force while the appeal runs." in filed
    assert member.account.membership == "SUSPENDED"
    assert "Trust" in page(authority, "specialist", "trust_queue")
    assert "The seals were whole." in page(authority, "specialist", "appeal", stream)
    assert authority.get(reverse("specialist:queue")).status_code == 403
    given = {"outcome": "grant", "words": "The photographs show whole seals.", "language": "en"}
    appeal = reverse("specialist:appeal", args=[stream])
    assert director.post(appeal, given).status_code == 403
    assert authority.post(appeal, {"outcome": "grant"}).status_code == 422
    post(authority, "specialist", "appeal", stream, **given)

    assert member.account.membership == "CERTIFIED"
    assert queries.suspension(stream, case.seq).state == "OVERTURNED"
    assert "The photographs show whole seals." in page(officer, "member", "standing", stream)


def test_the_appeal_authority_gets_what_the_case_rests_on_and_nothing_else_of_the_office(
    member: Member,
) -> None:
    given = a_paper(member, today())
    named, other = (
        give_document(
            stream=member.stream,
            name="seal.png",
            content=b"\x89PNG\r\n\x1a\n" + more,
            purpose=INSPECTION,
            by=member.by("specialist"),
            at=now(),
            program=the_program(),
        ).seq
        for more in (b"named", b"other")
    )
    suspended(member, today(), ground="G6", documents=[named])
    authority, officer = signed_in_client(an_authority()), signed_in_client(member.officer)
    specialist = signed_in_client(member.specialist)

    def statuses(client: Client, door: str) -> list[int]:
        places = (given, named, other)
        addresses = [reverse(f"{door}:document", args=[member.stream, seq]) for seq in places]
        return [client.get(address).status_code for address in addresses]

    before = statuses(authority, "specialist")
    post(officer, "member", "appeal", member.stream, words="The seals were whole.")

    assert before == [200, 404, 404]
    assert statuses(authority, "specialist") == [200, 200, 404]
    assert statuses(specialist, "specialist") == [200, 200, 200]
    assert statuses(officer, "member") == [200, 404, 404]


def test_an_urgent_suspension_takes_two_people_and_is_reviewed_by_a_third(
    member: Member,
) -> None:
    manager, director = signed_in_client(member.manager), signed_in_client(member.director)
    third, stream = signed_in_client(person_with("director")), member.stream
    specialist = signed_in_client(member.specialist)
    form = page(specialist, "specialist", "propose_suspension", stream)
    assert 'value="URGENT"' not in form
    given = {"path": "URGENT", "degree": "FULL", "ground": "G1", "reasons": REASONS, "memo": MEMO}
    post(
        manager,
        "specialist",
        "propose_suspension",
        stream,
        urgency="urgent.cargo_at_risk",
        **given,
    )
    (case,) = queries.suspensions_of(stream)
    act = (stream, case.seq, "approve")
    words = {"words": "Cargo is under way.", "language": "en"}
    own = manager.post(reverse("specialist:suspension_act", args=act), words)
    assert own.status_code == 422
    post(director, "specialist", "suspension_act", *act, **words)

    contact = signed_in_client(member.contact)
    shown = page(contact, "member", "standing", stream)
    assert member.account.membership == "SUSPENDED"
    assert "Cargo is under way." not in shown
    assert "Review an urgent suspension" in shown
    reviewed = {"outcome": "lift", "words": "The cargo was another's.", "language": "en"}
    review = (stream, case.seq, "review")
    own = director.post(reverse("specialist:suspension_act", args=review), reviewed)
    assert own.status_code == 422
    page(third, "specialist", "suspension_act", *review)
    post(third, "specialist", "suspension_act", *review, **reviewed)
    assert member.account.membership == "CERTIFIED"


@pytest.mark.parametrize("act", ["T12", "T26", "T28", "S04", "I02", "T29"])
def test_the_generic_page_of_an_act_refuses_one_that_has_a_page(member: Member, act: str) -> None:
    director = signed_in_client(member.director)

    answer = director.get(reverse("specialist:act", args=[member.stream, act]))

    assert answer.status_code == 422
    assert "has a page of its own" in answer.content.decode()


def test_another_company_sees_nothing(member: Member) -> None:
    other = a_member(certified_on=today() - timedelta(days=100))
    case = notified(member, today())
    stranger = signed_in_client(other.contact)

    for name, args in (("standing", ()), ("incidents", ()), ("plan", (case.seq,))):
        answer = stranger.get(reverse(f"member:{name}", args=[member.stream, *args]))
        assert answer.status_code == 404


def test_a_refused_act_is_said_on_its_form_and_keeps_what_was_typed(member: Member) -> None:
    specialist, director = signed_in_client(member.specialist), signed_in_client(member.director)
    contact, stream = signed_in_client(member.contact), member.stream
    reported(contact, stream)
    (incident,) = incidents.incidents_for_company(stream)
    case = notified(member, today())
    typed = "Nobody kept the log of the night shift."
    late = day("happened_on", today() + timedelta(days=9))
    soon = day("due_on", today() - timedelta(days=9))
    refusals = [
        director.post(
            reverse("specialist:suspension_act", args=[stream, case.seq, "decide"]),
            {"words": typed, "language": "es"},
        ),
        specialist.post(
            reverse("specialist:discover", args=[stream]),
            {"kind": "incident.seal", "words": typed, "source": HOW, **late},
        ),
        specialist.post(
            reverse("specialist:incident_act", args=[stream, incident.seq, "analysis"]), soon
        ),
    ]

    shown = [answer.content.decode() for answer in refusals]
    assert [answer.status_code for answer in refusals] == [422, 422, 422]
    assert [typed in text for text in shown] == [True, True, False]
    assert "The day for the analysis has passed." in shown[2]
    assert all("usa-error-message" in text or "usa-alert--error" in text for text in shown)


def test_an_act_on_an_incident_is_offered_where_it_would_go_through(member: Member) -> None:
    specialist, stream = signed_in_client(member.specialist), member.stream
    reported(signed_in_client(member.contact), stream)
    (incident,) = incidents.incidents_for_company(stream)
    act = ("specialist", "incident_act", stream, incident.seq)
    address = reverse("specialist:incident_act", args=[stream, incident.seq, "review"])
    before = page(specialist, "specialist", "incident", stream, incident.seq)
    post(
        specialist, *act, "review",
        diligence="yes", procedures="yes", improved="yes", words="Seals are logged now.",
    )  # fmt: skip
    after = page(specialist, "specialist", "incident", stream, incident.seq)

    assert address in before
    assert address not in after


def test_who_reviews_incidents_in_a_pack_passes_the_door_of_that_act() -> None:
    program = the_program()
    rows = {
        row.id: replace(row, by=frozenset({"appeal_authority"}))
        for row in program.transitions.values()
        if Mark.INCIDENT_REVIEWED in row.marks
    }
    other = replace(program, transitions={**program.transitions, **rows})
    door = DOORS["specialist:incident_act"]

    assert door.admits(other, {"appeal_authority"})
    assert not door.admits(program, {"appeal_authority"})


def test_a_later_plan_begins_with_the_present_one_and_grows_to_more_steps(member: Member) -> None:
    case = suspended(member, today(), ground="G6")
    planned(member, case, today())
    contact, stream = signed_in_client(member.contact), member.stream
    address = reverse("member:plan", args=[stream, case.seq])

    opened = page(contact, "member", "plan", stream, case.seq)
    typed: dict[str, object] = {"words": "Both shifts are trained.", "rows": "6", "more": "1"}
    typed |= {"objective_6": "A new seal press", "responsible_6": "Yard lead"}
    grown = contact.post(address, {**typed, **day("due_on_6", today())})
    full = contact.post(address, {**typed, "rows": "28"}).content.decode()

    assert "Nobody was responsible for the seal log at night." in opened
    for kept in ("A seal log for each shift", "Training of both shifts", 'name="objective_6"'):
        assert kept in opened
    assert grown.status_code == 200
    for kept in ("Both shifts are trained.", "A new seal press", 'name="objective_12"'):
        assert kept in grown.content.decode()
    assert f'name="due_on_6_year" value="{today().year}"' in grown.content.decode()
    assert queries.steps_of(queries.present_plan(case))[0].objective == "A seal log for each shift"
    assert 'name="objective_30"' in full
    assert 'name="objective_31"' not in full
    assert 'name="more"' not in full


def test_every_document_on_file_may_be_named_in_a_proposal_newest_first(member: Member) -> None:
    places = [a_paper(member, today()) for _number in range(45)]

    form = ProposeForm(account=member.account, may_urge=False)
    offered = re.findall(r'value="(\d+)"', str(form["documents"]))

    assert offered[:45] == [str(place) for place in reversed(places)]
