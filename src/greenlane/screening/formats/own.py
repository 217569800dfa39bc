"""A plain CSV for an office's own list. The columns are documented in the manual (list formats).

Nothing here reads a government's file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from greenlane.screening.formats.cleaning import PartyDraft, clean
from greenlane.screening.formats.dates import iso_date, read_date
from greenlane.screening.formats.headed import Cells, read_headed
from greenlane.screening.formats.report import ImportReport, Limits
from greenlane.screening.records import Kind, ListedParty, NameKind

_TRUE = ("true", "yes", "1", "weak")
_KIND_WORDS = {
    "PERSON": Kind.PERSON,
    "INDIVIDUAL": Kind.PERSON,
    "ORGANIZATION": Kind.ORGANIZATION,
    "ORGANISATION": Kind.ORGANIZATION,
    "ENTITY": Kind.ORGANIZATION,
    "COMPANY": Kind.ORGANIZATION,
    "VESSEL": Kind.VESSEL,
    "SHIP": Kind.VESSEL,
    "AIRCRAFT": Kind.AIRCRAFT,
}


def read(
    stream: BinaryIO, *, source: str, limits: Limits, report: ImportReport
) -> Iterator[ListedParty]:
    """Yield one party per ``entity_id``; rows of the same number add names and facts.

    Columns ``entity_id`` and ``name`` are needed. Known besides: ``name_kind``, ``is_weak``,
    ``aliases``, ``weak_aliases``, ``entity_type``, ``birth_dates``, ``birth_places``,
    ``countries``, ``identifiers`` (``TYPE:value`` or ``TYPE:value:country``), ``addresses``,
    ``program``, ``listed_on``, ``expires_on``, ``remarks``. Several values in one cell are parted
    by ``|``.
    """
    drafts: dict[str, PartyDraft] = {}
    rows = read_headed(
        stream, needed=("entity_id", "name"), limits=limits, report=report, header_within=1
    )
    for row in rows:
        number = clean(row["entity_id"])
        if not number or len(number) > 100:
            report.put_aside(
                row.line, "The row has no entity_id of at most 100 characters.", row.start
            )
            continue
        draft = drafts.get(number)
        if draft is None:
            if len(drafts) >= limits.parties:
                report.found_damage(f"The list has more than {limits.parties:,} parties.")
                break
            draft = drafts[number] = PartyDraft(f"{source}-{number}", source, line=row.line)
        _fill(draft, row, report)
    for draft in drafts.values():
        if (party := draft.finish(report, limits)) is not None:
            yield party


def _fill(draft: PartyDraft, row: Cells, report: ImportReport) -> None:
    kind = _KIND_WORDS.get(clean(row["entity_type"] or row["kind"]).upper())
    if kind is not None:
        draft.kind = kind
    spelled = clean(row["name_kind"]).upper().replace(".", "")
    default = NameKind.AKA if draft.name_count else NameKind.PRIMARY
    name_kind = NameKind(spelled) if spelled in NameKind.__members__ else default
    is_weak = clean(row["is_weak"]).lower() in _TRUE
    draft.add_name(row["name"], kind=name_kind, is_weak=is_weak)
    for column, weak in (("aliases", False), ("weak_aliases", True)):
        for alias in row[column].split("|"):
            draft.add_name(alias, is_weak=weak)
    for born in (row["birth_dates"] or row["birth_date"]).split("|"):
        found = read_date(clean(born))
        if found is None and clean(born):
            report.note("a birth date of an own list cannot be read and was kept as remark")
            draft.add_remark(born, "Birth date")
        draft.add_birth_date(found)
    for place in row["birth_places"].split("|"):
        draft.add_birth_place(place)
    for country in (row["countries"] or row["country"]).split("|"):
        draft.add_country(country)
    for number in row["identifiers"].split("|"):
        type_, _, rest = clean(number).partition(":")
        value, _, country = rest.partition(":")
        if value:
            draft.add_identifier(type_.strip().upper()[:40], value, country)
        elif type_:
            report.put_aside(row.line, "An identifier is not TYPE:value.", number)
    for address in (row["addresses"] or row["address"]).split("|"):
        text, _, country = address.rpartition(",")
        draft.add_address([text], country)
    for program in (row["program"] or row["programs"]).split("|"):
        draft.add_program(program)
    draft.listed_on = draft.listed_on or iso_date(clean(row["listed_on"]))
    draft.expires_on = draft.expires_on or _expiry(row, report)
    draft.add_remark(row["remarks"])


def _expiry(row: Cells, report: ImportReport) -> str:
    text = clean(row["expires_on"])
    expires = iso_date(text)
    if text and not expires:
        report.put_aside(row.line, "expires_on is no date like 2027-01-31; the party stays.", text)
    return expires
