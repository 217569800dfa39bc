"""An office's own list in plain CSV."""

from __future__ import annotations

from pathlib import Path

from greenlane.screening.records import Identifier, Kind, NameKind, PartialDate
from tests.unit.screening.formats.reading import name_of, read_text

_HEADER = (
    "entity_id,name,entity_type,aliases,weak_aliases,birth_dates,countries,identifiers,addresses,"
    "program,listed_on,expires_on,remarks"
)


def test_every_documented_column_is_read(tmp_path: Path) -> None:
    row = (
        "L1,Ivan Madeup,person,Vanya Made|I. Made,Abu Made,1960|circa 1961,Iran|CU,PASSPORT:A1:IR,"
        '"1 Made St, Havana, Cuba",WATCH,2026-01-01,2027-01-01,seen twice'
    )

    (party,), _ = read_text(tmp_path, f"{_HEADER}\n{row}\n")

    assert (party.uid, party.kind) == ("made-L1", Kind.PERSON)
    assert [name.text for name in party.names] == [
        "Ivan Madeup",
        "Vanya Made",
        "I. Made",
        "Abu Made",
    ]
    assert name_of(party, "Abu Made").is_weak
    assert party.birth_dates == (PartialDate(1960), PartialDate(1961, is_circa=True))
    assert party.countries == ("IR", "CU")
    assert party.identifiers == (Identifier("PASSPORT", "A1", "IR"),)
    assert (party.listed_on, party.expires_on) == ("2026-01-01", "2027-01-01")


def test_the_layout_of_the_screen_command_is_read_too(tmp_path: Path) -> None:
    text = (
        "entity_id,name,name_kind,entity_type,program\n"
        "36,MADE CO,PRIMARY,ORGANIZATION,X\n36,OLD MADE CO,FKA,ORGANIZATION,X\n"
    )

    (party,), _ = read_text(tmp_path, text)

    assert [(name.text, name.kind) for name in party.names] == [
        ("MADE CO", NameKind.PRIMARY),
        ("OLD MADE CO", NameKind.FKA),
    ]


def test_what_cannot_be_read_is_reported_with_its_line(tmp_path: Path) -> None:
    text = "entity_id,name,expires_on\n,NO NUMBER,\nL1,MADE CO,soon\nL2,,\n"

    parties, report = read_text(tmp_path, text)

    assert [party.expires_on for party in parties] == [""]
    assert [row.line for row in report.set_aside] == [2, 3, 4]
