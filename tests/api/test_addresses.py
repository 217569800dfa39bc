"""Wrong addresses and methods of the API answer a program, not a reader of pages."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.api.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/accounts/A/b/c", "/api/v9/"])
def test_an_unknown_address_is_a_problem_with_a_code(path: str) -> None:
    answer = Client().get(path, headers={"Accept-Language": "es"})

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "address.unknown"
    assert answer.json()["title"] == "Not found"


def test_a_wrong_method_is_a_problem_that_names_the_right_ones() -> None:
    answer = Client().delete(
        "/api/v1/accounts", headers={"Authorization": f"Bearer {World().contact.token}"}
    )

    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "method.not_allowed"
    assert set(answer["Allow"].split(", ")) >= {"GET", "POST"}


def test_a_host_that_is_not_ours_is_a_problem_too() -> None:
    answer = Client().get("/api/v1/accounts", headers={"Host": "elsewhere.example"})

    assert answer.status_code == 400
    assert answer.json()["code"] == "input.unreadable"


def test_no_cache_keeps_what_a_token_was_shown() -> None:
    asked = {"Authorization": f"Bearer {World().contact.token}"}

    answer = Client().get("/api/v1/accounts", headers=asked)

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
