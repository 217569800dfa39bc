"""The export: the record as lines of JSON that an outside auditor checks without this software.

Holds events, anchors, heads, erasures and public keys; no sealed content and no projection, so
nothing personal. The form is docs/reference/record-format.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from greenlane.apps.audit.models import Event, InstallationAnchor, SealedRecord, Stream
from greenlane.apps.audit.projection import raw_rows
from greenlane.apps.audit.receipts import make_receipt, public_keys
from greenlane.apps.audit.snapshot import one_moment
from greenlane.core.ledger import FORMAT

EXPORT_FORMAT: Final = "greenlane record 1"


def export_lines(*, at: datetime) -> Iterator[str]:
    """Yield the whole record as of one moment, one JSON object per line, without line ends.

    Order: header, keys, anchors by number, events by stream and seq, heads, erasures, a receipt of
    the installation, and an end line that counts the lines before it. Reads every event once.

    Args:
        at: The moment of the export, with time zone.

    Raises:
        SigningKeyMissing: the installation has no key.
    """
    count = 0
    with one_moment():
        for line in _lines(at):
            count += 1
            yield json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    yield json.dumps({"type": "end", "lines": count}, separators=(",", ":"))


def _lines(at: datetime) -> Iterator[dict[str, Any]]:
    made = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    yield {"type": "header", "format": EXPORT_FORMAT, "events": FORMAT, "at": made}
    yield {"type": "keys", **public_keys()}
    anchors = InstallationAnchor.objects.order_by("number")
    for number, digest, body in raw_rows(anchors, ("number", "hash", "body")):
        yield {"type": "anchor", "number": number, "hash": digest, "body": body.decode()}
    events = Event.objects.order_by("stream", "seq")
    for stream, seq, digest, body in raw_rows(events, ("stream", "seq", "hash", "body")):
        yield {
            "type": "event",
            "stream": stream,
            "seq": seq,
            "hash": digest,
            "body": body.decode(),
        }
    for key, seq, head in raw_rows(Stream.objects.order_by("key"), ("key", "seq", "head")):
        yield {"type": "head", "stream": key, "seq": seq, "hash": head}
    erased = SealedRecord.objects.filter(erased_at__isnull=False).order_by("stream", "seq")
    for stream, seq, rule, by in raw_rows(erased, ("stream", "seq", "category", "erased_by")):
        yield {"type": "erasure", "stream": stream, "seq": seq, "rule": rule, "by": by}
    yield {"type": "receipt", "receipt": make_receipt(at=at)}
