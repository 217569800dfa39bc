"""The consolidated financial sanctions list of the European Union: XML 1.1, CSV 1.0 and CSV 1.1.

Nothing here fetches the regulations that the records cite.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import BinaryIO

from greenlane.screening.formats.cleaning import PartyDraft, clean
from greenlane.screening.formats.dates import iso_date, made_date, read_date
from greenlane.screening.formats.elements import Element, read_elements
from greenlane.screening.formats.headed import Cells, read_headed
from greenlane.screening.formats.report import ImportReport, Limits, UnreadableList
from greenlane.screening.records import Kind, ListedParty, NameKind, NamePart, PartialDate

_KINDS = {
    "person": Kind.PERSON,
    "p": Kind.PERSON,
    "enterprise": Kind.ORGANIZATION,
    "e": Kind.ORGANIZATION,
}
_NUMBER_TYPES = {
    "passport": "PASSPORT",
    "diplomaticpassport": "PASSPORT",
    "id": "NATIONAL_ID",
    "idcard": "NATIONAL_ID",
    "ssn": "NATIONAL_ID",
    "residentperm": "NATIONAL_ID",
    "driverlicence": "DRIVER_LICENSE",
    "regnumber": "REGISTRATION",
    "traderegistration": "REGISTRATION",
    "fiscalcode": "TAX",
    "tin": "TAX",
    "swiftbic": "SWIFT",
    "imo": "IMO",
}
_TYPED_NUMBER = re.compile(r"(\S[^(]*?) ?\(([a-z]{2,20})-")
_UNKNOWN_COUNTRIES = ("", "00", "unknown", "UNKNOWN")


def _number_type(code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter.isalpha())
    return _NUMBER_TYPES.get(plain, "OTHER")


def _country(*candidates: str) -> str:
    return next((text for text in candidates if clean(text) not in _UNKNOWN_COUNTRIES), "")


def _person_parts(first: str, middle: str, last: str) -> tuple[NamePart, ...]:
    parts = (NamePart("given", first), NamePart("middle", middle), NamePart("family", last))
    return tuple(part for part in parts if clean(part.text)) if clean(last) else ()


def read_xml(
    stream: BinaryIO, *, source: str, limits: Limits, report: ImportReport
) -> Iterator[ListedParty]:
    """Yield one party per ``sanctionEntity`` under its logicalId.

    Every empty attribute is ``""``; where wholeName is empty the parts are joined. The first name
    counts as the principal one. ``strong="false"`` is weak, anything else is not.
    """

    def read_root(_: str, attributes: dict[str, str]) -> None:
        report.dated = iso_date(attributes.get("generationDate", ""))

    wanted = frozenset({"sanctionEntity"})
    elements = read_elements(stream, wanted, limits=limits, report=report, on_root=read_root)
    for element in elements:
        report.rows += 1
        number = clean(element.get("logicalId")) or clean(element.get("euReferenceNumber"))
        if not number:
            report.put_aside(element.line, "A sanctionEntity has no logicalId.")
            continue
        if (party := _entity(element, number, source).finish(report, limits)) is not None:
            yield party


def _entity(element: Element, number: str, source: str) -> PartyDraft:
    draft = PartyDraft(f"{source}-{number}", source, line=element.line)
    for subject in element.all("subjectType"):
        code = (subject.get("code") or subject.get("classificationCode")).lower()
        draft.kind = _KINDS.get(code, Kind.UNKNOWN)
    for place, name in enumerate(element.all("nameAlias")):
        first, middle, last = (name.get(f"{part}Name") for part in ("first", "middle", "last"))
        draft.add_name(
            clean(name.get("wholeName")) or " ".join(filter(None, (first, middle, last))),
            uid=name.get("logicalId"),
            kind=NameKind.AKA if place else NameKind.PRIMARY,
            parts=_person_parts(first, middle, last),
            is_weak=name.get("strong").lower() == "false",
        )
        draft.add_remark(name.get("function"), "Function")
        draft.add_remark(name.get("title"), "Title")
    for birth in element.all("birthdate"):
        draft.add_birth_date(_birth(birth))
        country = _country(birth.get("countryDescription"), birth.get("countryIso2Code"))
        draft.add_birth_place(birth.get("place"), birth.get("city"), birth.get("region"), country)
    for citizenship in element.all("citizenship"):
        draft.add_country(
            _country(citizenship.get("countryIso2Code"), citizenship.get("countryDescription"))
        )
    for number_ in element.all("identification"):
        draft.add_identifier(
            _number_type(number_.get("identificationTypeCode")),
            number_.get("number") or number_.get("latinNumber"),
            _country(number_.get("countryIso2Code"), number_.get("issuedBy")),
        )
    for address in element.all("address"):
        lines = ["street", "poBox", "zipCode", "city", "place", "region"]
        country = _country(address.get("countryDescription"), address.get("countryIso2Code"))
        draft.add_address([address.get(line) for line in lines], country)
    dates: list[str] = []
    for regulation in element.all("regulation"):
        draft.add_program(regulation.get("programme"))
        dates.append(iso_date(regulation.get("publicationDate")))
    draft.listed_on = iso_date(element.get("designationDate")) or min(
        filter(None, dates), default=""
    )
    draft.add_identifier("EU_REFERENCE", element.get("euReferenceNumber"))
    draft.add_identifier("UN_REFERENCE", element.get("unitedNationId"))
    for remark in element.texts("remark"):
        draft.add_remark(remark)
    return draft


def _int(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else None


def _birth(element: Element) -> PartialDate | None:
    is_circa = element.get("circa").lower() == "true"
    if found := read_date(element.get("birthdate"), is_circa=is_circa):
        return found
    first, last = _int(element.get("yearRangeFrom")), _int(element.get("yearRangeTo"))
    if year := _int(element.get("year")):
        month, day = _int(element.get("monthOfYear")), _int(element.get("dayOfMonth"))
        return made_date(year, month, day, is_circa=is_circa)
    return made_date(first, latest_year=last, is_circa=is_circa) if first else None


# Column keys of CSV 1.0 and of CSV 1.1 for the same thing, in the order in which they are asked.
_COLUMNS: dict[str, tuple[str, ...]] = {
    # The 2018 file really spells its first column so.
    "dated": ("filegenerationdate", "date_file", "date_filexxxx"),
    "entity": ("entity_logical_id", "entity_logicalid"),
    "subject": ("subject_type", "entity_subjecttype_classificationcode", "entity_subjecttype"),
    "programme": ("programme", "entity_regulation_programme"),
    "published": ("leba_publication_date", "entity_regulation_publicationdate"),
    "remark": ("entity_remark",),
    "reference": ("eu_ref_num", "entity_eu_referencenumber"),
    "un": ("entity_unitednationid",),
    "name_id": ("naal_logical_id", "namealias_logicalid"),
    "whole": ("naal_wholename", "namealias_wholename"),
    "first": ("naal_firstname", "namealias_firstname"),
    "middle": ("naal_middlename", "namealias_middlename"),
    "last": ("naal_lastname", "namealias_lastname"),
    "strong": ("naal_strong", "namealias_strong"),
    "function": ("naal_function", "namealias_function"),
    "title": ("naal_title", "namealias_title"),
    "number": ("addr_number",),
    "street": ("addr_street", "address_street"),
    "zip": ("addr_zipcode", "address_zipcode"),
    "city": ("addr_city", "address_city"),
    "country": ("addr_country", "address_countrydescription", "address_countryiso2code"),
    "born": ("birt_date", "birthdate_birthdate"),
    "born_year": ("birthdate_year",),
    "circa": ("birthdate_circa",),
    "birth_place": ("birt_place", "birthdate_city", "birthdate_place"),
    "birth_country": ("birt_country", "birthdate_countrydescription"),
    "id": ("iden_number", "identification_number"),
    "id_type": ("identification_typecode",),
    "id_country": ("iden_country", "identification_countryiso2code"),
    "citizen": ("citi_country", "citizenship_countryiso2code"),
}


def unwrapped(row: list[str]) -> list[str]:
    """Return a row that a spreadsheet wrapped in quotes and padded with tabs as it once was.

    The damaged form has the whole line in one quoted cell, with tabs at the end of it and, inside,
    where a comma was taken for a column border.
    """
    if len(row) != 1 or ";" not in row[0]:
        return row
    line = " ".join(row[0].rstrip("\t").replace("\t", ",").splitlines())
    try:
        return next(csv.reader([line], delimiter=";"), [])
    except csv.Error:
        # Found by fuzzing: what cannot be split is set aside as a row without cells.
        return []


def read_csv(
    stream: BinaryIO,
    *,
    source: str,
    limits: Limits,
    report: ImportReport,
    is_wrapped: bool = False,
) -> Iterator[ListedParty]:
    """Yield the parties of CSV 1.0 or 1.1: one row per name, address, birth, number, citizenship.

    Rows are gathered by entity over the whole file, wherever they stand. Neither form needs every
    column; CSV 1.0 has no name strength, so none of its names is weak.

    Args:
        stream: Binary, at its start.
        source: Source key.
        limits: Bounds of the reading.
        report: Takes counts, notes and damage.
        is_wrapped: The file went through a spreadsheet that quoted every line (`unwrapped`).
    """
    if is_wrapped:
        report.note("every line was wrapped in quotes by a spreadsheet and was unwrapped")
    drafts: dict[str, PartyDraft] = {}
    rows = read_headed(
        stream,
        needed=(),
        limits=limits,
        report=report,
        delimiter="\x1f" if is_wrapped else ";",
        reshape=unwrapped if is_wrapped else None,
    )
    for row in rows:
        if not any(row.has(key) for key in _COLUMNS["entity"]):
            raise UnreadableList(
                "The file has no column Entity_logical_id or Entity_LogicalId. Check which file "
                "it is."
            )
        number = _cell(row, "entity")
        if not number:
            report.put_aside(row.line, "The row has no entity number.", row.start)
            continue
        draft = drafts.get(number)
        if draft is None:
            if len(drafts) >= limits.parties:
                report.found_damage(f"The list has more than {limits.parties:,} parties.")
                break
            draft = drafts[number] = PartyDraft(f"{source}-{number}", source, line=row.line)
            draft.kind = _KINDS.get(_cell(row, "subject").lower(), Kind.UNKNOWN)
        report.dated = report.dated or iso_date(_cell(row, "dated"))
        _fill(draft, row)
    for draft in drafts.values():
        if (party := draft.finish(report, limits)) is not None:
            yield party


def _cell(row: Cells, name: str) -> str:
    return next((text for key in _COLUMNS[name] if (text := clean(row[key]))), "")


def _fill(draft: PartyDraft, row: Cells) -> None:
    """Add what one row says; the name sub-record has its own number, the others need none."""
    first, middle, last = _cell(row, "first"), _cell(row, "middle"), _cell(row, "last")
    draft.add_name(
        _cell(row, "whole") or " ".join(filter(None, (first, middle, last))),
        uid=_cell(row, "name_id"),
        kind=NameKind.AKA if draft.name_count else NameKind.PRIMARY,
        parts=_person_parts(first, middle, last),
        is_weak=_cell(row, "strong").lower() == "false",
    )
    draft.add_remark(_cell(row, "function"), "Function")
    draft.add_remark(_cell(row, "title"), "Title")
    lines: list[str | None] = [_cell(row, part) for part in ("number", "street", "zip", "city")]
    draft.add_address(lines, _country(_cell(row, "country")))
    born = _cell(row, "born") or _cell(row, "born_year")
    draft.add_birth_date(read_date(born, is_circa=_cell(row, "circa").lower() == "true"))
    draft.add_birth_place(_cell(row, "birth_place"), _country(_cell(row, "birth_country")))
    type_ = _cell(row, "id_type")
    number = _cell(row, "id")
    # CSV 1.0 writes the type behind the number: "AD001095 (passport-National passport)".
    if not type_ and (typed := _TYPED_NUMBER.match(number)):
        number, type_ = typed[1], typed[2]
    draft.add_identifier(_number_type(type_), number, _cell(row, "id_country"))
    draft.add_country(_country(_cell(row, "citizen")))
    draft.add_program(_cell(row, "programme"))
    published = iso_date(_cell(row, "published"))
    if published and (not draft.listed_on or published < draft.listed_on):
        draft.listed_on = published
    draft.add_identifier("EU_REFERENCE", _cell(row, "reference"))
    draft.add_identifier("UN_REFERENCE", _cell(row, "un"))
    draft.add_remark(_cell(row, "remark").replace("\\n", " "))
