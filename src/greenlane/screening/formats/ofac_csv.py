"""OFAC's delimited files: sdn, alt, add, sdn_comments, and cons_* of the same shape.

Nothing here reads OFAC's XML. Source: OFAC data specification (no header line, null is ``-0-``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from greenlane.screening.formats.cleaning import PartyDraft, clean
from greenlane.screening.formats.remarks import read_remarks
from greenlane.screening.formats.report import ImportReport, Limits
from greenlane.screening.formats.rows import read_rows
from greenlane.screening.records import Kind, ListedParty, NameKind, NamePart

_KINDS = {
    "individual": Kind.PERSON,
    "vessel": Kind.VESSEL,
    "aircraft": Kind.AIRCRAFT,
    "": Kind.ORGANIZATION,
    "entity": Kind.ORGANIZATION,
}
_NAME_KINDS = {"aka": NameKind.AKA, "fka": NameKind.FKA, "nka": NameKind.NKA}
_PRIMARY_COLUMNS, _ALIAS_COLUMNS, _ADDRESS_COLUMNS, _COMMENT_COLUMNS = 12, 5, 6, 2


def cell(text: str) -> str:
    """Return a cell's text; OFAC's null (``-0-``, with or without its blank) is empty."""
    text = clean(text)
    return "" if text in ("-0-", "-0") else text


def person_parts(text: str) -> tuple[NamePart, ...]:
    """Return family and given name of ``SURNAME, Given``; a name without a comma has no parts."""
    family, comma, given = text.partition(",")
    if not comma or not given.strip():
        return ()
    return NamePart("family", family.strip()), NamePart("given", given.strip())


@dataclass(slots=True)
class _Lists:
    """The three side files by party number."""

    aliases: dict[str, list[tuple[str, NameKind, str]]] = field(default_factory=dict)
    addresses: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)


def _numbered_rows(
    stream: BinaryIO, columns: int, role: str, limits: Limits, report: ImportReport
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of one file that begin with a party number and are long enough."""
    last_short = 0
    line = 0
    for line, row in read_rows(stream, limits=limits, report=report):
        number = row[0].strip()
        if not (number.isascii() and number.isdecimal()):
            report.put_aside(line, f"{role}: the row does not begin with a number.", ",".join(row))
            continue
        # The remarks of the last column may be missing; a name may not.
        if len(row) < min(columns, 4) or len(number) > 12:
            report.put_aside(line, f"{role}: the row has {len(row)} of {columns} columns.")
            last_short = line
            continue
        if len(row) > columns:
            report.note(f"{role}: a row has more than {columns} columns")
        yield line, [number, *(cell(text) for text in row[1:]), *[""] * (columns - len(row))]
    if last_short and last_short == line:
        report.found_damage(f"{role}: the last row (line {line}) breaks off.")


def _side_files(files: Mapping[str, BinaryIO], limits: Limits, report: ImportReport) -> _Lists:
    lists = _Lists()
    if "alt" in files:
        for line, row in _numbered_rows(files["alt"], _ALIAS_COLUMNS, "alt", limits, report):
            kind = _NAME_KINDS.get(row[2].lower().replace(".", ""))
            if kind is None:
                report.note("alt: an alias type other than aka, fka, nka was read as aka")
                kind = NameKind.AKA
            if not row[3]:
                report.put_aside(line, f"alt: alias {row[1]} of {row[0]} has no name.")
                continue
            lists.aliases.setdefault(row[0], []).append((row[1], kind, row[3]))
    if "add" in files:
        for _, row in _numbered_rows(files["add"], _ADDRESS_COLUMNS, "add", limits, report):
            lists.addresses.setdefault(row[0], []).append((row[2], row[3], row[4]))
    if "comments" in files:
        for _, row in _comment_rows(files["comments"], limits, report):
            # The overflow may begin in mid-word: it is joined without a space, and uncleaned cells
            # keep the blank that the cut left behind.
            lists.comments[row[0]] = lists.comments.get(row[0], "") + row[1]
    return lists


def _comment_rows(
    stream: BinaryIO, limits: Limits, report: ImportReport
) -> Iterator[tuple[int, list[str]]]:
    for line, row in read_rows(stream, limits=limits, report=report):
        if len(row) < _COMMENT_COLUMNS or not row[0].strip().isdecimal():
            report.put_aside(line, "comments: the row is not a number and a text.", ",".join(row))
            continue
        yield line, [row[0].strip(), row[1]]


def _add_side(draft: PartyDraft, number: str, lists: _Lists) -> None:
    for alias_number, kind, text in lists.aliases.pop(number, ()):
        parts = person_parts(text) if draft.kind is Kind.PERSON else ()
        draft.add_name(text, uid=alias_number, kind=kind, parts=parts)
    for street, city, country in lists.addresses.pop(number, ()):
        draft.add_address([street, city], country)


def read(
    files: Mapping[str, BinaryIO], *, source: str, limits: Limits, report: ImportReport
) -> Iterator[ListedParty]:
    """Yield the parties of one OFAC set.

    Aliases and addresses whose party has no primary row become parties of unknown kind: a name on
    the list is screened even where the set is uneven. A number that occurs twice with another name
    keeps both parties, the later one under a digest.

    Args:
        files: Open streams by role: ``sdn`` (needed), ``alt``, ``add``, ``comments``.
        source: Source key, for the uids.
        limits: Bounds of the reading.
        report: Takes counts, notes and damage.
    """
    if "sdn" not in files:
        report.found_damage("The set has no file of primary names (sdn.csv or cons_prim.csv).")
    lists = _side_files(files, limits, report)
    if "sdn" in files:
        for line, row in _numbered_rows(files["sdn"], _PRIMARY_COLUMNS, "sdn", limits, report):
            if (party := _party(line, row, lists, source).finish(report, limits)) is not None:
                yield party
    for number in sorted({*lists.aliases, *lists.addresses}, key=int):
        if number not in lists.aliases:
            report.note("add: an address belongs to no party of the set")
            continue
        report.note("alt: a party without primary row was made of its aliases")
        draft = PartyDraft(f"{source}-{number}", source)
        _add_side(draft, number, lists)
        if (party := draft.finish(report, limits)) is not None:
            yield party


def _party(line: int, row: list[str], lists: _Lists, source: str) -> PartyDraft:
    """Build one party of its primary row and what the side files say about its number."""
    number, name, type_, programs, title, call_sign, vessel_type, tonnage, gross, flag, owner = row[
        :11
    ]
    draft = PartyDraft(f"{source}-{number}", source, _KINDS.get(type_.lower(), Kind.UNKNOWN), line)
    parts = person_parts(name) if draft.kind is Kind.PERSON else ()
    draft.add_name(name, kind=NameKind.PRIMARY, parts=parts)
    # Several programmes are written "SDGT] [IFSR".
    for program in programs.replace("[", "]").split("]"):
        draft.add_program(program)
    draft.add_identifier("CALL_SIGN", call_sign)
    draft.add_country(flag)
    _add_side(draft, number, lists)
    read_remarks(draft, row[11] + lists.comments.pop(number, ""))
    draft.add_remark(title, "Title")
    draft.add_remark(vessel_type, "Vessel type")
    draft.add_remark(tonnage, "Tonnage")
    draft.add_remark(gross, "Gross registered tonnage")
    draft.add_remark(owner, "Vessel owner")
    return draft
