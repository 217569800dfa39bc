"""Made subjects, listed parties and changes of them, near enough to each other to give hits."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date

from greenlane.screening.formats.cleaning import digest
from greenlane.screening.listed_set import ListedSet
from greenlane.screening.records import (
    Identifier,
    Kind,
    ListedName,
    ListedParty,
    NameKind,
    PartialDate,
    Subject,
)

ON = date(2026, 3, 1)
_GIVEN = ("Ivan", "Maria", "Mohammed", "Wei", "Jorge", "Olga", "Ahmad", "Chen")
_FAMILY = ("Petrov", "Ramirez", "Hassan", "Kovalenko", "Zhang", "Okafor", "Lindqvist", "Haddad")
_FIRMS = ("Orion", "Caspian", "Baltic", "Andes", "Zenith", "Harbor", "Delta", "Polar")
_TRADES = ("Trading", "Shipping", "Logistics", "Holding", "Metals", "Textiles")
_FORMS = ("LLC", "Ltd", "S.A.", "GmbH", "OOO", "")


@dataclass
class Made:
    """A world of subjects and listed parties that changes at random but the same for one seed."""

    seed: int
    subjects: dict[str, Subject] = field(default_factory=dict)
    parties: dict[str, ListedParty] = field(default_factory=dict)
    version: int = 1
    number: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 - a made world, no secret

    # Names

    def name(self, kind: Kind) -> str:
        """Return a name of the kind; few words, so that names meet often."""
        pick = self.chance.choice
        if kind is Kind.PERSON:
            return self.worn(f"{pick(_FAMILY)}, {pick(_GIVEN)}")
        if kind is Kind.VESSEL:
            return self.worn(f"{pick(_FIRMS)} Star {self.chance.randint(1, 4)}")
        return self.worn(f"{pick(_FIRMS)} {pick(_TRADES)} {pick(_FORMS)}".strip())

    def worn(self, name: str) -> str:
        """Return the name, sometimes with two letters swapped."""
        if self.chance.random() < 0.3 and len(name) > 4:
            place = self.chance.randrange(1, len(name) - 2)
            name = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
        return name

    def kind(self) -> Kind:
        """Return a kind; persons and firms are the most."""
        kinds = (Kind.PERSON, Kind.PERSON, Kind.ORGANIZATION, Kind.ORGANIZATION, Kind.VESSEL)
        return self.chance.choice((*kinds, Kind.UNKNOWN))

    def identifiers(self) -> tuple[Identifier, ...]:
        """Return no or one identifier out of few, so that some are shared."""
        if self.chance.random() < 0.75:
            return ()
        return (
            Identifier(self.chance.choice(("PASSPORT", "TAX")), str(self.chance.randint(1, 9))),
        )

    def births(self) -> tuple[PartialDate, ...]:
        """Return no or one year of birth."""
        return (PartialDate(self.chance.randint(1960, 1963)),) if self.chance.random() < 0.5 else ()

    # Records

    def listed_name(self, kind: Kind) -> ListedName:
        """Return a new alias."""
        text = self.name(kind)
        self.number += 1
        uid = str(self.number) if self.chance.random() < 0.5 else digest(text)
        return ListedName(uid, text, NameKind.AKA, is_weak=self.chance.random() < 0.2)

    def party(self) -> ListedParty:
        """Return a new listed party with one to four names."""
        kind = self.kind()
        self.number += 1
        names = {
            n.uid: n for n in (self.listed_name(kind) for _ in range(self.chance.randint(1, 4)))
        }
        return ListedParty(
            uid=f"made-{self.number}",
            source="made",
            kind=kind,
            names=tuple(names.values()),
            birth_dates=self.births(),
            identifiers=self.identifiers(),
            expires_on=self.chance.choice(("", "", "", "2026-02-28", "2030-01-01")),
        )

    def subject(self) -> Subject:
        """Return a new subject with one or two names."""
        kind = self.kind()
        self.number += 1
        names = tuple(dict.fromkeys(self.name(kind) for _ in range(self.chance.randint(1, 2))))
        return Subject(
            f"S{self.number}", names, kind, self.births(), identifiers=self.identifiers()
        )

    # Changes

    def fill(self, subjects: int, parties: int) -> None:
        """Add subjects and parties."""
        for _ in range(subjects):
            subject = self.subject()
            self.subjects[subject.subject_id] = subject
        for _ in range(parties):
            party = self.party()
            self.parties[party.uid] = party

    def change_list(self) -> None:
        """Change a few listed parties in one of the ways in which real lists change."""
        self.version += 1
        for _ in range(self.chance.randint(1, 4)):
            way = self.chance.randrange(8)
            if way == 0 or not self.parties:
                party = self.party()
                self.parties[party.uid] = party
                continue
            uid = self.chance.choice(sorted(self.parties))
            old = self.parties[uid]
            names = list(old.names)
            place = self.chance.randrange(len(names))
            if way == 1:
                del self.parties[uid]
                continue
            if way == 2:
                names.append(self.listed_name(old.kind))
            elif way == 3 and len(names) > 1:
                del names[place]
            elif way == 4:
                names[place] = replace(names[place], text=self.worn(self.name(old.kind)))
            elif way == 5:
                names[place] = replace(names[place], is_weak=not names[place].is_weak)
            elif way == 6:
                self.chance.shuffle(names)
            unique = {name.uid: name for name in names}
            self.parties[uid] = replace(
                old,
                names=tuple(unique.values()),
                birth_dates=self.births() if way == 7 else old.birth_dates,
                identifiers=self.identifiers() if way == 7 else old.identifiers,
                kind=self.kind() if way == 7 else old.kind,
                remarks=str(self.version),
            )

    def change_subjects(self) -> None:
        """Add, change and remove a few subjects."""
        for _ in range(self.chance.randint(1, 3)):
            way = self.chance.randrange(3)
            if way == 0 or not self.subjects:
                subject = self.subject()
                self.subjects[subject.subject_id] = subject
                continue
            id_ = self.chance.choice(sorted(self.subjects))
            if way == 1:
                del self.subjects[id_]
            else:
                self.subjects[id_] = replace(self.subject(), subject_id=id_)

    def listed(self) -> ListedSet:
        """Return the listed set as it is now."""
        versions = {"made": str(self.version)}
        return ListedSet.of_parties(self.parties.values(), on=ON, versions=versions)
