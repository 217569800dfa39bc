"""Re-screens an installation's parties: in full where it must, else only what changed.

The result of a delta equals that of a full run byte for byte. A run that is killed goes on where it
stopped; a run that has nothing to do does nothing. Nothing here reads a clock or a list format.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from greenlane.core.errors import BadInput, Conflict
from greenlane.screening.codec import encode_subject
from greenlane.screening.delta import Progress, apply_change, find_change, replace_listed
from greenlane.screening.listed_set import ListedSet
from greenlane.screening.matches import ListedNames, Settings, screen_subjects
from greenlane.screening.records import Subject
from greenlane.screening.rescreen_state import RescreenState, load_parties
from greenlane.screening.subjects import is_parquet, pyarrow
from greenlane.screening.tabular import NAMES, OutputUnusable, no_formula

BATCH_SUBJECTS = 5_000
"""Parties screened and committed at a time: what a killed run loses at most."""

_GOES_ON = "goes on after an interruption: "

HIT_COLUMNS = (
    "subject_id",
    "listed_uid",
    "name_uid",
    "subject_name",
    "listed_name",
    "score",
    "name_score",
    "level",
    "is_weak",
    "evidence",
    "source",
    "list_version",
    "scorer_version",
)


class RunKind(StrEnum):
    """Whether every party was screened, only what changed, or nothing at all."""

    FULL = "FULL"
    DELTA = "DELTA"
    NOTHING = "NOTHING"


@dataclass(frozen=True, slots=True)
class HitChange:
    """One hit that was opened (``before`` empty), changed, or closed (``after`` empty).

    Both are the hit's canonical JSON: key, names, scores, level, evidence.
    """

    subject_id: str
    listed_uid: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a re-screening did.

    Attributes:
        run: Number of the run, rising.
        kind: Full, delta or nothing.
        reason: Why it was that.
        parties_screened: Parties run against the lists.
        names_searched: Listed names run against the parties.
        opened: Hits that are new.
        changed: Hits that differ.
        closed: Hits that are gone.
        hits: Hits there are now.
    """

    run: int
    kind: RunKind
    reason: str
    parties_screened: int
    names_searched: int
    opened: int
    changed: int
    closed: int
    hits: int


@dataclass(frozen=True, slots=True)
class Parties:
    """Which parties a run is about.

    Attributes:
        everyone: All parties of the installation; whoever is missing is gone. ``None`` where only
            ``put`` and ``removed`` are told.
        fingerprint: Text that is equal only where ``everyone`` is (a file hash); empty if unknown.
        put: Parties that are new or changed.
        removed: Ids of parties that are gone.
    """

    everyone: Iterable[Subject] | None = None
    fingerprint: str = ""
    put: Iterable[Subject] = ()
    removed: Iterable[str] = ()


NO_CHANGE = Parties()


def settings_of(
    *,
    review: float | None = None,
    alert: float | None = None,
    floor: float | None = None,
    weak_names_alert: bool = False,
) -> Settings:
    """Return settings with the shipped levels and floor where none are given.

    Args:
        review: Score from which a hit is for review, share of 1.
        alert: Score from which a hit is an alert, not below ``review``.
        floor: Name score below which a pair of names is not kept.
        weak_names_alert: Whether a weak alias may alert alone.

    Raises:
        BadInput: A share is not between 0 and 1, or alert lies below review.
    """
    from greenlane.screening.levels import DEFAULT_FLOOR, DEFAULT_LEVELS, Levels

    levels = Levels(
        review=DEFAULT_LEVELS.review if review is None else review,
        alert=DEFAULT_LEVELS.alert if alert is None else alert,
    )
    lowest = DEFAULT_FLOOR if floor is None else floor
    if not (DEFAULT_FLOOR <= lowest <= 1 and 0 <= levels.review <= levels.alert <= 1):
        raise BadInput(
            f"Levels must be shares with {DEFAULT_FLOOR} <= floor <= 1 and review <= alert; "
            f"given were floor {lowest}, review {levels.review}, alert {levels.alert}."
        )
    return Settings(floor=lowest, levels=levels, weak_names_alert=weak_names_alert)


def rescreen(
    folder: Path,
    listed: ListedSet,
    parties: Parties,
    settings: Settings,
    *,
    at: datetime,
    is_full: bool = False,
    progress: Progress | None = None,
    names: Path | None = None,
) -> Outcome:
    """Bring an installation's hits up to date with its parties and the lists in force.

    Args:
        folder: The state's folder.
        listed: What is screened against.
        parties: Who is screened, all or only what changed.
        settings: Floor and levels. A change of them, or of the scorer, forces one full run.
        at: Now, with time zone; kept with the run.
        is_full: Screen every party in any case.
        progress: Called after each batch with (done, total).
        names: Folder of an index of these very lists, made ready for others as well
            (`ready.ReadyLists.names`); one in the state's folder by default.

    Returns:
        What was done; `changes` tells each hit.

    Raises:
        RescreeningBusy: Another run is at work on this state.
        Conflict: Two parties have one id.
    """
    if at.tzinfo is None:
        raise BadInput("A time without time zone was given; runs are dated in UTC.")
    with RescreenState(folder) as state:
        index = names or state.folder / "listed"
        return _run(state, listed, parties, settings, at, is_full, progress, index)


def _run(
    state: RescreenState,
    listed: ListedSet,
    parties: Parties,
    settings: Settings,
    at: datetime,
    is_full: bool,
    progress: Progress | None,
    index: Path,
) -> Outcome:
    plan = _plan(state, settings, is_full)
    is_parties_known = bool(parties.fingerprint) and parties.fingerprint == state.get("parties")
    change = find_change(state, listed)
    removed: list[str] = []
    put: Iterable[tuple[str, str]] = ()
    count = 0
    if parties.everyone is not None and not is_parties_known:
        removed, count = load_parties(state, parties.everyone)
        put = state.db.execute("SELECT id, line FROM fresh ORDER BY id") if count else ()
    elif parties.everyone is None:
        removed = sorted(parties.removed)
        lines = sorted((subject.subject_id, encode_subject(subject)) for subject in parties.put)
        put = [entry for entry in lines if not _is_known(state, *entry)]
        count = len(put)
    if plan.is_idle and change.is_empty and not removed and not count:
        with state.transaction():
            _remember(state, listed, parties)
        return _outcome(state, 0, RunKind.NOTHING, "nothing changed", 0, 0)
    run = _begin(state, plan, settings, listed, at)
    searched = 0
    if not change.is_empty:
        if plan.is_new_generation:
            with state.transaction():
                _drop_listed(state, change.removed, run)
                replace_listed(state, listed, change)
        else:
            searched = apply_change(state, listed, change, settings, run)
    with state.transaction():
        for subject_id in removed:
            state.drop_subject(run, subject_id)
        for subject_id, line in put:
            state.put_subject(subject_id, line)
        _remember(state, listed, parties)
    screened = _screen_stale(state, listed, settings, run, progress, index)
    state.index_parties()
    with state.transaction():
        state.db.execute("UPDATE runs SET is_finished = 1 WHERE run = ?", (run,))
    return _outcome(state, run, plan.kind, plan.reason, screened, searched)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a run is and why.

    ``is_new_generation`` makes every party one still to be screened; a full run that goes on after
    an interruption does not. ``is_idle``: nothing to do unless parties or lists changed.
    """

    kind: RunKind
    reason: str
    is_new_generation: bool = False
    is_idle: bool = False


def _plan(state: RescreenState, settings: Settings, is_full: bool) -> _Plan:
    last = state.db.execute(
        "SELECT kind, reason, fingerprint, is_finished FROM runs ORDER BY run DESC LIMIT 1"
    ).fetchone()
    if last is None:
        return _Plan(RunKind.FULL, "first run", is_new_generation=True)
    kind, reason, fingerprint, is_finished = last
    if fingerprint != settings.fingerprint:
        why = f"scorer or settings changed: {fingerprint} -> {settings.fingerprint}"
        return _Plan(RunKind.FULL, why, is_new_generation=True)
    if is_full and (is_finished or kind != RunKind.FULL):
        return _Plan(RunKind.FULL, "asked for", is_new_generation=True)
    if not is_finished:
        first = str(reason).removeprefix(_GOES_ON)
        return _Plan(RunKind(kind), f"{_GOES_ON}{first}")
    return _Plan(RunKind.DELTA, "parties or lists changed", is_idle=True)


def _begin(
    state: RescreenState, plan: _Plan, settings: Settings, listed: ListedSet, at: datetime
) -> int:
    """Open a run; a full one makes every party one still to be screened."""
    with state.transaction():
        run = 1 + state.count("SELECT coalesce(max(run), 0) FROM runs")
        if plan.is_new_generation:
            state.set("generation", str(state.generation + 1))
        state.db.execute(
            "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, 0)",
            (
                run,
                at.astimezone(UTC).isoformat(timespec="microseconds"),
                plan.kind.value,
                plan.reason,
                settings.fingerprint,
                json.dumps(dict(listed.versions), sort_keys=True),
            ),
        )
    return run


def _is_known(state: RescreenState, subject_id: str, line: str) -> bool:
    row = state.db.execute("SELECT line FROM subjects WHERE id = ?", (subject_id,)).fetchone()
    return row is not None and row[0] == line


def _remember(state: RescreenState, listed: ListedSet, parties: Parties) -> None:
    state.set("versions", json.dumps(dict(listed.versions), sort_keys=True))
    if parties.everyone is not None:
        state.set("parties", parties.fingerprint)
    elif parties is not NO_CHANGE:
        state.set("parties", "")


def _drop_listed(state: RescreenState, uids: Iterable[str], run: int) -> None:
    """Drop matches of parties that are gone from the lists before a full run, with a record."""
    for uid in uids:
        rows = [(row.no, row.hit) for row in state.matches_of(uid) if row.hit]
        subjects = state.subjects(no for no, _ in rows)
        for no, hit in rows:
            if no in subjects:
                state.record(run, subjects[no].subject_id, uid, hit, "")
        state.db.execute("DELETE FROM matches WHERE uid = ?", (uid,))


def _screen_stale(
    state: RescreenState,
    listed: ListedSet,
    settings: Settings,
    run: int,
    progress: Progress | None,
    index: Path,
) -> int:
    """Run every party that is still to be screened against the lists, batch by batch."""
    generation = state.generation
    total = state.count("SELECT count(*) FROM subjects WHERE generation < ?", generation)
    if not total:
        return 0
    lines = [listed.lines[uid] for uid in sorted(listed.lines)]
    names = ListedNames.open(index, lines, version=listed.digest)
    done = 0
    while batch := state.stale_subjects(BATCH_SUBJECTS):
        results = screen_subjects(names, [subject for _, subject in batch], settings)
        with state.transaction():
            for (no, subject), matches in zip(batch, results, strict=True):
                state.replace_matches(run, no, subject.subject_id, matches)
            state.db.executemany(
                "UPDATE subjects SET generation = ? WHERE no = ?",
                ((generation, no) for no, _ in batch),
            )
        done += len(batch)
        if progress is not None:
            progress(done, total)
    return done


def _outcome(
    state: RescreenState, run: int, kind: RunKind, reason: str, screened: int, searched: int
) -> Outcome:
    count = state.count
    return Outcome(
        run=run,
        kind=kind,
        reason=reason,
        parties_screened=screened,
        names_searched=searched,
        opened=count("SELECT count(*) FROM changes WHERE run = ? AND before = ''", run),
        changed=count(
            "SELECT count(*) FROM changes WHERE run = ? AND before <> '' AND after <> ''", run
        ),
        closed=count("SELECT count(*) FROM changes WHERE run = ? AND after = ''", run),
        hits=count("SELECT count(*) FROM matches WHERE hit <> ''"),
    )


def changes(folder: Path, run: int) -> list[HitChange]:
    """Return what a run changed, by subject and listed party; cases follow from it."""
    with RescreenState(folder, is_reader=True) as state:
        rows = state.db.execute(
            "SELECT subject_id, listed_uid, before, after FROM changes WHERE run = ? "
            "ORDER BY subject_id, listed_uid, rowid",
            (run,),
        )
        return [HitChange(*row) for row in rows]


def read_hits(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield every hit of a finished state as one row of `HIT_COLUMNS`.

    Sorted by subject, then best score, then listed uid.

    Raises:
        Conflict: A run was interrupted, so that the hits are not yet those of one moment.
    """
    with RescreenState(folder, is_reader=True) as state:
        open_runs = state.count(
            "SELECT count(*) FROM subjects WHERE generation < ?", state.generation
        )
        if open_runs:
            raise Conflict(
                f"{open_runs:,} parties are still to be screened: the last run was interrupted. "
                "Run `greenlane rescreen` again; it goes on where it stopped."
            )
        versions: dict[str, str] = json.loads(state.get("versions", "{}"))
        query = (
            "SELECT s.id, m.hit FROM subjects s JOIN matches m ON m.no = s.no "
            "WHERE m.hit <> '' ORDER BY s.id"
        )
        group: list[dict[str, Any]] = []
        for subject_id, text in state.db.execute(query):
            if group and group[0]["subject_id"] != subject_id:
                yield from sorted(group, key=_best_first)
                group = []
            group.append(hit_row(json.loads(text), versions))
        yield from sorted(group, key=_best_first)


def _best_first(row: dict[str, Any]) -> tuple[float, str]:
    return -row["score"], row["listed_uid"]


def hit_row(hit: Mapping[str, Any], versions: Mapping[str, str]) -> dict[str, Any]:
    """Return a stored hit as one row of `HIT_COLUMNS`, with the version of the list it is on."""
    key = hit["key"]
    uid: str = key["listed_uid"]
    source = max((k for k in versions if uid.startswith(f"{k}-")), key=len, default="")
    return {
        "subject_id": key["subject_id"],
        "listed_uid": uid,
        "name_uid": key["name_uid"],
        "subject_name": hit["subject_name"],
        "listed_name": hit["listed_name"],
        "score": hit["score"],
        "name_score": hit["name_score"],
        "level": hit["level"],
        "is_weak": hit["is_weak"],
        "evidence": json.dumps(
            hit["evidence"], ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ),
        "source": source,
        "list_version": versions.get(source, ""),
        "scorer_version": key["scorer_version"],
    }


def write_hits(folder: Path, path: Path) -> int:
    """Write every hit to a CSV or Parquet file in one step; return how many there are.

    The bytes depend on parties, lists and settings alone, never on how the state came about.
    """
    draft = path.with_name(f".{path.name}.draft")
    rows = read_hits(folder)
    try:
        count = _write_parquet(draft, rows) if is_parquet(path) else _write_csv(draft, rows)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise OutputUnusable(f"{path} cannot be written: {error.strerror}.") from error
    return count


def _write_csv(path: Path, rows: Iterable[dict[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, HIT_COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            cells = dict(row)
            for column in ("score", "name_score"):
                cells[column] = f"{row[column]:.6f}"
            cells["is_weak"] = "true" if row["is_weak"] else "false"
            for column in NAMES & cells.keys():
                cells[column] = no_formula(row[column])
            writer.writerow(cells)
            count += 1
        stream.flush()
        os.fsync(stream.fileno())
    return count


def _write_parquet(path: Path, rows: Iterable[dict[str, Any]]) -> int:
    pa, pq = pyarrow()
    types = {"score": pa.float64(), "name_score": pa.float64(), "is_weak": pa.bool_()}
    schema = pa.schema([(column, types.get(column, pa.string())) for column in HIT_COLUMNS])
    count = 0
    with pq.ParquetWriter(path, schema) as writer:
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append(row)
            count += 1
            if len(batch) == 50_000:
                writer.write_table(pa.Table.from_pylist(batch, schema))
                batch = []
        if batch:
            writer.write_table(pa.Table.from_pylist(batch, schema))
    return count


def hits_as_csv(folder: Path) -> bytes:
    """Return the CSV of all hits as bytes, for comparing two states."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HIT_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(read_hits(folder))
    return text.getvalue().encode()
