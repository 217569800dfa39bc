"""The lists in force, made ready once: an index that every process maps, and a pointer to it.

A worker or a command makes the lists ready; a web process only opens what it finds. It never reads
a list, and where nothing is ready it says so. On disk, below a folder of indexes::

    <scorer>-<digest of the parties>/                index of names, lines of parties (`ListIndex`)
    <scorer>-<digest of the versions>-<after>.json   which index serves these versions, which days
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from greenlane.core.errors import Conflict
from greenlane.screening.codec import decode_party
from greenlane.screening.listed_set import ListedSet
from greenlane.screening.store import StoreUnusable
from greenlane.screening.versions import SCORER_VERSION

if TYPE_CHECKING:
    from greenlane.screening.listed import ListIndex

KEPT: Final = 3
"""How many indexes stay: the present one, and those that a slow process may still have open."""


class ListsNotReady(Conflict):
    """The watch lists are being prepared. Nothing was screened; try again in a minute."""

    code = "watchlist.being_prepared"


@dataclass(frozen=True, slots=True)
class ReadyLists:
    """The parties of several lists on one day, mapped from disk and never read whole.

    Attributes:
        index: Names and lines of the parties.
        versions: Source key to the version in force.
        digest: `ListedSet.digest` of the parties.
        folder: Where the index lies.
    """

    index: ListIndex
    versions: Mapping[str, str]
    digest: str
    folder: Path

    def line(self, uid: str) -> str:
        """Return the canonical line of a listed party.

        Raises:
            KeyError: The lists have no such party.
        """
        return self.index.line(uid)

    @property
    def names(self) -> Path:
        """Folder of the index of names alone, for a screening of everybody."""
        return self.folder / "names"


_opened: Final[dict[Path, ListIndex]] = {}
_MOST_OPEN: Final = 2


def is_ready(folder: Path, versions: Mapping[str, str], *, on: date) -> bool:
    """Tell whether `open_ready` has something to open, without loading the kernel or the index."""
    return any(
        (folder / told["index"] / "names" / "manifest.json").is_file()
        for told in _pointers(folder, versions, on)
    )


def open_ready(folder: Path, versions: Mapping[str, str], *, on: date) -> ReadyLists | None:
    """Return the lists of some versions as they are on a day, if somebody made them ready.

    Reads one small file and maps the index, once in a process; no list is read.

    Args:
        folder: Folder of indexes.
        versions: Source key to version, of every list in force.
        on: The day: a denial that expired before it does not count.
    """
    from greenlane.screening.index import IndexUnusable

    for told in _pointers(folder, versions, on):
        place = folder / told["index"]
        try:
            return ReadyLists(_open(place), dict(versions), told["digest"], place)
        except IndexUnusable:
            # Damaged, or taken away as too old: whoever makes the lists ready replaces it.
            continue
    return None


def _pointers(folder: Path, versions: Mapping[str, str], on: date) -> Iterator[dict[str, Any]]:
    day = on.isoformat()
    for path in sorted(folder.glob(f"{_versions_key(versions)}-*.json"), reverse=True):
        try:
            told = json.loads(path.read_text("utf-8"))
            if told["after"] < day <= (told["through"] or day) and told["index"] and told["digest"]:
                yield told
        except (OSError, ValueError, KeyError, TypeError):
            # Broken by a crash of the machine: as good as none.
            continue


def prepare(folder: Path, listed: ListedSet, *, on: date) -> ReadyLists:
    """Make a listed set ready for every process; nothing is built where that was done before.

    Takes about 3 CPU-seconds for 40,000 names. Two processes may do it at the same moment.

    Args:
        folder: Folder of indexes; made if it is missing.
        listed: The parties of all lists in force on ``on``.
        on: The day of which the set was read.

    Raises:
        StoreUnusable: The folder cannot be written.
    """
    from greenlane.screening.index import IndexUnusable

    place = folder / f"{SCORER_VERSION}-{listed.digest[:32]}"
    try:
        try:
            index = _open(place)
        except IndexUnusable:
            _build(place, listed)
            _opened.pop(place, None)
            index = _open(place)
        told = {
            "after": listed.after,
            "through": listed.through,
            "index": place.name,
            "digest": listed.digest,
            "versions": dict(listed.versions),
        }
        pointer = folder / f"{_versions_key(listed.versions)}-{listed.after or '0'}.json"
        draft = folder / f".{pointer.name}-{os.getpid()}-{os.urandom(4).hex()}"
        draft.write_text(json.dumps(told, sort_keys=True, indent=1), "utf-8")
        draft.replace(pointer)
        place.touch()
        _drop_old(folder, place)
    except OSError as error:
        raise StoreUnusable(
            f"The watch lists cannot be made ready in {folder}: {error.strerror or error}."
        ) from error
    return ReadyLists(index, dict(listed.versions), listed.digest, place)


def _open(place: Path) -> ListIndex:
    from greenlane.screening.listed import ListIndex

    found = _opened.get(place)
    if found is None:
        opened = ListIndex.open(place)
        # Another thread may be here too; whoever comes last stays, the other's is let go.
        for old in list(_opened)[: max(0, len(_opened) + 1 - _MOST_OPEN)]:
            _opened.pop(old, None)
        found = _opened[place] = opened
    return found


def _build(place: Path, listed: ListedSet) -> None:
    from greenlane.screening.listed import ListIndex

    parties = (decode_party(listed.lines[uid]) for uid in sorted(listed.lines))
    built = ListIndex.build(parties, list_version=listed.digest)
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=place.parent) as temporary:
        draft = Path(temporary) / "index"
        built.save(draft)
        try:
            draft.rename(place)
        except OSError:
            # Another process was faster, or a damaged one stands there: replace it.
            place.rename(Path(temporary) / "old")
            draft.rename(place)


def _drop_old(folder: Path, present: Path) -> None:
    """Remove indexes of earlier versions, and the pointers to them."""
    kept = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    kept.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for old in [path for path in kept if path != present][KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
    for pointer in folder.glob("*.json"):
        try:
            is_lost = not (folder / json.loads(pointer.read_text("utf-8"))["index"]).is_dir()
        except (OSError, ValueError, KeyError, TypeError):
            is_lost = True
        if is_lost:
            pointer.unlink(missing_ok=True)


def _versions_key(versions: Mapping[str, str]) -> str:
    text = json.dumps(sorted(versions.items()))
    return f"{SCORER_VERSION}-{hashlib.sha256(text.encode()).hexdigest()[:32]}"
