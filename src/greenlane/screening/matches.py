"""Screening many subjects against one listed set: the one function that all bulk runs share.

A full run, a delta and Spark differ only in which subjects and which names they hand to it. Nothing
here stores a result.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenlane.screening.codec import decode_party
from greenlane.screening.records import Identifier, Kind, ListedName, ListedParty, Subject

if TYPE_CHECKING:
    from greenlane.screening.index import Index
    from greenlane.screening.levels import Levels

_SEPARATOR = "\x1f"
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")

Pair = tuple[str, int, float]
"""(name uid of the listed party, ordinal of the subject's name, name score)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a bulk screening depends on besides names; a change of any of it forces a full run.

    Attributes:
        floor: Pairs of names that score less are not kept, share of 1.
        levels: The office's decision levels.
        weak_names_alert: Whether a weak alias may alert alone.
    """

    floor: float
    levels: Levels
    weak_names_alert: bool = False

    @property
    def fingerprint(self) -> str:
        """Text that differs whenever results may differ: scorer, floor, levels, weak names."""
        from greenlane.screening.versions import SCORER_VERSION

        levels = json.dumps(dataclasses.asdict(self.levels), sort_keys=True)
        return f"{SCORER_VERSION} floor={self.floor!r} levels={levels} weak={self.weak_names_alert}"


@dataclass(frozen=True, slots=True)
class Match:
    """A subject and a listed party with what their names scored, and the hit if it is one.

    ``pairs`` are sorted; ``hit`` is canonical JSON (`encode_hit`), empty where the office's levels
    make no hit of it. The pairs are kept all the same: a changed birth date may.
    """

    listed_uid: str
    pairs: tuple[Pair, ...]
    hit: str


def name_key(party: ListedParty, name: ListedName) -> tuple[str, Kind]:
    """Return all of a listed name that its score depends on."""
    return name.text, party.kind


def identifier_key(identifier: Identifier) -> str:
    """Return the form in which identifiers are looked up; equal numbers have equal keys."""
    return _NOT_ALPHANUMERIC.sub("", identifier.value).upper()


def decide(
    subject: Subject, party: ListedParty, pairs: Iterable[Pair], settings: Settings
) -> Match:
    """Make the match of a subject and a party from the scores of their names.

    Args:
        subject: The subject.
        party: The listed party.
        pairs: Every pair of their names at or above the floor, in any order.
        settings: Levels and floor.
    """
    from greenlane.screening.screener import judge

    places = {name.uid: place for place, name in enumerate(party.names)}
    # One order whatever the direction of the search was: a tie must not be broken by chance.
    ordered = sorted(pairs, key=lambda pair: (-pair[2], places[pair[0]], pair[1]))
    hit = judge(
        subject,
        party,
        [(party.names[places[uid]], subject.names[place], score) for uid, place, score in ordered],
        levels=settings.levels,
        weak_names_alert=settings.weak_names_alert,
        list_version="",
    )
    return Match(party.uid, tuple(ordered), encode_hit(hit) if hit is not None else "")


def encode_hit(hit: Any) -> str:
    """Return a hit as one line of canonical JSON, without pairings and list version.

    The list version is added where hits are written: stored with each hit it would change them all
    with every update of a list that says nothing new about them.
    """
    cells = dataclasses.asdict(hit)
    del cells["pairings"], cells["list_version"]
    return json.dumps(cells, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class ListedNames:
    """The names of a listed set behind an index, ready to be screened against.

    The index is memory-mapped from a folder; parties are decoded when a name of theirs is met.
    """

    def __init__(self, index: Index, lines: Sequence[str]) -> None:
        self.index = index
        self._lines = {_uid(line): line for line in lines}
        self._parties: dict[str, ListedParty] = {}
        self._by_identifier: dict[str, list[str]] = {}
        for uid in self._lines:
            for identifier in self.party(uid).identifiers:
                self._by_identifier.setdefault(identifier_key(identifier), []).append(uid)
        self._owners = [
            (party.uid, name.uid) for party in self._parties.values() for name in party.names
        ]

    @classmethod
    def build(cls, folder: Path, lines: Sequence[str], *, version: str) -> ListedNames:
        """Index the names of a set into a folder, replacing what is there, and open it."""
        from greenlane.screening.index import Index

        keys: list[str] = []
        names: list[str] = []
        kinds: list[Kind] = []
        for line in lines:
            party = decode_party(line)
            for name in party.names:
                keys.append(f"{party.uid}{_SEPARATOR}{name.uid}")
                names.append(name.text)
                kinds.append(party.kind)
        Index.build(keys, names, kinds, version=version).save(folder)
        return cls(Index.open(folder), lines)

    @classmethod
    def open(cls, folder: Path, lines: Sequence[str], *, version: str) -> ListedNames:
        """Open the index of a set if it is the one wanted, else build it.

        Args:
            folder: Where the index lies.
            lines: The set's lines, in the order in which they were or will be indexed.
            version: `ListedSet.digest` of the set.
        """
        from greenlane.screening.index import Index, IndexUnusable

        try:
            index = Index.open(folder)
        except IndexUnusable:
            return cls.build(folder, lines, version=version)
        if index.version != version:
            return cls.build(folder, lines, version=version)
        return cls(index, lines)

    def party(self, uid: str) -> ListedParty:
        """Return a party by uid, decoded once."""
        party = self._parties.get(uid)
        if party is None:
            party = self._parties[uid] = decode_party(self._lines[uid])
        return party

    def owner(self, entry: int) -> tuple[str, str]:
        """Return (party uid, name uid) of an entry of the index."""
        return self._owners[entry]

    def with_identifier(self, identifier: Identifier) -> list[str]:
        """Return the uids of the parties that bear a number."""
        return self._by_identifier.get(identifier_key(identifier), [])


def _uid(line: str) -> str:
    from greenlane.screening.codec import head_of

    return head_of(line)[0]


def screen_subjects(
    listed: ListedNames, subjects: Sequence[Subject], settings: Settings
) -> list[list[Match]]:
    """Screen a batch of subjects; pure, so it runs the same in a process, a worker or a cluster.

    Args:
        listed: What is screened against.
        subjects: A batch; a few thousand keep memory low and the index busy.
        settings: Floor and levels.

    Returns:
        For each subject its matches in the order of the listed uids.
    """
    names: list[str] = []
    kinds: list[Kind] = []
    owners: list[tuple[int, int]] = []
    for row, subject in enumerate(subjects):
        for place, name in enumerate(subject.names):
            names.append(name)
            kinds.append(subject.kind)
            owners.append((row, place))
    found: list[dict[str, list[Pair]]] = [{} for _ in subjects]
    pairs = listed.index.search(names, kinds, floor=settings.floor)
    for query, entry, score in zip(
        pairs.query.tolist(), pairs.entry.tolist(), pairs.score.tolist(), strict=True
    ):
        row, place = owners[query]
        uid, name_uid = listed.owner(entry)
        found[row].setdefault(uid, []).append((name_uid, place, score))
    results: list[list[Match]] = []
    for subject, by_party in zip(subjects, found, strict=True):
        for identifier in subject.identifiers:
            for uid in listed.with_identifier(identifier):
                by_party.setdefault(uid, [])
        matches = [
            decide(subject, listed.party(uid), by_party[uid], settings) for uid in sorted(by_party)
        ]
        # Numbers that look alike and are not the same leave nothing behind.
        results.append([match for match in matches if match.pairs or match.hit])
    return results
