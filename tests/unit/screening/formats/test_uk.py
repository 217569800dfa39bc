"""The UK Sanctions List, XML and CSV."""

from __future__ import annotations

from pathlib import Path

from greenlane.screening.records import Identifier, Kind, NameKind, NamePart, PartialDate
from tests.unit.screening.formats.reading import name_of, read_text

UK_XML_SAMPLE = """<?xml version="1.0" encoding="utf-8"?>
<Designations><DateGenerated>28/01/2026</DateGenerated>
<Designation><LastUpdated>01/02/2021</LastUpdated><DateDesignated>25/01/2001</DateDesignated>
<UniqueID>AFG0006</UniqueID><OFSIGroupID>7440</OFSIGroupID>
<UNReferenceNumber>TAi.003</UNReferenceNumber>
<Names><Name><Name1>IVAN</Name1><Name2>PETROVICH</Name2><Name6>MADEUP</Name6>
<NameType>Primary Name</NameType></Name>
<Name><Name1>VANYA</Name1><Name6>MADEUP</Name6><NameType>primary name variation</NameType></Name>
<Name><Name6>Boko Made</Name6><NameType>ALias</NameType><AliasStrength></AliasStrength></Name>
<Name><Name6>Abu Made</Name6><NameType>Alias</NameType>
<AliasStrength>Low quality a.k.a</AliasStrength></Name></Names>
<NonLatinNames><NonLatinName><NameNonLatinScript>محمد مصنوع</NameNonLatinScript></NonLatinName>
</NonLatinNames>
<RegimeName>Made Regulations</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip>
<SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed>
<Addresses><Address><AddressLine1>1 Made St</AddressLine1><AddressLine6>Kabul</AddressLine6>
<AddressPostalCode>1</AddressPostalCode><AddressCountry>Afghanistan</AddressCountry></Address>
</Addresses>
<IndividualDetails><Individual><DOBs><DOB>dd/mm/1957</DOB><DOB>dd/05/1958</DOB>
<DOB>12/05/1959</DOB></DOBs>
<Nationalities><Nationality>Afghanistan</Nationality></Nationalities>
<PassportDetails><Passport><PassportNumber>A123</PassportNumber></Passport></PassportDetails>
<BirthDetails><Location><TownOfBirth>Kabul</TownOfBirth>
<CountryOfBirth>Afghanistan</CountryOfBirth></Location>
</BirthDetails></Individual></IndividualDetails></Designation>
<Designation><UniqueID>RUS0999</UniqueID><Names><Name><Name6>MADE STAR</Name6>
<NameType>Primary Name</NameType>
</Name></Names><IndividualEntityShip>Ship</IndividualEntityShip><ShipDetails><Ship><IMONumbers>
<IMONumber>7406784</IMONumber></IMONumbers><CurrentBelievedFlagOfShips>
<CurrentBelievedFlagOfShip>Panama
</CurrentBelievedFlagOfShip></CurrentBelievedFlagOfShips></Ship></ShipDetails></Designation>
</Designations>"""


def test_name_six_is_the_surname_and_names_one_to_five_are_given_names(tmp_path: Path) -> None:
    (person, ship), _ = read_text(tmp_path, UK_XML_SAMPLE)

    assert person.names[0].text == "IVAN PETROVICH MADEUP"
    assert person.names[0].parts == (
        NamePart("given", "IVAN"),
        NamePart("middle", "PETROVICH"),
        NamePart("family", "MADEUP"),
    )
    assert ship.names[0].text == "MADE STAR"


def test_a_blank_alias_strength_is_not_weak(tmp_path: Path) -> None:
    (person, _), _ = read_text(tmp_path, UK_XML_SAMPLE)

    assert not name_of(person, "Boko Made").is_weak
    assert name_of(person, "Abu Made").is_weak


def test_name_types_in_any_case_tell_the_principal_name(tmp_path: Path) -> None:
    (person, _), _ = read_text(tmp_path, UK_XML_SAMPLE)

    assert [name.kind for name in person.names[:3]] == [
        NameKind.PRIMARY,
        NameKind.AKA,
        NameKind.AKA,
    ]


def test_dates_with_unknown_day_or_month_are_read_as_far_as_known(tmp_path: Path) -> None:
    (person, _), _ = read_text(tmp_path, UK_XML_SAMPLE)

    assert person.birth_dates == (
        PartialDate(1957),
        PartialDate(1958, 5),
        PartialDate(1959, 5, 12),
    )


def test_measures_are_parted_at_bars_and_originals_keep_their_script(tmp_path: Path) -> None:
    (person, _), report = read_text(tmp_path, UK_XML_SAMPLE)

    assert "Measure: Asset freeze; Measure: Travel Ban" in person.remarks
    assert name_of(person, "محمد مصنوع").script == "Arab"
    assert (person.listed_on, report.dated) == ("2001-01-25", "2026-01-28")


def test_a_ship_has_its_imo_number_and_flag(tmp_path: Path) -> None:
    (_, ship), _ = read_text(tmp_path, UK_XML_SAMPLE)

    assert (ship.kind, ship.countries) == (Kind.VESSEL, ("PA",))
    assert Identifier("IMO", "7406784") in ship.identifiers


_COLUMNS = (
    "Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name 3,Name 4,"
    "Name 5,Name type,Alias strength,Title,Name non-latin script,Non-latin script type,"
    "Non-latin script language,Regime Name,Designation Type,Designation source,Sanctions Imposed,"
    "Other Information,UK Statement of Reasons,Address Line 1,Address Line 2,Address Line 3,"
    "Address Line 4,Address Line 5,Address Line 6,Address Postal Code,Address Country,Phone number,"
    "Website,Email address,Date Designated,D.O.B,Nationality(/ies),National Identifier number,"
    "National Identifier additional information,Passport number,Passport additional information,"
    "Position,Gender,Town of birth,Country of birth,Type of entity,Subsidiaries,Parent company,"
    "Business registration number (s),IMO number,Current owner/operator (s)"
)


def csv_row(**cells: str) -> str:
    """Return one row; keys are the column titles with underscores for blanks."""
    return ",".join(
        '"' + cells.get(title.replace(" ", "_"), "") + '"' for title in _COLUMNS.split(",")
    )


def test_the_csv_has_a_line_about_itself_before_its_header(tmp_path: Path) -> None:
    rows = [
        "\ufeffReport Date: 28-Jan-2026",
        _COLUMNS,
        csv_row(
            Unique_ID="AFG0006",
            Name_6="MADEUP",
            Name_1="IVAN",
            Name_type="Primary Name",
            Designation_Type="Individual",
            Sanctions_Imposed="Asset freeze|Travel Ban",
            Date_Designated="25/01/2001",
            Passport_number="A123",
        ).replace('"A123"', '"A123"'),
        csv_row(
            Unique_ID="RUS1",
            Name_6="MADE WORKS",
            Name_type="Primary Name",
            Designation_Type="Entity",
        ),
        csv_row(
            Unique_ID="AFG0006", Name_6="Abu Made", Name_type="Alias", Designation_Type="Individual"
        ),
    ]

    (person, entity), report = read_text(tmp_path, "\n".join(rows))

    assert [name.text for name in person.names] == ["IVAN MADEUP", "Abu Made"]
    assert Identifier("PASSPORT", "A123") in person.identifiers
    assert (entity.kind, report.dated) == (Kind.ORGANIZATION, "2026-01-28")


def test_the_csv_dates_with_unknown_parts_are_read(tmp_path: Path) -> None:
    cells = csv_row(
        Unique_ID="A1", Name_6="MADEUP", Name_1="IVAN", Designation_Type="Individual"
    ).split(",")
    cells[_COLUMNS.split(",").index("D.O.B")] = '"dd/mm/1957"'
    cells[_COLUMNS.split(",").index("Nationality(/ies)")] = '"Afghanistan"'

    (person,), _ = read_text(tmp_path, "\n".join(["Report Date: 1", _COLUMNS, ",".join(cells)]))

    assert (person.birth_dates, person.countries) == ((PartialDate(1957),), ("AF",))
