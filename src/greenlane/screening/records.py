"""The one record model that every list format is read into and every screening reads from.

Parsers produce `ListedParty`; callers describe who is asked about as `Subject`. Nothing here reads
a file or computes a score.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a party is. ``UNKNOWN`` is compatible with every kind; a person is never a vessel."""

    PERSON = "PERSON"
    ORGANIZATION = "ORGANIZATION"
    VESSEL = "VESSEL"
    AIRCRAFT = "AIRCRAFT"
    UNKNOWN = "UNKNOWN"


class NameKind(StrEnum):
    """Role of a name on its list: PRIMARY, also (AKA), formerly (FKA) or now (NKA) known as."""

    PRIMARY = "PRIMARY"
    AKA = "AKA"
    FKA = "FKA"
    NKA = "NKA"


@dataclass(frozen=True, slots=True)
class NamePart:
    """One part of a name where the list gives structure.

    ``role`` is one of: given, middle, family, maternal, patronymic, whole, other.
    """

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class ListedName:
    """One name of a listed party.

    ``uid`` is stable within the party across list versions (the list's own alias number where it
    has one, else a digest of kind, text and script), so a delta can be keyed on it.
    ``script`` is an ISO 15924 code ("Latn", "Cyrl", "Arab", ...). ``is_weak`` follows the list's
    own mark; a blank mark is not weak.
    """

    uid: str
    text: str
    kind: NameKind = NameKind.PRIMARY
    script: str = "Latn"
    parts: tuple[NamePart, ...] = ()
    is_weak: bool = False


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known in part. Years are inclusive; ``month``/``day`` need the greater unit.

    ``latest_year`` is set for ranges ("between 1961 and 1965"). ``is_circa`` marks approximations.
    """

    year: int
    month: int | None = None
    day: int | None = None
    latest_year: int | None = None
    is_circa: bool = False


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that names a party: ``type`` is a short upper-case key (IMO, PASSPORT, TAX, ...)."""

    type: str
    value: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """An address as the list writes it; ``country`` is ISO 3166 alpha-2 where it is known."""

    text: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class ListedParty:
    """One party of one list version.

    ``uid`` is ``<source key>-<the list's own stable number>``, unique within a version.
    ``countries`` are ISO 3166 alpha-2 codes (nationality, citizenship, registration, flag).
    ``expires_on`` is an ISO date (denial orders expire), empty when the listing has no end.
    """

    uid: str
    source: str
    kind: Kind
    names: tuple[ListedName, ...]
    programs: tuple[str, ...] = ()
    birth_dates: tuple[PartialDate, ...] = ()
    birth_places: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    listed_on: str = ""
    expires_on: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is asked about: a member, an officer, an owner, a site, a vessel, a partner.

    ``subject_id`` is the caller's own stable key. ``names`` is never empty; the first is the
    principal name. ``birth_dates`` and ``countries`` corroborate or contradict, they never alert.
    """

    subject_id: str
    names: tuple[str, ...]
    kind: Kind = Kind.UNKNOWN
    birth_dates: tuple[PartialDate, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
