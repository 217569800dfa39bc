"""What a member must not learn through the API: inquiries, vetting, and outside decisions."""

from __future__ import annotations

import json

import pytest

from greenlane.apps.members.actions.accounts import open_account
from greenlane.core.lifecycle.decide import Actor
from greenlane.gate.access import now, today
from tests.api.world import World
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


def test_an_inquiry_into_a_falsehood_is_the_offices_alone() -> None:
    world = World()
    key = certified(world)
    begun = world.specialist.post(f"/accounts/{key}/acts/F01")
    assert begun.status == 200, begun

    office = [world.specialist.get(f"/accounts/{key}/{what}").body for what in ("record", "duties")]
    member = [world.officer.get(f"/accounts/{key}/{what}").body for what in ("record", "duties")]

    for told in ("F01", "D23"):
        assert told in json.dumps(office)
        assert told not in json.dumps(member)
    assert "falsehood" not in json.dumps(member).lower()
    assert len(member[0]["events"]) == len(office[0]["events"])


def test_the_hashes_of_what_is_withheld_still_chain() -> None:
    world = World()
    key = certified(world)
    world.specialist.post(f"/accounts/{key}/acts/F01")

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

    answer = world.officer.post(
        f"/accounts/{key}/acts/T12",
        on=today().isoformat(),
        given={"ground": "G1"},
        outside=True,
        document="ab" * 32,
    )

    standing = world.officer.get(f"/accounts/{key}").body["standing"]["membership"]
    if is_alone:
        assert (answer.status, standing) == (200, "SUSPENDED")
    else:
        assert (answer.status, standing) == (403, "CERTIFIED")
