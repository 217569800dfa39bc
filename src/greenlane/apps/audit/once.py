"""Acts sent twice: the first answer is kept for a day, so that a repetition records nothing new.

A cache beside the record, no part of it: whoever empties it loses only the answers to repetitions.
"""

from __future__ import annotations

import os
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidTag
from django.db import IntegrityError, transaction

from greenlane.apps.audit.models import AnsweredOnce
from greenlane.apps.audit.seal import SealKeyMissing, current_key, key_by_id

KEPT_FOR: Final = timedelta(hours=24)
_NONCE_BYTES: Final = 12

#: How many events were appended in this thread or task; a door compares before and after an act.
events_written: ContextVar[int] = ContextVar("greenlane_events_written", default=0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: HTTP status, media type, and the body or the address led to, as bytes.

    ``content`` is the SHA-256 of what was sent, so that another request under the same key is told
    from a repetition.
    """

    content: str
    status: int
    media_type: str
    body: bytes


def claim(key: str, *, content: str, at: datetime) -> Answer | None:
    """Take a key for an act that begins, or return the answer of the act that had it.

    Must run in the transaction of the act. Whoever comes second waits here until the first has
    committed, in whatever process it runs: on PostgreSQL at the unique key, on SQLite at the
    database's one writer.

    Args:
        key: SHA-256 in hexadecimal of who sends, where to, and the key they sent.
        content: SHA-256 of what they sent.
        at: The moment.

    Returns:
        None: the key is taken now, go on. Else what to answer.
    """
    try:
        with transaction.atomic():
            AnsweredOnce.objects.create(key=key, content=content, at=at)
    except IntegrityError:
        row = AnsweredOnce.objects.get(key=key)
        return Answer(row.content, row.status, row.media_type, _opened(row))
    return None


def keep(key: str, *, status: int, media_type: str, body: bytes) -> None:
    """Keep the answer of the act that holds the key, encrypted: it may name people."""
    key_id, cipher = current_key()
    nonce = os.urandom(_NONCE_BYTES)
    AnsweredOnce.objects.filter(key=key).update(
        status=status,
        media_type=media_type,
        key_id=key_id,
        body=nonce + cipher.encrypt(nonce, body, _bound_to(key)),
    )


def release(key: str) -> None:
    """Give the key back: nothing came of the act, so the same may be sent again."""
    AnsweredOnce.objects.filter(key=key).delete()


def forget(*, at: datetime) -> int:
    """Remove what has been kept for a day; return how many answers that were."""
    count, _ = AnsweredOnce.objects.filter(at__lt=at - KEPT_FOR).delete()
    return count


def _opened(row: AnsweredOnce) -> bytes:
    sealed = bytes(row.body)
    try:
        cipher = key_by_id(row.key_id)
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound_to(row.key))
    except (InvalidTag, ValueError, SealKeyMissing):
        # Changed, or of a key that is gone: it still says that the act was done.
        return b""


def _bound_to(key: str) -> bytes:
    return f"greenlane answer 1\n{key}".encode()
