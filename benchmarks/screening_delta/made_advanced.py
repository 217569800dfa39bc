"""Write a made SDN_ADVANCED.XML of any size: the shape of OFAC's file, names that nobody bears.

The file of 30 July 2026 has 19,181 parties in 125,744,456 bytes; `write` with the defaults comes
within a few per cent of both. Nothing here is copied from a real list.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

_SYLLABLES = ("ba", "ro", "ki", "len", "dor", "vash", "mi", "tu", "zan", "per", "gol", "sha", "ne")
_CYRILLIC = ("ба", "ро", "ки", "лен", "дор", "ваш", "ми", "ту", "зан", "пер", "гол", "ша", "не")
_TABLES = """
<AliasTypeValues><AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1401">F.K.A.</AliasType>
<AliasType ID="1403">Name</AliasType></AliasTypeValues>
<AreaCodeValues><AreaCode ID="11050" CountryID="11050" Description="Ruritania">RU</AreaCode>
</AreaCodeValues>
<CountryValues><Country ID="11050" ISO2="RU">Russia</Country>
<Country ID="11082" ISO2="CU">Cuba</Country></CountryValues>
<DetailReferenceValues><DetailReference ID="91526">Male</DetailReference></DetailReferenceValues>
<FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType>
<FeatureType ID="9">Place of Birth</FeatureType>
<FeatureType ID="10">Nationality Country</FeatureType>
<FeatureType ID="25">Location</FeatureType><FeatureType ID="224">Gender</FeatureType>
<FeatureType ID="3">Vessel Call Sign</FeatureType></FeatureTypeValues>
<IDRegDocTypeValues><IDRegDocType ID="1571">Passport</IDRegDocType>
<IDRegDocType ID="1626">Vessel Registration Identification</IDRegDocType></IDRegDocTypeValues>
<LocPartTypeValues><LocPartType ID="1451">ADDRESS1</LocPartType>
<LocPartType ID="1454">CITY</LocPartType></LocPartTypeValues>
<NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType>
<NamePartType ID="1521">First Name</NamePartType><NamePartType ID="1525">Entity Name</NamePartType>
<NamePartType ID="1526">Vessel Name</NamePartType>
<NamePartType ID="91708">Patronymic</NamePartType></NamePartTypeValues>
<PartySubTypeValues><PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType>
<PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType>
<PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
<PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType>
<PartyType ID="4">Transport</PartyType></PartyTypeValues>
<SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType>
<SanctionsType ID="2">Block</SanctionsType></SanctionsTypeValues>
<ScriptValues><Script ID="215" ScriptCode="Latn">Latin</Script>
<Script ID="220" ScriptCode="Cyrl">Cyrillic</Script></ScriptValues>
"""


def _word(chance: random.Random, syllables: tuple[str, ...]) -> str:
    return "".join(chance.choice(syllables) for _ in range(chance.randint(2, 4))).capitalize()


def _value(group: int, script: int, text: str) -> str:
    return (
        "              <DocumentedNamePart>\n"
        f'                <NamePartValue NamePartGroupID="{group}" ScriptID="{script}" '
        f'ScriptStatusID="1" Acronym="false">{text}</NamePartValue>\n'
        "              </DocumentedNamePart>\n"
    )


def _names(chance: random.Random, number: int, groups: list[int]) -> Iterator[str]:
    for place in range(chance.randint(1, 5)):
        kind = 1403 if place == 0 else 1400
        weak = "true" if place and chance.random() < 0.15 else "false"
        yield (
            f'          <Alias FixedRef="{number}" AliasTypeID="{kind}" '
            f'Primary="{"false" if place else "true"}" LowQuality="{weak}">\n'
        )
        scripts = [(215, _SYLLABLES)] + ([(220, _CYRILLIC)] if chance.random() < 0.3 else [])
        for which, (script, syllables) in enumerate(scripts):
            yield (
                f'            <DocumentedName ID="{number * 20 + place * 2 + which}" '
                f'FixedRef="{number}" DocNameStatusID="1">\n'
            )
            for group in groups:
                yield _value(group, script, _word(chance, syllables))
            yield "            </DocumentedName>\n"
        yield "          </Alias>\n"


def _feature(id_: int, type_: int, inside: str, identity: int) -> str:
    return (
        f'        <Feature ID="{id_}" FeatureTypeID="{type_}">\n'
        f'          <FeatureVersion ID="{id_}" ReliabilityID="1">\n            <Comment />\n'
        f"            {inside}\n          </FeatureVersion>\n"
        f'          <IdentityReference IdentityID="{identity}" IdentityFeatureLinkTypeID="1" />\n'
        "        </Feature>\n"
    )


def _party(chance: random.Random, number: int, locations: int) -> Iterator[str]:
    sub_type, part_types = chance.choice([(4, [1520, 1521, 91708]), (3, [1525]), (1, [1526])])
    groups = [number * 10 + place for place in range(len(part_types))]
    yield (
        f'    <DistinctParty FixedRef="{number}">\n      <Comment />\n'
        f'      <Profile ID="{number}" PartySubTypeID="{sub_type}">\n'
        f'        <Identity ID="{number}" FixedRef="{number}" Primary="true" False="false">\n'
    )
    yield from _names(chance, number, groups)
    yield "          <NamePartGroups>\n"
    for group, type_ in zip(groups, part_types, strict=True):
        yield (
            "            <MasterNamePartGroup>\n"
            f'              <NamePartGroup ID="{group}" NamePartTypeID="{type_}" />\n'
            "            </MasterNamePartGroup>\n"
        )
    yield "          </NamePartGroups>\n        </Identity>\n"
    year = chance.randint(1930, 2004)
    day = f"<Year>{year}</Year><Month>{chance.randint(1, 12)}</Month><Day>7</Day>"
    yield _feature(
        number * 40,
        8,
        '<DatePeriod CalendarTypeID="1" YearFixed="false" MonthFixed="false" DayFixed="false">\n'
        f'<Start Approximate="false" YearFixed="false" MonthFixed="false" DayFixed="false">\n'
        f"<From>{day}</From>\n<To>{day}</To>\n</Start>\n"
        f'<End Approximate="false" YearFixed="false" MonthFixed="false" DayFixed="false">\n'
        f"<From>{day}</From>\n<To>{day}</To>\n</End>\n</DatePeriod>",
        number,
    )
    for place in range(1, chance.randint(4, 8)):
        yield _feature(
            number * 40 + place,
            chance.choice([9, 10, 25]),
            f'<VersionLocation LocationID="{chance.randint(1, locations)}" />',
            number,
        )
    yield "      </Profile>\n    </DistinctParty>\n"


def _entry(chance: random.Random, number: int) -> str:
    return (
        f'    <SanctionsEntry ID="{number}" ProfileID="{number}" ListID="1550">\n'
        f'      <EntryEvent ID="{number}" EntryEventTypeID="1" LegalBasisID="1">\n'
        f'        <Comment />\n        <Date CalendarTypeID="1">\n'
        f"          <Year>{chance.randint(1995, 2026)}</Year>\n          <Month>3</Month>\n"
        "          <Day>9</Day>\n        </Date>\n      </EntryEvent>\n"
        f'      <SanctionsMeasure ID="{number}" SanctionsTypeID="1">\n'
        "        <Comment>MADE-EO1</Comment>\n        <DatePeriod />\n      </SanctionsMeasure>\n"
        f'      <SanctionsMeasure ID="{number + 900000}" SanctionsTypeID="2">\n'
        "        <Comment />\n        <DatePeriod />\n      </SanctionsMeasure>\n"
        "    </SanctionsEntry>\n"
    )


def pieces(parties: int, *, seed: int = 1) -> Iterator[str]:
    """Yield the document in pieces.

    Args:
        parties: Number of DistinctParty elements.
        seed: Of the random choices; equal seeds give equal bytes.
    """
    chance = random.Random(seed)
    locations = max(1, parties * 2)
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield '<Sanctions xmlns="https://www.un.org/sanctions/1.0">\n'
    yield '  <DateOfIssue CalendarTypeID="1"><Year>2026</Year><Month>7</Month><Day>30</Day>'
    yield f"</DateOfIssue>\n  <ReferenceValueSets>{_TABLES}</ReferenceValueSets>\n  <Locations>\n"
    for number in range(1, locations + 1):
        yield (
            f'    <Location ID="{number}">\n      <LocationAreaCode AreaCodeID="11050" />\n'
            '      <LocationCountry CountryID="11082" CountryRelevanceID="1" />\n'
            '      <LocationPart LocPartTypeID="1451">\n'
            '        <LocationPartValue Primary="true" LocPartValueTypeID="1" '
            'LocPartValueStatusID="1">\n          <Comment />\n'
            f"          <Value>{number} {_word(chance, _SYLLABLES)} Street</Value>\n"
            "        </LocationPartValue>\n      </LocationPart>\n    </Location>\n"
        )
    yield "  </Locations>\n  <IDRegDocuments>\n"
    for number in range(1, parties + 1):
        yield (
            f'    <IDRegDocument ID="{number}" IDRegDocTypeID="1571" IdentityID="{number}" '
            'IssuedBy-CountryID="11082" ValidityID="1">\n      <Comment />\n'
            f"      <IDRegistrationNo>P{chance.randint(10**6, 10**7)}</IDRegistrationNo>\n"
            "      <IssuingAuthority />\n    </IDRegDocument>\n"
        )
    yield "  </IDRegDocuments>\n  <DistinctParties>\n"
    for number in range(1, parties + 1):
        yield from _party(chance, number, locations)
    yield "  </DistinctParties>\n  <ProfileRelationships>\n"
    for number in range(1, parties + 1):
        yield (
            f'    <ProfileRelationship ID="{number}" From-ProfileID="{number}" '
            f'To-ProfileID="1" RelationTypeID="15001" RelationQualityID="1" Former="false" '
            f'SanctionsEntryID="{number}">\n      <Comment />\n    </ProfileRelationship>\n'
        )
    yield "  </ProfileRelationships>\n  <SanctionsEntries>\n"
    for number in range(1, parties + 1):
        yield _entry(chance, number)
    yield "  </SanctionsEntries>\n</Sanctions>\n"


def write(path: Path, *, parties: int = 19_181, seed: int = 1) -> int:
    """Write a made file and return its size in bytes."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for piece in pieces(parties, seed=seed):
            stream.write(piece)
    return path.stat().st_size


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
