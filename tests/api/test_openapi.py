"""The description of the API is written down, complete, and changes only on purpose."""

from __future__ import annotations

import json
from pathlib import Path

from django.test import Client

from greenlane.api.doors import DOORS
from greenlane.api.v1.urls import api
from greenlane.cli.docs import openapi_page

SNAPSHOT = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"
METHODS = {"get", "put", "post", "patch", "delete"}


def test_the_written_description_is_what_the_api_says() -> None:
    assert SNAPSHOT.read_text(encoding="utf-8") == openapi_page(), "run ./dev docs"


def test_the_api_serves_the_same_description() -> None:
    served = Client().get("/api/v1/openapi.json")

    assert served.status_code == 200
    assert served.json() == json.loads(openapi_page())


def test_every_operation_has_a_door_and_every_door_an_operation() -> None:
    named = {
        f"api-v1:{operation.url_name}"
        for _, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    }
    # Ninja's own two addresses, which are no operation of ours.
    named |= {"api-v1:openapi-json", "api-v1:api-root"}

    assert sorted(named - DOORS.keys()) == []
    assert sorted(DOORS.keys() - named) == []


def test_every_operation_says_what_it_is_and_has_a_name_of_its_own() -> None:
    found = [
        operation
        for path in json.loads(openapi_page())["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    ]

    assert len(found) >= 30
    assert [one for one in found if not one.get("summary") or not one.get("description")] == []
    assert len({one["operationId"] for one in found}) == len(found)
