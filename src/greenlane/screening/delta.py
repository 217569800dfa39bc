"""What a change of the lists means for the hits: only names that are new or changed are searched.

The searched names meet the index of the parties' names with the roles swapped; the score of a pair
is the same whichever side is indexed. Nothing here runs a party against the lists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from greenlane.screening.codec import decode_party
from greenlane.screening.listed_set import ListedSet
from greenlane.screening.matches import Match, Pair, Settings, decide, identifier_key, name_key
from greenlane.screening.records import Kind, ListedParty
from greenlane.screening.rescreen_state import RescreenState, StoredMatch


@dataclass(frozen=True, slots=True)
class ListChange:
    """What differs between the listed set of the state and another.

    Attributes:
        removed: Uids that are gone, sorted.
        put: Uids that are new or differ in anything, sorted.
    """

    removed: tuple[str, ...]
    put: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both sets say the same."""
        return not (self.removed or self.put)


@dataclass(slots=True)
class _Searched:
    """The names of one changed party that are searched, and those whose old pairs are void."""

    party: ListedParty
    void: set[str]
    names: list[str]


def find_change(state: RescreenState, listed: ListedSet) -> ListChange:
    """Compare the state's listed set with another by canonical lines."""
    before = dict(state.db.execute("SELECT uid, line FROM listed"))
    lines = listed.lines
    return ListChange(
        removed=tuple(sorted(before.keys() - lines.keys())),
        put=tuple(sorted(uid for uid, line in lines.items() if before.get(uid) != line)),
    )


def replace_listed(state: RescreenState, listed: ListedSet, change: ListChange) -> None:
    """Store the new listed set without looking at any party. Call it inside a transaction."""
    state.db.executemany("DELETE FROM listed WHERE uid = ?", ((uid,) for uid in change.removed))
    state.db.executemany(
        "INSERT OR REPLACE INTO listed VALUES (?, ?)",
        ((uid, listed.lines[uid]) for uid in change.put),
    )


def apply_change(
    state: RescreenState, listed: ListedSet, change: ListChange, settings: Settings, run: int
) -> int:
    """Carry a change of the lists into the state's matches, all of it or nothing.

    Afterwards every party that was exact for the old set is exact for the new one.

    Args:
        state: The state, its index of parties up to date or not.
        listed: The new listed set.
        change: What `find_change` found.
        settings: Floor and levels; those of the state's last full run.
        run: Number of the run, for the record of changes.

    Returns:
        How many listed names were searched.
    """
    searched = [_searched(state, listed, uid) for uid in change.put]
    found = _search(state, searched, settings)
    with state.transaction():
        for uid in change.removed:
            _drop_party(state, uid, run)
        for entry in searched:
            _put_party(state, entry, found.get(entry.party.uid, {}), settings, run)
        replace_listed(state, listed, change)
    return sum(len(entry.names) for entry in searched)


def _searched(state: RescreenState, listed: ListedSet, uid: str) -> _Searched:
    """Tell which names of a changed party must be searched: those whose score may differ."""
    party = decode_party(listed.lines[uid])
    row = state.db.execute("SELECT line FROM listed WHERE uid = ?", (uid,)).fetchone()
    old: dict[str, tuple[str, Kind]] = {}
    if row is not None:
        before = decode_party(row[0])
        old = {name.uid: name_key(before, name) for name in before.names}
    new = {name.uid: name_key(party, name) for name in party.names}
    names = [name_uid for name_uid, key in new.items() if old.get(name_uid) != key]
    return _Searched(party, {uid_ for uid_ in old if old[uid_] != new.get(uid_)}, names)


def _search(
    state: RescreenState, searched: list[_Searched], settings: Settings
) -> dict[str, dict[int, list[Pair]]]:
    """Search names against the parties; return pairs by listed uid and party number."""
    texts: list[str] = []
    kinds: list[Kind] = []
    owners: list[tuple[str, str]] = []
    for entry in searched:
        by_uid = {name.uid: name for name in entry.party.names}
        for name_uid in entry.names:
            texts.append(by_uid[name_uid].text)
            kinds.append(entry.party.kind)
            owners.append((entry.party.uid, name_uid))
    raw: list[tuple[int, int, int, int, float]] = []
    if texts:
        from greenlane.screening.index import Roles

        for index in state.party_indexes():
            pairs = index.search(texts, kinds, floor=settings.floor, roles=Roles.QUERIES_ARE_LISTED)
            for query, place, score in zip(
                pairs.query.tolist(), pairs.entry.tolist(), pairs.score.tolist(), strict=True
            ):
                no, revision, ordinal = map(int, index.key(place).split(":"))
                raw.append((query, no, revision, ordinal, score))
    present = state.revisions(no for _, no, _, _, _ in raw)
    found: dict[str, dict[int, list[Pair]]] = {}
    for query, no, revision, ordinal, score in raw:
        if present.get(no) == revision:
            uid, name_uid = owners[query]
            found.setdefault(uid, {}).setdefault(no, []).append((name_uid, ordinal, score))
    return found


def _drop_party(state: RescreenState, uid: str, run: int) -> None:
    rows = state.matches_of(uid)
    subjects = state.subjects(row.no for row in rows if row.hit)
    for row in rows:
        if row.hit and row.no in subjects:
            state.record(run, subjects[row.no].subject_id, uid, row.hit, "")
    state.db.execute("DELETE FROM matches WHERE uid = ?", (uid,))


def _put_party(
    state: RescreenState,
    entry: _Searched,
    new_pairs: dict[int, list[Pair]],
    settings: Settings,
    run: int,
) -> None:
    """Decide anew on every party that has, or had, to do with one changed listed party."""
    party = entry.party
    old: dict[int, StoredMatch] = {row.no: row for row in state.matches_of(party.uid)}
    keys = (identifier_key(identifier) for identifier in party.identifiers)
    numbers = old.keys() | new_pairs.keys() | state.with_identifiers(keys)
    subjects = state.subjects(numbers)
    for no in sorted(subjects):
        row = old.get(no)
        kept = [pair for pair in (row.pairs if row else ()) if pair[0] not in entry.void]
        match: Match = decide(subjects[no], party, [*kept, *new_pairs.get(no, ())], settings)
        state.put_match(run, no, subjects[no].subject_id, match, row.hit if row else "")


Progress = Callable[[int, int], None]
"""Called with (parties done, parties in all)."""
