"""Screening subjects against one list version: what is a hit, at which level, and why.

The score of names comes from the index, what else is known from ``evidence``. No file format, no
storage and no clock here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from greenlane.screening.evidence import (
    POINTS_WEAK_NAME,
    Evidence,
    EvidenceKind,
    gather,
)
from greenlane.screening.explain import Explanation, Finding, Pairing, explain_names
from greenlane.screening.levels import DEFAULT_FLOOR, DEFAULT_LEVELS, Level, Levels
from greenlane.screening.listed import ListIndex
from greenlane.screening.records import ListedName, ListedParty, Subject
from greenlane.screening.versions import SCORER_VERSION

IDENTIFIER_SCORE = 0.999
"""Score of a hit that an identifier alone decides; 1 is kept for names that read the same."""


@dataclass(frozen=True, slots=True)
class HitKey:
    """What a hit is about, stable across runs until the scorer changes."""

    subject_id: str
    listed_uid: str
    name_uid: str
    scorer_version: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A subject that may be a listed party.

    Attributes:
        key: Subject, listed party, its best matching name, scorer.
        subject_name: The subject's name that matched best; the principal one on identifiers alone.
        listed_name: The listed name that matched best.
        score: Names and evidence together, 0 to 1, six digits.
        name_score: Names alone, 0 to 1; 0 where an identifier alone decided.
        level: By the office's levels.
        is_weak: The best listed name is marked weak by its list.
        evidence: What besides the names corroborates or contradicts.
        pairings: Word by word; empty unless asked for.
        list_version: What was screened against.
    """

    key: HitKey
    subject_name: str
    listed_name: str
    score: float
    name_score: float
    level: Level
    is_weak: bool
    evidence: tuple[Evidence, ...]
    pairings: tuple[Pairing, ...]
    list_version: str


@dataclass(frozen=True, slots=True)
class ExplainedHit:
    """A hit with the full account of its name score."""

    hit: Hit
    explanation: Explanation

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found about the two names as wholes."""
        return self.explanation.findings


NamePair = tuple[ListedName, str, float]
"""(listed name, subject's name, name score)."""


def _logit(score: float) -> float:
    bounded = min(max(score, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))


def combine(name_score: float, evidence: Sequence[Evidence]) -> float:
    """Return the score of a name score and evidence; without evidence it is the name score."""
    if any(item.decides for item in evidence):
        return max(IDENTIFIER_SCORE, name_score)
    points = sum(item.points for item in evidence)
    if points == 0:
        return name_score
    return round(1 / (1 + math.exp(-(_logit(name_score) + points))), 6)


def judge(
    subject: Subject,
    party: ListedParty,
    pairs: Sequence[NamePair],
    *,
    levels: Levels,
    weak_names_alert: bool,
    list_version: str,
) -> Hit | None:
    """Return the hit of one subject and one listed party, None where the levels make none of it.

    A pure function of its arguments. Ties are broken by the order of ``pairs``.

    Weak names: unless ``weak_names_alert``, a weak name makes no hit by itself; with an agreeing
    birth date it is put up for review, never an alert; beside a strong name that matches it
    corroborates.

    Args:
        subject: Who is asked about.
        party: The listed party.
        pairs: Their names that score at or above the floor; may be empty (identifiers alone).
        levels: The office's levels.
        weak_names_alert: Whether a weak name counts like any other.
        list_version: Written into the hit.
    """
    evidence = gather(subject, party)
    decided = any(item.decides for item in evidence)
    strong = [pair for pair in pairs if weak_names_alert or not pair[0].is_weak]
    weak = [pair for pair in pairs if pair[0].is_weak and not weak_names_alert]
    best = max(strong, key=lambda pair: pair[2], default=None)
    ceiling = Level.ALERT
    if best is not None:
        if weak:
            telling = max(weak, key=lambda pair: pair[2])
            if telling[2] >= levels.review:
                evidence.append(
                    Evidence(
                        EvidenceKind.WEAK_NAME,
                        POINTS_WEAK_NAME,
                        f"The weak alias {telling[0].text} matches as well.",
                        says="WEAK_NAME_TOO",
                        theirs=telling[0].text,
                    )
                )
    elif weak:
        best = max(weak, key=lambda pair: pair[2])
        born = any(e.kind is EvidenceKind.BIRTH_DATE and e.corroborates for e in evidence)
        if not decided and not born:
            return None
        if not decided:
            ceiling = Level.REVIEW
    elif decided:
        best = (party.names[0], subject.names[0], 0.0) if party.names else None
    if best is None:
        return None
    listed_name, subject_name, name_score = best
    score = combine(name_score, evidence)
    level = Level.ALERT if decided else levels.level_of(score)
    if level is Level.ALERT:
        level = ceiling
    if level is Level.NONE:
        return None
    return Hit(
        key=HitKey(subject.subject_id, party.uid, listed_name.uid, SCORER_VERSION),
        subject_name=subject_name,
        listed_name=listed_name.text,
        score=score,
        name_score=name_score,
        level=level,
        is_weak=listed_name.is_weak,
        evidence=tuple(evidence),
        pairings=(),
        list_version=list_version,
    )


class Screener:
    """Screens subjects against one list version. Cheap to make; safe in one thread at a time."""

    def __init__(
        self,
        listed: ListIndex,
        *,
        levels: Levels = DEFAULT_LEVELS,
        weak_names_alert: bool = False,
        floor: float = DEFAULT_FLOOR,
    ) -> None:
        self.listed = listed
        self.levels = levels
        self.weak_names_alert = weak_names_alert
        self.floor = floor

    def screen(self, subject: Subject, *, on: str = "", explain: bool = True) -> tuple[Hit, ...]:
        """Return the hits of one subject, best first; one for each listed party.

        Args:
            subject: Who is asked about.
            on: ISO date; parties whose listing expired before it are left out. Empty: none are.
            explain: Fill ``Hit.pairings``. Costs less than the search.
        """
        hits = next(self._screen([subject], on))
        if not explain:
            return tuple(hits)
        return tuple(
            replace(hit, pairings=account.pairings)
            for hit, account in zip(hits, self._accounts(subject, hits), strict=True)
        )

    def explain(self, subject: Subject, *, on: str = "") -> tuple[ExplainedHit, ...]:
        """Return the hits of one subject with the full account of each name score."""
        hits = next(self._screen([subject], on))
        return tuple(
            ExplainedHit(replace(hit, pairings=account.pairings), account)
            for hit, account in zip(hits, self._accounts(subject, hits), strict=True)
        )

    def screen_many(self, subjects: Sequence[Subject], *, on: str = "") -> list[Hit]:
        """Return the same hits for many subjects, unexplained, in the order of the subjects."""
        return [hit for hits in self._screen(subjects, on) for hit in hits]

    def _accounts(self, subject: Subject, hits: Sequence[Hit]) -> list[Explanation]:
        uids = {hit.key.listed_uid: hit for hit in hits}
        kinds = {uid: self._party(row).kind for uid, row in self._last_rows.items() if uid in uids}
        return explain_names(
            [
                (hit.subject_name, subject.kind, hit.listed_name, kinds[hit.key.listed_uid])
                for hit in hits
            ]
        )

    def _party(self, row: int) -> ListedParty:
        party = self._parties.get(row)
        if party is None:
            party = self._parties[row] = self.listed.party_at(row)
        return party

    def _screen(self, subjects: Sequence[Subject], on: str) -> Iterator[list[Hit]]:
        names = [name for subject in subjects for name in subject.names]
        kinds = [subject.kind for subject in subjects for _ in subject.names]
        pairs = self.listed.names.search(names, kinds, floor=self.floor)
        queries = pairs.query.tolist()
        entries = pairs.entry.tolist()
        scores = pairs.score.tolist()
        self._parties: dict[int, ListedParty] = {}
        at = 0
        first = 0
        for subject in subjects:
            found: dict[int, list[tuple[str, int, float]]] = {}
            last = first + len(subject.names)
            while at < len(queries) and queries[at] < last:
                row = self.listed.party_row(entries[at])
                found.setdefault(row, []).append((names[queries[at]], entries[at], scores[at]))
                at += 1
            first = last
            for identifier in subject.identifiers:
                for row in self.listed.rows_with_identifier(identifier):
                    found.setdefault(row, [])
            yield self._judge_all(subject, found, on)

    def _judge_all(
        self, subject: Subject, found: dict[int, list[tuple[str, int, float]]], on: str
    ) -> list[Hit]:
        hits: list[Hit] = []
        self._last_rows: dict[str, int] = {}
        for row, matches in found.items():
            party = self._party(row)
            if on and party.expires_on and party.expires_on < on:
                continue
            by_uid = {name.uid: place for place, name in enumerate(party.names)}
            ordinals = {name: place for place, name in reversed(list(enumerate(subject.names)))}
            pairs = [
                (by_uid[self.listed.name_uid(entry)], name, score) for name, entry, score in matches
            ]
            # one order whatever the search found first, so that a tie is never broken by chance
            pairs.sort(key=lambda pair: (-pair[2], pair[0], ordinals[pair[1]]))
            hit = judge(
                subject,
                party,
                [(party.names[place], name, score) for place, name, score in pairs],
                levels=self.levels,
                weak_names_alert=self.weak_names_alert,
                list_version=self.listed.list_version,
            )
            if hit is not None:
                hits.append(hit)
                self._last_rows[party.uid] = row
        hits.sort(key=lambda hit: (-hit.score, hit.key.listed_uid))
        return hits
