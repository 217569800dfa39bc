"""Appending events: places, conflicts, what may not be in an event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from greenlane.apps.audit import queries
from greenlane.apps.audit.actions import FreeText, append
from greenlane.apps.audit.models import Event, SealedRecord
from greenlane.apps.audit.projection import WrongProjection
from greenlane.apps.audit.seal import Sealed, SealKeyMissing
from greenlane.apps.audit.verify import verify
from greenlane.core.errors import BadInput, Conflict
from greenlane.core.ledger import EventDraft
from greenlane.core.program import UnknownRuleId
from tests.apps.audit.acts import A1, A2, AT, ON, draft, small_record, write
from tests.apps.audit.program import PROGRAM
from tests.apps.audit.testapp.models import Card, Visit

pytestmark = pytest.mark.usefixtures("record")


def test_events_follow_each_other_and_the_record_verifies() -> None:
    small_record()

    report = verify()

    assert report.faults == []
    assert (report.streams, report.events, report.sealed) == (3, 12, 9)
    assert [event.seq for event in queries.events_of(A1)] == [1, 2, 3, 4]
    assert queries.head_of(A1).seq == 4


def test_the_projected_row_shows_what_the_events_say() -> None:
    small_record()

    card = Card.objects.get(stream=A1, number="c1")

    assert (card.title, card.count, card.opened_on) == ("Ana María Núñez", 3, ON)
    assert card.changed_at == AT
    assert Visit.objects.filter(stream=A1, number="c1").count() == 3


def test_who_decided_on_an_older_record_is_refused_and_has_written_nothing() -> None:
    write(A1, expected=0)
    write(A1, "card.changed", expected=1)

    with pytest.raises(Conflict):
        write(A1, "card.changed", expected=1, title="Late")

    assert queries.head_of(A1).seq == 2
    assert SealedRecord.objects.count() == 0
    assert Card.objects.get(stream=A1).count == 2


def test_a_stream_that_has_begun_cannot_be_begun_again() -> None:
    write(A1, expected=0)

    with pytest.raises(Conflict):
        write(A1, expected=0)


def test_a_failure_later_in_the_act_leaves_nothing_behind() -> None:
    class LaterFailure(Exception):
        pass

    def act() -> None:
        with transaction.atomic():
            write(A1, title="Ana")
            raise LaterFailure

    with pytest.raises(LaterFailure):
        act()

    assert Event.objects.count() == SealedRecord.objects.count() == Card.objects.count() == 0
    assert verify().faults == []


def test_outside_a_transaction_nothing_is_appended() -> None:
    with pytest.raises(TransactionManagementError):
        append(stream=A1, expected=0, drafts=[(draft(), None)], at=AT, program=PROGRAM)


def test_what_is_sealed_is_in_no_event() -> None:
    write(A1, title="Núñez Import-Export")

    body = bytes(Event.objects.get().body)
    box = SealedRecord.objects.get()

    assert "Núñez".encode() not in body
    assert b"Import" not in body + bytes(box.ciphertext)
    assert queries.content_of(A1, 1) == {"title": "Núñez Import-Export"}


@pytest.mark.parametrize(
    "given",
    [
        {"payload": {"card": "c1", "note": "two words"}},
        {"payload": {"card": "ana@example.org"}},
        {"payload": {"card": "Núñez"}},
        {"payload": {"card": "c" * 201}},
        {"payload": {"deep": [{"er": ["line\nbreak"]}]}},
        {"payload": {"a key": 1}},
        {"facts": {"company": "Acme Trading"}},
        {"actor": "Ana Lopez"},
        {"document": "Letter of May.pdf"},
    ],
)
def test_free_text_is_refused_wherever_it_hides(given: dict[str, Any]) -> None:
    parts: dict[str, Any] = {"actor": "p1", "role": "member", **given}
    wrong = EventDraft("card", "card.opened", ON, **parts)

    with pytest.raises(FreeText), transaction.atomic():
        append(stream=A1, expected=0, drafts=[(wrong, None)], at=AT, program=PROGRAM)

    assert queries.head_of(A1).seq == 0


def test_a_sealed_record_needs_a_retention_rule_of_the_pack() -> None:
    with pytest.raises(UnknownRuleId, match="K01, K02, K03"):
        write(A1, title="Ana", category="K99")


def test_a_kind_of_event_that_no_app_owns_is_refused() -> None:
    unknown = EventDraft("dance", "dance.danced", ON, "p1", "member")

    with pytest.raises(WrongProjection, match="dance"), transaction.atomic():
        append(stream=A1, expected=0, drafts=[(unknown, None)], at=AT, program=PROGRAM)


def test_a_time_without_zone_and_a_strange_stream_are_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the very thing that is refused
    with pytest.raises(BadInput, match="time zone"):
        write(A1, at=naive)
    with pytest.raises(BadInput, match="no key"):
        write("A 1; DROP TABLE")


def test_without_a_seal_key_the_refusal_says_how_to_make_one(settings: Any) -> None:
    settings.GREENLANE_SEAL_KEY = ""

    with pytest.raises(SealKeyMissing, match="new-key seal"):
        write(A1, title="Ana")


def test_several_events_of_one_act_are_chained_in_order() -> None:
    with transaction.atomic():
        events = append(
            stream=A2,
            expected=0,
            drafts=[
                (draft(), Sealed("K02", {"title": "Ana", "parts": ["x", {"y": 1}]})),
                (draft("card.changed"), None),
            ],
            at=AT,
            program=PROGRAM,
        )

    assert [event.seq for event in events] == [1, 2]
    assert verify().faults == []
    assert [e.act for e in queries.events_of(A2, after=1, kinds=["card"])] == ["card.changed"]


def test_the_day_of_recording_is_the_offices() -> None:
    write(A1, at=datetime.fromisoformat("2026-03-01T02:00:00+00:00"))

    fields = queries.event_at(A1, 1).fields

    assert fields["recorded_on"] == "2026-02-28"
    assert fields["recorded_at"] == "2026-03-01T02:00:00.000000Z"
    assert verify().faults == []
