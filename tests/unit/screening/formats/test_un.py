"""The consolidated list of the Security Council."""

from __future__ import annotations

from pathlib import Path

from greenlane.screening.records import Identifier, Kind, NameKind, PartialDate
from tests.unit.screening.formats.reading import name_of, read_text

UN_SAMPLE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z"><INDIVIDUALS><INDIVIDUAL>
<DATAID>6907993</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME> IVAN </FIRST_NAME>
<SECOND_NAME>MADEUP</SECOND_NAME><THIRD_NAME/><UN_LIST_TYPE>DRC</UN_LIST_TYPE>
<REFERENCE_NUMBER>CDi.001</REFERENCE_NUMBER><LISTED_ON>2012-12-31</LISTED_ON>
<NAME_ORIGINAL_SCRIPT>\u200fمحمد مصنوع</NAME_ORIGINAL_SCRIPT>
<NATIONALITY><VALUE>Iran (Islamic Republic of)</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Vanya Made</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Abu Made</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME>Blank Made</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Former Made</ALIAS_NAME>
<NOTE>previously listed as</NOTE></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>One Made; Two Made b) Three Made</ALIAS_NAME>
</INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1967-01-02</DATE>
</INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1968</YEAR>
</INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1968</FROM_YEAR>
<TO_YEAR>1973</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Numéro de passeport</TYPE_OF_DOCUMENT><NUMBER>A123</NUMBER>
<ISSUING_COUNTRY>Tunisia</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT></INDIVIDUAL></INDIVIDUALS>
<ENTITIES><ENTITY><DATAID>110326</DATAID><FIRST_NAME>MADE INDUSTRIES (MI)</FIRST_NAME>
<ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>Made Works</ALIAS_NAME></ENTITY_ALIAS>
<ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Old Made Works</ALIAS_NAME></ENTITY_ALIAS>
<ENTITY_ADDRESS><CITY>Pyongyang</CITY><COUNTRY>Democratic People's Republic of Korea</COUNTRY>
</ENTITY_ADDRESS></ENTITY></ENTITIES></CONSOLIDATED_LIST>"""


def test_low_is_weak_and_blank_is_not(tmp_path: Path) -> None:
    (person, _), _ = read_text(tmp_path, UN_SAMPLE)

    weak = {name.text: name.is_weak for name in person.names}
    assert weak["Abu Made"]
    assert not weak["Blank Made"]
    assert not weak["Vanya Made"]


def test_an_empty_alias_element_is_no_name(tmp_path: Path) -> None:
    (person, _), report = read_text(tmp_path, UN_SAMPLE)

    assert all(name.text for name in person.names)
    assert report.set_aside_total == 0


def test_several_spellings_in_one_alias_become_several_names(tmp_path: Path) -> None:
    (person, _), _ = read_text(tmp_path, UN_SAMPLE)

    assert {"One Made", "Two Made", "Three Made"} <= {name.text for name in person.names}


def test_former_names_are_told_by_quality_or_by_note(tmp_path: Path) -> None:
    (person, entity), _ = read_text(tmp_path, UN_SAMPLE)

    assert name_of(person, "Former Made").kind is NameKind.FKA
    assert name_of(entity, "Old Made Works").kind is NameKind.FKA
    assert name_of(entity, "Made Works").kind is NameKind.AKA


def test_the_name_in_the_original_script_is_kept_without_its_invisible_marks(
    tmp_path: Path,
) -> None:
    (person, _), _ = read_text(tmp_path, UN_SAMPLE)

    assert name_of(person, "محمد مصنوع").script == "Arab"


def test_an_entity_has_its_whole_name_in_the_first_name(tmp_path: Path) -> None:
    (_, entity), _ = read_text(tmp_path, UN_SAMPLE)

    assert (entity.kind, entity.names[0].text) == (Kind.ORGANIZATION, "MADE INDUSTRIES (MI)")
    assert entity.names[0].parts == ()


def test_exact_approximate_and_between_dates_are_told_apart(tmp_path: Path) -> None:
    (person, _), _ = read_text(tmp_path, UN_SAMPLE)

    assert person.birth_dates == (
        PartialDate(1967, 1, 2),
        PartialDate(1968, is_circa=True),
        PartialDate(1968, latest_year=1973),
    )


def test_documents_in_any_language_and_the_long_names_of_countries_are_read(tmp_path: Path) -> None:
    (person, entity), report = read_text(tmp_path, UN_SAMPLE)

    assert Identifier("PASSPORT", "A123", "TN") in person.identifiers
    assert person.countries == ("IR",)
    assert entity.addresses[0].country == "KP"
    assert report.dated == "2026-02-27"
