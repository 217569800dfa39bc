"""The European Union's list: XML 1.1, CSV 1.0, CSV 1.1 and a CSV that a spreadsheet damaged."""

from __future__ import annotations

from pathlib import Path

from greenlane.screening.records import Identifier, Kind, NamePart, PartialDate
from tests.unit.screening.formats.reading import name_of, read_text

EU_XML_SAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-07-01T14:00:00.000+02:00">
<sanctionEntity designationDate="" euReferenceNumber="EU.27.28" unitedNationId="" logicalId="13">
<remark>a remark</remark>
<regulation programme="IRQ" numberTitle="1210/2003" publicationDate="2003-07-08" logicalId="1"/>
<subjectType code="person" classificationCode="P"/>
<nameAlias firstName="Ivan" middleName="" lastName="Madeup" wholeName="Ivan Madeup" strong="true"
 nameLanguage="" gender="M" title="" function="" logicalId="17"><regulationSummary/></nameAlias>
<nameAlias firstName="" middleName="" lastName="" wholeName="Abou Made" strong="false"
 nameLanguage="FR"
 gender="" title="" function="" logicalId="19"/>
<nameAlias firstName="Vanya" middleName="P." lastName="Made" wholeName="" strong="true"
 nameLanguage=""
 gender="" title="" function="" logicalId="20"/>
<nameAlias firstName="" middleName="" lastName="" wholeName="Иван Мадеуп" strong="true"
 nameLanguage="RU"
 logicalId="21"/>
<birthdate birthdate="1937-04-28" dayOfMonth="28" monthOfYear="4" year="1937" circa="false"
 calendarType="GREGORIAN" city="al-Made" countryIso2Code="IQ" countryDescription="IRAQ"
 logicalId="14"/>
<birthdate birthdate="" dayOfMonth="" monthOfYear="" year="1940" circa="true"
 calendarType="GREGORIAN"
 city="" countryIso2Code="00" countryDescription="UNKNOWN" logicalId="15"/>
<birthdate birthdate="" year="" yearRangeFrom="1941" yearRangeTo="1943" circa="false"
 logicalId="16"/>
<citizenship countryIso2Code="IQ" countryDescription="IRAQ" region="" logicalId="1"/>
<identification number="A123" latinNumber="" identificationTypeCode="passport" issuedBy=""
 countryIso2Code="IQ" logicalId="2"/>
<address street="1 Made St" city="Baghdad" zipCode="" poBox="" countryIso2Code="IQ"
 countryDescription="IRAQ" logicalId="3"/>
</sanctionEntity>
<sanctionEntity euReferenceNumber="EU.1.1" logicalId="14"><subjectType code="enterprise"
 classificationCode="E"/><nameAlias wholeName="Made Works" firstName="" middleName="" lastName=""
 strong="true" logicalId="30"/></sanctionEntity></export>"""


def test_strong_false_is_weak(tmp_path: Path) -> None:
    (person, _), _ = read_text(tmp_path, EU_XML_SAMPLE)

    assert [(name.text, name.is_weak) for name in person.names[:2]] == [
        ("Ivan Madeup", False),
        ("Abou Made", True),
    ]


def test_an_empty_whole_name_is_made_of_its_parts(tmp_path: Path) -> None:
    (person, _), _ = read_text(tmp_path, EU_XML_SAMPLE)

    assert name_of(person, "Vanya P. Made").parts == (
        NamePart("given", "Vanya"),
        NamePart("middle", "P."),
        NamePart("family", "Made"),
    )


def test_names_and_parties_keep_the_logical_numbers_and_scripts(tmp_path: Path) -> None:
    (person, company), _ = read_text(tmp_path, EU_XML_SAMPLE)

    assert (person.uid, company.uid) == ("made-13", "made-14")
    assert [name.uid for name in person.names] == ["17", "19", "20", "21"]
    assert name_of(person, "Иван Мадеуп").script == "Cyrl"


def test_births_in_full_by_year_and_by_range_are_read(tmp_path: Path) -> None:
    (person, _), _ = read_text(tmp_path, EU_XML_SAMPLE)

    assert person.birth_dates == (
        PartialDate(1937, 4, 28),
        PartialDate(1940, is_circa=True),
        PartialDate(1941, latest_year=1943),
    )
    assert person.birth_places == ("al-Made, IRAQ",)


def test_person_and_enterprise_are_told_apart_and_numbers_are_typed(tmp_path: Path) -> None:
    (person, company), report = read_text(tmp_path, EU_XML_SAMPLE)

    assert (person.kind, company.kind) == (Kind.PERSON, Kind.ORGANIZATION)
    assert Identifier("PASSPORT", "A123", "IQ") in person.identifiers
    assert (person.listed_on, report.dated) == ("2003-07-08", "2026-07-01")


EU_CSV_SAMPLE = "\ufeff" + "\n".join(
    [
        "Date_file;Entity_logical_id;Subject_type;Programme;Naal_logical_id;Naal_lastname;"
        "Naal_firstname;Naal_wholename;Birt_date;Iden_number;Citi_country;EU_ref_num",
        '04/07/2018;13;P;IRQ;17;Madeup;Ivan;"Ivan; Madeup";;;;EU.27.28',
        "04/07/2018;14;E;IRQ;30;;;Made Works;;;;EU.1.1",
        "04/07/2018;13;P;IRQ;;;;;1937-04-28;;;EU.27.28",
        "04/07/2018;13;P;IRQ;;;;;;AD001095 (passport-National passport) ((passport));;EU.27.28",
        "04/07/2018;13;P;IRQ;;;;;;;IRQ;EU.27.28",
    ]
)


def test_rows_of_sub_records_are_gathered_by_entity_wherever_they_stand(tmp_path: Path) -> None:
    (person, company), report = read_text(tmp_path, EU_CSV_SAMPLE)

    assert person.birth_dates == (PartialDate(1937, 4, 28),)
    assert person.countries == ("IQ",)
    assert Identifier("PASSPORT", "AD001095") in person.identifiers
    assert company.names[0].text == "Made Works"
    assert report.dated == "2018-07-04"


def test_the_byte_order_mark_and_a_semicolon_inside_quotes_are_survived(tmp_path: Path) -> None:
    (person, _), report = read_text(tmp_path, EU_CSV_SAMPLE)

    assert person.names[0].text == "Ivan; Madeup"
    assert (report.format, report.set_aside_total) == ("EU_CSV", 0)


def test_csv_one_point_one_is_read_by_its_own_column_names(tmp_path: Path) -> None:
    text = "\n".join(
        [
            "fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;"
            "Entity_SubjectType_ClassificationCode;Entity_Regulation_Programme;NameAlias_WholeName;"
            "NameAlias_LogicalId;BirthDate_BirthDate;Citizenship_CountryIso2Code",
            "01/07/2026;13;EU.27.28;P;IRQ;Ivan Madeup;17;;",
            "01/07/2026;13;EU.27.28;P;IRQ;;;1937-04-28;IQ",
        ]
    )

    (person,), report = read_text(tmp_path, text)

    assert (person.uid, person.kind, person.countries) == ("made-13", Kind.PERSON, ("IQ",))
    assert report.dated == "2026-07-01"


def test_lines_that_a_spreadsheet_wrapped_in_quotes_are_unwrapped(tmp_path: Path) -> None:
    tail = "\t" * 20
    lines = [
        f'"Date_file;Entity_logical_id;Subject_type;Naal_logical_id;Naal_wholename;EU_ref_num{tail}"',
        f'"04/07/2018;13;P;17;Ivan ""Vanya"" Madeup;EU.27.28{tail}"',
        f'"04/07/2018;13;P;18;Made\t near Made;EU.27.28{tail}"',
    ]

    (person,), report = read_text(tmp_path, "\n".join(lines))

    assert report.format == "EU_CSV_WRAPPED"
    assert [name.text for name in person.names] == ['Ivan "Vanya" Madeup', "Made, near Made"]


def test_a_line_in_windows_letters_loses_nothing(tmp_path: Path) -> None:
    text = "Entity_logical_id;Naal_logical_id;Naal_wholename\n13;17;Qoussaï\n"

    (person,), report = read_text(tmp_path, text.encode("cp1252"))

    assert person.names[0].text == "Qoussaï"
    assert report.notes["a line is not UTF-8 and was read as Windows-1252"] == 1
