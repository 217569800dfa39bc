"""OFAC's delimited set: every oddity of the real files, one test each."""

from __future__ import annotations

from pathlib import Path

from greenlane.screening.records import Identifier, Kind, NameKind, NamePart, PartialDate
from tests.unit.screening.formats.reading import name_of, read_text

_NULL = "-0- "


def sdn_row(
    number: int = 36,
    name: str = "MADE TRADING CO., LTD.",
    type_: str = _NULL,
    program: str = "MADE1",
    remarks: str = _NULL,
    flag: str = _NULL,
    call_sign: str = _NULL,
) -> str:
    """Return one row of sdn.csv in OFAC's spelling."""

    def cell(text: str) -> str:
        return text if text == _NULL else f'"{text}"'

    cells = [str(number), cell(name), cell(type_), cell(program), _NULL, cell(call_sign)]
    cells += [_NULL, _NULL, _NULL, cell(flag), _NULL, cell(remarks)]
    return ",".join(cells)


def test_the_null_of_the_files_is_empty_with_and_without_its_blank(tmp_path: Path) -> None:
    bare = sdn_row(37, "OTHER MADE CO").replace("-0- ", "-0-")

    parties, _ = read_text(tmp_path, f"{sdn_row()}\r\n{bare}\r\n")

    assert [party.remarks for party in parties] == ["", ""]
    assert [party.identifiers for party in parties] == [(), ()]


def test_a_last_line_without_end_and_with_a_trimmed_null_is_whole(tmp_path: Path) -> None:
    parties, report = read_text(tmp_path, sdn_row() + "\n" + sdn_row(37, "LAST CO")[:-1])

    assert [party.uid for party in parties] == ["made-36", "made-37"]
    assert (report.damage, report.set_aside_total) == ([], 0)


def test_the_control_z_at_the_end_is_no_row(tmp_path: Path) -> None:
    for end in ("\x1a", "\x1a\n", "\x1a\r\n"):
        parties, report = read_text(tmp_path, f"{sdn_row()}\r\n{end}")

        assert (len(parties), report.rows, report.set_aside_total) == (1, 1, 0)


def test_line_ends_of_all_three_kinds_are_read(tmp_path: Path) -> None:
    for end in ("\n", "\r\n", "\r"):
        parties, report = read_text(tmp_path, end.join([sdn_row(), sdn_row(37, "OTHER CO"), ""]))

        assert (len(parties), report.damage) == (2, [])


def test_the_type_column_tells_the_kind_and_null_means_organization(tmp_path: Path) -> None:
    types = {
        _NULL: "ORGANIZATION",
        "individual": "PERSON",
        "vessel": "VESSEL",
        "aircraft": "AIRCRAFT",
    }
    rows = [sdn_row(number, f"NAME {number}", type_) for number, type_ in enumerate(types, 1)]

    parties, _ = read_text(tmp_path, "\n".join(rows))

    assert [party.kind for party in parties] == list(types.values())


def test_several_programmes_are_parted_at_their_brackets(tmp_path: Path) -> None:
    parties, _ = read_text(tmp_path, sdn_row(program="SDGT] [IFSR] [IRAN-EO13902"))

    assert parties[0].programs == ("SDGT", "IFSR", "IRAN-EO13902")


def test_the_surname_of_a_person_stands_before_the_comma(tmp_path: Path) -> None:
    parties, _ = read_text(tmp_path, sdn_row(name="MADEUP, Ivan Petrovich", type_="individual"))

    assert parties[0].names[0].text == "MADEUP, Ivan Petrovich"
    assert parties[0].names[0].parts == (
        NamePart("family", "MADEUP"),
        NamePart("given", "Ivan Petrovich"),
    )


def test_the_comma_of_a_company_parts_nothing(tmp_path: Path) -> None:
    parties, _ = read_text(tmp_path, sdn_row(name="MADE TRADING CO., LTD."))

    assert parties[0].names[0].parts == ()


def test_remarks_go_on_in_the_comments_file_in_mid_word(tmp_path: Path) -> None:
    remarks = "DOB 14 Jun 1975; nationality Ru"
    comments = "36,\"ssia; a.k.a. 'THE MADE ONE'.\"\r\n\x1a"

    parties, _ = read_text(tmp_path, sdn_row(type_="individual", remarks=remarks), comments)

    assert parties[0].countries == ("RU",)
    assert name_of(parties[0], "THE MADE ONE").is_weak


def test_the_cut_at_a_blank_keeps_the_blank(tmp_path: Path) -> None:
    comments = '36," Russia; Gender Male."\n'

    parties, _ = read_text(tmp_path, sdn_row(remarks="DOB 1975; nationality"), comments)

    assert parties[0].countries == ("RU",)


def test_weak_aliases_stand_only_in_the_remarks_in_single_quotes(tmp_path: Path) -> None:
    remarks = "DOB 1960; a.k.a. 'ABU MADE'; alt. a.k.a. 'AL-MADE'; f.k.a. 'O'MADE'."

    parties, report = read_text(tmp_path, sdn_row(type_="individual", remarks=remarks))

    weak = [(name.text, name.kind) for name in parties[0].names if name.is_weak]
    assert weak == [
        ("ABU MADE", NameKind.AKA),
        ("AL-MADE", NameKind.AKA),
        ("O'MADE", NameKind.FKA),
    ]
    assert report.weak_names == 3


def test_a_name_that_is_strong_in_one_place_is_not_weak(tmp_path: Path) -> None:
    alt = '36,12,"aka","ABU MADE",-0- \n'

    parties, _ = read_text(tmp_path, sdn_row(remarks="a.k.a. 'ABU MADE'."), alt)

    assert not name_of(parties[0], "ABU MADE").is_weak


def test_every_form_of_birth_date_is_read(tmp_path: Path) -> None:
    remarks = (
        "DOB 14 Jun 1975; alt. DOB 1965; alt. DOB circa 1970; alt. DOB Mar 1971; "
        "alt. DOB 1958 to 1963; alt. DOB circa 1979-1982; alt. DOB 31 Feb 1980."
    )

    parties, _ = read_text(tmp_path, sdn_row(type_="individual", remarks=remarks))

    assert parties[0].birth_dates == (
        PartialDate(1975, 6, 14),
        PartialDate(1965),
        PartialDate(1970, is_circa=True),
        PartialDate(1971, 3),
        PartialDate(1958, latest_year=1963),
        PartialDate(1979, latest_year=1982, is_circa=True),
        PartialDate(1980, 2),
    )


def test_places_nationality_and_citizenship_are_read(tmp_path: Path) -> None:
    remarks = "POB Nahia, Giza, Egypt; alt. POB Cairo; nationality Egypt; citizen Korea, North."

    parties, _ = read_text(tmp_path, sdn_row(type_="individual", remarks=remarks))

    assert parties[0].birth_places == ("Nahia, Giza, Egypt", "Cairo")
    assert parties[0].countries == ("EG", "KP")


def test_numbers_in_the_remarks_carry_type_value_and_country(tmp_path: Path) -> None:
    remarks = (
        "Passport A123 (Iran) issued 25 May 1999 expires 24 May 2004; National ID No. 216040; "
        "Tax ID No. 100036386 (Serbia); Registration Number 02696754 (United Kingdom); "
        "Company Number IMO 5055293; Legal Entity Number 253400V1H6ART1UQ0N98 (Russia); "
        "alt. Digital Currency Address - XBT 1MadeUpAddressOfNobody."
    )

    parties, _ = read_text(tmp_path, sdn_row(remarks=remarks))

    assert parties[0].identifiers == (
        Identifier("PASSPORT", "A123", "IR"),
        Identifier("NATIONAL_ID", "216040"),
        Identifier("TAX", "100036386", "RS"),
        Identifier("REGISTRATION", "02696754", "GB"),
        Identifier("IMO_COMPANY", "5055293"),
        Identifier("LEI", "253400V1H6ART1UQ0N98", "RU"),
        Identifier("DIGITAL_CURRENCY", "1MadeUpAddressOfNobody"),
    )


def test_a_vessel_has_imo_mmsi_call_sign_and_flag(tmp_path: Path) -> None:
    remarks = "Vessel Registration Identification IMO 7406784; MMSI 572469210."
    row = sdn_row(
        name="MADE STAR 3", type_="vessel", remarks=remarks, flag="Panama", call_sign="T3XX"
    )

    parties, _ = read_text(tmp_path, row)

    assert parties[0].kind is Kind.VESSEL
    assert parties[0].countries == ("PA",)
    assert set(parties[0].identifiers) == {
        Identifier("CALL_SIGN", "T3XX"),
        Identifier("IMO", "7406784"),
        Identifier("MMSI", "572469210"),
    }


def test_alias_numbers_are_the_uids_of_the_names(tmp_path: Path) -> None:
    alt = (
        '36,12,"aka","MADE ONE",-0- \n36,13,"fka","MADE TWO",-0- \n36,14,"nka","MADE THREE",-0- \n'
    )

    parties, _ = read_text(tmp_path, alt, sdn_row())

    assert [(name.uid, name.kind) for name in parties[0].names[1:]] == [
        ("12", NameKind.AKA),
        ("13", NameKind.FKA),
        ("14", NameKind.NKA),
    ]


def test_a_row_of_four_cells_without_remarks_is_an_alias(tmp_path: Path) -> None:
    parties, report = read_text(tmp_path, sdn_row(), "36,12,aka,MADE ONE,\n36,13,aka,MADE TWO\n")

    assert [name.text for name in parties[0].names[1:]] == ["MADE ONE", "MADE TWO"]
    assert report.set_aside_total == 0


def test_addresses_join_their_columns_and_know_their_country(tmp_path: Path) -> None:
    add = '36,129,"Ibex House, The Minories","London EC3N 1DY","United Kingdom",-0- \n'
    add += "36,130,-0- ,-0- ,-0- ,-0- \n"

    parties, _ = read_text(tmp_path, sdn_row(), add)

    (address,) = parties[0].addresses
    assert address.text == "Ibex House, The Minories, London EC3N 1DY, United Kingdom"
    assert address.country == "GB"


def test_aliases_without_a_primary_row_are_still_screened(tmp_path: Path) -> None:
    alt = '36,12,"aka","MADE ONE",-0- \n99,500,"aka","ORPHAN NAME",-0- \n'

    parties, report = read_text(tmp_path, sdn_row(), alt)

    assert [(party.uid, party.kind) for party in parties] == [
        ("made-36", Kind.ORGANIZATION),
        ("made-99", Kind.UNKNOWN),
    ]
    assert report.notes["alt: a party without primary row was made of its aliases"] == 1


def test_a_number_that_stands_for_two_parties_keeps_both(tmp_path: Path) -> None:
    rows = [sdn_row(2677, "FIRST, Person", "individual"), sdn_row(2677, "SECOND COMPANY LIMITED")]

    parties, report = read_text(tmp_path, "\n".join(rows))
    again, _ = read_text(tmp_path, "\n".join(rows))

    assert [party.names[0].text for party in parties] == ["FIRST, Person", "SECOND COMPANY LIMITED"]
    assert len({party.uid for party in parties}) == 2
    assert parties == again
    assert report.notes["a party's number occurs twice; the later one got a uid of its own"] == 1


def test_a_set_without_primary_names_counts_as_damaged(tmp_path: Path) -> None:
    parties, report = read_text(tmp_path, '36,12,"aka","MADE ONE",-0- \n')

    assert [party.names[0].text for party in parties] == ["MADE ONE"]
    assert report.damage == ["The set has no file of primary names (sdn.csv or cons_prim.csv)."]


def test_a_last_row_that_breaks_off_is_damage(tmp_path: Path) -> None:
    _, report = read_text(tmp_path, sdn_row() + '\n37,"BROKE')

    assert report.damage == ["sdn: the last row (line 2) breaks off."]
    assert [(row.line, row.reason) for row in report.set_aside] == [
        (2, "sdn: the row has 2 of 12 columns.")
    ]


def test_a_quote_that_is_never_closed_is_damage_and_not_silence(tmp_path: Path) -> None:
    rows = [
        sdn_row(1, "FIRST CO"),
        '2,"NEVER CLOSED,' + _NULL,
        *(sdn_row(n, f"CO {n}") for n in range(3, 9)),
    ]

    parties, report = read_text(tmp_path, "\n".join(rows))

    assert [party.uid for party in parties] == ["made-1", *(f"made-{n}" for n in range(3, 9))]
    assert report.damage == ["A quote in line 2 is not closed on its line."]
    assert [row.line for row in report.set_aside] == [2]


def test_a_quote_inside_a_name_is_survived(tmp_path: Path) -> None:
    parties, report = read_text(tmp_path, sdn_row(name='MADE "BEST" CO'))

    assert "MADE" in parties[0].names[0].text
    assert report.notes["a line has quotes inside a cell and was split leniently"] == 1
