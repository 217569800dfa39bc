"""Writing to the record: events are appended, sealed records erased, holds placed and lifted.

Every act of every app ends in `append`, inside the act's own transaction. What an event means, and
whether it is allowed, is decided above.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.transaction import TransactionManagementError

from greenlane.apps.audit import models
from greenlane.apps.audit.projection import Stored, registry
from greenlane.apps.audit.seal import Box, Sealed, seal, unseal
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput, Conflict, GreenlaneError
from greenlane.core.ledger import GENESIS, Event, EventDraft, compose, read_body
from greenlane.core.program import Program, UnknownRuleId

_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")
# Codes, identifiers, hashes, days and numbers: no blank, no "@", no letter beyond ASCII.
_CODE: Final = re.compile(r"[\x21-\x3f\x41-\x7e]{0,200}")
_ATTEMPTS: Final = 50


class FreeText(GreenlaneError):
    """An event may not hold free text or anything personal. Put it in the sealed record beside it.

    An event is never erased; what names a person must be erasable.
    """

    code = "record.free_text"


def append(
    *,
    stream: str,
    expected: int | None,
    drafts: Sequence[tuple[EventDraft, Sealed | None]],
    at: datetime,
    program: Program,
) -> list[Event]:
    """Append events to a stream, with their sealed records and all that follows from them.

    Must be called inside the act's ``transaction.atomic``: events, sealed records and projections
    are committed together or not at all. The stream is made when ``expected`` is 0 (or None) and
    it is not there. Runs about three statements and two for each projected row.

    Args:
        stream: Key of the chain: ``A-...``, ``office``, ``people``.
        expected: Number of events the decision was based on; None for "whatever it is now", for
            streams without decisions.
        drafts: The events in order, each with what is sealed beside it.
        at: The moment, with time zone.
        program: The pack the decision was made under; its time zone gives ``recorded_on``.

    Returns:
        The events as recorded.

    Raises:
        Conflict: the stream has another number of events by now; nothing was written.
        FreeText: a draft holds words instead of codes.
        UnknownRuleId: a sealed record names no retention rule of the pack.
    """
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("audit.append must run inside transaction.atomic().")
    if at.tzinfo is None:
        raise BadInput("The time of an event needs a time zone.")
    if not _KEY.fullmatch(stream):
        raise BadInput(f"{stream[:40]!r} is no key of a stream.")
    for draft, sealed in drafts:
        check_draft(draft)
        if sealed is not None and sealed.category not in program.retention:
            known = ", ".join(program.retention) or "none"
            raise UnknownRuleId(
                f"Pack {program.id} has no retention rule {sealed.category!r} for the sealed part "
                f"of {draft.act}. It has: {known}."
            )
    for _ in range(_ATTEMPTS if expected is None else 1):
        written = _try_append(stream, expected, drafts, at, program)
        if written is not None:
            return written
    raise Conflict(
        f"Somebody changed record {stream} meanwhile. Reload it and decide again; nothing was "
        "changed."
    )


def _try_append(
    stream: str,
    expected: int | None,
    drafts: Sequence[tuple[EventDraft, Sealed | None]],
    at: datetime,
    program: Program,
) -> list[Event] | None:
    places = models.Stream.objects.filter(key=stream)
    place = places.values_list("seq", "head").first()
    if place is None:
        # Two who begin a stream at once: one row is made, and compare-and-set below decides.
        models.Stream.objects.bulk_create(
            [models.Stream(key=stream, seq=0, head=GENESIS)], ignore_conflicts=True
        )
        place = places.values_list("seq", "head").get()
    seq, head = place
    if expected is not None and seq != expected:
        return None
    moment = at.astimezone(UTC)
    recorded_on = at.astimezone(ZoneInfo(program.timezone)).date()
    events: list[Event] = []
    boxes: list[tuple[Sealed, Box, int]] = []
    prev = head
    for number, (draft, sealed) in enumerate(drafts, start=seq + 1):
        if sealed is not None:
            box = seal(sealed.content, stream=stream, seq=number)
            boxes.append((sealed, box, number))
        event = compose(
            draft if sealed is None else replace(draft, sealed=box.commitment),
            stream=stream,
            seq=number,
            prev=prev,
            recorded_at=moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            recorded_on=recorded_on,
            pack=f"{program.id}/{program.version}",
            pack_digest=program.digest,
        )
        events.append(event)
        prev = event.hash
    # The place is taken before the events are written: the loser has then written nothing.
    if not places.filter(seq=seq, head=head).update(seq=seq + len(events), head=prev):
        return None
    models.Event.objects.bulk_create(
        models.Event(
            stream=stream,
            seq=event.seq,
            kind=draft.kind,
            act=draft.act,
            on=draft.on,
            recorded_at=moment,
            hash=event.hash,
            body=event.body,
        )
        for event, (draft, _) in zip(events, drafts, strict=True)
    )
    models.SealedRecord.objects.bulk_create(
        models.SealedRecord(
            stream=stream,
            seq=number,
            commitment=box.commitment,
            category=sealed.category,
            key_id=box.key_id,
            nonce=box.nonce,
            ciphertext=box.ciphertext,
        )
        for sealed, box, number in boxes
    )
    # Read back from what was written, so that the projector sees here what it will see at replay.
    contents = {number: unseal(box, stream=stream, seq=number) for _, box, number in boxes}
    rows = Stored(stream)
    for event in events:
        fields = read_body(event.body)
        rows.apply(registry().changes(fields, contents.get(event.seq), rows.before))
    return events


def check_draft(draft: EventDraft) -> None:
    """Refuse a draft that holds anything but codes, identifiers, days, numbers and hashes.

    Raises:
        FreeText: with the place of the first text that is none of these.
    """
    for name in ("kind", "act", "actor", "role", "second", "second_role", "via", "document"):
        _check_code(getattr(draft, name), name)
    _check_codes(draft.payload, "payload")
    _check_codes(draft.facts, "facts")


def _check_codes(value: Json, where: str) -> None:
    if isinstance(value, str):
        _check_code(value, where)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_code(name, where)
            _check_codes(inner, f"{where}.{name}")
    elif isinstance(value, list | tuple):
        for inner in value:
            _check_codes(inner, where)


def _check_code(text: str, where: str) -> None:
    if not _CODE.fullmatch(text):
        raise FreeText(
            f"The event's {where} holds text that is no code (it has a blank, an @, a letter "
            "beyond ASCII or more than 200 characters). An event is never erased: put names and "
            "words into the sealed record beside it."
        )
