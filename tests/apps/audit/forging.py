"""What an owner of the database can do: write a whole chain anew, with right hashes everywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import transaction

from greenlane.apps.audit.actions import rebuild_rows
from greenlane.apps.audit.models import (
    AnchoredHead,
    Event,
    InstallationAnchor,
    SealedRecord,
    Stream,
)
from greenlane.core.canonical import canonical_bytes
from greenlane.core.ledger import GENESIS, anchor_body, anchor_hash, event_hash
from tests.apps.audit.support import owner_of_the_database

Edit = Callable[[dict[str, Any]], None]


def rewrite(stream: str, edit: Edit) -> None:
    """Write every event of a stream anew after `edit`, with columns, head and tables that fit."""
    with owner_of_the_database(), transaction.atomic():
        prev = GENESIS
        for row in Event.objects.filter(stream=stream).order_by("seq"):
            fields = json.loads(bytes(row.body))
            edit(fields)
            fields["prev"] = prev
            row.body = canonical_bytes(fields)
            row.act, row.hash = fields["act"], event_hash(row.body)
            row.save()
            prev = row.hash
        Stream.objects.filter(key=stream).update(head=prev)
        rebuild_rows(stream)


def cut(stream: str, keep: int) -> None:
    """Take the events after `keep` away, with all that follows from them."""
    with owner_of_the_database(), transaction.atomic():
        Event.objects.filter(stream=stream, seq__gt=keep).delete()
        SealedRecord.objects.filter(stream=stream, seq__gt=keep).delete()
        if keep:
            head = Event.objects.get(stream=stream, seq=keep).hash
            Stream.objects.filter(key=stream).update(seq=keep, head=head)
            rebuild_rows(stream)
        else:
            rebuild_rows(stream)
            Stream.objects.filter(key=stream).delete()


def rewrite_anchors() -> None:
    """Write the installation's chain anew over the heads as they are now."""
    with owner_of_the_database(), transaction.atomic():
        prev = GENESIS
        for row in InstallationAnchor.objects.order_by("number"):
            fields = json.loads(bytes(row.body))
            heads = []
            for stream, seq, _ in fields["heads"]:
                event = Event.objects.filter(stream=stream, seq=seq).first()
                if event is not None:
                    heads.append((stream, seq, event.hash))
            row.body = anchor_body(row.number, prev, fields["at"], heads)
            row.hash = anchor_hash(row.body)
            row.save()
            prev = row.hash
        AnchoredHead.objects.all().delete()
        latest: dict[str, tuple[int, int]] = {}
        for row in InstallationAnchor.objects.order_by("number"):
            for stream, seq, _ in json.loads(bytes(row.body))["heads"]:
                latest[stream] = (seq, row.number)
        AnchoredHead.objects.bulk_create(
            AnchoredHead(stream=stream, seq=seq, number=number)
            for stream, (seq, number) in latest.items()
        )
