"""Verification finds what an owner of the database did, and names the first bad thing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Model

from greenlane.apps.audit.models import (
    AnchoredHead,
    Event,
    InstallationAnchor,
    LegalHold,
    SealedRecord,
    Stream,
)
from greenlane.apps.audit.receipts import make_receipt, read_receipt
from greenlane.apps.audit.sequencer import anchor_pending
from greenlane.apps.audit.verify import verify
from greenlane.core.ledger import Fault, event_hash
from tests.apps.audit.acts import A1, A2, A3, AT, small_record, write
from tests.apps.audit.forging import cut, rewrite, rewrite_anchors
from tests.apps.audit.support import owner_of_the_database
from tests.apps.audit.testapp.models import Card, Visit

pytestmark = pytest.mark.usefixtures("record")


def first() -> Fault:
    found = verify().first
    assert found is not None
    return found


def event(stream: str, seq: int) -> Event:
    return Event.objects.get(stream=stream, seq=seq)


def tampered(act: Callable[[], Any]) -> tuple[str, int, str]:
    """Make a record, change it as its owner, and return the first fault's place and code."""
    small_record()
    anchor_pending(at=AT)
    assert verify().faults == []
    with owner_of_the_database(), transaction.atomic():
        act()
    fault = first()
    return fault.stream, fault.seq, fault.code


def test_a_changed_event_is_found() -> None:
    def act() -> None:
        row = event(A2, 3)
        row.body = bytes(row.body).replace(b"specialist", b"specialisT")
        row.save()

    assert tampered(act) == (A2, 3, "event.changed")


def test_a_changed_event_with_its_own_hash_set_right_is_found() -> None:
    def act() -> None:
        row = event(A2, 3)
        row.body = bytes(row.body).replace(b"specialist", b"specialisT")
        row.hash = event_hash(row.body)
        row.save()

    assert tampered(act) == (A2, 4, "event.unchained")


def test_a_removed_event_is_found() -> None:
    assert tampered(lambda: event(A2, 2).delete()) == (A2, 2, "event.missing")


def test_the_last_event_removed_is_found() -> None:
    stream, seq, code = tampered(lambda: event(A2, 4).delete())

    assert (stream, seq, code) == (A2, 4, "chain.cut")


def test_an_inserted_event_is_found() -> None:
    def act() -> None:
        row = event(A2, 4)
        row.pk, row.seq, row.hash = None, 5, "e" * 64
        row.save()

    assert tampered(act) == (A2, 5, "event.changed")


def test_swapped_events_are_found() -> None:
    def act() -> None:
        Event.objects.filter(stream=A2, seq=2).update(seq=99)
        Event.objects.filter(stream=A2, seq=3).update(seq=2)
        Event.objects.filter(stream=A2, seq=99).update(seq=3)

    assert tampered(act)[:2] == (A2, 2)


def test_an_event_moved_to_another_account_is_found() -> None:
    def act() -> None:
        Event.objects.filter(stream=A2, seq=4).delete()
        Event.objects.filter(stream=A1, seq=4).update(stream=A2)

    assert tampered(act)[0] in (A1, A2)


def test_events_of_no_stream_are_found() -> None:
    def act() -> None:
        Event.objects.filter(stream=A3, seq=4).update(stream="A-ZZZZZZZZZZ")

    assert tampered(act) == ("A-ZZZZZZZZZZ", 4, "event.stray")


@pytest.mark.parametrize(
    "column",
    [
        {"kind": "seen"},
        {"act": "card.closed"},
        {"on": date(2026, 3, 2)},
        {"recorded_at": AT.replace(year=2025)},
    ],
    ids=lambda column: str(next(iter(column))),
)
def test_a_column_of_an_event_that_differs_from_its_text_is_found(column: dict[str, Any]) -> None:
    def act() -> None:
        Event.objects.filter(stream=A1, seq=2).update(**column)

    assert tampered(act) == (A1, 2, "event.column")


@pytest.mark.parametrize(
    "column",
    [
        {"title": "Another"},
        {"is_erased": True},
        {"count": F("count") + 1},
        {"opened_on": date(2026, 3, 2)},
        {"opened_on": None},
        {"changed_at": AT.replace(microsecond=0)},
        {"tags": []},
        {"number": "c9"},
        {"stream": A3, "number": "c9"},
    ],
    ids=str,
)
def test_a_changed_column_of_a_table_is_found(column: dict[str, Any]) -> None:
    def act() -> None:
        Card.objects.filter(stream=A2, number="c1").update(**column)

    stream, _, code = tampered(act)

    assert (stream in (A2, A3), code in ("projection.column", "projection.row")) == (True, True)
    assert "audit_testapp.Card" in first().says


def test_the_bad_column_is_named_with_both_values() -> None:
    small_record()
    Card.objects.filter(stream=A2, number="c1").update(count=9)

    says = first().says

    assert says == "audit_testapp.Card [number=c1] column count: holds 9; the events give 3"


def test_rows_too_many_and_too_few_are_found() -> None:
    small_record()
    Visit.objects.create(stream=A1, number="c1", place=77)
    assert "[number=c1, place=77]: this row follows from no event" in first().says

    Visit.objects.filter(place=77).delete()
    Visit.objects.filter(stream=A1, place=2).delete()
    assert "[number=c1, place=2]: this row is missing" in first().says


def test_a_row_of_no_stream_is_found() -> None:
    small_record()
    LegalHold.objects.create(stream="A-X", hold="h", ground="g", placed_on=date(2026, 1, 1))

    assert (first().stream, first().code) == ("A-X", "projection.stray")


def test_a_column_that_is_not_the_records_may_change() -> None:
    small_record()
    Visit.objects.update(last_login=AT)

    assert verify().faults == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ciphertext": b"x" * 60}, "sealed.changed"),
        ({"ciphertext": b""}, "sealed.changed"),
        ({"nonce": b"123456789012"}, "sealed.changed"),
        ({"nonce": b""}, "sealed.changed"),
        ({"commitment": "a" * 64}, "sealed.changed"),
        ({"category": "K03"}, "sealed.changed"),
        ({"key_id": "0" * 16}, "sealed.key_missing"),
        ({"seq": 2}, "sealed.missing"),
        ({"seq": 99}, "sealed.missing"),
        ({"stream": "A-ZZZZZZZZZZ"}, "sealed.stray"),
    ],
    ids=str,
)
def test_a_changed_sealed_record_is_found(change: dict[str, Any], code: str) -> None:
    def act() -> None:
        SealedRecord.objects.filter(stream=A2, seq=1).update(**change)

    assert tampered(act)[2] == code


def test_a_removed_or_swapped_sealed_record_is_found() -> None:
    def swap() -> None:
        one, three = (SealedRecord.objects.get(stream=A2, seq=seq) for seq in (1, 3))
        for row, other in ((one, three), (three, one)):
            SealedRecord.objects.filter(pk=row.pk).update(
                ciphertext=other.ciphertext, nonce=other.nonce
            )

    assert tampered(swap) == (A2, 1, "sealed.changed")


def test_a_removed_sealed_record_is_found() -> None:
    def act() -> None:
        SealedRecord.objects.filter(stream=A2, seq=1).delete()

    assert tampered(act) == (A2, 1, "sealed.missing")


@pytest.mark.parametrize("change", [{"seq": 3}, {"seq": 5}, {"head": "a" * 64}], ids=str)
def test_a_changed_row_of_a_stream_is_found(change: dict[str, Any]) -> None:
    assert tampered(lambda: Stream.objects.filter(key=A2).update(**change))[2] == "stream.head"


@pytest.mark.parametrize("model", [AnchoredHead, InstallationAnchor])
def test_a_removed_anchor_or_note_is_found(model: type[Model]) -> None:
    assert tampered(model._base_manager.all().delete)[2] == "anchor.note"


def test_a_changed_anchor_is_found() -> None:
    def act() -> None:
        row = InstallationAnchor.objects.get()
        row.body = bytes(row.body).replace(A1.encode(), A3.encode(), 1)
        row.save()

    assert tampered(act) == ("installation", 1, "anchor.changed")


def test_a_changed_time_of_an_anchor_is_found() -> None:
    def act() -> None:
        InstallationAnchor.objects.update(at=AT.replace(year=2030))

    assert tampered(act) == ("installation", 1, "anchor.column")


def test_a_stream_written_anew_behind_an_anchor_is_found() -> None:
    small_record()
    anchor_pending(at=AT)
    write(A2, "card.changed")

    rewrite(A2, lambda fields: fields.update(role="director"))

    assert (first().stream, first().seq, first().code) == (A2, 4, "event.contradicted")


def test_a_stream_cut_behind_an_anchor_is_found() -> None:
    small_record()
    anchor_pending(at=AT)

    cut(A2, 2)

    assert (first().stream, first().seq, first().code) == (A2, 4, "chain.cut")


def test_a_stream_taken_away_whole_is_found() -> None:
    small_record()
    anchor_pending(at=AT)

    cut(A2, 0)

    assert (first().stream, first().code) == (A2, "stream.missing")


def test_both_chains_written_anew_are_found_only_with_a_receipt() -> None:
    small_record()
    anchor_pending(at=AT)
    receipt = read_receipt(make_receipt(A2, at=AT))
    own = read_receipt(make_receipt(at=AT))
    assert verify(against=receipt).faults == verify(against=own).faults == []

    rewrite(A2, lambda fields: fields.update(role="director"))
    rewrite_anchors()

    assert verify().faults == []
    codes = [fault.code for fault in verify(against=receipt).faults]
    assert codes[:2] == ["receipt.installation", "receipt.anchor"]
    assert "receipt.contradicted" in codes
    assert verify(against=own).first is not None
    assert verify(A2, against=receipt).first is not None


def test_a_chain_cut_behind_a_receipt_is_found_before_any_anchor() -> None:
    small_record()
    receipt = read_receipt(make_receipt(A2, at=AT))

    cut(A2, 3)

    assert verify().faults == []
    (fault,) = verify(against=receipt).faults
    assert (fault.stream, fault.seq, fault.code) == (A2, 4, "chain.cut")
    assert "the receipt of 2026-03-01" in fault.says


def test_a_record_that_grew_since_its_receipt_is_whole() -> None:
    small_record()
    anchor_pending(at=AT)
    receipt = read_receipt(make_receipt(A2, at=AT, seq=2))
    write(A2, "card.changed")
    anchor_pending(at=AT)

    assert verify(against=receipt).faults == []


def test_a_forged_event_that_no_table_can_follow_is_a_fault_and_no_traceback() -> None:
    small_record()
    with owner_of_the_database():
        row = event(A2, 4)
        fields = json.loads(bytes(row.body))
        fields["payload"] = {"card": 7, "x": [[]]}
        del fields["recorded_at"]
        row.body = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
        row.hash = event_hash(row.body)
        row.save()
        Stream.objects.filter(key=A2).update(head=row.hash)

    assert (first().stream, first().seq, first().code) == (A2, 4, "event.forged")


def test_one_stream_can_be_verified_alone() -> None:
    small_record()
    anchor_pending(at=AT)
    Card.objects.filter(stream=A2).update(count=9)

    assert verify(A1).faults == []
    assert verify(A2).faults[0].stream == A2
    assert verify("A-9999999999").faults[0].code == "stream.missing"


def test_faults_are_cut_off_at_a_hundred() -> None:
    for number in range(120):
        write(f"A-00000{number:05}")
    Card.objects.update(count=9)

    assert len(verify().faults) == 100


def test_chains_alone_can_be_verified() -> None:
    small_record()
    Card.objects.update(count=9)

    report = verify(with_projections=False)

    assert (report.faults, report.events, report.rows) == ([], 12, 0)
