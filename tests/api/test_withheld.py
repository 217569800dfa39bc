"""What a member must not learn through the API: inquiries, vetting, and outside decisions."""

from __future__ import annotations

import json

import pytest

from greenlane.apps.members.actions.accounts import open_account
from greenlane.core.lifecycle.decide import Actor
from greenlane.gate.access import now, today
from tests.api.world import GOOD, World
from tests.factories.people import the_program

pytestmark = pytest.mark.django_db


def certified(world: World) -> str:
    """Return the key of an account whose certification was carried over (M01)."""
    account = open_account(
        program=the_program(),
        entity_type="importer",
        organization=world.organization,
        company_name="Harbor Lane",
        facts={"restructuring.is_documented": True},
        by=Actor(world.specialist.key, "specialist"),
        second=Actor(world.chief.key, "field_manager"),
        act="M01",
        given={"source_account": "A-0000000001"},
        at=now(),
    )
    return account.stream


def record_a_falsehood(world: World, key: str) -> None:
    """Let one person propose what begins an inquiry (F01), and another approve it."""
    alone = world.specialist.post(f"/accounts/{key}/acts/F01", words="The log was made up.")
    assert (alone.status, alone.code) == (422, "second.missing")
    made = world.specialist.post(
        f"/accounts/{key}/proposals", act="F01", words="The log was made up."
    )
    done = world.chief.post(f"/accounts/{key}/proposals/{made.body['proposal']}/approve")
    assert done.status == 200, done


def test_an_inquiry_into_a_falsehood_is_the_offices_alone() -> None:
    world = World()
    key = certified(world)
    record_a_falsehood(world, key)

    office = [world.specialist.get(f"/accounts/{key}/{what}").body for what in ("record", "duties")]
    member = [world.officer.get(f"/accounts/{key}/{what}").body for what in ("record", "duties")]

    for told in ("F01", "D23"):
        assert told in json.dumps(office)
        assert told not in json.dumps(member)
    assert "falsehood" not in json.dumps(member).lower()
    assert "made up" not in json.dumps(member)
    assert len(member[0]["events"]) == len(office[0]["events"])


def test_the_hashes_of_what_is_withheld_still_chain() -> None:
    world = World()
    key = certified(world)
    record_a_falsehood(world, key)

    office = world.specialist.get(f"/accounts/{key}/record").body["events"]
    member = world.officer.get(f"/accounts/{key}/record").body["events"]

    assert [row["hash"] for row in member] == [row["hash"] for row in office]


@pytest.mark.parametrize("is_alone", [False, True])
def test_an_outside_decision_needs_an_installation_of_a_company_alone(
    settings: object, is_alone: bool
) -> None:
    settings.IS_COMPANY_ALONE = is_alone  # type: ignore[attr-defined]  # pytest-django's fixture
    world = World()
    key = certified(world)

    letter = world.officer.upload(
        f"/accounts/{key}/documents", b"%PDF-1.7\n", purpose="outside_decision"
    )
    answer = world.officer.post(
        f"/accounts/{key}/acts/T12",
        on=today().isoformat(),
        given={"ground": "G1"},
        outside=True,
        document=letter.body["sha256"],
    )

    standing = world.officer.get(f"/accounts/{key}").body["standing"]["membership"]
    if is_alone:
        assert (answer.status, standing) == (200, "SUSPENDED")
    else:
        assert (answer.status, standing) == (403, "CERTIFIED")


def test_the_state_of_vetting_is_the_offices_alone() -> None:
    world = World()
    key = certified(world)
    world.analyst.post(f"/accounts/{key}/acts/V04", given={"reason": "vetting.new_review"})

    assert world.specialist.get(f"/accounts/{key}").body["standing"]["vetting"] == "REVIEW_REQUIRED"
    for answer in (
        world.officer.get(f"/accounts/{key}").body,
        world.officer.get("/accounts").body["accounts"][0],
        world.officer.put(f"/accounts/{key}/facts", facts={"company.employees": 9}).body,
    ):
        assert "vetting" not in answer["standing"]


def test_only_a_specialist_of_the_office_is_assigned() -> None:
    world = World()
    key = certified(world)

    def assign(person: str) -> int:
        path = f"/accounts/{key}/acts/S02"
        return world.chief.post(path, given={"specialist": person}).status

    assert assign(world.officer.key) == 422
    assert assign(world.analyst.key) == 422
    assert assign("U-NOBODY") == 422
    assert assign(world.specialist.key) == 200


def test_a_document_that_is_not_on_file_is_refused() -> None:
    world = World()
    key = certified(world)
    act = {"given": {"reason": "vetting.new_review"}}

    refused = world.analyst.post(f"/accounts/{key}/acts/V04", document="ab" * 32, **act)
    given = world.specialist.upload(
        f"/accounts/{key}/documents", b"%PDF-1.7\n", purpose="outside_decision"
    )
    done = world.analyst.post(f"/accounts/{key}/acts/V04", document=given.body["sha256"], **act)

    assert (refused.status, done.status) == (404, 200)


@pytest.mark.parametrize("purpose", ["inspection", "letter", "validation_report", "../x", "x" * 41])
def test_a_document_takes_no_purpose_that_belongs_to_an_act(purpose: str) -> None:
    world = World()

    refused = world.contact.upload(
        f"/accounts/{world.opened()}/documents", b"%PDF-1.7\n", purpose=purpose
    )

    assert refused.code == "input.unreadable"


def test_a_field_the_api_does_not_know_is_refused_and_nothing_happens() -> None:
    world = World()
    key = certified(world)

    answer = world.officer.post(f"/accounts/{key}/acts/T16", words="We leave.", origin="outside")

    assert (answer.status, answer.code) == (400, "input.unreadable")
    assert world.officer.get(f"/accounts/{key}").body["standing"]["membership"] == "CERTIFIED"


@pytest.mark.parametrize("name", ["\u202eevil\u202c", "a\u200bb", "\u0301" * 50, "x\ny", " . - "])
def test_a_company_name_hides_nothing(name: str) -> None:
    world = World()

    made = world.contact.post(
        "/accounts",
        entity_type="importer",
        organization=world.organization,
        company_name=name,
        facts=GOOD,
    )

    if made.status == 201:
        assert made.body["company_name"] == "x y"
    else:
        assert (made.status, made.code) == (422, "input.unreadable")


def test_evidence_is_not_dated_after_today() -> None:
    world = World()
    key = certified(world)

    answer = world.contact.upload(
        f"/accounts/{key}/profile/1.1/evidence", b"%PDF-1.7\n", dated_on="2031-01-01"
    )

    assert answer.status == 422
