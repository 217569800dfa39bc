"""Writing to the record: events are appended, sealed records erased, holds placed and lifted.

Every act of every app ends in `append`, inside the act's own transaction. What an event means, and
whether it is allowed, is decided above.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Model
from django.db.transaction import TransactionManagementError

from greenlane.apps.audit import erasing, models, queries
from greenlane.apps.audit.once import events_written
from greenlane.apps.audit.projection import Memory, Stored, rebuild, registry
from greenlane.apps.audit.seal import Box, Sealed, seal, unseal
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput, Conflict, GreenlaneError, NotAllowed, NotFound
from greenlane.core.ledger import GENESIS, Event, EventDraft, compose, read_body
from greenlane.core.program import Program, UnknownRuleId

_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")
# Codes, identifiers, hashes, days and numbers: no blank, no "@", no letter beyond ASCII.
_CODE: Final = re.compile(r"[\x21-\x3f\x41-\x7e]{0,200}")
_ATTEMPTS: Final = 50
_P = ParamSpec("_P")
_R = TypeVar("_R")


class OnHold(NotAllowed):
    """A legal hold stands on this record; nothing of it may be erased until the hold is lifted."""

    code = "erasure.on_hold"


class StillKept(NotAllowed):
    """A retention rule still asks that this sealed record be kept."""

    code = "erasure.still_kept"


class HoldRefused(NotAllowed):
    """The hold cannot be placed or lifted as it stands."""

    code = "hold.refused"


class FreeText(GreenlaneError):
    """An event may not hold free text or anything personal. Put it in the sealed record beside it.

    An event is never erased; what names a person must be erasable.
    """

    code = "record.free_text"


def one_at_a_time(act: Callable[_P, _R]) -> Callable[_P, _R]:
    """Make an action on one stream a transaction that nobody else acts on the stream during.

    Compare-and-set alone refuses whoever appends to a place that is taken. It does not see what an
    action *read*: two who both read that nothing was decided yet, one after the other reading where
    the stream ends, would both decide. So the stream's place is locked before anything is read;
    the second waits, and then reads what the first has written.

    The action names the stream by one of its keyword arguments: ``account`` or ``document``, rows
    of a projection, or ``stream``, a key. Every row of that stream among the arguments is read
    again once the place is locked: the caller's may be older.

    Raises:
        Conflict: a row among the arguments is gone by now.
    """

    @wraps(act)
    def in_turn(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        stream = _stream_of(kwargs)
        with transaction.atomic():
            take_turn(stream)
            for name, given in kwargs.items():
                if isinstance(given, Model) and getattr(given, "stream", None) == stream:
                    kwargs[name] = _as_it_stands(given, stream)
            return act(*args, **kwargs)

    return in_turn


def one_at_a_time_in(stream: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Do as `one_at_a_time` does, for actions that all write to one stream: the office's."""

    def of(act: Callable[_P, _R]) -> Callable[_P, _R]:
        @wraps(act)
        def in_turn(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            with transaction.atomic():
                take_turn(stream)
                return act(*args, **kwargs)

        return in_turn

    return of


def take_turn(stream: str) -> None:
    """Wait until nobody else acts on a stream, and let nobody until the transaction ends.

    On SQLite that is so from the beginning of any transaction: there is one writer.
    """
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("A turn is taken inside transaction.atomic().")
    if not transaction.get_connection().features.has_select_for_update:
        return
    place = models.Stream.objects.select_for_update().filter(key=stream).values_list("key")
    if place.first() is None:
        # A stream that has not begun: there must be a row to wait at.
        models.Stream.objects.bulk_create(
            [models.Stream(key=stream, seq=0, head=GENESIS)], ignore_conflicts=True
        )
        place.get()


def _stream_of(kwargs: Mapping[str, Any]) -> str:
    if "stream" in kwargs:
        return str(kwargs["stream"])
    return str((kwargs["account"] if "account" in kwargs else kwargs["document"]).stream)


def _as_it_stands(row: Model, stream: str) -> Model:
    found = type(row)._base_manager.filter(pk=row.pk).first()
    if found is None:
        raise Conflict(
            f"Somebody changed record {stream} meanwhile. Reload it and decide again; nothing was "
            "changed."
        )
    return found


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
    _check(stream, drafts, at, program)
    if not drafts:
        return []
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
    events, boxes = _composed(stream, seq, head, drafts, at, program)
    # The place is taken before the events are written: the loser has then written nothing.
    last = events[-1].hash
    if not places.filter(seq=seq, head=head).update(seq=seq + len(events), head=last):
        return None
    models.Event.objects.bulk_create(_event_rows(events, drafts, at))
    models.SealedRecord.objects.bulk_create(_sealed_rows(stream, boxes))
    events_written.set(events_written.get() + len(events))
    # Read back from what was written, so that the projector sees here what it will see at replay.
    contents = {number: unseal(box, stream=stream, seq=number) for box, number in boxes}
    rows = Stored(stream)
    for event in events:
        fields = read_body(event.body)
        rows.apply(registry().changes(fields, contents.get(event.seq), rows.before))
    return events


def append_new(
    streams: Mapping[str, Sequence[tuple[EventDraft, Sealed | None]]],
    *,
    at: datetime,
    program: Program,
) -> None:
    """Begin many streams at once, as `append` with ``expected=0`` does each, in bulk.

    For a register that is taken over: some twenty statements for them all. What follows from the
    events is reckoned in memory, by the projectors that `append` and ``audit verify`` use, and
    written in bulk.

    Args:
        streams: The events of each new stream in order, each with what is sealed beside it.
        at: The moment, with time zone.
        program: As in `append`.

    Raises:
        Conflict: one of the streams has begun already; nothing was written.
        FreeText, UnknownRuleId: as in `append`.
    """
    if models.Stream.objects.filter(key__in=list(streams)).exists():
        raise Conflict
    places: list[models.Stream] = []
    event_rows: list[models.Event] = []
    sealed_rows: list[models.SealedRecord] = []
    projected: dict[type[Model], list[Model]] = {}
    for stream, drafts in streams.items():
        _check(stream, drafts, at, program)
        events, boxes = _composed(stream, 0, GENESIS, drafts, at, program)
        places.append(models.Stream(key=stream, seq=len(events), head=events[-1].hash))
        event_rows += _event_rows(events, drafts, at)
        sealed_rows += _sealed_rows(stream, boxes)
        contents = {number: unseal(box, stream=stream, seq=number) for box, number in boxes}
        memory = Memory(stream)
        for event in events:
            memory.replay(read_body(event.body), contents.get(event.seq))
        for model, rows in memory.rows.items():
            projected.setdefault(model, []).extend(model(**row) for row in rows.values())
    models.Stream.objects.bulk_create(places)
    models.Event.objects.bulk_create(event_rows)
    models.SealedRecord.objects.bulk_create(sealed_rows)
    for model, made in projected.items():
        model._base_manager.bulk_create(made)
    events_written.set(events_written.get() + len(event_rows))


def _check(
    stream: str, drafts: Sequence[tuple[EventDraft, Sealed | None]], at: datetime, program: Program
) -> None:
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


def _composed(
    stream: str,
    seq: int,
    prev: str,
    drafts: Sequence[tuple[EventDraft, Sealed | None]],
    at: datetime,
    program: Program,
) -> tuple[list[Event], list[tuple[Box, int]]]:
    """Return the events after place ``seq`` of a chain, and what is sealed beside them."""
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    recorded_on = program.day_of(at)
    events: list[Event] = []
    boxes: list[tuple[Box, int]] = []
    for number, (draft, sealed) in enumerate(drafts, start=seq + 1):
        if sealed is not None:
            box = seal(sealed, stream=stream, seq=number)
            boxes.append((box, number))
        event = compose(
            draft if sealed is None else replace(draft, sealed=box.commitment),
            stream=stream,
            seq=number,
            prev=prev,
            recorded_at=stamp,
            recorded_on=recorded_on,
            pack=f"{program.id}/{program.version}",
            pack_digest=program.digest,
        )
        events.append(event)
        prev = event.hash
    return events, boxes


def _event_rows(
    events: Sequence[Event], drafts: Sequence[tuple[EventDraft, Sealed | None]], at: datetime
) -> list[models.Event]:
    return [
        models.Event(
            stream=event.stream,
            seq=event.seq,
            kind=draft.kind,
            act=draft.act,
            on=draft.on,
            recorded_at=at.astimezone(UTC),
            hash=event.hash,
            body=event.body,
        )
        for event, (draft, _) in zip(events, drafts, strict=True)
    ]


def _sealed_rows(stream: str, boxes: Sequence[tuple[Box, int]]) -> list[models.SealedRecord]:
    return [
        models.SealedRecord(
            stream=stream,
            seq=number,
            commitment=box.commitment,
            category=box.category,
            key_id=box.key_id,
            nonce=box.nonce,
            ciphertext=box.ciphertext,
        )
        for box, number in boxes
    ]


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


def erase(
    *,
    stream: str,
    expected: int,
    seqs: Sequence[int],
    rule: str,
    actor: str,
    role: str,
    on: date,
    at: datetime,
    program: Program,
) -> Event:
    """Empty sealed records for good and record that it was done, by which rule.

    The events and their hashes stay; the chain verifies as before. Projected columns that showed
    the content are rewritten without it, and what was typed towards records of this rule and never
    saved goes. Must run inside ``transaction.atomic``.

    Args:
        stream: The chain the records belong to.
        expected: Number of its events when the decision was made.
        seqs: Places of the events whose sealed records are erased.
        rule: Retention rule of the pack; every record must be of this category.
        actor: Opaque key of who erases.
        role: Their role.
        on: Day of the erasure; retention is judged on it.
        at: The moment.
        program: The pack; it holds the retention rules.

    Returns:
        The erasure event.

    Raises:
        OnHold: a legal hold stands on the stream, or on whom the records are of.
        StillKept: the retention of a record has not ended, or is not set by the office.
        NotFound: an event has no sealed record, or one that is erased, or of another category.
        Conflict: the stream changed meanwhile.
    """
    retention = program.retention.get(rule)
    if retention is None:
        raise UnknownRuleId(f"Pack {program.id} has no retention rule {rule!r}.")
    kept = {one.seq: one for one in erasing.kept_of(stream, retention, seqs)}
    of = sorted({one.of for one in kept.values()} - {""})
    held = erasing.holds_against(stream, of)
    if held:
        raise OnHold(
            f"Nothing of record {stream} may be erased"
            f"{' of ' + ', '.join(of) if of else ''}: legal hold {', '.join(held)} stands on it. "
            "Lift the hold first."
        )
    rows = {
        row.seq: row
        for row in models.SealedRecord.objects.filter(stream=stream, seq__in=list(seqs))
    }
    for seq in seqs:
        row = rows.get(seq)
        if row is None or row.erased_at is not None or row.category != rule:
            what = (
                "no sealed record"
                if row is None
                else (
                    "a sealed record that is erased already"
                    if row.erased_at is not None
                    else f"a sealed record kept by rule {row.category}, not {rule}"
                )
            )
            raise NotFound(f"Event {stream}:{seq} has {what}. Nothing was erased.")
        term = kept[seq].term
        if term.until is None or on < term.until:
            raise StillKept(
                f"The sealed record of event {stream}:{seq} is kept by rule {rule} "
                f"({retention.source.citation}): {term.says}. Nothing was erased."
            )
    payload: dict[str, Json] = {"rule": rule, "seqs": sorted(set(seqs))}
    if of:
        payload["of"] = list(of)
    draft = EventDraft("erasure", "record.erased", on, actor, role, payload=payload)
    (event,) = append(
        stream=stream, expected=expected, drafts=[(draft, None)], at=at, program=program
    )
    connection = transaction.get_connection()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Without it, SQLite leaves the old bytes in the file's free pages.
            cursor.execute("PRAGMA secure_delete = ON")
    models.SealedRecord.objects.filter(stream=stream, seq__in=list(rows)).update(
        ciphertext=b"", nonce=b"", erased_at=at.astimezone(UTC), erased_by=f"{stream}:{event.seq}"
    )
    for drafts in registry().drafts:
        # What was typed and never saved has no place any more where the words it belongs to go.
        if drafts.category == rule:
            drafts.model._base_manager.filter(**{drafts.column: stream}).delete()
    rebuild_rows(stream)
    return event


def rebuild_rows(stream: str) -> int:
    """Write a stream's projected rows as its events give them; return how many were changed.

    For after an erasure, and for a migration that adds a projected column. Reads every event of the
    stream. Must run inside ``transaction.atomic``; the stream's place is locked.

    Raises:
        SealKeyMissing: a sealed record cannot be read.
        BrokenChain: an event's text is damaged; nothing was written.
    """
    # Setting the key to itself takes the row's lock on PostgreSQL; SQLite has the whole file's.
    models.Stream.objects.filter(key=stream).update(key=stream)
    memory, contents = Memory(stream), queries.contents_of(stream)
    bodies = models.Event.objects.filter(stream=stream).order_by("seq").values_list("seq", "body")
    for seq, body in bodies.iterator():
        memory.replay(read_body(bytes(body)), contents.get(seq))
    return rebuild(memory)


def place_hold(
    *,
    stream: str,
    expected: int,
    hold: str,
    ground: str,
    actor: str,
    role: str,
    on: date,
    at: datetime,
    program: Program,
    of: str = "",
    reason: Sealed | None = None,
) -> Event:
    """Place a legal hold: until it is lifted, nothing of the stream may be erased.

    Args:
        stream: The chain.
        expected: Number of its events when the decision was made.
        hold: Its identifier, such as a case number; used once per stream.
        ground: Code of its ground.
        actor: Opaque key of who places it.
        role: Their role.
        on: Day it takes effect.
        at: The moment.
        program: The pack.
        of: Whose records are held, where the stream holds many: key of a person, an organization or
            an offer; "" holds the whole stream.
        reason: The reason in words, sealed.

    Raises:
        HoldRefused: a hold of this name was placed before, or ``of`` is given for a stream that is
            an account's own, or the office's.
        NotFound: the stream has no event.
        Conflict: the stream changed meanwhile.
    """
    if of and stream not in registry().of_many:
        raise HoldRefused(
            f"Record {stream} is not of many people, so a hold is on the whole record. Leave out "
            f"{of}."
        )
    if expected < 1:
        raise NotFound(f"Record {stream} has no event, so there is nothing to hold.")
    if any(known.hold == hold for known in queries.holds_of(stream)):
        raise HoldRefused(
            f"Record {stream} has had a hold named {hold}. Give the new one another name."
        )
    payload: dict[str, Json] = {"hold": hold, "ground": ground}
    if of:
        payload["of"] = of
    draft = EventDraft("hold", "hold.placed", on, actor, role, payload=payload)
    (event,) = append(
        stream=stream, expected=expected, drafts=[(draft, reason)], at=at, program=program
    )
    return event


def lift_hold(
    *,
    stream: str,
    expected: int,
    hold: str,
    actor: str,
    role: str,
    on: date,
    at: datetime,
    program: Program,
    reason: Sealed | None = None,
) -> Event:
    """Lift a legal hold; arguments as for `place_hold`.

    Raises:
        HoldRefused: no such hold stands, or the day lies before it was placed.
        Conflict: the stream changed meanwhile.
    """
    standing = [known for known in queries.holds_of(stream) if known.hold == hold]
    if not standing or standing[0].lifted_on is not None or on < standing[0].placed_on:
        says = "there is none of this name"
        if standing:
            says = f"it was placed on {standing[0].placed_on}"
            if standing[0].lifted_on is not None:
                says = f"it was lifted on {standing[0].lifted_on}"
        raise HoldRefused(f"Hold {hold} on record {stream} cannot be lifted on {on}: {says}.")
    draft = EventDraft("hold", "hold.lifted", on, actor, role, payload={"hold": hold})
    (event,) = append(
        stream=stream, expected=expected, drafts=[(draft, reason)], at=at, program=program
    )
    return event
