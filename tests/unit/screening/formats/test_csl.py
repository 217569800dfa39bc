"""The Consolidated Screening List in its three forms."""

from __future__ import annotations

import json
from pathlib import Path

from greenlane.screening.records import Identifier, Kind, PartialDate
from tests.unit.screening.formats.reading import read_text

_OLD = (
    "source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,"
    "end_date,standard_order,license_requirement,license_policy,call_sign,vessel_type,"
    "gross_tonnage,gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,"
    "alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,source_information_url,ids"
)
_NEW = "_id," + _OLD
_SDN = "Specially Designated Nationals (SDN) - Treasury Department"
_DPL = "Denied Persons List (DPL) - Bureau of Industry and Security"


def row(header: str, **cells: str) -> str:
    """Return one CSV row with these cells under this header."""
    return ",".join(
        '"' + cells.get(column, "").replace('"', '""') + '"' for column in header.split(",")
    )


def test_several_values_in_a_cell_are_parted_by_semicolon_and_blank(tmp_path: Path) -> None:
    text = "\n".join(
        [
            _NEW,
            row(
                _NEW,
                _id="36",
                source=_SDN,
                entity_number="36",
                type="Individual",
                name="Ivan MADEUP",
                alt_names="Vanya MADE; I. MADEUP",
                addresses="1 Made Street, Havana, CU; Tunis",
                citizenships="LB; PY",
                dates_of_birth="1956; 1956-04-03",
                programs="SDGT; IFSR",
                ids="Passport, A123, IR; Gender, Male",
            ),
        ]
    )

    (party,), _ = read_text(tmp_path, text)

    assert [name.text for name in party.names] == ["Ivan MADEUP", "Vanya MADE", "I. MADEUP"]
    assert party.countries == ("LB", "PY")
    assert party.birth_dates == (PartialDate(1956), PartialDate(1956, 4, 3))
    assert party.programs == ("SDN", "SDGT", "IFSR")
    assert [address.country for address in party.addresses] == ["CU", ""]
    assert party.identifiers == (Identifier("PASSPORT", "A123", "IR"),)


def test_an_older_file_without_the_id_column_is_read_by_its_header(tmp_path: Path) -> None:
    text = "\n".join([_OLD, row(_OLD, source=_DPL, name="DENIED MADE", end_date="2056-06-29")])

    (party,), _ = read_text(tmp_path, text)

    assert party.uid.startswith("made-DPL-")
    assert party.expires_on == "2056-06-29"


def test_a_header_line_that_occurs_again_is_skipped(tmp_path: Path) -> None:
    text = "\n".join(
        [_NEW, _NEW, row(_NEW, _id="1", source=_SDN, entity_number="1", name="MADE CO")]
    )

    parties, report = read_text(tmp_path, text)

    assert [party.names[0].text for party in parties] == ["MADE CO"]
    assert report.notes["the header line occurs again and was skipped"] == 1


def test_a_blank_type_is_an_unknown_kind(tmp_path: Path) -> None:
    text = "\n".join([_NEW, row(_NEW, _id="ab", source=_DPL, name="DENIED MADE")])

    (party,), _ = read_text(tmp_path, text)

    assert party.kind is Kind.UNKNOWN


def test_no_name_of_this_list_is_weak(tmp_path: Path) -> None:
    text = "\n".join([_NEW, row(_NEW, _id="1", source=_SDN, name="A MADE", alt_names="B; C")])

    _, report = read_text(tmp_path, text)

    assert (report.names, report.weak_names) == (3, 0)


def test_the_same_source_and_number_twice_is_one_party(tmp_path: Path) -> None:
    one = row(_NEW, _id="1", source=_SDN, entity_number="36", name="MADE CO")

    parties, report = read_text(tmp_path, "\n".join([_NEW, one, one]))

    assert [party.uid for party in parties] == ["made-SDN-36"]
    assert report.set_aside_total == 1


def test_the_same_number_on_two_source_lists_is_two_parties(tmp_path: Path) -> None:
    ssi = "Sectoral Sanctions Identifications List (SSI) - Treasury Department"
    rows = [
        row(_NEW, _id="1", source=s, entity_number="17014", name="MADE BANK") for s in (_SDN, ssi)
    ]

    parties, _ = read_text(tmp_path, "\n".join([_NEW, *rows]))

    assert [party.uid for party in parties] == ["made-SDN-17014", "made-SSI-17014"]


def test_the_tab_separated_form_is_the_same_list(tmp_path: Path) -> None:
    cells = {"_id": "1", "source": _SDN, "entity_number": "36", "name": "MADE CO"}
    header = _NEW.replace(",", "\t")
    line = "\t".join(cells.get(column, "") for column in _NEW.split(","))

    (party,), report = read_text(tmp_path, f"{header}\n{line}\n")

    assert (party.uid, report.format) == ("made-SDN-36", "CSL_TSV")


def test_the_json_form_has_real_lists_and_addresses(tmp_path: Path) -> None:
    found = {
        "source": _SDN,
        "entity_number": 36,
        "type": "Individual",
        "name": 'Ivan "Vanya" MADEUP',
        "alt_names": ["Vanya; MADE"],
        "addresses": [
            {
                "address": "1 Made St",
                "city": "Havana",
                "state": None,
                "postal_code": "1",
                "country": "CU",
            }
        ],
        "nationalities": ["IR"],
        "dates_of_birth": ["1956-04-03"],
        "ids": [{"type": "Passport", "number": "A123", "country": "IR"}],
        "programs": ["SDGT"],
    }

    (party,), report = read_text(tmp_path, json.dumps({"total": 1, "results": [found]}, indent=1))

    assert party.uid == "made-SDN-36"
    assert [name.text for name in party.names] == ['Ivan "Vanya" MADEUP', "Vanya; MADE"]
    assert [(address.text, address.country) for address in party.addresses] == [
        ("1 Made St, Havana, 1, CU", "CU")
    ]
    assert party.identifiers == (Identifier("PASSPORT", "A123", "IR"),)
    assert report.format == "CSL_JSON"


def test_json_that_breaks_off_keeps_what_came_before_and_says_so(tmp_path: Path) -> None:
    text = json.dumps(
        {"results": [{"source": _SDN, "entity_number": n, "name": f"CO {n}"} for n in range(9)]}
    )

    parties, report = read_text(tmp_path, text[:-40])

    assert len(parties) == 8
    assert report.damage == ["The JSON breaks off after object 8."]
