"""Two who act on one stream at once: the second waits, and reads what the first wrote."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from greenlane.apps.audit.actions import append, one_at_a_time, one_at_a_time_in
from greenlane.apps.audit.models import Event, Stream
from greenlane.apps.audit.queries import head_of
from greenlane.core.errors import Conflict, NotAllowed
from tests.apps.audit.acts import A1, AT, draft, write
from tests.apps.audit.databases import connected
from tests.apps.audit.program import PROGRAM
from tests.apps.audit.testapp.models import Card

OFFICE = "office"
AT_MOST = 30.0


class Meeting:
    """Where a first action tells that it has read, and stays until it is let go."""

    def __init__(self) -> None:
        self.has_read = threading.Event()
        self.goes_on = threading.Event()

    def stay(self) -> None:
        self.has_read.set()
        assert self.goes_on.wait(AT_MOST)


def decide(stream: str, count: int, stay: Callable[[], None]) -> None:
    """Append one decision; refuse a second. Where the stream ends is read last, as actions do."""
    if count > 1:
        raise NotAllowed("This is decided already.")
    stay()
    append(
        stream=stream,
        expected=head_of(stream).seq,
        drafts=[(draft("card.changed"), None)],
        at=AT,
        program=PROGRAM,
    )


@one_at_a_time
def by_row(*, account: Card, stay: Callable[[], None]) -> None:
    """Decide by the row that was handed in."""
    decide(account.stream, account.count, stay)


@one_at_a_time
def by_key(*, stream: str, stay: Callable[[], None]) -> None:
    """Decide by what is read inside."""
    decide(stream, Card.objects.get(stream=stream).count, stay)


@one_at_a_time_in(OFFICE)
def in_the_office(*, stay: Callable[[], None]) -> None:
    """Decide on the office's record, which may not have begun."""
    decide(OFFICE, 2 * Event.objects.filter(stream=OFFICE).count(), stay)


def at_once(
    entry: dict[str, Any], meeting: Meeting, *acts: Callable[[Callable[[], None]], None]
) -> list[Exception | None]:
    """Start the first act, the second once the first has read; return how each ended."""
    ends: dict[int, Exception | None] = {}
    begins = threading.Event()

    def run(number: int, stay: Callable[[], None]) -> None:
        with connected(entry):
            if number:
                begins.set()
            try:
                acts[number](stay)
            except (NotAllowed, Conflict) as refused:
                ends[number] = refused
            else:
                ends[number] = None

    first = threading.Thread(target=run, args=(0, meeting.stay))
    second = threading.Thread(target=run, args=(1, lambda: None))
    first.start()
    try:
        assert meeting.has_read.wait(AT_MOST)
        second.start()
        assert begins.wait(AT_MOST)
        second.join(0.5)
        waits = second.is_alive()
    finally:
        meeting.goes_on.set()
        first.join(AT_MOST)
    second.join(AT_MOST)
    assert waits, "the second did not wait for the first"
    return [ends[0], ends[1]]


@pytest.mark.parametrize("kind", ["row", "key"])
def test_the_second_waits_and_is_refused_by_what_the_first_wrote(
    record: dict[str, Any], kind: str
) -> None:
    write(A1)
    seen = Card.objects.get(stream=A1)

    def act(stay: Callable[[], None]) -> None:
        if kind == "row":
            by_row(account=seen, stay=stay)
        else:
            by_key(stream=A1, stay=stay)

    ends = at_once(record, Meeting(), act, act)

    assert ends[0] is None
    assert isinstance(ends[1], NotAllowed)
    assert Event.objects.filter(stream=A1).count() == 2


def test_the_second_waits_where_the_stream_has_not_begun(record: dict[str, Any]) -> None:
    def act(stay: Callable[[], None]) -> None:
        in_the_office(stay=stay)

    ends = at_once(record, Meeting(), act, act)

    assert ends[0] is None
    assert isinstance(ends[1], NotAllowed)
    assert Event.objects.filter(stream=OFFICE).count() == 1


@pytest.mark.usefixtures("record")
class TestOne:
    """What one caller sees."""

    def test_a_row_read_before_somebody_else_acted_is_read_again(self) -> None:
        write(A1)
        seen = Card.objects.get(stream=A1)
        write(A1, "card.changed")

        with pytest.raises(NotAllowed):
            by_row(account=seen, stay=lambda: None)

        assert head_of(A1).seq == 2

    def test_a_row_that_is_gone_by_now_is_a_conflict(self) -> None:
        write(A1)
        seen = Card.objects.get(stream=A1)
        write(A1, "card.closed")

        with pytest.raises(Conflict):
            by_row(account=seen, stay=lambda: None)

    def test_a_refused_act_leaves_no_place_behind(self) -> None:
        def refuse() -> None:
            raise NotAllowed("Not today.")

        with pytest.raises(NotAllowed):
            in_the_office(stay=refuse)

        assert not Stream.objects.exists()

    def test_an_action_inside_an_action_needs_no_turn_of_its_own(self) -> None:
        write(A1)
        seen = Card.objects.get(stream=A1)

        @one_at_a_time
        def twice(*, account: Card) -> None:
            by_row(account=account, stay=lambda: None)
            by_row(account=account, stay=lambda: None)

        with pytest.raises(NotAllowed):
            twice(account=seen)

        assert head_of(A1).seq == 1
        assert not connection.in_atomic_block
        with transaction.atomic():
            by_row(account=seen, stay=lambda: None)
        assert head_of(A1).seq == 2
