"""``greenlane doctor`` says what is wrong, and how to mend it."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from greenlane.apps.audit.sequencer import anchor_pending
from greenlane.cli.doctor import Finding, Verdict, examine
from greenlane.gate.access import now
from tests.factories.people import NOW, a_person

pytestmark = pytest.mark.django_db


def looked_at(point: str) -> Finding:
    (found,) = [one for one in examine(quick=True) if one.point == point]
    return found


def test_a_tail_that_grew_just_now_is_a_note_and_an_old_one_means_that_no_worker_runs() -> None:
    a_person(at=now())
    fresh = looked_at("anchors")
    anchor_pending(at=now())
    whole = looked_at("anchors")
    a_person(at=NOW)
    old = looked_at("anchors")

    assert fresh.verdict is Verdict.NOTE
    assert whole.verdict is Verdict.SOUND
    assert old.verdict is Verdict.WRONG
    assert "Start `greenlane worker`" in old.says


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        ("https://green.example.gov", Verdict.SOUND),
        ("http://127.0.0.1:8000", Verdict.WRONG),
        ("http://green.example.gov", Verdict.WRONG),
        ("https://elsewhere.example", Verdict.WRONG),
    ],
)
def test_an_address_on_letters_that_leads_nowhere_is_found(
    settings: Settings, address: str, verdict: Verdict
) -> None:
    settings.IS_LOCAL_HTTP = False
    settings.ALLOWED_HOSTS = ["green.example.gov"]
    settings.PUBLIC_ADDRESS = address

    assert looked_at("address").verdict is verdict
