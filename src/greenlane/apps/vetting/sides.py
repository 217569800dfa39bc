"""One hit side by side: the party as declared, the party as listed, and where they differ.

Reads what the hit keeps of both, and the address that the party declares now: addresses are shown
and not compared, so they are no part of what was screened. Asks no list.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from greenlane.apps.parties.queries import address_of
from greenlane.apps.vetting.models import Hit
from greenlane.apps.vetting.screenings import subject_of_hit
from greenlane.screening.codec import decode_party
from greenlane.screening.evidence import birth_evidence, country_evidence, identifier_value
from greenlane.screening.records import Identifier, ListedParty, PartialDate, Subject


@dataclass(frozen=True, slots=True)
class Token:
    """Words of one side in the order of the comparison; ``tone`` is same, near or other."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Compared:
    """The two names word by word: what the score is made of.

    ``pairs`` are (words of the party, words of the list, what relates them, tone); an empty side
    has nothing that corresponds. ``findings`` say what is held against the names as wholes. Both
    say it in the codes of `screening.explain`; the pages put them in words.
    """

    pairs: tuple[tuple[str, str, str, str], ...]
    findings: tuple[str, ...]

    def side(self, index: int) -> tuple[Token, ...]:
        """Return one side's words with their tones: 0 the party's, 1 the list's."""
        return tuple(Token(pair[index], pair[3]) for pair in self.pairs if pair[index])

    @property
    def ours(self) -> tuple[Token, ...]:
        """The party's words."""
        return self.side(0)

    @property
    def theirs(self) -> tuple[Token, ...]:
        """The list's words."""
        return self.side(1)


_SAME = frozenset({"same"})
_OTHER = frozenset(
    {
        "contrary",
        "poor",
        "weak",
        "number_contrary",
        "place_contrary",
        "generic_contrary",
        "missing_subject",
        "missing_listed",
        "light_subject",
        "light_listed",
        "number_subject",
        "number_listed",
    }
)


def compared(hit: Hit) -> Compared:
    """Return the names of a hit word by word, by the screening's own account of its score."""
    if not hit.listed:
        return Compared((), ())
    from greenlane.screening.explain import explain_names

    subject, listed = subject_of_hit(hit), listed_of(hit)
    (account,) = explain_names([(hit.subject_name, subject.kind, hit.listed_name, listed.kind)])
    pairs = tuple((one.subject, one.listed, one.how, _tone(one.how)) for one in account.pairings)
    against = tuple(one.what for one in account.findings if one.points < 0 and one.what != "bias")
    return Compared(pairs, against)


def _tone(how: str) -> str:
    if how in _SAME:
        return "same"
    return "other" if how in _OTHER else "near"


def listed_of(hit: Hit) -> ListedParty:
    """Return the listed side of a hit as the list had it when it was screened."""
    return decode_party(json.dumps(hit.listed))


@dataclass(frozen=True, slots=True)
class Side:
    """One line of both sides: ``agreement`` is same, other, or "" where nothing can be said."""

    what: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    agreement: str = ""


def sides_of(hit: Hit) -> list[Side]:
    """Return both sides of a hit line by line, in a fixed order; empty for an erased one.

    One query, for the declared address.
    """
    if not hit.listed:
        return []
    address = address_of(hit.stream, hit.party)
    subject, listed = subject_of_hit(hit), listed_of(hit)
    kinds_agree = subject.kind == listed.kind
    unknown = "UNKNOWN" in (subject.kind.value, listed.kind.value)
    return [
        Side(
            "other_names",
            tuple(name for name in subject.names if name != hit.subject_name),
            tuple(name.text for name in listed.names if name.text != hit.listed_name)[:12],
        ),
        Side(
            "kind",
            (subject.kind.value,),
            (listed.kind.value,),
            "" if unknown else "same" if kinds_agree else "other",
        ),
        Side(
            "birth",
            _written(subject.birth_dates),
            _written(listed.birth_dates),
            _points(birth_evidence, subject.birth_dates, listed.birth_dates),
        ),
        Side(
            "countries",
            subject.countries,
            listed.countries,
            _points(country_evidence, subject.countries, listed.countries),
        ),
        Side(
            "numbers",
            _numbers(subject.identifiers),
            _numbers(listed.identifiers),
            _number_agreement(subject, listed),
        ),
        Side(
            "places",
            (address,) if address else (),
            (*(one.text for one in listed.addresses[:5]), *listed.birth_places[:3]),
        ),
        Side("programs", (), listed.programs),
        Side("since", (), (listed.listed_on,) if listed.listed_on else ()),
        Side("remarks", (), (listed.remarks,) if listed.remarks else ()),
    ]


def _points(
    compare: Callable[..., object], ours: Sequence[object], theirs: Sequence[object]
) -> str:
    found = compare(ours, theirs)
    if found is None:
        return ""
    return "same" if getattr(found, "corroborates", False) else "other"


def _written(dates: Iterable[PartialDate]) -> tuple[str, ...]:
    found = []
    for one in dates:
        parts = [f"{one.year}"]
        if one.month:
            parts.append(f"{one.month:02d}")
        if one.day:
            parts.append(f"{one.day:02d}")
        text = "-".join(parts)
        if one.latest_year:
            text += f"–{one.latest_year}"
        found.append(f"circa {text}" if one.is_circa else text)
    return tuple(found)


def _numbers(identifiers: Iterable[Identifier]) -> tuple[str, ...]:
    return tuple(
        " ".join(part for part in (one.type, one.value, one.country) if part) for one in identifiers
    )


def _number_agreement(subject: Subject, listed: ListedParty) -> str:
    ours = {identifier_value(one) for one in subject.identifiers}
    theirs = {identifier_value(one) for one in listed.identifiers}
    if ours & theirs:
        return "same"
    types = {one.type for one in subject.identifiers} & {one.type for one in listed.identifiers}
    return "other" if types - {""} else ""
