"""Two of the office decide the same thing at the same moment, each on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from greenlane.apps.audit.queries import events_of
from greenlane.apps.audit.verify import verify
from greenlane.apps.incidents import actions as incidents
from greenlane.apps.incidents.acts import kinds_of
from greenlane.apps.suspensions.actions import proposals
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.lifecycle.decide import Refused
from tests.apps.audit.databases import connected
from tests.factories.certified import Member, a_member, moment
from tests.factories.people import the_program
from tests.factories.trust import proposed, the_director
from tests.record.installation import migrated

DAY = date(2026, 6, 1)
AT_MOST = 60.0


@pytest.fixture
def place(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    with django_db_blocker.unblock(), migrated(tmp_path) as entry:
        yield entry


def while_the_first_is_at_it(
    entry: dict[str, Any], first: Callable[[], object], second: Callable[[], object]
) -> GreenlaneError | None:
    """Do the first act; before it is committed, begin the second. Return how the second ended."""
    ends: list[GreenlaneError | None] = []

    def run() -> None:
        with connected(entry):
            try:
                second()
            except GreenlaneError as refused:
                ends.append(refused)
            else:
                ends.append(None)

    other = threading.Thread(target=run)
    with transaction.atomic():
        first()
        other.start()
        other.join(0.7)
        waits = other.is_alive()
    other.join(AT_MOST)
    assert waits, "the second did not wait for the first"
    return ends[0]


def acts_of(member: Member) -> list[str]:
    return [event.act for event in events_of(member.stream, limit=500)]


def test_who_comes_second_waits_and_is_told_what_the_first_did(place: dict[str, Any]) -> None:
    member = a_member()
    found = incidents.discover(
        account=member.account,
        kind=next(iter(kinds_of(the_program()))),
        words="Seals were broken at the harbor.",
        source="The port unit",
        by=member.by("specialist"),
        at=moment(DAY),
    )
    case = proposed(member)
    seen = member.account

    def disclose() -> object:
        return incidents.disclose(
            account=seen,
            discovery=found.seq,
            words="We learned of broken seals.",
            by=member.by("specialist"),
            at=moment(DAY, 1),
        )

    def decline() -> object:
        return proposals.decline(
            account=seen,
            case=case.seq,
            words="Not yet.",
            by=the_director(member).actor,
            at=moment(case.proposed_on, 5),
        )

    disclosed = while_the_first_is_at_it(place, disclose, disclose)
    declined = while_the_first_is_at_it(place, decline, decline)

    assert isinstance(disclosed, BadInput)
    assert isinstance(declined, Refused)
    assert declined.refusal == "suspension.wrong_state"
    assert acts_of(member).count("incident.disclosed") == 1
    assert acts_of(member).count("deliberation.declined") == 1
    assert verify().is_clean
