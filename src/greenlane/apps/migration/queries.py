"""What accounts were taken from: the rows of files that they rest on."""

from __future__ import annotations

from typing import Final

from greenlane.apps.audit.queries import events_of
from greenlane.apps.migration.models import CarriedAccount

OFFICE: Final = "office"


def carried(stream: str) -> CarriedAccount | None:
    """Return what an account was taken from, or None for one that was opened here."""
    return CarriedAccount.objects.filter(stream=stream).first()


def carried_accounts() -> dict[str, CarriedAccount]:
    """Return what every carried-over account was taken from, by account; one query."""
    return {row.stream: row for row in CarriedAccount.objects.iterator(chunk_size=2_000)}


def is_file_taken(sha256: str) -> bool:
    """Tell whether the office's record says that a file was taken over; one query."""
    return any(
        event.fields["payload"]["file_sha256"] == sha256
        for event in events_of(OFFICE, kinds=["carried"])
    )


def has_taken_from(sha256: str) -> bool:
    """Tell whether an account rests on a row of a file; one query."""
    return CarriedAccount.objects.filter(file_sha256=sha256).exists()
