"""The watch lists in force at this installation, how old they are, and an index of their names.

Nothing here decides what a hit means. The store's format is ``greenlane.screening.store``'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from greenlane.core.errors import NotFound
from greenlane.screening.listed_set import ListedSet
from greenlane.screening.ready import ListsNotReady, ReadyLists, is_ready, open_ready, prepare
from greenlane.screening.store import ListStore

STATE: Final = "rescreen"
_INDEXES: Final = "indexes"


@dataclass(frozen=True, slots=True)
class ListInForce:
    """One list: its version, since when it is in force, and when it was last looked at."""

    key: str
    version: str
    since: date
    looked_at: datetime

    def age_days(self, on: date) -> int:
        """Return how many days ago somebody last made sure that this is the present version."""
        return (on - self.looked_at.date()).days


def store() -> ListStore:
    """Return the installation's store of watch lists; its folder is made with the first import."""
    return ListStore(settings.WATCHLISTS_DIR)


def state_folder() -> Path:
    """Return the folder of what the latest screening of all accounts found."""
    return Path(settings.WATCHLISTS_DIR) / STATE


def lists_in_force(*, on: date) -> list[ListInForce]:
    """Return the lists in force on a day, by key. Reads a few small files.

    A list that came into force only later is left out; without any list nothing can be told.
    """
    kept, found = store(), []
    for key in kept.source_keys():
        try:
            version = kept.current(key, on=on)
        except NotFound:
            continue
        adopted = [entry for entry in kept.journal(key) if entry.version_id == version.version_id]
        since = datetime.fromisoformat(adopted[-1].at)
        looked = kept.looked_at(key) or since
        found.append(ListInForce(key, version.version_id, since.date(), max(looked, since)))
    return found


def versions_in_force(*, on: date) -> dict[str, str]:
    """Return list key to version in force on a day; empty where there is no list."""
    return {one.key: one.version for one in lists_in_force(on=on)}


def listed_set(*, on: date) -> ListedSet:
    """Return all listed parties in force on a day. Reads every list whole: not for the web.

    Raises:
        NotFound: there is no list at all.
    """
    return ListedSet.of_store(store(), on=on, source_keys=_versions(on))


def ready_lists(*, on: date) -> ReadyLists:
    """Return the lists in force on a day, mapped from what a worker or a command made ready.

    Reads a few small files, never a list.

    Raises:
        NotFound: there is no list at all.
        ListsNotReady: nobody made these versions ready yet; nothing can be told.
    """
    found = _open(_versions(on), on)
    if found is None:
        raise ListsNotReady
    return found


def are_ready(*, on: date) -> bool:
    """Tell whether a screening of one account could begin now; False without any list."""
    versions = versions_in_force(on=on)
    return bool(versions) and is_ready(_indexes(), versions, on=on)


def make_ready(*, on: date, listed: ListedSet | None = None) -> ReadyLists:
    """Return the lists in force on a day, made ready first where nobody did. Not in a web process.

    Args:
        on: The day.
        listed: The parties in force on it, if they were read already.

    Raises:
        NotFound: there is no list at all.
        StoreUnusable: the folder of lists cannot be written.
    """
    found = _open(_versions(on), on)
    if found is not None and (listed is None or listed.digest == found.digest):
        return found
    return prepare(_indexes(), listed or listed_set(on=on), on=on)


def _versions(on: date) -> dict[str, str]:
    versions = versions_in_force(on=on)
    if not versions:
        raise NotFound(
            "No watch list is in force. Import one with `greenlane watchlist import`, with the "
            "folder `watchlists` of the data folder as its store."
        )
    return versions


def _indexes() -> Path:
    return Path(settings.WATCHLISTS_DIR) / _INDEXES


def _open(versions: Mapping[str, str], on: date) -> ReadyLists | None:
    return open_ready(_indexes(), versions, on=on)


def ages(*, on: date) -> Mapping[str, int]:
    """Return list key to days since it was last looked at."""
    return {one.key: one.age_days(on) for one in lists_in_force(on=on)}
