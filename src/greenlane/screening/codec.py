"""Parties and subjects as lines of canonical JSON, and the content hash that comparing rests on.

Nothing here opens a file.
"""

from __future__ import annotations

import hashlib
import json
import re
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
    Subject,
)

_HEAD = re.compile(r'\["([^"\\]*)","([^"\\]*)",')


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
        party.expires_on,
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
            source=cells[2],
            kind=Kind(cells[3]),
            names=tuple(
                ListedName(
                    uid=name[0],
                    text=name[1],
                    kind=NameKind(name[2]),
                    script=name[3],
                    is_weak=bool(name[4]),
                    parts=tuple(NamePart(role, text) for role, text in name[5]),
                )
                for name in cells[4]
            ),
            programs=tuple(cells[5]),
            birth_dates=tuple(_date(date) for date in cells[6]),
            birth_places=tuple(cells[7]),
            countries=tuple(cells[8]),
            identifiers=tuple(Identifier(*number) for number in cells[9]),
            addresses=tuple(Address(*address) for address in cells[10]),
            listed_on=cells[11],
            expires_on=cells[1],
            remarks=cells[12],
        )
    except (TypeError, IndexError, KeyError) as error:
        raise ValueError(f"not a stored party: {line[:80]!r}") from error


def encode_subject(subject: Subject) -> str:
    """Return a subject as one line of canonical JSON; equal subjects give equal lines."""
    cells: list[Any] = [
        subject.subject_id,
        subject.names,
        subject.kind.value,
        [_date_cells(date) for date in subject.birth_dates],
        subject.countries,
        [[number.type, number.value, number.country] for number in subject.identifiers],
    ]
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":"))


def decode_subject(line: str) -> Subject:
    """Return the subject of a line that `encode_subject` wrote."""
    cells = json.loads(line)
    return Subject(
        subject_id=cells[0],
        names=tuple(cells[1]),
        kind=Kind(cells[2]),
        birth_dates=tuple(_date(date) for date in cells[3]),
        countries=tuple(cells[4]),
        identifiers=tuple(Identifier(*number) for number in cells[5]),
    )


def head_of(line: str) -> tuple[str, str]:
    """Return (uid, expires_on) of a party's line without decoding the rest.

    Both stand first for this reason: comparing two versions reads every line, decoding few.
    """
    if match := _HEAD.match(line):
        return match[1], match[2]
    cells = json.loads(line)
    return cells[0], cells[1]


def content_hash(party: ListedParty) -> str:
    """Return the SHA-256 of everything a list says about a party."""
    return hashlib.sha256(encode_party(party).encode()).hexdigest()
