"""The record: what an event is, its canonical bytes, the hash chain, and their verification.

The written form is docs/reference/record-format.md; an auditor's script of under 100 lines checks
it without this code. Nothing here reads a database or a clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, cast

from greenlane.core.canonical import Json, canonical_bytes
from greenlane.core.errors import GreenlaneError
from greenlane.core.lifecycle.standing import Step
from greenlane.core.marks import Mark
from greenlane.core.vocabulary import Axis, Origin

FORMAT: Final = 1
GENESIS: Final = "0" * 64
_EVENT_PREFIX: Final = b"greenlane event 1\n"
_ANCHOR_PREFIX: Final = b"greenlane anchor 1\n"
_SEAL_PREFIX: Final = b"greenlane seal 1\n"


class BrokenChain(GreenlaneError):
    """The record was changed after it was written."""

    code = "record.broken"


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event before it has its place in the chain.

    Attributes:
        kind: What it is: ``step``, ``answer``, ``review``, ``document``, ``erasure``, ...
        act: The pack's act for a step, else a verb of the kind ("answer.saved").
        on: Day it takes effect.
        actor / role: Opaque key and role of who acted; second person likewise.
        payload: Codes, numbers, days, hashes. Never anything a person typed or that names one.
        facts: The snapshot the decision rested on.
        sealed: Commitment to the sealed record beside the event, or "".
    """

    kind: str
    act: str
    on: date
    actor: str
    role: str
    payload: Mapping[str, Json] = field(default_factory=dict)
    facts: Mapping[str, Json] = field(default_factory=dict)
    origin: Origin = Origin.HERE
    document: str = ""
    second: str = ""
    second_role: str = ""
    via: str = ""
    sealed: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One link of a chain: the draft, its place, its time, the pack it was decided under.

    ``recorded_at`` is UTC, ISO 8601 with microseconds; ``recorded_on`` the same moment's day in
    the office's time zone. ``body`` are the canonical bytes; ``hash`` covers them, and they hold
    ``prev``.
    """

    stream: str
    seq: int
    body: bytes
    hash: str


def compose(
    draft: EventDraft,
    *,
    stream: str,
    seq: int,
    prev: str,
    recorded_at: str,
    recorded_on: date,
    pack: str,
    pack_digest: str,
) -> Event:
    """Return the event that ``draft`` becomes at place ``seq`` of ``stream``."""
    body = canonical_bytes(
        {
            "v": FORMAT,
            "stream": stream,
            "seq": seq,
            "prev": prev,
            "recorded_at": recorded_at,
            "recorded_on": recorded_on.isoformat(),
            "pack": pack,
            "pack_digest": pack_digest,
            "kind": draft.kind,
            "act": draft.act,
            "on": draft.on.isoformat(),
            "actor": draft.actor,
            "role": draft.role,
            "second": draft.second,
            "second_role": draft.second_role,
            "via": draft.via,
            "origin": draft.origin.value,
            "document": draft.document,
            "payload": dict(draft.payload),
            "facts": dict(draft.facts),
            "sealed": draft.sealed,
        }
    )
    return Event(stream, seq, body, event_hash(body))


def event_hash(body: bytes) -> str:
    """Return the hash of an event's canonical bytes, in hexadecimal."""
    return hashlib.sha256(_EVENT_PREFIX + body).hexdigest()


def anchor_hash(body: bytes) -> str:
    """Return the hash of an installation anchor's canonical bytes."""
    return hashlib.sha256(_ANCHOR_PREFIX + body).hexdigest()


def anchor_body(number: int, prev: str, at: str, heads: Sequence[tuple[str, int, str]]) -> bytes:
    """Return the bytes of one link of the installation's chain: the heads of many accounts.

    ``heads`` are (stream, seq, hash), in the order of stream.
    """
    rows: list[Json] = [[stream, seq, digest] for stream, seq, digest in sorted(heads)]
    return canonical_bytes({"v": FORMAT, "number": number, "prev": prev, "at": at, "heads": rows})


def commitment(salt: bytes, content: bytes) -> str:
    """Return the salted commitment to a sealed record: it proves the content, never reveals it.

    ``salt`` is 32 random bytes kept (and erased) with the record, so that a short content such as
    a name cannot be guessed from the commitment.
    """
    return hashlib.sha256(_SEAL_PREFIX + salt + content).hexdigest()


def read_body(body: bytes) -> dict[str, Any]:
    """Return an event's fields.

    Raises:
        BrokenChain: the bytes are not those of an event.
    """
    try:
        fields = json.loads(body)
    except ValueError as error:
        raise BrokenChain(f"An event's text is damaged: {error}") from None
    if not isinstance(fields, dict):
        raise BrokenChain("An event's text is damaged: it is no object.")
    return cast("dict[str, Any]", fields)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong: which chain, which place, what, in a sentence."""

    stream: str
    seq: int
    code: str
    says: str


def verify_chain(
    stream: str, rows: Iterable[tuple[int, bytes, str]]
) -> tuple[Fault | None, str, int]:
    """Check one chain: places without gaps, each hash right, each event pointing at the one before.

    Args:
        stream: The chain's key.
        rows: (seq, body, hash) in the order of seq.

    Returns:
        The first fault or None, the head's hash, and the number of events read.
    """
    prev, expected, sha256 = GENESIS, 0, hashlib.sha256
    # The fields are looked up as text in the canonical bytes, which costs a tenth of parsing them;
    # the hash covers the bytes, so the text cannot stand elsewhere in another meaning.
    marker = canonical_bytes({"stream": stream})[1:-1]
    for seq, body, digest in rows:
        expected += 1
        if seq != expected:
            says = f"event {expected} is missing; the next one there is {seq}"
            return Fault(stream, expected, "event.missing", says), prev, expected
        if sha256(_EVENT_PREFIX + body).hexdigest() != digest:
            return (
                Fault(stream, seq, "event.changed", "its text does not match its hash"),
                prev,
                seq,
            )
        if b'"prev":"%s"' % prev.encode() not in body:
            says = "it does not continue the event before it"
            return Fault(stream, seq, "event.unchained", says), prev, seq
        if marker not in body or b'"seq":%d,' % seq not in body:
            says = "it was written for another place or account"
            return Fault(stream, seq, "event.moved", says), prev, seq
        prev = digest
    return None, prev, expected


def verify_anchors(
    rows: Iterable[tuple[int, bytes, str]],
) -> tuple[Fault | None, dict[str, tuple[int, str, int]], str]:
    """Check the installation's chain.

    Returns:
        The first fault or None, the latest anchored (seq, hash, anchor number) of each stream, and
        the chain's head.
    """
    prev = GENESIS
    heads: dict[str, tuple[int, str, int]] = {}
    for expected, (number, body, digest) in enumerate(rows, start=1):
        if number != expected:
            return (
                Fault("installation", expected, "anchor.missing", "this link is missing"),
                heads,
                prev,
            )
        if anchor_hash(body) != digest:
            says = "its text does not match its hash"
            return Fault("installation", number, "anchor.changed", says), heads, prev
        fields = read_body(body)
        if fields.get("prev") != prev or fields.get("number") != number:
            says = "it does not continue the link before it"
            return Fault("installation", number, "anchor.unchained", says), heads, prev
        for stream, seq, head in fields["heads"]:
            known = heads.get(stream)
            if known is not None and seq < known[0]:
                says = f"account {stream} goes back from event {known[0]} to {seq}"
                return Fault("installation", number, "anchor.backward", says), heads, prev
            heads[stream] = (seq, head, number)
        prev = digest
    return None, heads, prev


def step_payload(step: Step) -> dict[str, Json]:
    """Return the payload of a step event: what `step_of` reads again."""
    return {
        "changes": {axis.value: value for axis, value in step.changes.items()},
        "marks": [mark.value for mark in step.marks],
        "given": dict(step.given),
        "before_loss": list(step.before_loss) if step.before_loss else None,
    }


def step_of(fields: Mapping[str, Any]) -> Step | None:
    """Return the step an event holds, or None for an event of another kind."""
    if fields["kind"] != "step":
        return None
    payload = fields["payload"]
    before = payload.get("before_loss")
    return Step(
        fields["seq"],
        fields["act"],
        date.fromisoformat(fields["on"]),
        date.fromisoformat(fields["recorded_on"]),
        {Axis(axis): value for axis, value in payload["changes"].items()},
        tuple(Mark(mark) for mark in payload["marks"]),
        dict(payload["given"]),
        (before[0], before[1]) if before else None,
        Origin(fields["origin"]),
    )
