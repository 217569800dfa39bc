"""What the program office itself owes: shown, done, and explained, by page, API and command."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from greenlane.apps.audit.queries import events_of
from greenlane.apps.members.actions.steps import office_step
from greenlane.apps.members.queries import office_duties
from greenlane.cli.office import office
from greenlane.core.deadlines import Duty
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.vocabulary import DutyState
from greenlane.gate.access import now, today
from tests.api.world import Caller
from tests.factories.browsers import signed_in_client
from tests.factories.people import person_with, the_program

pytestmark = pytest.mark.django_db

WORDS = "Read against the year's incidents; note 12 in the program's file."


@pytest.fixture(autouse=True)
def started_two_years_ago() -> None:
    at = now() - timedelta(days=800)
    office_step(program=the_program(), act="O00", by=Actor("system", "system"), at=at)


def overdue() -> list[Duty]:
    return [duty for duty in office_duties(on=today()) if duty.state is DutyState.OVERDUE]


def of(role: str) -> Client:
    return signed_in_client(person_with(role))


def test_the_page_shows_what_is_overdue_and_the_director_what_she_may_do() -> None:
    page = of("director").get(reverse("specialist:program")).content.decode()

    for duty in overdue():
        assert duty.deadline.title.in_("en") in page
    assert "days over" in page
    for act in ("O02", "O03", "O05", "O07"):
        assert reverse("specialist:office_act", args=[act]) in page
    assert reverse("specialist:plan") in page
    assert reverse("specialist:decrees") in page
    assert reverse("specialist:office_act", args=["O00"]) not in page


def test_a_specialist_reads_it_and_is_offered_nothing() -> None:
    client = of("specialist")
    page = client.get(reverse("specialist:program")).content.decode()

    assert "days over" in page
    assert reverse("specialist:office_act", args=["O02"]) not in page
    before = len(events_of("office"))
    answer = client.post(reverse("specialist:office_act", args=["O02"]), {"words": WORDS})
    assert answer.status_code == 403
    assert len(events_of("office")) == before


def test_an_act_meets_its_duty_and_its_words_are_read_again() -> None:
    client = of("program_editor")

    empty = client.post(reverse("specialist:office_act", args=["O02"]), {"words": " "})
    done = client.post(reverse("specialist:office_act", args=["O02"]), {"words": WORDS})
    page = client.get(reverse("specialist:program")).content.decode()

    assert (empty.status_code, done.status_code) == (422, 302)
    assert "note 12 in the program" in page
    last = events_of("office")[-1]
    assert (last.act, last.fields["role"]) == ("O02", "program_editor")
    assert WORDS not in str(last.fields)


def test_a_missed_day_is_explained_and_stays_overdue() -> None:
    client, late = of("director"), overdue()[0]
    address = reverse("specialist:office_act", args=["O07"])
    given = {"duty": late.key, "reason": "overdue.resources", "words": "Staff lent to the ports."}

    refused = client.post(address, given | {"duty": "D16.999"})
    done = client.post(address, given)

    assert (refused.status_code, done.status_code) == (422, 302)
    again = next(duty for duty in overdue() if duty.key == late.key)
    assert again.reason == "overdue.resources"


def test_an_act_that_is_not_overdue_cannot_be_explained() -> None:
    fine = next(duty for duty in office_duties(on=today()) if duty.state is DutyState.OPEN)
    director = Caller(person_with("director"))

    answer = director.post(
        "/program/acts/O07", words="x", given={"duty": fine.key, "reason": "overdue.resources"}
    )

    assert (answer.status, answer.code) == (422, "duty.not_overdue")


@pytest.mark.parametrize("act", ["O10", "O04", "T12"])
def test_acts_that_record_more_are_done_on_their_own_pages(act: str) -> None:
    person = person_with("director")

    page = signed_in_client(person).get(reverse("specialist:office_act", args=[act]))
    answer = Caller(person).post(f"/program/acts/{act}", words=WORDS)

    assert page.status_code == 422
    assert answer.status == 422


def test_the_same_by_the_api() -> None:
    editor, stranger = Caller(person_with("program_editor")), Caller(person_with("auditor"))

    done = editor.post("/program/acts/O02", words=WORDS)

    assert done.status == 200, done
    assert done.body["acts"][0]["words"] == WORDS
    assert {duty["id"] for duty in done.body["duties"]} >= {"D16", "D17", "D18"}
    assert stranger.get("/program/duties").status == 403
    assert stranger.post("/program/acts/O02", words=WORDS).status == 403


def test_the_same_from_the_command_line() -> None:
    editor = person_with("program_editor")

    done = CliRunner().invoke(office, ["act", "O02", "--words", WORDS, "--as", editor.key])
    wrong = CliRunner().invoke(office, ["act", "O04", "--words", WORDS, "--as", editor.key])
    listed = CliRunner().invoke(office, ["duties"])

    assert done.exit_code == 0, done.output
    assert events_of("office")[-1].act == "O02"
    assert (wrong.exit_code, "page of the plan" in wrong.stderr) == (2, True)
    assert "D17" in listed.stdout
