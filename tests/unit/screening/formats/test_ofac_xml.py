"""OFAC's two XML forms: explicit weakness, original scripts, name parts, forward references."""

from __future__ import annotations

from pathlib import Path

from benchmarks.screening_delta.made_advanced import pieces
from greenlane.screening.records import Identifier, Kind, NameKind, NamePart, PartialDate
from tests.unit.screening.formats.reading import name_of, read_text

SDN_XML_SAMPLE = """<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="http://tempuri.org/sdnList.xsd">
<publshInformation><Publish_Date>07/30/2026</Publish_Date><Record_Count>2</Record_Count>
</publshInformation>
<sdnEntry><uid>306</uid><firstName>Ivan</firstName><lastName>MADEUP</lastName>
<title>Director</title><sdnType>Individual</sdnType><remarks>(Linked To: NOBODY)</remarks>
<programList><program>MADE1</program><program>MADE2</program></programList>
<idList><id><uid>1</uid><idType>Passport</idType><idNumber>A123</idNumber>
<idCountry>Iran</idCountry></id><id><uid>2</uid><idType>Gender</idType><idNumber>Male</idNumber>
</id>
<id><uid>3</uid><idType>Digital Currency Address - XBT</idType><idNumber>1Made</idNumber></id>
</idList>
<akaList><aka><uid>12</uid><type>a.k.a.</type><category>weak</category>
<lastName>ABU MADE</lastName></aka>
<aka><uid>13</uid><type>f.k.a.</type><category>strong</category><lastName>MADE</lastName>
<firstName>Vanya</firstName></aka></akaList>
<addressList><address><uid>9</uid><address1>1 Made Street</address1><city>Havana</city>
<country>Cuba</country></address></addressList>
<nationalityList><nationality><uid>5</uid><country>Iran</country><mainEntry>true</mainEntry>
</nationality></nationalityList>
<citizenshipList><citizenship><uid>6</uid><country>Korea, North</country></citizenship>
</citizenshipList>
<dateOfBirthList><dateOfBirthItem><uid>7</uid><dateOfBirth>circa 1970</dateOfBirth>
</dateOfBirthItem>
</dateOfBirthList><placeOfBirthList><placeOfBirthItem><uid>8</uid><placeOfBirth>Tunis, Tunisia
</placeOfBirth></placeOfBirthItem></placeOfBirthList></sdnEntry>
<sdnEntry><uid>400</uid><lastName>MADE STAR 3</lastName><sdnType>Vessel</sdnType>
<idList><id><uid>4</uid><idType>Vessel Registration Identification</idType>
<idNumber>IMO 7406784</idNumber></id></idList>
<vesselInfo><callSign>T3XX</callSign><vesselType>Tanker</vesselType><vesselFlag>Panama</vesselFlag>
</vesselInfo></sdnEntry></sdnList>"""


def test_the_plain_xml_says_itself_which_alias_is_weak(tmp_path: Path) -> None:
    (person, _), report = read_text(tmp_path, SDN_XML_SAMPLE)

    assert [(name.text, name.uid, name.kind, name.is_weak) for name in person.names[1:]] == [
        ("ABU MADE", "12", NameKind.AKA, True),
        ("MADE, Vanya", "13", NameKind.FKA, False),
    ]
    assert report.dated == "2026-07-30"


def test_the_plain_xml_writes_names_as_the_csv_does(tmp_path: Path) -> None:
    (person, vessel), _ = read_text(tmp_path, SDN_XML_SAMPLE)

    assert (person.uid, person.names[0].text) == ("made-306", "MADEUP, Ivan")
    assert person.names[0].parts == (NamePart("family", "MADEUP"), NamePart("given", "Ivan"))
    assert vessel.names[0].text == "MADE STAR 3"


def test_the_plain_xml_gives_dates_places_countries_and_numbers(tmp_path: Path) -> None:
    (person, vessel), _ = read_text(tmp_path, SDN_XML_SAMPLE)

    assert person.programs == ("MADE1", "MADE2")
    assert person.countries == ("IR", "KP")
    assert person.birth_dates == (PartialDate(1970, is_circa=True),)
    assert person.birth_places == ("Tunis, Tunisia",)
    assert person.identifiers == (
        Identifier("PASSPORT", "A123", "IR"),
        Identifier("DIGITAL_CURRENCY", "1Made"),
    )
    assert vessel.kind is Kind.VESSEL
    assert set(vessel.identifiers) == {
        Identifier("IMO", "7406784"),
        Identifier("CALL_SIGN", "T3XX"),
    }
    assert vessel.countries == ("PA",)


ADVANCED_SAMPLE = """<?xml version="1.0" encoding="utf-8"?>
<Sanctions
 xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML">
<DateOfIssue CalendarTypeID="1"><Year>2026</Year><Month>7</Month><Day>30</Day></DateOfIssue>
<ReferenceValueSets>
<AliasTypeValues><AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1401">F.K.A.</AliasType>
<AliasType ID="1403">Name</AliasType></AliasTypeValues>
<CountryValues><Country ID="11082" ISO2="CU">Cuba</Country></CountryValues>
<FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType>
<FeatureType ID="10">Nationality Country
</FeatureType><FeatureType ID="25">Location</FeatureType><FeatureType ID="30">Vessel Call Sign
</FeatureType></FeatureTypeValues>
<IDRegDocTypeValues><IDRegDocType ID="1626">Vessel Registration Identification</IDRegDocType>
</IDRegDocTypeValues>
<NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType>
<NamePartType ID="1521">First Name</NamePartType><NamePartType ID="91708">Patronymic</NamePartType>
<NamePartType ID="1526">Vessel Name</NamePartType></NamePartTypeValues>
<PartySubTypeValues><PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType>
<PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
<PartyTypeValues><PartyType ID="1">Individual</PartyType></PartyTypeValues>
<SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType><SanctionsType ID="2">Block
</SanctionsType></SanctionsTypeValues>
<ScriptValues><Script ID="215" ScriptCode="Latn">Latin</Script>
<Script ID="220" ScriptCode="Cyrl">Cyrillic</Script></ScriptValues>
</ReferenceValueSets>
<Locations><Location ID="25"><LocationCountry CountryID="11082"/><LocationPart LocPartTypeID="1454">
<LocationPartValue><Comment/><Value>Havana</Value></LocationPartValue></LocationPart></Location>
</Locations>
<IDRegDocuments><IDRegDocument ID="1" IDRegDocTypeID="1626" IdentityID="92">
<IDRegistrationNo>IMO 7406784</IDRegistrationNo></IDRegDocument></IDRegDocuments>
<DistinctParties>
<DistinctParty FixedRef="9001"><Comment/><Profile ID="70" PartySubTypeID="4">
<Identity ID="91" FixedRef="9001" Primary="true">
<Alias FixedRef="9001" AliasTypeID="1403" Primary="true" LowQuality="false">
<DocumentedName ID="71" FixedRef="9001">
<DocumentedNamePart><NamePartValue NamePartGroupID="811" ScriptID="215">Ivan</NamePartValue>
</DocumentedNamePart>
<DocumentedNamePart><NamePartValue NamePartGroupID="813" ScriptID="215">Petrovich</NamePartValue>
</DocumentedNamePart>
<DocumentedNamePart><NamePartValue NamePartGroupID="812" ScriptID="215">MADEUP</NamePartValue>
</DocumentedNamePart>
</DocumentedName>
<DocumentedName ID="72" FixedRef="9001">
<DocumentedNamePart><NamePartValue NamePartGroupID="812" ScriptID="220">Мадеуп</NamePartValue>
</DocumentedNamePart>
<DocumentedNamePart><NamePartValue NamePartGroupID="811" ScriptID="220">Иван</NamePartValue>
</DocumentedNamePart>
</DocumentedName></Alias>
<Alias FixedRef="9001" AliasTypeID="1401" Primary="false" LowQuality="true">
<DocumentedName ID="73"><DocumentedNamePart>
<NamePartValue NamePartGroupID="812" ScriptID="215">VANYA
</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<NamePartGroups><MasterNamePartGroup><NamePartGroup ID="811" NamePartTypeID="1521"/>
</MasterNamePartGroup>
<MasterNamePartGroup><NamePartGroup ID="812" NamePartTypeID="1520"/></MasterNamePartGroup>
<MasterNamePartGroup><NamePartGroup ID="813" NamePartTypeID="91708"/></MasterNamePartGroup>
</NamePartGroups>
</Identity>
<Feature ID="55" FeatureTypeID="8"><FeatureVersion ID="56"><DatePeriod>
<Start Approximate="false"><From>
<Year>1965</Year><Month>1</Month><Day>1</Day></From></Start><End><To><Year>1965</Year>
<Month>12</Month>
<Day>31</Day></To></End></DatePeriod></FeatureVersion></Feature>
<Feature ID="57" FeatureTypeID="10"><FeatureVersion ID="58"><VersionLocation LocationID="25"/>
</FeatureVersion></Feature>
<Feature ID="59" FeatureTypeID="25"><FeatureVersion ID="60"><VersionLocation LocationID="25"/>
</FeatureVersion></Feature></Profile></DistinctParty>
<DistinctParty FixedRef="9002"><Profile ID="9002" PartySubTypeID="1"><Identity ID="92">
<Alias AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName ID="80">
<DocumentedNamePart>
<NamePartValue NamePartGroupID="900" ScriptID="215">MADE STAR 3</NamePartValue></DocumentedNamePart>
</DocumentedName></Alias><NamePartGroups><MasterNamePartGroup>
<NamePartGroup ID="900" NamePartTypeID="1526"/>
</MasterNamePartGroup></NamePartGroups></Identity><Feature ID="61" FeatureTypeID="30">
<FeatureVersion ID="62">
<VersionDetail>T3XX</VersionDetail></FeatureVersion></Feature></Profile></DistinctParty>
</DistinctParties>
<SanctionsEntries><SanctionsEntry ID="1" ProfileID="70" ListID="1550"><EntryEvent><Date>
<Year>2014</Year>
<Month>3</Month><Day>9</Day></Date></EntryEvent><SanctionsMeasure SanctionsTypeID="1">
<Comment>MADE-EO1</Comment>
</SanctionsMeasure><SanctionsMeasure SanctionsTypeID="2"><Comment/></SanctionsMeasure>
</SanctionsEntry>
</SanctionsEntries></Sanctions>"""


def test_low_quality_is_weak_and_other_names_are_not(tmp_path: Path) -> None:
    (person, _), _ = read_text(tmp_path, ADVANCED_SAMPLE)

    assert [(name.uid, name.is_weak, name.kind) for name in person.names] == [
        ("71", False, NameKind.PRIMARY),
        ("72", False, NameKind.PRIMARY),
        ("73", True, NameKind.FKA),
    ]


def test_original_script_names_carry_their_script(tmp_path: Path) -> None:
    (person, _), _ = read_text(tmp_path, ADVANCED_SAMPLE)

    assert [(name.text, name.script) for name in person.names[:2]] == [
        ("MADEUP, Ivan Petrovich", "Latn"),
        ("Мадеуп, Иван", "Cyrl"),
    ]


def test_name_part_groups_give_family_given_and_patronymic(tmp_path: Path) -> None:
    (person, _), _ = read_text(tmp_path, ADVANCED_SAMPLE)

    assert name_of(person, "MADEUP, Ivan Petrovich").parts == (
        NamePart("given", "Ivan"),
        NamePart("patronymic", "Petrovich"),
        NamePart("family", "MADEUP"),
    )


def test_programmes_behind_the_parties_reach_them_by_profile(tmp_path: Path) -> None:
    (person, vessel), report = read_text(tmp_path, ADVANCED_SAMPLE)

    assert (person.programs, person.listed_on) == (("MADE-EO1",), "2014-03-09")
    assert vessel.programs == ()
    assert report.dated == "2026-07-30"


def test_features_give_dates_countries_and_addresses(tmp_path: Path) -> None:
    (person, vessel), _ = read_text(tmp_path, ADVANCED_SAMPLE)

    assert (person.kind, vessel.kind) == (Kind.PERSON, Kind.VESSEL)
    assert person.birth_dates == (PartialDate(1965),)
    assert person.countries == ("CU",)
    assert [(address.text, address.country) for address in person.addresses] == [
        ("Havana, Cuba", "CU")
    ]
    assert set(vessel.identifiers) == {
        Identifier("IMO", "7406784"),
        Identifier("CALL_SIGN", "T3XX"),
    }


def test_the_uid_is_the_number_that_the_csv_has_too(tmp_path: Path) -> None:
    parties, _ = read_text(tmp_path, ADVANCED_SAMPLE)

    assert [party.uid for party in parties] == ["made-9001", "made-9002"]


def test_a_made_file_of_five_hundred_parties_is_read_whole(tmp_path: Path) -> None:
    parties, report = read_text(tmp_path, "".join(pieces(500)))

    assert (len(parties), report.damage, report.set_aside_total) == (500, [], 0)
    assert all(party.programs == ("MADE-EO1",) for party in parties)


def test_an_advanced_file_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    text = "".join(pieces(50))

    parties, report = read_text(tmp_path, text[: len(text) * 3 // 4])

    assert 0 < len(parties) < 50
    assert "breaks off" in report.damage[0]
