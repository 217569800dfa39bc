"""What accounts were taken from: the rows of files that they rest on."""

from __future__ import annotations

from collections.abc import Iterable

from greenlane.apps.migration.models import CarriedAccount
from greenlane.apps.parties.models import Party
from greenlane.apps.parties.queries import COMPANY, compact


def carried(stream: str) -> CarriedAccount | None:
    """Return what an account was taken from, or None for one that was opened here."""
    return CarriedAccount.objects.filter(stream=stream).first()


def carried_accounts() -> dict[str, CarriedAccount]:
    """Return what every carried-over account was taken from, by account; one query."""
    return {row.stream: row for row in CarriedAccount.objects.iterator(chunk_size=2_000)}


def companies_with(numbers: Iterable[tuple[str, str]]) -> dict[tuple[str, str], set[str]]:
    """Return which accounts declare these numbers as the company's own.

    Reads the company of every account once, never one by one.

    Args:
        numbers: Scheme and normal form.
    """
    wanted = {(scheme, compact(value)) for scheme, value in numbers}
    found: dict[tuple[str, str], set[str]] = {}
    rows = Party.objects.filter(party=COMPANY, is_removed=False).values_list("stream", "details")
    for stream, details in rows.iterator(chunk_size=2_000):
        for scheme, value, _ in details.get("identifiers", ()):
            key = (scheme, compact(value))
            if key in wanted:
                found.setdefault(key, set()).add(stream)
    return found
