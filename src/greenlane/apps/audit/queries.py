"""Reading the record: events, heads, and the contents of sealed records.

`content_of` and `contents_of` are the only ways to a sealed content; who may read it is asked
above.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from greenlane.apps.audit import models
from greenlane.apps.audit.seal import Box, unseal
from greenlane.core.canonical import Json
from greenlane.core.errors import NotFound
from greenlane.core.ledger import GENESIS, read_body


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it stands on the record; ``fields`` is its whole body."""

    stream: str
    seq: int
    kind: str
    act: str
    on: date
    recorded_at: datetime
    hash: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """Where a stream ends, and the last of its events that an anchor covers (0: none yet)."""

    stream: str
    seq: int
    hash: str
    anchored_seq: int = 0
    anchor: int = 0


def events_of(
    stream: str, *, after: int = 0, kinds: Iterable[str] | None = None, limit: int | None = None
) -> list[Recorded]:
    """Return the events of a stream in order.

    Args:
        stream: Key of the chain; an unknown one has no events.
        after: Only events with a greater ``seq``.
        kinds: Only these kinds of events; None for all.
        limit: At most so many.
    """
    rows = models.Event.objects.filter(stream=stream, seq__gt=after)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return [_recorded(row) for row in rows.order_by("seq")[:limit]]


def event_at(stream: str, seq: int) -> Recorded:
    """Return one event.

    Raises:
        NotFound: the stream has no such event.
    """
    row = models.Event.objects.filter(stream=stream, seq=seq).first()
    if row is None:
        raise NotFound(f"Record {stream} has no event {seq}.")
    return _recorded(row)


def head_of(stream: str) -> Head:
    """Return where a stream ends; ``seq`` 0 for one that has not begun. Pass it to `append`."""
    place = models.Stream.objects.filter(key=stream).first()
    noted = models.AnchoredHead.objects.filter(stream=stream).first()
    return Head(
        stream,
        place.seq if place else 0,
        place.head if place else GENESIS,
        noted.seq if noted else 0,
        noted.number if noted else 0,
    )


def places_of() -> dict[str, int]:
    """Return the number of events of every stream, by its key; one query."""
    return dict(models.Stream.objects.values_list("key", "seq"))


def not_yet_anchored() -> tuple[int, datetime | None]:
    """Return how many streams have events that no anchor covers, and when the oldest was recorded.

    The moment is None where every event is anchored. Two queries, and one for each such stream.
    """
    noted = dict(models.AnchoredHead.objects.values_list("stream", "seq"))
    ends = models.Stream.objects.values_list("key", "seq")
    tails = [(key, noted.get(key, 0)) for key, seq in ends if seq > noted.get(key, 0)]
    firsts = (models.Event.objects.filter(stream=key, seq=seq + 1) for key, seq in tails)
    moments = [rows.values_list("recorded_at", flat=True).get() for rows in firsts]
    return len(tails), min(moments, default=None)


def streams(*, prefix: str = "") -> list[str]:
    """Return the keys of all streams that begin with ``prefix``, sorted."""
    rows = models.Stream.objects.filter(key__startswith=prefix)
    return sorted(rows.values_list("key", flat=True))


def content_of(stream: str, seq: int) -> Mapping[str, Json] | None:
    """Return what is sealed beside an event; None where nothing is, or it was erased.

    Raises:
        SealKeyMissing: its key is not set.
        SealBroken: it was changed.
    """
    return contents_of(stream, [seq]).get(seq)


def contents_of(stream: str, seqs: Iterable[int] | None = None) -> dict[int, Mapping[str, Json]]:
    """Return the sealed contents of a stream by ``seq``, without erased ones; one query.

    Raises:
        SealKeyMissing: the key of one is not set.
        SealBroken: one was changed.
    """
    rows = models.SealedRecord.objects.filter(stream=stream, erased_at__isnull=True)
    if seqs is not None:
        rows = rows.filter(seq__in=list(seqs))
    return {row.seq: unseal(box_of(row), stream=stream, seq=row.seq) for row in rows}


def erased_of(stream: str) -> dict[int, str]:
    """Return the erased sealed records of a stream: ``seq`` to the erasure event."""
    rows = models.SealedRecord.objects.filter(stream=stream, erased_at__isnull=False)
    return dict(rows.values_list("seq", "erased_by"))


def kept_seqs(stream: str, rule: str) -> list[int]:
    """Return the places of a stream's sealed records that a rule keeps and nobody erased."""
    rows = models.SealedRecord.objects.filter(stream=stream, category=rule, erased_at__isnull=True)
    return list(rows.order_by("seq").values_list("seq", flat=True))


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold, standing or lifted."""

    hold: str
    ground: str
    placed_on: date
    lifted_on: date | None
    of: str = ""


def holds_of(stream: str) -> list[Hold]:
    """Return the legal holds of a stream, the oldest first."""
    rows = models.LegalHold.objects.filter(stream=stream).order_by("placed_on", "hold")
    return [Hold(row.hold, row.ground, row.placed_on, row.lifted_on, row.of) for row in rows]


def holds_standing_on(streams: Collection[str]) -> list[str]:
    """Return the legal holds that stand on some streams, each as ``stream hold``; one query."""
    rows = models.LegalHold.objects.filter(stream__in=list(streams), lifted_on__isnull=True)
    found = rows.order_by("stream", "hold").values_list("stream", "hold")
    return [f"{hold} ({stream})" for stream, hold in found]


def anchors_after(number: int, *, limit: int = 100) -> Iterator[tuple[int, list[tuple[str, int]]]]:
    """Yield the links of the installation's chain after ``number``: each (stream, last seq) in it.

    This is the outbox: every event is in exactly one link, and links never appear out of order,
    which on PostgreSQL could not be said of an automatic key.
    """
    rows = models.InstallationAnchor.objects.filter(number__gt=number).order_by("number")[:limit]
    for row in rows:
        heads = read_body(bytes(row.body))["heads"]
        yield row.number, [(stream, seq) for stream, seq, _ in heads]


def box_of(row: models.SealedRecord) -> Box:
    """Return a row's sealed part."""
    return Box(row.category, row.commitment, row.key_id, bytes(row.nonce), bytes(row.ciphertext))


def _recorded(row: models.Event) -> Recorded:
    return Recorded(
        row.stream,
        row.seq,
        row.kind,
        row.act,
        row.on,
        row.recorded_at,
        row.hash,
        read_body(bytes(row.body)),
    )
