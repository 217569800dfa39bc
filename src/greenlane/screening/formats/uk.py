"""The UK Sanctions List, the only UK source since 28 January 2026: XML and CSV.

Nothing here reads the closed OFSI consolidated list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from greenlane.screening.formats.cleaning import PartyDraft, clean
from greenlane.screening.formats.dates import iso_date, read_date
from greenlane.screening.formats.elements import Element, read_elements
from greenlane.screening.formats.headed import Cells, read_headed
from greenlane.screening.formats.report import ImportReport, Limits
from greenlane.screening.records import Kind, ListedParty, NameKind, NamePart

_KINDS = {
    "individual": Kind.PERSON,
    "person": Kind.PERSON,
    "entity": Kind.ORGANIZATION,
    "ship": Kind.VESSEL,
}
# As the list spells them: "Low quality", "low quality a.k.a", "Weak"; blank is not weak.
_WEAK_STRENGTHS = ("low", "weak")
_GIVEN = ("name1", "name2", "name3", "name4", "name5")


def _add_name(draft: PartyDraft, names: dict[str, str], type_: str, strength: str) -> None:
    """Add a name from Name1-5 (given names) and Name6 (surname, or the whole name)."""
    given = [text for key in _GIVEN if (text := clean(names.get(key)))]
    last = clean(names.get("name6"))
    parts = [*(NamePart("given" if not i else "middle", text) for i, text in enumerate(given))]
    if last and given:
        parts.append(NamePart("family", last))
    # "Primary name variation" is another spelling of the principal name, not a second one.
    is_primary = type_.strip().lower() == "primary name"
    draft.add_name(
        " ".join([*given, last]),
        kind=NameKind.PRIMARY if is_primary else NameKind.AKA,
        parts=tuple(parts) if draft.kind is Kind.PERSON and len(parts) > 1 else (),
        is_weak=strength.strip().lower().startswith(_WEAK_STRENGTHS),
    )


def _add_imposed(draft: PartyDraft, regime: str, imposed: str) -> None:
    draft.add_program(regime)
    for measure in imposed.split("|"):
        draft.add_remark(measure, "Measure")


def read_xml(
    stream: BinaryIO, *, source: str, limits: Limits, report: ImportReport
) -> Iterator[ListedParty]:
    """Yield one party per ``Designation`` under its UniqueID."""
    wanted = frozenset({"Designation", "DateGenerated"})
    for element in read_elements(stream, wanted, limits=limits, report=report):
        if element.tag == "DateGenerated":
            report.dated = iso_date(element.content)
            continue
        report.rows += 1
        number = clean(element.text("UniqueID"))
        if not number:
            report.put_aside(element.line, "A Designation has no UniqueID.")
            continue
        draft = PartyDraft(f"{source}-{number}", source, line=element.line)
        draft.kind = _KINDS.get(element.text("IndividualEntityShip").lower(), Kind.UNKNOWN)
        _fill_designation(draft, element)
        if (party := draft.finish(report, limits)) is not None:
            yield party


def _fill_designation(draft: PartyDraft, element: Element) -> None:
    for name in element.all("Names", "Name"):
        names = {child.tag.lower(): child.content for child in name.children}
        _add_name(draft, names, name.text("NameType"), name.text("AliasStrength"))
    for text in element.texts("NonLatinNames", "NonLatinName", "NameNonLatinScript"):
        draft.add_name(text, kind=NameKind.AKA)
    _add_imposed(draft, element.text("RegimeName"), element.text("SanctionsImposed"))
    for address in element.all("Addresses", "Address"):
        lines: list[str | None] = [address.text(f"AddressLine{line}") for line in range(1, 7)]
        draft.add_address(
            [*lines, address.text("AddressPostalCode")], address.text("AddressCountry")
        )
    for person in element.all("IndividualDetails", "Individual"):
        for born in person.texts("DOBs", "DOB"):
            draft.add_birth_date(read_date(born))
        for nationality in person.texts("Nationalities", "Nationality"):
            draft.add_country(nationality)
        for place in person.all("BirthDetails", "Location"):
            draft.add_birth_place(place.text("TownOfBirth"), place.text("CountryOfBirth"))
        for number in person.texts("PassportDetails", "Passport", "PassportNumber"):
            draft.add_identifier("PASSPORT", number)
        path = ("NationalIdentifierDetails", "NationalIdentifier", "NationalIdentifierNumber")
        for number in person.texts(*path):
            draft.add_identifier("NATIONAL_ID", number)
        for position in person.texts("Positions", "Position"):
            draft.add_remark(position, "Position")
    for entity in element.all("EntityDetails", "Entity"):
        for number in entity.texts("BusinessRegistrationNumbers", "BusinessRegistrationNumber"):
            draft.add_identifier("REGISTRATION", number)
        for parent in entity.texts("ParentCompanies", "ParentCompany"):
            draft.add_remark(parent, "Parent company")
    for ship in element.all("ShipDetails", "Ship"):
        for number in ship.texts("IMONumbers", "IMONumber"):
            draft.add_identifier("IMO", number)
        for flag in ship.texts("CurrentBelievedFlagOfShips", "CurrentBelievedFlagOfShip"):
            draft.add_country(flag)
    draft.listed_on = iso_date(element.text("DateDesignated"))
    draft.add_identifier("OFSI_GROUP", element.text("OFSIGroupID"))
    draft.add_identifier("UN_REFERENCE", element.text("UNReferenceNumber"))
    draft.add_remark(element.text("OtherInformation"))
    draft.add_remark(element.text("UKStatementofReasons"), "Reasons")


def read_csv(
    stream: BinaryIO, *, source: str, limits: Limits, report: ImportReport
) -> Iterator[ListedParty]:
    """Yield the parties of the CSV form: a line about the file, the header, a row per combination.

    Rows are gathered by Unique ID over the whole file.
    """

    def read_preamble(row: list[str]) -> None:
        for text in " ".join(row).replace(":", " ").split():
            report.dated = report.dated or iso_date(text.replace("-", " ")) or iso_date(text)

    drafts: dict[str, PartyDraft] = {}
    rows = read_headed(
        stream,
        needed=("unique_id", "name_6"),
        limits=limits,
        report=report,
        on_preamble=read_preamble,
    )
    for row in rows:
        number = clean(row["unique_id"])
        if not number:
            report.put_aside(row.line, "The row has no Unique ID.", row.start)
            continue
        draft = drafts.get(number)
        if draft is None:
            if len(drafts) >= limits.parties:
                report.found_damage(f"The list has more than {limits.parties:,} parties.")
                break
            draft = drafts[number] = PartyDraft(f"{source}-{number}", source, line=row.line)
            kind = row["designation_type"] or row["individual_entity_ship"]
            draft.kind = _KINDS.get(clean(kind).lower(), Kind.UNKNOWN)
        _fill_row(draft, row)
    for draft in drafts.values():
        if (party := draft.finish(report, limits)) is not None:
            yield party


def _fill_row(draft: PartyDraft, row: Cells) -> None:
    names = {f"name{part}": row[f"name_{part}"] for part in range(1, 7)}
    _add_name(draft, names, row["name_type"], row["alias_strength"])
    draft.add_name(row["name_non_latin_script"], kind=NameKind.AKA)
    _add_imposed(draft, row["regime_name"], row["sanctions_imposed"])
    lines: list[str | None] = [row[f"address_line_{line}"] for line in range(1, 7)]
    draft.add_address([*lines, row["address_postal_code"]], row["address_country"])
    draft.add_birth_date(read_date(clean(row["d_o_b"])))
    draft.add_birth_place(row["town_of_birth"], row["country_of_birth"])
    draft.add_country(row["nationality_ies"] or row["nationality"])
    draft.add_identifier("PASSPORT", row["passport_number"])
    draft.add_identifier("NATIONAL_ID", row["national_identifier_number"])
    draft.add_identifier("REGISTRATION", row["business_registration_number_s"])
    draft.add_identifier("IMO", row["imo_number"])
    draft.add_country(row["current_believed_flag_of_ship"])
    draft.listed_on = draft.listed_on or iso_date(clean(row["date_designated"]))
    draft.add_identifier("OFSI_GROUP", row["ofsi_group_id"])
    draft.add_identifier("UN_REFERENCE", row["un_reference_number"])
    draft.add_remark(row["position"], "Position")
    draft.add_remark(row["parent_company"], "Parent company")
    draft.add_remark(row["other_information"])
    draft.add_remark(row["uk_statement_of_reasons"], "Reasons")
