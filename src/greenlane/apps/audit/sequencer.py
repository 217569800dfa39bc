"""The sequencer: appends the heads of streams that grew to the installation's chain, in batches.

Writers never wait for it and it never locks a row they need. Two sequencers at once are harmless:
one link has one number, and the slower one reads again. What is guaranteed when is told in
docs/explanation/record.md.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from greenlane.apps.audit.models import AnchoredHead, InstallationAnchor, Stream
from greenlane.core.errors import BadInput, Conflict
from greenlane.core.ledger import GENESIS, anchor_body, anchor_hash

BATCH: Final = 500
_ATTEMPTS: Final = 30


def anchor_pending(*, at: datetime, batch: int = BATCH) -> list[int]:
    """Anchor every stream that grew since it was last anchored; return the numbers of the links.

    One pass over the streams in the order of their keys, so it ends although writers go on. Each
    link is a transaction of its own.

    Args:
        at: The moment, with time zone.
        batch: Most heads in one link.

    Raises:
        Conflict: other sequencers were faster 30 times in a row.
    """
    if at.tzinfo is None:
        raise BadInput("The time of an anchor needs a time zone.")
    made: list[int] = []
    after = ""
    while True:
        link = _anchor_batch(after, at, batch)
        if link is None:
            return made
        number, after = link
        made.append(number)


def _anchor_batch(after: str, at: datetime, batch: int) -> tuple[int, str] | None:
    for _ in range(_ATTEMPTS):
        # Asked before the transaction: on SQLite that takes the one writer's lock, and a sequencer
        # that looks every second must not keep writers waiting for nothing.
        if not _grown(after).exists():
            return None
        try:
            with transaction.atomic():
                return _write_link(after, at, batch)
        except IntegrityError:
            # Another sequencer has just written the link of this number: read again.
            continue
    raise Conflict(
        f"Other sequencers wrote to the installation's chain {_ATTEMPTS} times meanwhile. Run only "
        "one worker with the sequencer; anchoring goes on with the next round."
    )


def _write_link(after: str, at: datetime, batch: int) -> tuple[int, str] | None:
    last = InstallationAnchor.objects.order_by("-number").values_list("number", "hash").first()
    number, prev = last or (0, GENESIS)
    heads = list(_grown(after).order_by("key").values_list("key", "seq", "head")[:batch])
    if not heads:
        return None
    moment = at.astimezone(UTC)
    number += 1
    body = anchor_body(number, prev, moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), heads)
    InstallationAnchor.objects.create(number=number, at=moment, hash=anchor_hash(body), body=body)
    AnchoredHead.objects.bulk_create(
        [AnchoredHead(stream=key, seq=seq, number=number) for key, seq, _ in heads],
        update_conflicts=True,
        unique_fields=["stream"],
        update_fields=["seq", "number"],
    )
    return number, heads[-1][0]


def _grown(after: str) -> QuerySet[Stream]:
    noted = AnchoredHead.objects.filter(stream=OuterRef("key")).values("seq")
    return (
        Stream.objects.filter(seq__gt=0, key__gt=after)
        .annotate(noted=Subquery(noted))
        .filter(Q(noted__isnull=True) | Q(noted__lt=F("seq")))
    )
