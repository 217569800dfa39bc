"""Declared numbers and days that no true answer can be are refused, by the pack's bounds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from greenlane.gate.access import today
from tests.api.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("trade.imports_last_12_months", -1),
        ("trade.imports_last_12_months", 10_000_001),
        ("trade.years_importing", 301),
        ("trade.last_import_on", (today() + timedelta(days=2)).isoformat()),
    ],
)
def test_an_absurd_answer_is_refused_with_its_name(fact: str, value: object) -> None:
    world = World()
    key = world.opened()

    refused = world.contact.put(f"/accounts/{key}/facts", facts={fact: value})

    assert (refused.status, refused.code) == (422, "fact.out_of_bounds")
    assert refused.body["detail"].startswith(f"{fact}: ")


@pytest.mark.parametrize("value", [0, 10_000_000])
def test_the_bounds_themselves_are_taken(value: int) -> None:
    world = World()
    facts = {"trade.imports_last_12_months": value}

    assert world.contact.put(f"/accounts/{world.opened()}/facts", facts=facts).status == 200
