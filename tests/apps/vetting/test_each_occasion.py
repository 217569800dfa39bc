"""Each kind of party is screened at its entry, at a change and when a list changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from greenlane.apps.audit.queries import events_of
from greenlane.apps.vetting.actions import vetting_step
from greenlane.apps.vetting.hit_actions import decide_hit
from greenlane.apps.vetting.queries import screening_state, vetting_facts
from greenlane.apps.vetting.screening_actions import lists_changed, screen_all, screen_pending
from greenlane.core.lifecycle.decide import Refused
from tests.apps.vetting.conftest import Office
from tests.factories.lists import a_list, looked_at, put_in_force
from tests.factories.people import NOW, the_program

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
# A party of each kind, and the listing that it is like once it bears the listed name.
KINDS: list[tuple[dict[str, Any], str, str]] = [
    ({"role": "OFFICER"}, "Zoltan Brezniak", "1"),
    ({"role": "OWNER", "share": "10"}, "Zoltan Brezniak", "1"),
    ({"role": "SITE", "address": "Dock 1"}, "Ostrava Gulf Trading", "2"),
    ({"role": "VESSEL"}, "MV Kestrel Dawn", "3"),
    ({"role": "PARTNER"}, "Ostrava Gulf General Trading", "2"),
    ({"role": "COMPANY"}, "Quillfeather Holdings Ltd", "4"),
]
each_kind = pytest.mark.parametrize(
    ("given", "listed", "number"), KINDS, ids=[given["role"].lower() for given, _, _ in KINDS]
)


def triggers(office: Office) -> list[str]:
    """Return why the account was screened, each time."""
    return [
        one.fields["payload"]["trigger"] for one in events_of(office.stream, kinds=["screening"])
    ]


@each_kind
def test_a_party_is_screened_at_its_entry_and_again_when_it_changes(
    office: Office, given: dict[str, Any], listed: str, number: str
) -> None:
    put_in_force()
    looked_at(NOW)
    party = office.declare(**given, name="Calm Water")
    at_entry = screen_pending(program=the_program(), at=NOW)
    found_at_entry = office.hits()

    office.declare(**given, name=listed, party=party.party)
    stale = screening_state(office.fresh(), on=NOW.date())
    office.start()
    office.clear(but=("watch_lists",))
    with pytest.raises(Refused) as unscreened:
        vetting_step(account=office.fresh(), act="V02", by=office.analyst, at=NOW)
    at_change = screen_pending(program=the_program(), at=NOW)
    with pytest.raises(Refused) as with_hit:
        vetting_step(account=office.fresh(), act="V02", by=office.analyst, at=NOW)

    assert (at_entry, found_at_entry) == (1, [])
    assert (stale.is_current, at_change) == (False, 1)
    assert [one.listed_uid for one in office.hits("OPEN")] == [f"invented-{number}"]
    assert {unscreened.value.refusal, with_hit.value.refusal} <= {
        "guard.vetting_record_complete",
        "guard.no_open_hit",
        "guard.lists_current",
    }
    assert triggers(office)[-1] == "change"


@each_kind
def test_a_party_is_screened_when_a_list_changes(
    office: Office, given: dict[str, Any], listed: str, number: str
) -> None:
    put_in_force(a_list(without=number))
    looked_at(NOW)
    office.declare(**given, name=listed)
    screen_all(program=the_program(), at=NOW)
    before = office.hits()

    put_in_force(at=NOW + DAY)
    looked_at(NOW + DAY)
    has_changed = lists_changed(program=the_program(), at=NOW + DAY)
    facts = vetting_facts(office.fresh(), on=(NOW + DAY).date())
    screen_all(program=the_program(), at=NOW + DAY)

    assert (before, has_changed) == ([], True)
    assert facts["vetting.screening_is_current"] is False
    assert [one.listed_uid for one in office.hits("OPEN")] == [f"invented-{number}"]
    assert triggers(office)[-1] == "lists"


def test_what_was_told_apart_is_the_pair_alone(office: Office) -> None:
    put_in_force()
    looked_at(NOW)
    first = office.declare(role="OFFICER", name="Zoltan Brezniak")
    second = office.declare(role="OWNER", name="Zoltan Brezniak", share="10")
    screen_all(program=the_program(), at=NOW)
    hits = {one.party: one for one in office.hits("OPEN")}
    decide_hit(
        account=office.account,
        hit=hits[first.party].hit,
        decision="FALSE",
        reason="other_name",
        by=office.analyst,
        at=NOW,
    )

    put_in_force(a_list(more="90,Zoltan Brezniak,person,,,,,,TEST\n"), at=NOW + DAY)
    looked_at(NOW + DAY)
    screen_all(program=the_program(), at=NOW + DAY)

    states = {(one.party, one.listed_uid): one.state for one in office.hits()}
    assert states == {
        (first.party, "invented-1"): "FALSE",
        (second.party, "invented-1"): "OPEN",
        (first.party, "invented-90"): "OPEN",
        (second.party, "invented-90"): "OPEN",
    }
