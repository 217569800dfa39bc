"""What besides the names speaks for or against a hit: birth dates, countries, identifiers.

Each finding carries the points (a logit) it adds to the name's score. They are set by judgment, not
fitted: no public labelled set has them. An equal identifier is a hit by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from greenlane.screening.records import Identifier, ListedParty, PartialDate, Subject

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
SHORTEST_IDENTIFIER = 5
"""Characters an identifier needs to stand by itself; shorter ones are shared by many."""

POINTS_SAME_DATE = 2.0
POINTS_SAME_YEAR = 0.8
POINTS_OTHER_YEAR = -2.0
POINTS_SHARED_COUNTRY = 0.4
POINTS_OTHER_COUNTRY = -0.4
POINTS_OTHER_IMO = -3.0
POINTS_WEAK_NAME = 0.4
YEARS_OF_GRACE = 2
"""Years by which a date marked "circa" may be off; lists seldom round them to fives and tens."""


class EvidenceKind(StrEnum):
    """What was compared."""

    BIRTH_DATE = "BIRTH_DATE"
    COUNTRY = "COUNTRY"
    IDENTIFIER = "IDENTIFIER"
    WEAK_NAME = "WEAK_NAME"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that corroborates (points above 0) or contradicts (below 0).

    ``detail`` is a sentence in English; ``decides`` marks what is a hit by itself. The sentence can
    be said in another language from ``says``, a stable code, and the values it names.
    """

    kind: EvidenceKind
    points: float
    detail: str
    decides: bool = False
    says: str = ""
    ours: str = ""
    theirs: str = ""

    @property
    def corroborates(self) -> bool:
        """Whether it speaks for the hit."""
        return self.points > 0


def identifier_value(identifier: Identifier) -> str:
    """Return an identifier's value without spaces, dashes and case."""
    return _NOT_ALPHANUMERIC.sub("", identifier.value).upper()


def _years(date: PartialDate) -> tuple[int, int]:
    grace = YEARS_OF_GRACE if date.is_circa else 0
    return date.year - grace, (date.latest_year or date.year) + grace


def _written(date: PartialDate) -> str:
    text = f"{date.year}"
    if date.month:
        text += f"-{date.month:02d}"
        if date.day:
            text += f"-{date.day:02d}"
    if date.latest_year:
        text += f"–{date.latest_year}"
    return f"circa {text}" if date.is_circa else text


def _compare_dates(a: PartialDate, b: PartialDate) -> float:
    """Return the points of two birth dates; 0 where they neither agree nor contradict."""
    low_a, high_a = _years(a)
    low_b, high_b = _years(b)
    if high_a < low_b or high_b < low_a:
        return POINTS_OTHER_YEAR
    exact = not (a.is_circa or b.is_circa or a.latest_year or b.latest_year)
    if exact and a.month and b.month:
        if a.month == b.month and a.day and b.day and a.day == b.day:
            return POINTS_SAME_DATE
        # day and month changed places: 3 May read as 5 March
        if a.day and b.day and a.day == b.month and a.month == b.day:
            return POINTS_SAME_DATE / 2
        if a.month == b.month and not (a.day and b.day):
            return POINTS_SAME_DATE / 2
        return 0.0
    return POINTS_SAME_YEAR


def birth_evidence(
    subject: Sequence[PartialDate], listed: Sequence[PartialDate]
) -> Evidence | None:
    """Return what the birth dates say; the best of all pairs counts, None when a side has none."""
    best: tuple[float, PartialDate, PartialDate] | None = None
    for a in subject:
        for b in listed:
            points = _compare_dates(a, b)
            if best is None or points > best[0]:
                best = (points, a, b)
    if best is None or best[0] == 0:
        return None
    points, a, b = best
    verb = "agrees with" if points > 0 else "contradicts"
    return Evidence(
        EvidenceKind.BIRTH_DATE,
        points,
        f"Birth date {_written(a)} {verb} the listed {_written(b)}.",
        says="BIRTH_DATE_SAME" if points > 0 else "BIRTH_DATE_OTHER",
        ours=_written(a),
        theirs=_written(b),
    )


def country_evidence(subject: Iterable[str], listed: Iterable[str]) -> Evidence | None:
    """Return what the countries say, None when a side has none."""
    ours, theirs = set(subject), set(listed)
    if not ours or not theirs:
        return None
    if shared := sorted(ours & theirs):
        both = ", ".join(shared)
        return Evidence(
            EvidenceKind.COUNTRY,
            POINTS_SHARED_COUNTRY,
            f"Both name {both}.",
            says="COUNTRY_SAME",
            ours=both,
            theirs=both,
        )
    one, other = ", ".join(sorted(ours)), ", ".join(sorted(theirs))
    return Evidence(
        EvidenceKind.COUNTRY,
        POINTS_OTHER_COUNTRY,
        f"{one} is not among the listed {other}.",
        says="COUNTRY_OTHER",
        ours=one,
        theirs=other,
    )


def identifier_evidence(
    subject: Sequence[Identifier], listed: Sequence[Identifier]
) -> list[Evidence]:
    """Return equal identifiers (each a hit by itself), and a contradicting ship's number.

    Types must agree, or one be empty or OTHER; countries must not differ where both are given.
    """
    found: list[Evidence] = []
    by_value: dict[str, list[Identifier]] = {}
    for theirs in listed:
        by_value.setdefault(identifier_value(theirs), []).append(theirs)
    for ours in subject:
        value = identifier_value(ours)
        if len(value) < SHORTEST_IDENTIFIER:
            continue
        for theirs in by_value.get(value, ()):
            loose = {"", "OTHER"}
            same_type = ours.type == theirs.type or ours.type in loose or theirs.type in loose
            same_country = not (ours.country and theirs.country) or ours.country == theirs.country
            if same_type and same_country:
                found.append(
                    Evidence(
                        EvidenceKind.IDENTIFIER,
                        6.0,
                        f"{ours.type or theirs.type or 'Identifier'} {theirs.value} is the same.",
                        decides=True,
                        says="IDENTIFIER_SAME",
                        ours=ours.type or theirs.type,
                        theirs=theirs.value,
                    )
                )
                break
    if not found:
        ours_imo = {identifier_value(i) for i in subject if i.type == "IMO"}
        theirs_imo = {identifier_value(i) for i in listed if i.type == "IMO"}
        if ours_imo and theirs_imo:
            one, other = ", ".join(sorted(ours_imo)), ", ".join(sorted(theirs_imo))
            found.append(
                Evidence(
                    EvidenceKind.IDENTIFIER,
                    POINTS_OTHER_IMO,
                    f"IMO {one} is not the listed {other}; a ship keeps its number for life.",
                    says="IMO_OTHER",
                    ours=one,
                    theirs=other,
                )
            )
    return found


def gather(subject: Subject, party: ListedParty) -> list[Evidence]:
    """Return all evidence besides the names, in a fixed order."""
    found = identifier_evidence(subject.identifiers, party.identifiers)
    if birth := birth_evidence(subject.birth_dates, party.birth_dates):
        found.append(birth)
    if country := country_evidence(subject.countries, party.countries):
        found.append(country)
    return found
