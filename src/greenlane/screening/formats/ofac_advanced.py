"""OFAC's SDN_ADVANCED.XML and CONS_ADVANCED.XML: original scripts, name parts, low-quality marks.

The file is 126 MB and refers forward (programmes stand behind the parties), so it is read once,
with the parties parked in a temporary file. Nothing here builds a document tree. Source: the UN-1.0
sanctions schema as OFAC fills it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from greenlane.screening.codec import decode_party, encode_party
from greenlane.screening.formats.cleaning import PartyDraft, clean, script_of
from greenlane.screening.formats.dates import made_date
from greenlane.screening.formats.elements import Element, read_elements
from greenlane.screening.formats.remarks import add_number, identifier_type
from greenlane.screening.formats.report import ImportReport, Limits
from greenlane.screening.records import Kind, ListedParty, NameKind, NamePart, PartialDate

_WANTED = frozenset(
    {
        "DateOfIssue",
        "AliasType",
        "AreaCode",
        "Country",
        "DetailReference",
        "FeatureType",
        "IDRegDocType",
        "LocPartType",
        "NamePartType",
        "PartySubType",
        "PartyType",
        "SanctionsType",
        "Script",
        "Location",
        "IDRegDocument",
        "DistinctParty",
        "SanctionsEntry",
    }
)
_ROLES = {
    "last name": "family",
    "first name": "given",
    "middle name": "middle",
    "maiden name": "maternal",
    "patronymic": "patronymic",
    "matronymic": "maternal",
    "entity name": "whole",
    "vessel name": "whole",
    "aircraft name": "whole",
    "nickname": "whole",
}
_ALIAS_KINDS = {"f.k.a.": NameKind.FKA, "n.k.a.": NameKind.NKA}
_COUNTRY_FEATURES = (
    "nationality country",
    "citizenship country",
    "nationality of registration",
    "vessel flag",
    "former vessel flag",
    "other vessel flag",
)


@dataclass(slots=True)
class _Codes:
    """The code tables of one file, by set and ID, and what parties point to."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    party_types: dict[str, str] = field(default_factory=dict)
    scripts: dict[str, str] = field(default_factory=dict)
    locations: dict[str, tuple[str, str]] = field(default_factory=dict)
    documents: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)

    def text(self, table: str, id_: str) -> str:
        return self.texts.get((table, id_), "")

    def add(self, element: Element) -> None:
        id_ = element.get("ID")
        self.texts[element.tag, id_] = clean(element.content or element.get("Description"))
        if element.tag == "PartySubType":
            self.party_types[id_] = element.get("PartyTypeID")
        elif element.tag == "Script":
            self.scripts[id_] = element.get("ScriptCode")

    def add_location(self, element: Element) -> None:
        parts: list[str] = []
        for part in element.all("LocationPart"):
            parts += [clean(text) for text in part.texts("LocationPartValue", "Value")]
        country = element.first("LocationCountry")
        area = element.first("LocationAreaCode")
        name = self.text("Country", country.get("CountryID")) if country is not None else ""
        if not name and area is not None:
            name = self.text("AreaCode", area.get("AreaCodeID"))
        self.locations[element.get("ID")] = (", ".join(filter(None, parts)), name)

    def add_document(self, element: Element) -> None:
        number = element.text("IDRegistrationNo")
        if number:
            label = self.text("IDRegDocType", element.get("IDRegDocTypeID"))
            country = self.text("Country", element.get("IssuedBy-CountryID"))
            self.documents.setdefault(element.get("IdentityID"), []).append(
                (label, number, country)
            )


def read(
    stream: BinaryIO, *, source: str, limits: Limits, report: ImportReport
) -> Iterator[ListedParty]:
    """Yield one party per ``DistinctParty``, after the whole file has been read once.

    A party's uid is the FixedRef, which is the ent_num of the delimited files; a name's uid is the
    DocumentedName's ID. Memory: the code tables, locations and documents (about 60 MB for the file
    of July 2026) and one party.
    """
    codes = _Codes()
    programs: dict[str, dict[str, None]] = {}
    listed: dict[str, str] = {}
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n") as parked:
        for element in read_elements(stream, _WANTED, limits=limits, report=report):
            if element.tag == "DistinctParty":
                report.rows += 1
                for number, party in _parties(element, codes, source, limits, report):
                    parked.write(f"{number}\t{encode_party(party)}\n")
            elif element.tag == "SanctionsEntry":
                _read_entry(element, codes, programs, listed)
            elif element.tag == "Location":
                codes.add_location(element)
            elif element.tag == "IDRegDocument":
                codes.add_document(element)
            elif element.tag == "DateOfIssue":
                report.dated = report.dated or _iso(element)
            else:
                codes.add(element)
        parked.seek(0)
        del codes
        for line in parked:
            profile, _, encoded = line.partition("\t")
            yield replace(
                decode_party(encoded),
                programs=tuple(programs.get(profile, ())),
                listed_on=listed.get(profile, ""),
            )


def _number(element: Element, tag: str) -> int | None:
    text = element.text(tag)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else None


def _iso(element: Element) -> str:
    year, month, day = (_number(element, tag) for tag in ("Year", "Month", "Day"))
    found = made_date(year, month, day) if year else None
    if found is None or not found.month or not found.day:
        return ""
    return f"{found.year:04d}-{found.month:02d}-{found.day:02d}"


def _period(element: Element) -> PartialDate | None:
    """Read a DatePeriod: a day, a whole year, or a span of years."""
    start = element.first("Start", "From")
    if start is None or not (year := _number(start, "Year")):
        return None
    end = element.first("End", "To") or element.first("End", "From")
    last = _number(end, "Year") if end is not None else None
    month, day = _number(start, "Month"), _number(start, "Day")
    edge = element.first("Start")
    is_circa = edge is not None and edge.get("Approximate") == "true"
    if end is not None and last is not None:
        if (last, _number(end, "Month"), _number(end, "Day")) == (year, month, day):
            last = None
        else:
            # 1 January to 31 December is how the file writes a year whose day is unknown.
            same_month = last == year and _number(end, "Month") == month
            month, day = (month if same_month else None), None
    return made_date(year, month, day, latest_year=last, is_circa=is_circa)


def _read_entry(
    element: Element, codes: _Codes, programs: dict[str, dict[str, None]], listed: dict[str, str]
) -> None:
    profile = element.get("ProfileID")
    for event in element.all("EntryEvent", "Date"):
        if (on := _iso(event)) and on < listed.get(profile, "9999"):
            listed[profile] = on
    for measure in element.all("SanctionsMeasure"):
        kind = codes.text("SanctionsType", measure.get("SanctionsTypeID"))
        if kind in ("", "Program") and (text := clean(measure.text("Comment"))):
            programs.setdefault(profile, {})[text] = None


def _kind(codes: _Codes, sub_type: str) -> Kind:
    sub = codes.text("PartySubType", sub_type).lower()
    if sub == "vessel":
        return Kind.VESSEL
    if sub == "aircraft":
        return Kind.AIRCRAFT
    main = codes.text("PartyType", codes.party_types.get(sub_type, "")).lower()
    return {"individual": Kind.PERSON, "entity": Kind.ORGANIZATION}.get(main, Kind.UNKNOWN)


def _parties(
    element: Element, codes: _Codes, source: str, limits: Limits, report: ImportReport
) -> Iterator[tuple[str, ListedParty]]:
    number = element.get("FixedRef")
    for profile in element.all("Profile"):
        ref = profile.get("ID") or number
        if not (number or ref):
            report.put_aside(element.line, "A DistinctParty has no FixedRef.")
            continue
        draft = PartyDraft(f"{source}-{number or ref}", source, line=element.line)
        draft.kind = _kind(codes, profile.get("PartySubTypeID"))
        for identity in profile.all("Identity"):
            _read_identity(draft, identity, codes)
        for feature in profile.all("Feature"):
            _read_feature(draft, feature, codes)
        for comment in (*element.texts("Comment"), *profile.texts("Comment")):
            draft.add_remark(comment)
        if (party := draft.finish(report, limits)) is not None:
            yield clean(ref), party


def _read_identity(draft: PartyDraft, identity: Element, codes: _Codes) -> None:
    roles = {
        group.get("ID"): codes.text("NamePartType", group.get("NamePartTypeID")).lower()
        for group in identity.all("NamePartGroups", "MasterNamePartGroup", "NamePartGroup")
    }
    for alias in identity.all("Alias"):
        is_primary = alias.get("Primary") == "true"
        type_ = codes.text("AliasType", alias.get("AliasTypeID")).lower()
        for documented in alias.all("DocumentedName"):
            values = list(documented.all("DocumentedNamePart", "NamePartValue"))
            parts = tuple(
                NamePart(
                    _ROLES.get(roles.get(value.get("NamePartGroupID"), ""), "other"), value.content
                )
                for value in values
                if value.content
            )
            if not parts:
                continue
            text = _written(parts)
            script = codes.scripts.get(values[0].get("ScriptID"), "") or script_of(text)
            draft.add_name(
                text,
                uid=documented.get("ID"),
                kind=NameKind.PRIMARY if is_primary else _ALIAS_KINDS.get(type_, NameKind.AKA),
                script=script,
                parts=() if len(parts) == 1 and parts[0].role == "whole" else parts,
                is_weak=alias.get("LowQuality") == "true",
            )
    for label, value, country in codes.documents.pop(identity.get("ID"), ()):
        if type_ := identifier_type(label):
            add_number(draft, type_, value, country)
        else:
            draft.add_remark(value, label or "Number")


def _written(parts: tuple[NamePart, ...]) -> str:
    """Write a name as the delimited files do: family name, comma, the rest in the list's order."""
    family = " ".join(part.text for part in parts if part.role == "family")
    rest = " ".join(part.text for part in parts if part.role != "family")
    return f"{family}, {rest}" if family and rest else family or rest


def _read_feature(draft: PartyDraft, feature: Element, codes: _Codes) -> None:
    type_ = codes.text("FeatureType", feature.get("FeatureTypeID"))
    lowered = type_.lower()
    for version in feature.all("FeatureVersion"):
        if lowered == "birthdate":
            for period in version.all("DatePeriod"):
                draft.add_birth_date(_period(period))
            continue
        places = [
            codes.locations.get(place.get("LocationID"), ("", ""))
            for place in version.all("VersionLocation")
        ]
        details = [
            clean(detail.content) or codes.text("DetailReference", detail.get("DetailReferenceID"))
            for detail in version.all("VersionDetail")
        ]
        if lowered == "location":
            for text, country in places:
                draft.add_address([text], country)
        elif lowered == "place of birth":
            for text, country in places:
                draft.add_birth_place(text, country)
            for detail in details:
                draft.add_birth_place(detail)
        elif lowered in _COUNTRY_FEATURES:
            for _, country in places:
                draft.add_country(country)
            for detail in details:
                draft.add_country(detail)
        else:
            _read_detail(draft, type_, [detail for detail in details if detail])


def _read_detail(draft: PartyDraft, label: str, details: list[str]) -> None:
    lowered = label.lower()
    for detail in details:
        if lowered.startswith("digital currency address"):
            draft.add_identifier("DIGITAL_CURRENCY", detail)
        elif type_ := identifier_type(lowered):
            add_number(draft, type_, detail)
        else:
            draft.add_remark(detail, label)
