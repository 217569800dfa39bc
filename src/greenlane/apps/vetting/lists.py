"""The watch lists in force at this installation, how old they are, and an index of their names.

Nothing here decides what a hit means. The store's format is ``greenlane.screening.store``'s.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings

from greenlane.core.errors import NotFound
from greenlane.screening.listed_set import ListedSet
from greenlane.screening.store import ListStore

if TYPE_CHECKING:
    from greenlane.screening.listed import ListIndex

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
    """Return all listed parties in force on a day; reads the lists once for each set of versions.

    Raises:
        NotFound: there is no list at all.
    """
    versions = versions_in_force(on=on)
    if not versions:
        raise NotFound(
            "No watch list is in force. Import one with `greenlane watchlist import`, with the "
            "folder `watchlists` of the data folder as its store."
        )
    return _read(str(settings.WATCHLISTS_DIR), tuple(sorted(versions.items())), on)


@lru_cache(maxsize=2)
def _read(root: str, versions: tuple[tuple[str, str], ...], on: date) -> ListedSet:
    return ListedSet.of_store(
        ListStore(Path(root)), on=on, source_keys=[key for key, _ in versions]
    )


def index_of(listed: ListedSet) -> ListIndex:
    """Return the index of a set's names; built once, then kept beside the lists and mapped."""
    from greenlane.screening.versions import SCORER_VERSION

    folder = Path(settings.WATCHLISTS_DIR) / _INDEXES / f"{SCORER_VERSION}-{listed.digest[:32]}"
    found = _OPENED.get(folder)
    if found is None:
        while len(_OPENED) >= _MOST_OPEN:
            _OPENED.pop(next(iter(_OPENED)))
        found = _OPENED[folder] = _open_or_build(folder, listed)
    return found


_OPENED: Final[dict[Path, ListIndex]] = {}
_MOST_OPEN: Final = 2


def _open_or_build(folder: Path, listed: ListedSet) -> ListIndex:
    from greenlane.screening.codec import decode_party
    from greenlane.screening.index import IndexUnusable
    from greenlane.screening.listed import ListIndex

    try:
        return ListIndex.open(folder)
    except IndexUnusable:
        pass
    parties = (decode_party(listed.lines[uid]) for uid in sorted(listed.lines))
    built = ListIndex.build(parties, list_version=listed.digest[:16])
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as temporary:
        draft = Path(temporary) / "index"
        built.save(draft)
        try:
            draft.rename(folder)
        except OSError:
            # Another worker was faster, or a damaged one stands there: this one serves us here.
            return built
    return ListIndex.open(folder)


def ages(*, on: date) -> Mapping[str, int]:
    """Return list key to days since it was last looked at."""
    return {one.key: one.age_days(on) for one in lists_in_force(on=on)}
