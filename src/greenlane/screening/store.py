"""Where list versions live: stored whole, hashed, dated, immutable; compared by uid and content.

Nothing here fetches a list or matches a name. On disk, below the store's folder::

    lists/<source key>/versions/<version id>/   original files, parties.jsonl.gz, manifest.json
    lists/<source key>/journal/000001.json      which version was in force from when, by whom
    lists/<source key>/looked-at                when it was last compared with its publisher's

A version is written into a temporary folder, flushed and renamed, so that a crash leaves either the
whole version or none. A journal entry is a file that must not exist yet, so that of two imports at
the same moment one wins and the other looks again.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import BinaryIO

from greenlane.core.errors import BadInput, Conflict, NotFound
from greenlane.screening.codec import decode_party, encode_name, encode_party, head_of
from greenlane.screening.formats.reader import PARSER_VERSION, read_list
from greenlane.screening.formats.report import DEFAULT_LIMITS, DamagedList, Limits
from greenlane.screening.records import ListedParty

LARGEST_SHRINKAGE = 0.20
"""Share of parties or of names that a new version may lack before a named person must force it."""

LARGEST_SHARE_SET_ASIDE = 0.02
"""Share of rows that may be unusable before the file counts as damaged."""

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class ListShrunk(BadInput):
    """The new list has far fewer parties than the one in force. Check it, or force it by name."""

    code = "watchlist.shrunken"


class StoreUnusable(BadInput):
    """The folder of the list store cannot be written. Give a folder that can, with room on it."""

    code = "watchlist.store_unusable"


class VersionDamaged(Conflict):
    """A stored version is not what was stored. Restore the store's folder from a copy."""

    code = "watchlist.version_damaged"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One original file of a version. ``size`` in bytes, ``sha256`` of its bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ListVersion:
    """One immutable version of one list.

    Attributes:
        source_key: The list, as the office named it (``ofac-sdn``).
        version_id: First 16 hexadecimal characters of the hash of its files and the parser version.
        format: Format of the first file.
        imported_at: When it was stored, UTC, ISO.
        imported_by: Who stored it.
        dated: The list's own date of issue, ISO, or empty.
        parser_version: Version of the readers that made the parties.
        parties: Number of parties.
        names: Number of names.
        weak_names: Number of names that the list marks as weak.
        kinds: Parties per kind.
        rows: Rows or records seen.
        set_aside: Rows that could not be used.
        notes: Survived oddities with their counts.
        damage: What was found broken; not empty only where the import was forced.
        files: The original files.
        parties_sha256: Hash of the parties' canonical lines.
    """

    source_key: str
    version_id: str
    format: str
    imported_at: str
    imported_by: str
    dated: str
    parser_version: str
    parties: int
    names: int
    weak_names: int
    kinds: dict[str, int]
    rows: int
    set_aside: int
    notes: dict[str, int]
    damage: tuple[str, ...]
    files: tuple[StoredFile, ...]
    parties_sha256: str


@dataclass(frozen=True, slots=True)
class Adoption:
    """One line of a list's journal: a version came into force.

    ``forced_by`` and ``reason`` are filled where a damaged or shrunken list was forced.
    """

    number: int
    version_id: str
    at: str
    by: str
    forced_by: str = ""
    reason: str = ""
    objections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameChange:
    """One name that is new (``before`` empty), changed under its uid, or gone (``after`` empty)."""

    party_uid: str
    name_uid: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ListDiff:
    """What differs between two versions, by stable uid and content.

    Attributes:
        added: Uids of new parties, sorted.
        changed: Uids of parties about which anything differs, sorted.
        removed: Uids of parties that are gone, sorted.
        names_added: New names, of new parties too; sorted by party and name uid.
        names_changed: Names under the same uid that differ in anything.
        names_removed: Names that are gone, of removed parties too.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    names_added: tuple[NameChange, ...]
    names_changed: tuple[NameChange, ...]
    names_removed: tuple[NameChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the versions say the same."""
        return not (self.added or self.changed or self.removed)


def check_source_key(key: str) -> str:
    """Return the key where it is usable as folder and uid prefix.

    Raises:
        BadInput: Anything but lower-case letters, digits and hyphens, 40 characters at most.
    """
    if not _KEY.fullmatch(key):
        raise BadInput(
            f"The list key {key[:60]!r} cannot be used: take lower-case letters, digits and "
            "hyphens, 40 characters at most, such as ofac-sdn."
        )
    return key


def _iso(at: datetime) -> str:
    if at.tzinfo is None:
        raise BadInput("A time without time zone was given; list versions are dated in UTC.")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _sync_folder(folder: Path) -> None:
    """Make a rename in this folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


class ListStore:
    """The folder of all list versions of an installation.

    Several processes may read and import at the same time. Nothing is ever changed or deleted.
    """

    def __init__(self, root: Path, *, limits: Limits = DEFAULT_LIMITS) -> None:
        """Open a store; the folder is made with the first import.

        Args:
            root: The store's folder.
            limits: Bounds for reading imported files.
        """
        self.root = root
        self._limits = limits

    # Reading

    def source_keys(self) -> tuple[str, ...]:
        """Return the keys of all lists with a version in force at any time, sorted."""
        lists = self.root / "lists"
        if not lists.is_dir():
            return ()
        return tuple(
            sorted(
                f.name for f in lists.iterdir() if _KEY.fullmatch(f.name) and self.journal(f.name)
            )
        )

    def journal(self, source_key: str) -> tuple[Adoption, ...]:
        """Return which version was in force from when, oldest first. Reads one file per entry."""
        folder = self._folder(source_key) / "journal"
        if not folder.is_dir():
            return ()
        entries = []
        for path in sorted(folder.glob("[0-9]*.json")):
            cells = json.loads(path.read_text(encoding="utf-8"))
            entries.append(Adoption(**{**cells, "objections": tuple(cells["objections"])}))
        return tuple(entries)

    def versions(self, source_key: str) -> tuple[ListVersion, ...]:
        """Return every stored version of a list in the order of first adoption."""
        ids = dict.fromkeys(entry.version_id for entry in self.journal(source_key))
        return tuple(self.version(source_key, id_) for id_ in ids)

    def version(self, source_key: str, version_id: str) -> ListVersion:
        """Return one version by its id or an unambiguous beginning of it.

        Raises:
            NotFound: No version, or more than one, begins like this.
        """
        folder = self._folder(source_key) / "versions"
        is_plain = version_id.isascii() and version_id.isalnum()
        found = sorted(folder.glob(f"{version_id}*/manifest.json")) if is_plain else []
        if len(found) != 1:
            raise NotFound(
                f"The list {source_key} has {len(found) or 'no'} version"
                f"{'s' if len(found) > 1 else ''} {version_id[:40]!r}. "
                "`greenlane watchlist list` shows what there is."
            )
        cells = json.loads(found[0].read_text(encoding="utf-8"))
        cells["files"] = tuple(StoredFile(**file) for file in cells["files"])
        cells["damage"] = tuple(cells["damage"])
        return ListVersion(**cells)

    def current(self, source_key: str, *, on: date | datetime | None = None) -> ListVersion:
        """Return the version in force.

        Args:
            source_key: The list.
            on: A moment, or a day (its last moment, UTC); by default the latest adoption counts.

        Raises:
            NotFound: The list had no version in force then.
        """
        if (entry := self._adopted(source_key, on)) is None:
            when = f" on {on}" if on is not None else ""
            raise NotFound(
                f"The list {source_key} has no version in force{when}. Import one with "
                "`greenlane watchlist import`."
            )
        return self.version(source_key, entry.version_id)

    def looked_at(self, source_key: str) -> datetime | None:
        """Return when a list was last imported or compared with its publisher's, or None."""
        path = self._folder(source_key) / "looked-at"
        try:
            return datetime.fromisoformat(path.read_text(encoding="ascii").strip())
        except (OSError, ValueError):
            return None

    def note_looked(self, source_key: str, *, at: datetime) -> None:
        """Note that the version in force is still the publisher's present one."""
        folder = self._folder(source_key)
        draft = folder / f".looked-{os.getpid()}-{os.urandom(4).hex()}"
        _write(draft, _iso(at) + "\n")
        draft.chmod(0o444)
        draft.replace(folder / "looked-at")

    def parties(self, version: ListVersion) -> Iterator[ListedParty]:
        """Yield the parties of a version in the list's order.

        Raises:
            VersionDamaged: At the end, where the stored parties are not those that were stored.
        """
        for line in self.lines(version):
            yield decode_party(line)

    def lines(self, version: ListVersion) -> Iterator[str]:
        """Yield the parties of a version as canonical lines (`codec.encode_party`), undecoded.

        Raises:
            VersionDamaged: Where the stored lines cannot be read, or at the end, where they are not
                those that were stored.
        """
        path = self._version_folder(version.source_key, version.version_id) / "parties.jsonl.gz"
        hasher = hashlib.sha256()
        try:
            with gzip.open(path, "rt", encoding="utf-8", newline="\n") as stream:
                for line in stream:
                    hasher.update(line.encode())
                    yield line.rstrip("\n")
        except (OSError, EOFError, ValueError) as error:
            raise self._damaged(version) from error
        if hasher.hexdigest() != version.parties_sha256:
            raise self._damaged(version)

    def original(self, version: ListVersion, name: str) -> Path:
        """Return the path of an original file of a version, for reading only.

        Raises:
            NotFound: The version has no such file.
        """
        if name not in {file.name for file in version.files}:
            raise NotFound(f"Version {version.version_id} has no file {name[:60]!r}.")
        return self._version_folder(version.source_key, version.version_id) / "original" / name

    def verify(self, version: ListVersion) -> None:
        """Read a whole version and compare every hash.

        Raises:
            VersionDamaged: Anything differs from what was stored.
        """
        for file in version.files:
            path = self.original(version, file.name)
            if not path.is_file() or _hash_file(path) != file.sha256:
                raise self._damaged(version)
        for _ in self.lines(version):
            pass

    # Importing

    def import_list(
        self,
        source_key: str,
        files: Sequence[Path],
        *,
        at: datetime,
        by: str,
        force_by: str | None = None,
        reason: str | None = None,
    ) -> ListVersion:
        """Store a list whole and put it in force. The same bytes twice are the same version.

        Args:
            source_key: The list; becomes the first part of its parties' uids.
            files: One file, or the tables of one OFAC set.
            at: Now, with time zone.
            by: Who imports.
            force_by: The person who takes responsibility for a damaged or shrunken list.
            reason: Why it is forced; needed with ``force_by``.

        Returns:
            The version now in force, new or known.

        Raises:
            UnreadableList: The files are no known list.
            HostileList: A file is built to harm a reader. Cannot be forced.
            DamagedList: The file is broken off, or more than 2 % of its rows are unusable.
            ListShrunk: More than 20 % of the parties or of the names are gone.
            StoreUnusable: The folder cannot be written, or its disk is full; nothing is changed.
        """
        check_source_key(source_key)
        if force_by is not None and not (force_by.strip() and (reason or "").strip()):
            raise BadInput("A list is forced by a named person and with a reason; give both.")
        moment = _iso(at)
        try:
            return self._imported(source_key, files, at, moment, by, force_by, reason)
        except OSError as error:
            raise StoreUnusable(
                f"The list {source_key} cannot be stored in {self._folder(source_key)}: "
                f"{error.strerror or error}. Nothing was changed."
            ) from error

    def _imported(
        self,
        source_key: str,
        files: Sequence[Path],
        at: datetime,
        moment: str,
        by: str,
        force_by: str | None,
        reason: str | None,
    ) -> ListVersion:
        folder = self._folder(source_key)
        (folder / "versions").mkdir(parents=True, exist_ok=True)
        (folder / "journal").mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as temporary:
            stage = Path(temporary) / "version"
            version = self._staged(stage, source_key, files, moment, by)
            objections = self._objections(version)
            for _ in range(100):
                before = self._adopted(source_key, None)
                if before is not None and before.version_id == version.version_id:
                    self.note_looked(source_key, at=at)
                    return self.version(source_key, version.version_id)
                refusals = [*objections, *self._shrinkage(source_key, before, version)]
                if refusals and force_by is None:
                    raise refusals[0]
                self._place(stage, source_key, version)
                entry = Adoption(
                    number=1 + (before.number if before is not None else 0),
                    version_id=version.version_id,
                    at=max(moment, before.at) if before is not None else moment,
                    by=by,
                    forced_by=(force_by or "") if refusals else "",
                    reason=(reason or "") if refusals else "",
                    objections=tuple(refusal.message for refusal in refusals),
                )
                if self._enter(source_key, entry):
                    self.note_looked(source_key, at=at)
                    return self.version(source_key, version.version_id)
        raise Conflict(f"The list {source_key} is being imported by many at once; try again.")

    def _staged(
        self, stage: Path, source_key: str, files: Sequence[Path], moment: str, by: str
    ) -> ListVersion:
        """Copy and read the files into a folder that is not yet a version."""
        (stage / "original").mkdir(parents=True)
        copies: list[Path] = []
        stored: list[StoredFile] = []
        for number, path in enumerate(files, 1):
            # The name comes from outside: keep what is harmless of it.
            name = re.sub(r"[^A-Za-z0-9._-]+", "_", path.name).lstrip(".")[-80:] or f"file-{number}"
            if any(copy.name == name for copy in copies):
                name = f"{number}-{name}"
            copy = stage / "original" / name
            size, sha256 = self._copy(path, copy)
            copies.append(copy)
            stored.append(StoredFile(name, size, sha256))
        reading = read_list(copies, source=source_key, limits=self._limits)
        hasher = hashlib.sha256()
        target = stage / "parties.jsonl.gz"
        with target.open("xb") as raw:
            # No name and no time in the header: equal parties give equal bytes.
            with gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
                for party in reading:
                    line = (encode_party(party) + "\n").encode()
                    hasher.update(line)
                    packed.write(line)
            raw.flush()
            os.fsync(raw.fileno())
        report = reading.report
        identity = "\n".join([PARSER_VERSION, *sorted(file.sha256 for file in stored)])
        version = ListVersion(
            source_key=source_key,
            version_id=hashlib.sha256(identity.encode()).hexdigest()[:16],
            format=reading.format.value,
            imported_at=moment,
            imported_by=by,
            dated=report.dated,
            parser_version=PARSER_VERSION,
            parties=report.parties,
            names=report.names,
            weak_names=report.weak_names,
            kinds=dict(sorted(report.kinds.items())),
            rows=report.rows,
            set_aside=report.set_aside_total,
            notes=dict(sorted(report.notes.items())),
            damage=tuple(report.damage),
            files=tuple(stored),
            parties_sha256=hasher.hexdigest(),
        )
        _write(stage / "manifest.json", _canonical(asdict(version)))
        _write(stage / "set-aside.json", _canonical([asdict(row) for row in report.set_aside]))
        return version

    def _copy(self, path: Path, copy: Path) -> tuple[int, str]:
        try:
            with path.open("rb") as source, copy.open("xb") as target:
                size, sha256 = _copy_stream(source, target, self._limits.file_bytes)
                target.flush()
                os.fsync(target.fileno())
        except OSError as error:
            raise BadInput(f"{path.name} cannot be read: {error.strerror}.") from error
        return size, sha256

    @staticmethod
    def _objections(version: ListVersion) -> list[BadInput]:
        if version.damage:
            return [
                DamagedList(
                    f"The list {version.source_key} is damaged and was not taken over: "
                    f"{version.damage[0]} Fetch it again, or force it by name and with a reason."
                )
            ]
        if version.set_aside > max(10, LARGEST_SHARE_SET_ASIDE * version.rows):
            return [
                DamagedList(
                    f"Of the {version.rows:,} rows of {version.source_key}, "
                    f"{version.set_aside:,} cannot be used; the list was not taken over. "
                    "Check the file, or force it by name and with a reason."
                )
            ]
        return []

    def _shrinkage(
        self, source_key: str, before: Adoption | None, version: ListVersion
    ) -> list[BadInput]:
        if before is None:
            return []
        old = self.version(source_key, before.version_id)
        for word, had, has in (
            ("parties", old.parties, version.parties),
            ("names", old.names, version.names),
        ):
            if has < had * (1 - LARGEST_SHRINKAGE):
                return [
                    ListShrunk(
                        f"The new {source_key} has {has:,} {word}; the one in force has {had:,}. "
                        f"More than {LARGEST_SHRINKAGE:.0%} are missing, so it was not taken over. "
                        "Check it at its publisher, or force it by name and with a reason."
                    )
                ]
        return []

    def _place(self, stage: Path, source_key: str, version: ListVersion) -> None:
        """Rename the finished folder to its version id; a version that is there already stays."""
        target = self._version_folder(source_key, version.version_id)
        if target.exists() or not stage.exists():
            return
        for path in stage.rglob("*"):
            if path.is_file():
                path.chmod(0o444)
        _sync_folder(stage)
        try:
            stage.rename(target)
        except OSError:
            # Another import of the same bytes was faster; its folder is as good as ours.
            if not (target / "manifest.json").is_file():
                raise
        _sync_folder(target.parent)

    def _enter(self, source_key: str, entry: Adoption) -> bool:
        """Write a journal entry; ``False`` where the number was taken meanwhile."""
        folder = self._folder(source_key) / "journal"
        draft = folder / f".draft-{os.getpid()}-{os.urandom(4).hex()}"
        _write(draft, _canonical(asdict(entry)))
        draft.chmod(0o444)
        try:
            os.link(draft, folder / f"{entry.number:06d}.json")
        except FileExistsError:
            return False
        finally:
            draft.unlink()
        _sync_folder(folder)
        return True

    # Comparing

    def diff(self, old: ListVersion, new: ListVersion) -> ListDiff:
        """Compare two versions by party uid and name uid. Reads both; decodes what differs only."""
        before = {head_of(line)[0]: line for line in self.lines(old)}
        after = {head_of(line)[0]: line for line in self.lines(new)}
        return compare(before, after)

    # Inside

    def _folder(self, source_key: str) -> Path:
        return self.root / "lists" / check_source_key(source_key)

    def _version_folder(self, source_key: str, version_id: str) -> Path:
        return self._folder(source_key) / "versions" / version_id

    def _adopted(self, source_key: str, on: date | datetime | None) -> Adoption | None:
        entries = self.journal(source_key)
        if on is None:
            return entries[-1] if entries else None
        if isinstance(on, datetime):
            limit = _iso(on)
        else:
            end = datetime.combine(on, time(), UTC) + timedelta(days=1) - timedelta(microseconds=1)
            limit = _iso(end)
        return next((entry for entry in reversed(entries) if entry.at <= limit), None)

    @staticmethod
    def _damaged(version: ListVersion) -> VersionDamaged:
        return VersionDamaged(
            f"Version {version.version_id} of {version.source_key} is not what was stored on "
            f"{version.imported_at[:10]}. Restore the store's folder from a copy, or import the "
            "list again into a new store."
        )


def _copy_stream(source: BinaryIO, target: BinaryIO, limit: int) -> tuple[int, str]:
    hasher = hashlib.sha256()
    size = 0
    while chunk := source.read(1 << 20):
        size += len(chunk)
        if size > limit:
            raise BadInput(f"The file is larger than {limit:,} bytes; no watch list is.")
        hasher.update(chunk)
        target.write(chunk)
    return size, hasher.hexdigest()


def _hash_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def compare(before: dict[str, str], after: dict[str, str]) -> ListDiff:
    """Compare two lists given as canonical lines by party uid."""
    added = sorted(after.keys() - before.keys())
    removed = sorted(before.keys() - after.keys())
    changed = sorted(uid for uid in after.keys() & before.keys() if after[uid] != before[uid])
    names_added: list[NameChange] = []
    names_changed: list[NameChange] = []
    names_removed: list[NameChange] = []
    for uid in sorted({*added, *removed, *changed}):
        old = _names(before.get(uid))
        new = _names(after.get(uid))
        for name in sorted(old.keys() | new.keys()):
            was, now = old.get(name, ("", "")), new.get(name, ("", ""))
            if was[0] == now[0]:
                continue
            change = NameChange(uid, name, was[1], now[1])
            if not was[0]:
                names_added.append(change)
            elif not now[0]:
                names_removed.append(change)
            else:
                names_changed.append(change)
    return ListDiff(
        tuple(added),
        tuple(changed),
        tuple(removed),
        tuple(names_added),
        tuple(names_changed),
        tuple(names_removed),
    )


def _names(line: str | None) -> dict[str, tuple[str, str]]:
    """Return the names of a canonical line: uid to (canonical name, text)."""
    if line is None:
        return {}
    return {name.uid: (encode_name(name), name.text) for name in decode_party(line).names}
