"""The consolidated list of the United Nations Security Council (XML).

Nothing here resolves the committees' narrative summaries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from greenlane.screening.formats.cleaning import PartyDraft, clean
from greenlane.screening.formats.dates import iso_date, made_date, read_date
from greenlane.screening.formats.elements import Element, read_elements
from greenlane.screening.formats.report import ImportReport, Limits
from greenlane.screening.records import Kind, ListedParty, NameKind, NamePart, PartialDate

_NAME_TAGS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME", "FIFTH_NAME", "SIXTH_NAME")
_SEVERAL = re.compile(r"\s*;\s*|\s+[b-h]\)\s+")
_FORMERLY = ("formerly", "previously")


def read(
    stream: BinaryIO, *, source: str, limits: Limits, report: ImportReport
) -> Iterator[ListedParty]:
    """Yield individuals and entities under their DATAID.

    ``Low`` quality is weak; a blank one is not. One alias cell may hold several spellings, parted
    by semicolons or by "b)": each becomes a name. VERSIONNUM is not relied on: in real files it
    stays at 1 through every amendment.
    """

    def read_root(_: str, attributes: dict[str, str]) -> None:
        report.dated = iso_date(attributes.get("dateGenerated", ""))

    wanted = frozenset({"INDIVIDUAL", "ENTITY"})
    elements = read_elements(stream, wanted, limits=limits, report=report, on_root=read_root)
    for element in elements:
        report.rows += 1
        number = clean(element.text("DATAID")) or clean(element.text("REFERENCE_NUMBER"))
        if not number:
            report.put_aside(element.line, "A record has neither DATAID nor REFERENCE_NUMBER.")
            continue
        if (party := _party(element, number, source).finish(report, limits)) is not None:
            yield party


def _party(element: Element, number: str, source: str) -> PartyDraft:
    is_person = element.tag == "INDIVIDUAL"
    kind = Kind.PERSON if is_person else Kind.ORGANIZATION
    draft = PartyDraft(f"{source}-{number}", source, kind, element.line)
    given = [clean(element.text(tag)) for tag in _NAME_TAGS]
    parts = [
        NamePart("given" if place == 0 else "other", text)
        for place, text in enumerate(given)
        if text
    ]
    draft.add_name(
        " ".join(part.text for part in parts),
        kind=NameKind.PRIMARY,
        parts=tuple(parts) if is_person and len(parts) > 1 else (),
    )
    draft.add_name(element.text("NAME_ORIGINAL_SCRIPT"), kind=NameKind.PRIMARY)
    for alias in element.all(f"{element.tag}_ALIAS"):
        _read_alias(draft, alias)
    _read_births(draft, element)
    for value in element.texts("NATIONALITY", "VALUE"):
        draft.add_country(value)
    for address in element.all(f"{element.tag}_ADDRESS"):
        lines = ["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE"]
        draft.add_address([address.text(line) for line in lines], address.text("COUNTRY"))
        draft.add_remark(address.text("NOTE"), "Address note")
    for document in element.all("INDIVIDUAL_DOCUMENT"):
        _read_document(draft, document)
    draft.add_program(element.text("UN_LIST_TYPE"))
    draft.listed_on = iso_date(element.text("LISTED_ON"))
    draft.add_identifier("UN_REFERENCE", element.text("REFERENCE_NUMBER"))
    for path, label in (("TITLE", "Title"), ("DESIGNATION", "Designation")):
        for value in element.texts(path, "VALUE"):
            draft.add_remark(value, label)
    draft.add_remark(element.text("COMMENTS1"))
    return draft


def _read_alias(draft: PartyDraft, alias: Element) -> None:
    quality = alias.text("QUALITY").lower()
    note = alias.text("NOTE")
    is_former = quality.startswith("f.k.a") or note.lower().startswith(_FORMERLY)
    for spelling in _SEVERAL.split(alias.text("ALIAS_NAME")):
        draft.add_name(
            spelling,
            kind=NameKind.FKA if is_former else NameKind.AKA,
            is_weak=quality == "low",
        )
    draft.add_remark(note, "Alias note")
    draft.add_birth_date(read_date(alias.text("DATE_OF_BIRTH")))
    draft.add_birth_place(alias.text("CITY_OF_BIRTH"), alias.text("COUNTRY_OF_BIRTH"))


def _year(element: Element, tag: str) -> int | None:
    text = element.text(tag)
    return int(text) if len(text) == 4 and text.isascii() and text.isdecimal() else None


def _birth(element: Element) -> PartialDate | None:
    is_circa = element.text("TYPE_OF_DATE").upper().startswith("APPROX")
    is_circa = is_circa or element.text("NOTE").lower().startswith("approx")
    if found := read_date(element.text("DATE"), is_circa=is_circa):
        return found
    first, last = _year(element, "FROM_YEAR"), _year(element, "TO_YEAR")
    if first:
        return made_date(first, latest_year=last, is_circa=is_circa)
    year = _year(element, "YEAR") or last
    return made_date(year, is_circa=is_circa) if year else None


def _read_births(draft: PartyDraft, element: Element) -> None:
    for birth in element.all("INDIVIDUAL_DATE_OF_BIRTH"):
        draft.add_birth_date(_birth(birth))
        draft.add_remark(birth.text("NOTE"), "Birth note")
    for place in element.all("INDIVIDUAL_PLACE_OF_BIRTH"):
        tags = ("STREET", "CITY", "STATE_PROVINCE", "COUNTRY")
        draft.add_birth_place(*(place.text(tag) for tag in tags))


def _read_document(draft: PartyDraft, document: Element) -> None:
    label = f"{document.text('TYPE_OF_DOCUMENT')} {document.text('TYPE_OF_DOCUMENT2')}".lower()
    country = document.text("ISSUING_COUNTRY") or document.text("COUNTRY_OF_ISSUE")
    is_passport = any(word in label for word in ("passport", "passeport", "pasaporte"))
    draft.add_identifier(
        "PASSPORT" if is_passport else "NATIONAL_ID", document.text("NUMBER"), country
    )
    draft.add_remark(document.text("NOTE"), "Document note")
