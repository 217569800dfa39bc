"""OFAC's plain XML (sdn.xml, consolidated.xml): explicit weak flags, original numbers of aliases.

Nothing here reads the advanced XML. Source: OFAC's sdnList schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from greenlane.screening.formats.cleaning import PartyDraft
from greenlane.screening.formats.dates import iso_date, read_date
from greenlane.screening.formats.elements import Element, read_elements
from greenlane.screening.formats.remarks import add_number, identifier_type
from greenlane.screening.formats.report import ImportReport, Limits
from greenlane.screening.records import Kind, ListedParty, NameKind, NamePart

_KINDS = {
    "individual": Kind.PERSON,
    "entity": Kind.ORGANIZATION,
    "vessel": Kind.VESSEL,
    "aircraft": Kind.AIRCRAFT,
}
_NAME_KINDS = {"a.k.a.": NameKind.AKA, "f.k.a.": NameKind.FKA, "n.k.a.": NameKind.NKA}


def _name(element: Element) -> tuple[str, tuple[NamePart, ...]]:
    """Return a name as the CSV writes it (``SURNAME, Given``), with its parts."""
    first, last = element.text("firstName"), element.text("lastName")
    if first and last:
        return f"{last}, {first}", (NamePart("family", last), NamePart("given", first))
    return last or first, ()


def read(
    stream: BinaryIO, *, source: str, limits: Limits, report: ImportReport
) -> Iterator[ListedParty]:
    """Yield one party per ``sdnEntry``."""
    wanted = frozenset({"sdnEntry", "publshInformation"})
    for element in read_elements(stream, wanted, limits=limits, report=report):
        if element.tag == "publshInformation":
            report.dated = iso_date(element.text("Publish_Date"), month_first=True)
            continue
        report.rows += 1
        number = element.text("uid")
        if not number:
            report.put_aside(element.line, "An sdnEntry has no uid.")
            continue
        if (party := _party(element, number, source).finish(report, limits)) is not None:
            yield party


def _party(element: Element, number: str, source: str) -> PartyDraft:
    kind = _KINDS.get(element.text("sdnType").lower(), Kind.UNKNOWN)
    draft = PartyDraft(f"{source}-{number}", source, kind, element.line)
    text, parts = _name(element)
    draft.add_name(text, kind=NameKind.PRIMARY, parts=parts)
    for alias in element.all("akaList", "aka"):
        text, parts = _name(alias)
        draft.add_name(
            text,
            uid=alias.text("uid"),
            kind=_NAME_KINDS.get(alias.text("type").lower(), NameKind.AKA),
            parts=parts,
            is_weak=alias.text("category").lower() == "weak",
        )
    for program in element.texts("programList", "program"):
        draft.add_program(program)
    for item in element.all("dateOfBirthList", "dateOfBirthItem"):
        draft.add_birth_date(read_date(item.text("dateOfBirth")))
    for item in element.all("placeOfBirthList", "placeOfBirthItem"):
        draft.add_birth_place(item.text("placeOfBirth"))
    for path in (("nationalityList", "nationality"), ("citizenshipList", "citizenship")):
        for item in element.all(*path):
            draft.add_country(item.text("country"))
    for item in element.all("addressList", "address"):
        lines = ["address1", "address2", "address3", "city", "stateOrProvince", "postalCode"]
        draft.add_address([item.text(line) for line in lines], item.text("country"))
    for item in element.all("idList", "id"):
        label, value = item.text("idType"), item.text("idNumber")
        if label.lower().startswith("digital currency address"):
            draft.add_identifier("DIGITAL_CURRENCY", value)
        elif type_ := identifier_type(label):
            add_number(draft, type_, value, item.text("idCountry"))
        else:
            draft.add_remark(value, label or "Number")
    if (vessel := element.first("vesselInfo")) is not None:
        draft.add_identifier("CALL_SIGN", vessel.text("callSign"))
        draft.add_country(vessel.text("vesselFlag"))
        draft.add_remark(vessel.text("vesselType"), "Vessel type")
        draft.add_remark(vessel.text("vesselOwner"), "Vessel owner")
    draft.add_remark(element.text("title"), "Title")
    draft.add_remark(element.text("remarks"))
    return draft
