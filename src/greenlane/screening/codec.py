"""Parties as lines of compact canonical JSON, and the content hash that a comparison rests on.

Nothing here opens a file.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from greenlane.screening.records import (
    Address,
    Identifier,
    Kind,
    ListedName,
    ListedParty,
    NameKind,
    NamePart,
    PartialDate,
)


def _date_cells(date: PartialDate) -> list[Any]:
    return [date.year, date.month, date.day, date.latest_year, int(date.is_circa)]


def _name_cells(name: ListedName) -> list[Any]:
    return [
        name.uid,
        name.text,
        name.kind.value,
        name.script,
        int(name.is_weak),
        [[part.role, part.text] for part in name.parts],
    ]


def encode_name(name: ListedName) -> str:
    """Return a name as one line of canonical JSON; equal names give equal lines."""
    return json.dumps(_name_cells(name), ensure_ascii=False, separators=(",", ":"))


def encode_party(party: ListedParty) -> str:
    """Return a party as one line of canonical JSON; equal parties give equal lines."""
    cells: list[Any] = [
        party.uid,
        party.source,
        party.kind.value,
        [_name_cells(name) for name in party.names],
        party.programs,
        [_date_cells(date) for date in party.birth_dates],
        party.birth_places,
        party.countries,
        [[number.type, number.value, number.country] for number in party.identifiers],
        [[address.text, address.country] for address in party.addresses],
        party.listed_on,
        party.expires_on,
        party.remarks,
    ]
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":"))


def _date(cells: list[Any]) -> PartialDate:
    return PartialDate(cells[0], cells[1], cells[2], cells[3], bool(cells[4]))


def decode_party(line: str) -> ListedParty:
    """Return the party of a line that `encode_party` wrote.

    Raises:
        ValueError: The line is no such line.
    """
    try:
        cells = json.loads(line)
        return ListedParty(
            uid=cells[0],
            source=cells[1],
            kind=Kind(cells[2]),
            names=tuple(
                ListedName(
                    uid=name[0],
                    text=name[1],
                    kind=NameKind(name[2]),
                    script=name[3],
                    is_weak=bool(name[4]),
                    parts=tuple(NamePart(role, text) for role, text in name[5]),
                )
                for name in cells[3]
            ),
            programs=tuple(cells[4]),
            birth_dates=tuple(_date(date) for date in cells[5]),
            birth_places=tuple(cells[6]),
            countries=tuple(cells[7]),
            identifiers=tuple(Identifier(*number) for number in cells[8]),
            addresses=tuple(Address(*address) for address in cells[9]),
            listed_on=cells[10],
            expires_on=cells[11],
            remarks=cells[12],
        )
    except (TypeError, IndexError, KeyError) as error:
        raise ValueError(f"not a stored party: {line[:80]!r}") from error


def content_hash(party: ListedParty) -> str:
    """Return the SHA-256 of everything a list says about a party."""
    return hashlib.sha256(encode_party(party).encode()).hexdigest()
