"""The US Consolidated Screening List of trade.gov in its CSV, TSV and JSON forms.

Nothing here reads the source agencies' own files. Alias strength is lost in this list, so no name
of it is weak.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from greenlane.screening.formats.cleaning import PartyDraft, clean, digest
from greenlane.screening.formats.countries import country_code
from greenlane.screening.formats.dates import iso_date, read_date
from greenlane.screening.formats.headed import Cells, read_headed
from greenlane.screening.formats.json_rows import read_objects
from greenlane.screening.formats.remarks import add_number, identifier_type
from greenlane.screening.formats.report import ImportReport, Limits
from greenlane.screening.records import Kind, ListedParty, NameKind

_KINDS = {
    "individual": Kind.PERSON,
    "entity": Kind.ORGANIZATION,
    "vessel": Kind.VESSEL,
    "aircraft": Kind.AIRCRAFT,
}
_CODE = re.compile(r"\(([A-Z][A-Z-]{1,11})(?: List)?\)")
_KNOWN_CODES = {
    "specially designated nationals": "SDN",
    "foreign sanctions evaders": "FSE",
    "sectoral sanctions identifications": "SSI",
    "palestinian legislative council": "PLC",
    "capta list": "CAP",
    "entity list": "EL",
    "denied persons": "DPL",
    "unverified list": "UVL",
    "military end user": "MEU",
    "nonproliferation sanctions": "ISN",
    "itar debarred": "DTC",
    "non-sdn menu-based": "NS-MBS",
    "non-sdn chinese military": "CMIC",
}


def list_code(source: str) -> str:
    """Return the short code of one of the thirteen source lists, from its full name.

    >>> list_code("Entity List (EL) - Bureau of Industry and Security")
    'EL'
    """
    if found := _CODE.search(source):
        return found[1]
    lowered = source.lower()
    return next((code for start, code in _KNOWN_CODES.items() if start in lowered), "OTHER")


class _Seen:
    """Parties already delivered, by source list and number: the file repeats some."""

    def __init__(self, report: ImportReport) -> None:
        self._numbers: set[tuple[str, str]] = set()
        self._report = report

    def is_repeated(self, line: int, code: str, number: str, name: str) -> bool:
        if (code, number) in self._numbers:
            self._report.put_aside(line, f"{code} {number} stands in the file already.", name)
            return True
        self._numbers.add((code, number))
        return False


def _draft(source: str, code: str, number: str, line: int, kind: str) -> PartyDraft:
    kind_ = _KINDS.get(kind.lower(), Kind.UNKNOWN)
    return PartyDraft(f"{source}-{code}-{number}", source, kind_, line)


def _add_id(draft: PartyDraft, label: str, value: str, country: str) -> None:
    if label.lower().startswith("digital currency address"):
        draft.add_identifier("DIGITAL_CURRENCY", value)
    elif type_ := identifier_type(label):
        add_number(draft, type_, value, country)
    else:
        draft.add_remark(value, label)


def read_table(
    stream: BinaryIO, *, source: str, limits: Limits, report: ImportReport, delimiter: str = ","
) -> Iterator[ListedParty]:
    """Yield the parties of the CSV or TSV form, with or without the ``_id`` column."""
    seen = _Seen(report)
    rows = read_headed(
        stream,
        needed=("source", "name"),
        limits=limits,
        report=report,
        delimiter=delimiter,
    )
    for row in rows:
        name = clean(row["name"])
        code = list_code(row["source"])
        number = clean(row["entity_number"]) or clean(row["id"]) or _own_number(row, name)
        if seen.is_repeated(row.line, code, number, name):
            continue
        draft = _draft(source, code, number, row.line, clean(row["type"]))
        draft.add_name(name, kind=NameKind.PRIMARY)
        for alias in row["alt_names"].split("; "):
            draft.add_name(alias)
        _fill_table_row(draft, row, code)
        if (party := draft.finish(report, limits)) is not None:
            yield party


def _own_number(row: Cells, name: str) -> str:
    """Make a stable number for a row of an older file that has neither number nor ``_id``."""
    return digest(name, clean(row["federal_register_notice"]), clean(row["start_date"]))


def _fill_table_row(draft: PartyDraft, row: Cells, code: str) -> None:
    draft.add_program(code)
    for program in row["programs"].split("; "):
        draft.add_program(program)
    for place in row["addresses"].split("; "):
        # The country is the last part, as a code: "Havana, CU".
        text, _, country = place.rpartition(", ")
        if country_code(clean(country)):
            draft.add_address([text], country)
        else:
            draft.add_address([place])
    for column in ("citizenships", "nationalities", "vessel_flag"):
        for country in row[column].split("; "):
            draft.add_country(country)
    for born in row["dates_of_birth"].split("; "):
        draft.add_birth_date(read_date(clean(born)))
    for place in row["places_of_birth"].split("; "):
        draft.add_birth_place(place)
    for number in row["ids"].split("; "):
        label, _, rest = clean(number).partition(", ")
        value, _, country = rest.rpartition(", ")
        if value and country_code(country):
            _add_id(draft, label, value, country)
        elif rest:
            _add_id(draft, label, rest, "")
    draft.add_identifier("CALL_SIGN", row["call_sign"])
    draft.listed_on = iso_date(clean(row["start_date"]))
    draft.expires_on = iso_date(clean(row["end_date"]))
    for column, label in (
        ("title", "Title"),
        ("vessel_type", "Vessel type"),
        ("vessel_owner", "Vessel owner"),
        ("federal_register_notice", "Federal Register"),
        ("license_requirement", "License requirement"),
        ("license_policy", "License policy"),
        ("remarks", ""),
    ):
        draft.add_remark(row[column], label)


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _objects(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def read_json(
    stream: BinaryIO, *, source: str, limits: Limits, report: ImportReport
) -> Iterator[ListedParty]:
    """Yield the parties of the JSON form, where lists are lists and addresses have fields."""
    seen = _Seen(report)
    for ordinal, found in read_objects(stream, limits=limits, report=report):
        name = _text(found.get("name"))
        code = list_code(_text(found.get("source")))
        number = (
            _text(found.get("entity_number")) or _text(found.get("id")) or _text(found.get("_id"))
        )
        if not number:
            notice = _text(found.get("federal_register_notice"))
            number = digest(name, notice, _text(found.get("start_date")))
        if seen.is_repeated(ordinal, code, number, name):
            continue
        draft = _draft(source, code, number, ordinal, _text(found.get("type")))
        draft.add_name(name, kind=NameKind.PRIMARY)
        for alias in _texts(found.get("alt_names")):
            draft.add_name(alias)
        _fill_object(draft, found, code)
        if (party := draft.finish(report, limits)) is not None:
            yield party


def _fill_object(draft: PartyDraft, found: dict[str, object], code: str) -> None:
    draft.add_program(code)
    for program in _texts(found.get("programs")):
        draft.add_program(program)
    for place in _objects(found.get("addresses")):
        lines = [_text(place.get(key)) for key in ("address", "city", "state", "postal_code")]
        draft.add_address([*lines], _text(place.get("country")))
    for key in ("citizenships", "nationalities", "vessel_flag"):
        for country in _texts(found.get(key)):
            draft.add_country(country)
    for born in _texts(found.get("dates_of_birth")):
        draft.add_birth_date(read_date(clean(born)))
    for birth_place in _texts(found.get("places_of_birth")):
        draft.add_birth_place(birth_place)
    for number in _objects(found.get("ids")):
        _add_id(
            draft,
            _text(number.get("type")),
            _text(number.get("number")),
            _text(number.get("country")),
        )
    draft.add_identifier("CALL_SIGN", _text(found.get("call_sign")))
    draft.listed_on = iso_date(_text(found.get("start_date")))
    draft.expires_on = iso_date(_text(found.get("end_date")))
    for key, label in (
        ("title", "Title"),
        ("vessel_type", "Vessel type"),
        ("vessel_owner", "Vessel owner"),
        ("federal_register_notice", "Federal Register"),
        ("license_requirement", "License requirement"),
        ("license_policy", "License policy"),
        ("remarks", ""),
    ):
        draft.add_remark(_text(found.get(key)), label)
