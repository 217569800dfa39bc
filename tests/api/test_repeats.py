"""``Idempotency-Key``: an act that is sent again after a lost answer is recorded once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from greenlane.apps.audit.models import AnsweredOnce
from greenlane.apps.audit.queries import head_of
from tests.api.world import GOOD, Caller, World

pytestmark = pytest.mark.django_db


def send(caller: Caller, path: str, body: dict[str, Any], key: str, method: str = "PUT") -> Any:
    """Send a body under a key; return the whole answer."""
    return Client().generic(
        method,
        f"/api/v1{path}",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {caller.token}", "Idempotency-Key": key},
    )


def test_the_same_act_under_the_same_key_is_recorded_once_and_answered_alike() -> None:
    world = World()
    key = world.opened()
    path, body = f"/accounts/{key}/company-profile", {"legal_name": "Muñoz 进口 Co"}
    first = send(world.contact, path, body, "k-1")
    head = head_of(key)

    again = send(world.contact, path, body, "k-1")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert head_of(key) == head


def test_an_account_is_opened_once_and_the_answer_is_kept_encrypted() -> None:
    world = World()
    body = {
        "entity_type": "importer",
        "organization": world.organization,
        "company_name": "Muñoz 进口 Co",
        "facts": GOOD,
    }

    made = [send(world.contact, "/accounts", body, "open-1", "POST") for _ in range(2)]

    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json()["account"] == made[1].json()["account"]
    assert "进口".encode() not in bytes(AnsweredOnce.objects.get().body)


def test_another_content_under_a_used_key_is_refused() -> None:
    world = World()
    path = f"/accounts/{world.opened()}/company-profile"
    send(world.contact, path, {"legal_name": "One"}, "k-1")

    other = send(world.contact, path, {"legal_name": "Two"}, "k-1")

    assert (other.status_code, other.json()["code"]) == (422, "idempotency.key_reused")


def test_a_refused_act_keeps_no_answer_so_that_it_can_be_tried_again() -> None:
    world = World()
    key = world.opened()
    path = f"/accounts/{key}/acts/C02"

    early = [send(world.officer, path, {}, "k-1", "POST") for _ in range(2)]
    other = send(world.officer, f"/accounts/{key}/acts/C01", {}, "k-1", "POST")

    assert [answer.status_code for answer in early] == [422, 422]
    assert "Idempotency-Replayed" not in early[1]
    assert other.status_code == 200


def test_a_key_without_end_is_refused() -> None:
    world = World()
    answer = send(world.contact, f"/accounts/{world.opened()}/facts", {"facts": {}}, "k" * 300)

    assert (answer.status_code, answer.json()["code"]) == (400, "input.unreadable")
