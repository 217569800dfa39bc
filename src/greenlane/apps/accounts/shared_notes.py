"""Short-lived notes that all workers share: codes that were used, attempts that were made.

No part of the record. Values are JSON, never pickles, so that whoever writes to the database still
runs no code here. Moments are seconds since 1970; None as the end means never.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from greenlane.apps.accounts.models import SharedNote


def add(key: str, value: str, *, until: float | None, at: float) -> bool:
    """Keep a value unless one is kept; of two workers who add a key at once, one gets True."""
    try:
        with transaction.atomic():
            SharedNote.objects.create(key=key, value=value, expires_at=until)
    except IntegrityError:
        # What has expired counts as absent; of two who find it so, one update hits.
        gone = SharedNote.objects.filter(key=key, expires_at__lte=at)
        return gone.update(value=value, expires_at=until) == 1
    return True


def get(key: str, *, at: float) -> str | None:
    """Return what is kept, or None."""
    return _live(key, at).values_list("value", flat=True).first()


def put(key: str, value: str, *, until: float | None) -> None:
    """Keep a value, whatever was kept."""
    SharedNote.objects.update_or_create(key=key, defaults={"value": value, "expires_at": until})


def touch(key: str, *, until: float | None, at: float) -> bool:
    """Move the end of what is kept; tell whether anything was."""
    return _live(key, at).update(expires_at=until) == 1


def drop(key: str) -> bool:
    """Remove a value; tell whether one was kept."""
    count, _ = SharedNote.objects.filter(key=key).delete()
    return count == 1


def clear(*, expired_at: float | None = None) -> None:
    """Remove everything, or only what has expired."""
    notes = SharedNote.objects.all()
    (notes if expired_at is None else notes.filter(expires_at__lte=expired_at)).delete()


def _live(key: str, at: float) -> QuerySet[SharedNote]:
    return SharedNote.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at), key=key)
