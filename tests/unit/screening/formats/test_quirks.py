"""Every oddity of the published formats, and the test that shows it is survived.

The list follows the format notes that the readers were written from. A row without a test, or a
test that was renamed away, fails here.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from greenlane.screening.records import Identifier
from tests.unit.screening.formats.reading import read_text
from tests.unit.screening.formats.test_ofac_csv import sdn_row
from tests.unit.screening.formats.test_un import UN_SAMPLE

TESTS = Path(__file__).resolve().parents[3]

QUIRKS: tuple[tuple[str, str, str], ...] = (
    (
        "OFAC CSV",
        "no header, null is -0- and a blank",
        "test_the_null_of_the_files_is_empty_with_and_without_its_blank",
    ),
    (
        "OFAC CSV",
        "the last null without its blank, no line end",
        "test_a_last_line_without_end_and_with_a_trimmed_null_is_whole",
    ),
    (
        "OFAC CSV",
        "LF, CRLF or CR",
        "test_line_ends_of_all_three_kinds_are_read",
    ),
    (
        "OFAC CSV",
        "a Ctrl-Z line at the end",
        "test_the_control_z_at_the_end_is_no_row",
    ),
    (
        "OFAC CSV",
        "type is individual, vessel, aircraft or null for an entity",
        "test_the_type_column_tells_the_kind_and_null_means_organization",
    ),
    (
        "OFAC CSV",
        "several programs written SDGT] [IFSR",
        "test_several_programmes_are_parted_at_their_brackets",
    ),
    (
        "OFAC CSV",
        "SURNAME, Given for individuals",
        "test_the_surname_of_a_person_stands_before_the_comma",
    ),
    (
        "OFAC CSV",
        "a comma of a company is no surname",
        "test_the_comma_of_a_company_parts_nothing",
    ),
    (
        "OFAC CSV",
        "remarks cut at 1,000 characters go on in the comments, in mid-word",
        "test_remarks_go_on_in_the_comments_file_in_mid_word",
    ),
    (
        "OFAC CSV",
        "the cut may fall on a blank",
        "test_the_cut_at_a_blank_keeps_the_blank",
    ),
    (
        "OFAC CSV",
        "weak aliases only in the remarks, in single quotes, a.k.a. and f.k.a.",
        "test_weak_aliases_stand_only_in_the_remarks_in_single_quotes",
    ),
    (
        "OFAC CSV",
        "strong in one place is not weak",
        "test_a_name_that_is_strong_in_one_place_is_not_weak",
    ),
    (
        "OFAC CSV",
        "DOB in full, by month, by year, circa, as a range, alt. DOB",
        "test_every_form_of_birth_date_is_read",
    ),
    (
        "OFAC CSV",
        "POB, nationality, citizen",
        "test_places_nationality_and_citizenship_are_read",
    ),
    (
        "OFAC CSV",
        "passport, national id, tax, registration, digital currency",
        "test_numbers_in_the_remarks_carry_type_value_and_country",
    ),
    (
        "OFAC CSV",
        "IMO, MMSI, call sign, flag of a vessel",
        "test_a_vessel_has_imo_mmsi_call_sign_and_flag",
    ),
    (
        "OFAC CSV",
        "vessel type, tonnage, gross tonnage and owner have columns",
        "test_what_a_vessel_is_and_who_owns_it_is_kept",
    ),
    (
        "OFAC CSV",
        "Gender, Linked To, Secondary sanctions risk, Organization Established Date",
        "test_remarks_that_are_no_numbers_stay_remarks",
    ),
    (
        "OFAC CSV",
        "alt_num is stable; alt_type aka, fka, nka",
        "test_alias_numbers_are_the_uids_of_the_names",
    ),
    (
        "OFAC CSV",
        "four cells in alt.csv",
        "test_a_row_of_four_cells_without_remarks_is_an_alias",
    ),
    (
        "OFAC CSV",
        "add.csv: street, place, country",
        "test_addresses_join_their_columns_and_know_their_country",
    ),
    (
        "OFAC CSV",
        "aliases whose party has no primary row",
        "test_aliases_without_a_primary_row_are_still_screened",
    ),
    (
        "OFAC CSV",
        "one ent_num for two parties",
        "test_a_number_that_stands_for_two_parties_keeps_both",
    ),
    (
        "OFAC CSV",
        "the consolidated set has the same columns",
        "test_a_head_tells_the_format",
    ),
    (
        "OFAC CSV",
        "the real sets of 2019 and 2023",
        "test_the_real_files_of_2019_lose_nothing",
    ),
    (
        "sdn.xml",
        "category strong or weak, said explicitly",
        "test_the_plain_xml_says_itself_which_alias_is_weak",
    ),
    (
        "sdn.xml",
        "lastName and firstName",
        "test_the_plain_xml_writes_names_as_the_csv_does",
    ),
    (
        "sdn.xml",
        "idList, dateOfBirthItem, addressList",
        "test_the_plain_xml_gives_dates_places_countries_and_numbers",
    ),
    (
        "SDN_ADVANCED",
        "LowQuality is weak",
        "test_low_quality_is_weak_and_other_names_are_not",
    ),
    (
        "SDN_ADVANCED",
        "ScriptID gives names in their own script",
        "test_original_script_names_carry_their_script",
    ),
    (
        "SDN_ADVANCED",
        "NamePartGroup gives family, given, patronymic",
        "test_name_part_groups_give_family_given_and_patronymic",
    ),
    (
        "SDN_ADVANCED",
        "SanctionsEntries stand behind the parties; DateOfIssue",
        "test_programmes_behind_the_parties_reach_them_by_profile",
    ),
    (
        "SDN_ADVANCED",
        "features, locations and documents are code tables by number",
        "test_features_give_dates_countries_and_addresses",
    ),
    (
        "SDN_ADVANCED",
        "FixedRef is the number of the CSV",
        "test_the_uid_is_the_number_that_the_csv_has_too",
    ),
    (
        "SDN_ADVANCED",
        "too large for a DOM",
        "test_a_made_file_of_five_hundred_parties_is_read_whole",
    ),
    (
        "CSL",
        "several values joined by a semicolon and a blank",
        "test_several_values_in_a_cell_are_parted_by_semicolon_and_blank",
    ),
    (
        "CSL",
        "older files lack _id",
        "test_an_older_file_without_the_id_column_is_read_by_its_header",
    ),
    (
        "CSL",
        "the header line occurs again",
        "test_a_header_line_that_occurs_again_is_skipped",
    ),
    (
        "CSL",
        "type is blank on the lists of BIS and State",
        "test_a_blank_type_is_an_unknown_kind",
    ),
    (
        "CSL",
        "the strength of aliases is lost",
        "test_no_name_of_this_list_is_weak",
    ),
    (
        "CSL",
        "the same source and entity_number twice",
        "test_the_same_source_and_number_twice_is_one_party",
    ),
    (
        "CSL",
        "rows that repeat an OFAC list",
        "test_a_row_of_the_consolidated_list_that_repeats_ofac_is_left_out",
    ),
    (
        "CSL",
        "tab-separated",
        "test_the_tab_separated_form_is_the_same_list",
    ),
    (
        "CSL",
        "JSON has real lists and addresses as objects",
        "test_the_json_form_has_real_lists_and_addresses",
    ),
    (
        "CSL",
        "the real file, cut short and with two headers",
        "test_the_real_consolidated_screening_list_is_read_whole",
    ),
    (
        "BIS DPL",
        "denied persons expire",
        "test_a_denial_carries_the_day_on_which_it_expires",
    ),
    (
        "BIS DPL",
        "an expired denial makes no hit",
        "test_an_expired_listing_makes_no_hit",
    ),
    (
        "BIS DPL",
        "an expiration nobody can read",
        "test_an_expiration_that_cannot_be_read_does_not_let_the_denial_lapse",
    ),
    (
        "BIS DPL",
        "one person, several rows of addresses",
        "test_rows_of_the_same_name_and_date_are_one_party_with_several_addresses",
    ),
    (
        "BIS DPL",
        "tabs and quotes in the real file",
        "test_the_real_list_of_denied_persons_is_read_whole",
    ),
    (
        "UN",
        "dateGenerated; NATIONALITY; DOCUMENT in several languages",
        "test_documents_in_any_language_and_the_long_names_of_countries_are_read",
    ),
    (
        "UN",
        "an entity's whole name in FIRST_NAME",
        "test_an_entity_has_its_whole_name_in_the_first_name",
    ),
    (
        "UN",
        "NAME_ORIGINAL_SCRIPT",
        "test_the_name_in_the_original_script_is_kept_without_its_invisible_marks",
    ),
    (
        "UN",
        "QUALITY Good, Low, blank: blank is not weak",
        "test_low_is_weak_and_blank_is_not",
    ),
    (
        "UN",
        "QUALITY a.k.a. and f.k.a. of entities",
        "test_former_names_are_told_by_quality_or_by_note",
    ),
    (
        "UN",
        "empty alias elements",
        "test_an_empty_alias_element_is_no_name",
    ),
    (
        "UN",
        "TYPE_OF_DATE EXACT, APPROXIMATELY, BETWEEN",
        "test_exact_approximate_and_between_dates_are_told_apart",
    ),
    (
        "UN",
        "VERSIONNUM: a party counts as changed by content, not by this number",
        "test_the_version_number_of_a_record_changes_no_party",
    ),
    (
        "UN",
        "REFERENCE_NUMBER and UN_LIST_TYPE",
        "test_the_reference_and_the_list_of_a_record_are_kept",
    ),
    (
        "UN",
        "the real lists of 2018, 2024 and 2026",
        "test_the_real_lists_of_the_united_nations_are_read_whole",
    ),
    (
        "EU",
        "strong=false is weak",
        "test_strong_false_is_weak",
    ),
    (
        "EU",
        "empty attributes: wholeName, else the parts",
        "test_an_empty_whole_name_is_made_of_its_parts",
    ),
    (
        "EU",
        "logicalId of party and name",
        "test_names_and_parties_keep_the_logical_numbers_and_scripts",
    ),
    (
        "EU",
        "birthdate, year, circa",
        "test_births_in_full_by_year_and_by_range_are_read",
    ),
    (
        "EU",
        "person or enterprise; identification types; generationDate",
        "test_person_and_enterprise_are_told_apart_and_numbers_are_typed",
    ),
    (
        "EU",
        "CSV: one row for each sub-record",
        "test_rows_of_sub_records_are_gathered_by_entity_wherever_they_stand",
    ),
    (
        "EU",
        "CSV: byte order mark, semicolons",
        "test_the_byte_order_mark_and_a_semicolon_inside_quotes_are_survived",
    ),
    (
        "EU",
        "CSV damaged by a spreadsheet",
        "test_lines_that_a_spreadsheet_wrapped_in_quotes_are_unwrapped",
    ),
    (
        "EU",
        "the real damaged sample",
        "test_the_real_damaged_sample_is_read_whole",
    ),
    (
        "UK",
        "Name6 is the surname or the whole name, Name1 to 5 are given names",
        "test_name_six_is_the_surname_and_names_one_to_five_are_given_names",
    ),
    (
        "UK",
        "Primary name, Primary name variation, Alias",
        "test_name_types_in_any_case_tell_the_principal_name",
    ),
    (
        "UK",
        "a blank alias strength is not weak",
        "test_a_blank_alias_strength_is_not_weak",
    ),
    (
        "UK",
        "dates with dd or mm for what is not known",
        "test_dates_with_unknown_day_or_month_are_read_as_far_as_known",
    ),
    (
        "UK",
        "SanctionsImposed parted by bars; NonLatinNames",
        "test_measures_are_parted_at_bars_and_originals_keep_their_script",
    ),
    (
        "UK",
        "CSV: the first line is about the file, the header second",
        "test_the_csv_has_a_line_about_itself_before_its_header",
    ),
    (
        "all",
        "no entity expansion, no external fetch",
        "test_a_document_type_is_refused_before_any_entity_is_expanded",
    ),
    (
        "all",
        "a list is keyed on stable numbers through a change",
        "test_a_name_that_keeps_its_number_is_changed_and_not_replaced",
    ),
)
"""(list, what is odd about it, name of the test)."""


def _tests() -> set[str]:
    found: set[str] = set()
    for folder in (TESTS / "unit" / "screening", TESTS / "lists"):
        for path in folder.rglob("test_*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return found


def test_every_oddity_of_the_formats_names_a_test_that_exists() -> None:
    there = _tests()

    missing = [quirk for quirk in QUIRKS if quirk[2] not in there]

    assert missing == []
    assert {quirk[0] for quirk in QUIRKS} == {
        "OFAC CSV", "sdn.xml", "SDN_ADVANCED", "CSL", "BIS DPL", "UN", "EU", "UK", "all",
    }  # fmt: skip


def test_remarks_that_are_no_numbers_stay_remarks(tmp_path: Path) -> None:
    remarks = (
        "Gender Male; Linked To: MADE HOLDING; Secondary sanctions risk: section 1(b) of a made "
        "order; Organization Established Date 14 Jun 1999; Target Type Private Company."
    )

    (party,), report = read_text(tmp_path, sdn_row(remarks=remarks))

    assert party.remarks == remarks
    assert (party.identifiers, party.birth_dates, party.countries) == ((), (), ())
    assert report.set_aside_total == 0


def test_what_a_vessel_is_and_who_owns_it_is_kept(tmp_path: Path) -> None:
    cells = ["36", '"MADE STAR"', '"vessel"', '"MADE1"', "-0- ", '"T3XX"', '"Crude Oil Tanker"']
    cells += ['"96,789"', '"51,246"', '"Panama"', '"Made Shipping Co"', "-0- "]

    (party,), _ = read_text(tmp_path, ",".join(cells))

    for kept in ("Crude Oil Tanker", "96,789", "51,246", "Made Shipping Co"):
        assert kept in party.remarks


@pytest.mark.parametrize("number", ["2", "17"])
def test_the_version_number_of_a_record_changes_no_party(tmp_path: Path, number: str) -> None:
    raised = UN_SAMPLE.replace("<VERSIONNUM>1<", f"<VERSIONNUM>{number}<")

    before, _ = read_text(tmp_path, UN_SAMPLE)
    after, _ = read_text(tmp_path, raised)

    assert raised != UN_SAMPLE
    assert after == before


def test_the_reference_and_the_list_of_a_record_are_kept(tmp_path: Path) -> None:
    (person, _), _ = read_text(tmp_path, UN_SAMPLE)

    assert Identifier("UN_REFERENCE", "CDi.001") in person.identifiers
    assert (person.uid, person.programs, person.listed_on) == (
        "made-6907993",
        ("DRC",),
        "2012-12-31",
    )
