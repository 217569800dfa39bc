"""Acts of the test app: short ways to write events, as an app's actions would."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.db import transaction

from greenlane.apps.audit.actions import append
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.core.ledger import Event, EventDraft, step_payload
from greenlane.core.lifecycle.standing import Step
from greenlane.core.marks import Mark
from tests.apps.audit.program import PROGRAM

AT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
ON = date(2026, 3, 1)
A1, A2, A3 = "A-0000000001", "A-0000000002", "A-0000000003"


def draft(act: str = "card.opened", *, card: str = "c1", on: date = ON) -> EventDraft:
    return EventDraft("card", act, on, "p1", "specialist", payload={"card": card})


def write(
    stream: str,
    act: str = "card.opened",
    *,
    card: str = "c1",
    title: str | None = None,
    category: str = "K02",
    expected: int | None = None,
    at: datetime = AT,
) -> Event:
    """Append one event of the test app; `title` is sealed."""
    sealed = None if title is None else Sealed(category, {"title": title})
    with transaction.atomic():
        (event,) = append(
            stream=stream,
            expected=expected,
            drafts=[(draft(act, card=card), sealed)],
            at=at,
            program=PROGRAM,
        )
    return event


def mark(stream: str, kind: Mark, *, on: date) -> Event:
    """Append a step that sets a mark."""
    payload = step_payload(Step(0, "T00", on, on, marks=(kind,)))
    step = EventDraft("step", "T00", on, "p1", "specialist", payload=payload)
    with transaction.atomic():
        (event,) = append(
            stream=stream,
            expected=head_of(stream).seq,
            drafts=[(step, None)],
            at=AT,
            program=PROGRAM,
        )
    return event


def small_record() -> None:
    """Write three streams of some events, sealed and not."""
    for stream in (A1, A2, A3):
        write(stream, title="Ana Núñez")
        write(stream, "card.changed")
        write(stream, card="c2", title="Beto's yard")
        write(stream, "card.changed", title="Ana María Núñez")
