"""The state of an installation's re-screening: one SQLite file and an index of the parties' names.

Every transaction leaves it consistent: a party is either screened against the listed set that the
state holds, or marked as still to be screened. Nothing here decides what to screen.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenlane.core.errors import BadInput, Conflict
from greenlane.screening.codec import decode_subject, encode_subject
from greenlane.screening.matches import Match, Pair, identifier_key
from greenlane.screening.records import Kind, Subject

if TYPE_CHECKING:
    from greenlane.screening.index import Index

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS subjects(
    no INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, line TEXT NOT NULL,
    revision INTEGER NOT NULL, generation INTEGER NOT NULL, is_indexed INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS subjects_generation ON subjects(generation, no);
CREATE INDEX IF NOT EXISTS subjects_unindexed ON subjects(no) WHERE is_indexed = 0;
CREATE TABLE IF NOT EXISTS numbers(
    key TEXT NOT NULL, no INTEGER NOT NULL, PRIMARY KEY(key, no)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS numbers_no ON numbers(no);
CREATE TABLE IF NOT EXISTS listed(uid TEXT PRIMARY KEY, line TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS matches(
    uid TEXT NOT NULL, no INTEGER NOT NULL, pairs TEXT NOT NULL, hit TEXT NOT NULL,
    PRIMARY KEY(uid, no)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS matches_no ON matches(no);
CREATE TABLE IF NOT EXISTS runs(
    run INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL,
    fingerprint TEXT NOT NULL, versions TEXT NOT NULL, is_finished INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS changes(
    run INTEGER NOT NULL, subject_id TEXT NOT NULL, listed_uid TEXT NOT NULL,
    before TEXT NOT NULL, after TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS changes_run ON changes(run);
"""

SEGMENT_SUBJECTS = 250_000
"""Parties in one segment of the index of parties; bounds the memory of building it."""


class StateUnusable(BadInput):
    """The folder of the re-screening state cannot be used. Name a folder that can be written."""

    code = "screening.state_unusable"


class RescreeningBusy(Conflict):
    """Another re-screening of this installation is running. Wait for it, then start again."""

    code = "screening.busy"


@dataclass(frozen=True, slots=True)
class StoredMatch:
    """A match as it is stored: the party's number in the state, pairs and hit."""

    no: int
    pairs: tuple[Pair, ...]
    hit: str


def _pairs_of(text: str) -> tuple[Pair, ...]:
    return tuple((uid, place, score) for uid, place, score in json.loads(text))


class RescreenState:
    """The open state; a context manager. A writer holds the installation's lock."""

    def __init__(self, folder: Path, *, is_reader: bool = False) -> None:
        """Open or make the state in a folder.

        Args:
            folder: The state's folder.
            is_reader: Only read, also while a run is at work; what is seen is the state of its last
                transaction.

        Raises:
            RescreeningBusy: Another process is writing.
            StateUnusable: The folder cannot be written, or what stands in it is no state.
        """
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = (folder / "lock").open("w")
        except OSError as error:
            raise StateUnusable(f"{folder} cannot be written: {error.strerror}.") from error
        try:
            if not is_reader:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise RescreeningBusy from error
        try:
            self.db = sqlite3.connect(folder / "state.sqlite", isolation_level=None)
            self.db.execute("PRAGMA journal_mode=WAL")
            self.db.execute("PRAGMA synchronous=FULL")
            self.db.execute("PRAGMA temp_store=FILE")
            self.db.executescript(_SCHEMA)
        except sqlite3.DatabaseError as error:
            self._lock.close()
            raise StateUnusable(
                f"The re-screening state in {folder} cannot be opened ({error}). If it is damaged, "
                "name an empty folder: the next run then screens everybody."
            ) from error

    def __enter__(self) -> RescreenState:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()
        self._lock.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do everything inside or nothing."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    # Small facts

    def get(self, key: str, default: str = "") -> str:
        """Return a small fact of the state."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else default

    def set(self, key: str, value: str) -> None:
        """Keep a small fact of the state."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def generation(self) -> int:
        """Rises with every full run; a party of an older generation is still to be screened."""
        return int(self.get("generation", "0"))

    def count(self, query: str, *values: object) -> int:
        """Return the one number of a query."""
        return int(self.db.execute(query, values).fetchone()[0])

    # Parties

    def stale_subjects(self, limit: int) -> list[tuple[int, Subject]]:
        """Return parties that are still to be screened, in the order of their numbers."""
        rows = self.db.execute(
            "SELECT no, line FROM subjects WHERE generation < ? ORDER BY generation, no LIMIT ?",
            (self.generation, limit),
        )
        return [(no, decode_subject(line)) for no, line in rows]

    def subjects(self, numbers: Iterable[int]) -> dict[int, Subject]:
        """Return parties by their numbers; those that are gone are missing."""
        found: dict[int, Subject] = {}
        for part in _parts(sorted(set(numbers)), 500):
            marks = ",".join("?" * len(part))
            query = f"SELECT no, line FROM subjects WHERE no IN ({marks})"  # noqa: S608 - marks only
            found.update((no, decode_subject(line)) for no, line in self.db.execute(query, part))
        return found

    def put_subject(self, subject_id: str, line: str) -> None:
        """Add a party or give it new content; it is then to be screened and indexed again."""
        row = self.db.execute("SELECT no FROM subjects WHERE id = ?", (subject_id,)).fetchone()
        if row is None:
            no = self.db.execute(
                "INSERT INTO subjects(id, line, revision, generation, is_indexed) "
                "VALUES (?, ?, 1, 0, 0)",
                (subject_id, line),
            ).lastrowid
        else:
            (no,) = row
            self.db.execute(
                "UPDATE subjects SET line = ?, revision = revision + 1, generation = 0, "
                "is_indexed = 0 WHERE no = ?",
                (line, no),
            )
            self.db.execute("DELETE FROM numbers WHERE no = ?", row)
        for identifier in decode_subject(line).identifiers:
            key = identifier_key(identifier)
            self.db.execute("INSERT OR IGNORE INTO numbers VALUES (?, ?)", (key, no))

    def drop_subject(self, run: int, subject_id: str) -> None:
        """Take a party out, with its matches; its hits are recorded as closed."""
        row = self.db.execute("SELECT no FROM subjects WHERE id = ?", (subject_id,)).fetchone()
        if row is None:
            return
        self.replace_matches(run, row[0], subject_id, [])
        self.db.execute("DELETE FROM numbers WHERE no = ?", row)
        self.db.execute("DELETE FROM subjects WHERE no = ?", row)

    def with_identifiers(self, keys: Iterable[str]) -> AbstractSet[int]:
        """Return the numbers of the parties that bear one of these identifiers."""
        found: set[int] = set()
        for key in set(keys):
            rows = self.db.execute("SELECT no FROM numbers WHERE key = ?", (key,))
            found.update(no for (no,) in rows)
        return found

    # Matches

    def replace_matches(self, run: int, no: int, subject_id: str, matches: Sequence[Match]) -> None:
        """Give a party new matches and record what changed of its hits."""
        before = dict(self.db.execute("SELECT uid, hit FROM matches WHERE no = ?", (no,)))
        after = {match.listed_uid: match.hit for match in matches}
        for uid in sorted(before.keys() | after.keys()):
            self.record(run, subject_id, uid, before.get(uid, ""), after.get(uid, ""))
        self.db.execute("DELETE FROM matches WHERE no = ?", (no,))
        self.db.executemany(
            "INSERT INTO matches VALUES (?, ?, ?, ?)",
            [(m.listed_uid, no, _text_of(m.pairs), m.hit) for m in matches],
        )

    def put_match(self, run: int, no: int, subject_id: str, match: Match, before: str) -> None:
        """Store one match, or drop it where nothing of it is left; ``before`` is its former hit."""
        self.record(run, subject_id, match.listed_uid, before, match.hit)
        if match.pairs or match.hit:
            self.db.execute(
                "INSERT OR REPLACE INTO matches VALUES (?, ?, ?, ?)",
                (match.listed_uid, no, _text_of(match.pairs), match.hit),
            )
        else:
            self.db.execute("DELETE FROM matches WHERE uid = ? AND no = ?", (match.listed_uid, no))

    def matches_of(self, uid: str) -> list[StoredMatch]:
        """Return all matches of a listed party."""
        rows = self.db.execute("SELECT no, pairs, hit FROM matches WHERE uid = ?", (uid,))
        return [StoredMatch(no, _pairs_of(pairs), hit) for no, pairs, hit in rows]

    def record(self, run: int, subject_id: str, uid: str, before: str, after: str) -> None:
        """Record that a hit was opened, changed or closed; nothing where it stayed the same."""
        if before != after:
            self.db.execute(
                "INSERT INTO changes VALUES (?, ?, ?, ?, ?)", (run, subject_id, uid, before, after)
            )

    # The index of the parties' names

    def index_parties(self) -> None:
        """Bring the index of the parties' names up to date; adds segments, or makes all anew.

        A party that changed keeps its old entries until the segments are made anew; they carry the
        former revision and are passed over.
        """
        total = self.count("SELECT count(*) FROM subjects")
        new = self.count("SELECT count(*) FROM subjects WHERE is_indexed = 0")
        if not new:
            return
        segments: list[str] = json.loads(self.get("segments", "[]"))
        dead = int(self.get("indexed", "0")) - (total - new)
        if segments and (len(segments) > 8 + total // SEGMENT_SUBJECTS or new + dead > total // 4):
            with self.transaction():
                self.db.execute("UPDATE subjects SET is_indexed = 0")
                self.set("segments", "[]")
                self.set("indexed", "0")
            segments = []
        while rows := self.db.execute(
            "SELECT no, revision, line FROM subjects WHERE is_indexed = 0 ORDER BY no LIMIT ?",
            (SEGMENT_SUBJECTS,),
        ).fetchall():
            number = int(self.get("last_segment", "0")) + 1
            name = f"parties-{number:06d}"
            self._build_segment(name, rows)
            segments.append(name)
            with self.transaction():
                self.set("segments", json.dumps(segments))
                self.set("last_segment", str(number))
                self.set("indexed", str(int(self.get("indexed", "0")) + len(rows)))
                self.db.execute(
                    "UPDATE subjects SET is_indexed = 1 WHERE is_indexed = 0 AND no <= ?",
                    (rows[-1][0],),
                )
        for path in self.folder.glob("parties-*"):
            if path.name not in segments:
                shutil.rmtree(path, ignore_errors=True)

    def _build_segment(self, name: str, rows: Sequence[tuple[int, int, str]]) -> None:
        from greenlane.screening.index import Index
        from greenlane.screening.versions import SCORER_VERSION

        keys: list[str] = []
        names: list[str] = []
        kinds: list[Kind] = []
        for no, revision, line in rows:
            subject = decode_subject(line)
            for place, text in enumerate(subject.names):
                keys.append(f"{no}:{revision}:{place}")
                names.append(text)
                kinds.append(subject.kind)
        Index.build(keys, names, kinds, version=SCORER_VERSION).save(self.folder / name)

    def party_indexes(self) -> list[Index]:
        """Return the segments of the index of the parties' names, memory-mapped.

        Segments of another scorer version, or damaged ones, are made anew first.
        """
        from greenlane.screening.index import Index, IndexUnusable

        self.index_parties()
        try:
            return [Index.open(self.folder / name) for name in self._segments()]
        except IndexUnusable:
            with self.transaction():
                self.db.execute("UPDATE subjects SET is_indexed = 0")
                self.set("segments", "[]")
                self.set("indexed", "0")
            self.index_parties()
            return [Index.open(self.folder / name) for name in self._segments()]

    def _segments(self) -> list[str]:
        return [str(name) for name in json.loads(self.get("segments", "[]"))]

    def revisions(self, numbers: Iterable[int]) -> dict[int, int]:
        """Return the present revision of parties by their numbers."""
        found: dict[int, int] = {}
        for part in _parts(sorted(set(numbers)), 500):
            marks = ",".join("?" * len(part))
            query = f"SELECT no, revision FROM subjects WHERE no IN ({marks})"  # noqa: S608 - marks only
            found.update(self.db.execute(query, part))
        return found


def _text_of(pairs: Sequence[Pair]) -> str:
    return json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))


def _parts(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def load_parties(state: RescreenState, subjects: Iterable[Subject]) -> tuple[list[str], int]:
    """Compare all parties of an installation with the state's.

    Returns:
        Ids of the parties that are gone, sorted, and the number of those that are new or changed;
        these stand in the temporary table ``fresh(id, line)`` until the state is closed.

    Raises:
        Conflict: Two parties have one id.
    """
    db = state.db
    db.execute("DROP TABLE IF EXISTS temp.incoming")
    db.execute("CREATE TEMP TABLE incoming(id TEXT PRIMARY KEY, line TEXT NOT NULL) WITHOUT ROWID")
    db.execute("BEGIN")
    try:
        db.executemany(
            "INSERT INTO incoming VALUES (?, ?)",
            ((subject.subject_id, encode_subject(subject)) for subject in subjects),
        )
    except sqlite3.IntegrityError as error:
        db.execute("ROLLBACK")
        raise Conflict(
            "Two parties of the file have the same subject_id; every party needs one of its own."
        ) from error
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
    gone = db.execute(
        "SELECT id FROM subjects WHERE NOT EXISTS "
        "(SELECT 1 FROM incoming WHERE incoming.id = subjects.id) ORDER BY id"
    )
    removed = [id_ for (id_,) in gone]
    db.execute("DROP TABLE IF EXISTS temp.fresh")
    db.execute(
        "CREATE TEMP TABLE fresh AS SELECT incoming.id AS id, incoming.line AS line FROM incoming "
        "LEFT JOIN subjects ON subjects.id = incoming.id "
        "WHERE subjects.line IS NULL OR subjects.line <> incoming.line ORDER BY incoming.id"
    )
    return removed, state.count("SELECT count(*) FROM fresh")
