"""Files that are built to harm a reader are refused, in little time and memory."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from greenlane.core.errors import GreenlaneError
from greenlane.screening.formats.report import HostileList, Limits, UnreadableList
from tests.unit.screening.formats.reading import read_text

_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<{root}><x>&b;</x></{root}>"
)
_ROOTS = ("sdnList", "Sanctions", "CONSOLIDATED_LIST", "export", "Designations")


@pytest.mark.parametrize("root", _ROOTS)
def test_a_document_type_is_refused_before_any_entity_is_expanded(
    tmp_path: Path, root: str
) -> None:
    with pytest.raises(HostileList, match="document type"):
        read_text(tmp_path, _BOMB.replace("{root}", root))


@pytest.mark.parametrize("root", _ROOTS)
def test_an_external_document_type_is_refused_and_not_fetched(tmp_path: Path, root: str) -> None:
    text = f'<!DOCTYPE {root} SYSTEM "file:///etc/hostname"><{root}/>'

    with pytest.raises(HostileList):
        read_text(tmp_path, text)


def test_an_undeclared_entity_is_damage_and_not_text(tmp_path: Path) -> None:
    text = "<CONSOLIDATED_LIST><INDIVIDUAL><DATAID>&x;</DATAID></INDIVIDUAL></CONSOLIDATED_LIST>"

    parties, report = read_text(tmp_path, text)

    assert parties == []
    assert "breaks off" in report.damage[0]


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    text = "<CONSOLIDATED_LIST>" + "<INDIVIDUAL>" * 100_000

    with pytest.raises(HostileList, match="nested deeper"):
        read_text(tmp_path, text)


def test_a_record_without_end_is_refused(tmp_path: Path) -> None:
    text = "<CONSOLIDATED_LIST><INDIVIDUAL>" + "<A/>" * 1_000

    with pytest.raises(HostileList, match="larger than any record"):
        read_text(tmp_path, text, limits=Limits(elements_per_record=500))


def test_a_text_without_end_is_refused(tmp_path: Path) -> None:
    text = "<CONSOLIDATED_LIST><INDIVIDUAL><DATAID>" + "9" * 200_000

    with pytest.raises(HostileList, match="larger than any record"):
        read_text(tmp_path, text, limits=Limits(record_bytes=100_000))


def test_a_tag_without_end_is_refused(tmp_path: Path) -> None:
    text = '<CONSOLIDATED_LIST><INDIVIDUAL a="' + "9" * 2_000_000

    with pytest.raises(HostileList, match="One tag or text"):
        read_text(tmp_path, text, limits=Limits(token_bytes=500_000))


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HostileList, match="Line 2 is longer"):
        read_text(tmp_path, "entity_id,name\n1," + "A" * 2_000_000)


@pytest.mark.parametrize(
    "text", ['{"results": [{"name": "' + "A" * 300_000, '{"results": [' + '{"a":' * 90_000]
)
def test_a_json_object_without_end_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(HostileList, match="Object 1 is larger"):
        read_text(tmp_path, text, limits=Limits(record_bytes=200_000))


def test_json_nested_too_deep_is_set_aside(tmp_path: Path) -> None:
    deep = '{"source": "x", "name": ' + "[" * 50_000 + "]" * 50_000 + "}"
    plain = '{"source": "Entity List (EL)", "name": "MADE"}'

    parties, report = read_text(tmp_path, '{"results": [' + deep + "," + plain + "]}")

    assert [party.names[0].text for party in parties] == ["MADE"]
    assert report.damage == ["Object 1 is no valid JSON."]


def test_a_file_beyond_its_size_is_refused(tmp_path: Path) -> None:
    rows = "entity_id,name\n" + "1,MADE\n" * 1_000

    with pytest.raises(HostileList, match="larger than 500 bytes"):
        read_text(tmp_path, rows, limits=Limits(file_bytes=500))


def test_more_parties_than_the_limit_are_refused(tmp_path: Path) -> None:
    records = "".join(
        f"<INDIVIDUAL><DATAID>{n}</DATAID><FIRST_NAME>A</FIRST_NAME></INDIVIDUAL>"
        for n in range(11)
    )

    with pytest.raises(HostileList, match="more than 10 parties"):
        read_text(
            tmp_path, f"<CONSOLIDATED_LIST>{records}</CONSOLIDATED_LIST>", limits=Limits(parties=10)
        )


def test_another_encoding_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnreadableList):
        read_text(tmp_path, "entity_id,name\n1,MADE\n".encode("utf-16"))


def test_a_name_too_long_is_set_aside_and_the_party_stays(tmp_path: Path) -> None:
    (party,), report = read_text(tmp_path, f"entity_id,name,aliases\n1,MADE,{'A' * 5_000}\n")

    assert [name.text for name in party.names] == ["MADE"]
    assert "5000 characters" in report.set_aside[0].reason


@pytest.mark.parametrize(
    "text",
    [
        "<CONSOLIDATED_LIST>\ud800</CONSOLIDATED_LIST>",
        '<?xml version="1.0" encoding="utf-7"?><CONSOLIDATED_LIST/>',
        '<?xml version="1.0" encoding="nonsense"?><CONSOLIDATED_LIST/>',
        '{"results": [{"source": "\\ud800", "name": "\\ud800"}, 5]}',
        "entity_id,name\n\x00,\x00\n\x00",
        '36,12,"aka"\n99999999999999999999,1,"aka","A",-0- ',
    ],
)
def test_odd_bytes_end_in_parties_or_in_a_refusal_of_ours(tmp_path: Path, text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")

    with suppress(GreenlaneError):
        parties, report = read_text(tmp_path, raw)

        assert report.parties == len(parties)


def test_invisible_marks_cannot_hide_a_name(tmp_path: Path) -> None:
    (party,), _ = read_text(tmp_path, "entity_id,name\n1,MA\u200bDE\u202e UP\n")

    assert party.names[0].text == "MADE UP"
