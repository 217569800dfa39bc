"""The grammar of OFAC's remarks column: weak aliases, births, places, countries, numbers.

Nothing here reads a file. Source: OFAC data specification; counts from the files of 2019 to 2026.
"""

from __future__ import annotations

import re

from greenlane.screening.formats.cleaning import PartyDraft
from greenlane.screening.formats.dates import read_date
from greenlane.screening.records import NameKind

_WEAK_NAME = re.compile(r"^(?:alt\. )?([afn])\.k\.a\. '(.+?)'?$")
_NAME_KINDS = {"a": NameKind.AKA, "f": NameKind.FKA, "n": NameKind.NKA}
_COUNTRY = re.compile(
    r"^(?:nationality of registration|nationality|citizen|(?:former )?vessel flag|flag) (.+)$",
    re.IGNORECASE,
)
_IMO = re.compile(r"\bIMO[ :#]*(\d{7})\b")
_TRAILING_COUNTRY = re.compile(r"\(([^()]{2,60})\)\s*$")
_DIGITAL_CURRENCY = re.compile(r"^Digital Currency Address - (\w{2,10}) (\S+)$")
_ISSUED = re.compile(r" (?:issued|expires|Date of Issue)\b.*$")

# Label as the list writes it, lower case; type under which the number is kept. Longest label wins.
_LABELS: tuple[tuple[str, str], ...] = tuple(
    sorted(
        {
            "passport": "PASSPORT",
            "diplomatic passport": "PASSPORT",
            "stateless person passport": "PASSPORT",
            "national id no.": "NATIONAL_ID",
            "national foreign id number": "NATIONAL_ID",
            "identification number": "NATIONAL_ID",
            "personal id card": "NATIONAL_ID",
            "cedula no.": "NATIONAL_ID",
            "cedula de ciudadania": "NATIONAL_ID",
            "d.n.i.": "NATIONAL_ID",
            "c.u.r.p.": "NATIONAL_ID",
            "birth certificate number": "NATIONAL_ID",
            "residency number": "NATIONAL_ID",
            "ssn": "NATIONAL_ID",
            "driver's license no.": "DRIVER_LICENSE",
            "tax id no.": "TAX",
            "nit #": "TAX",
            "ruc #": "TAX",
            "rif #": "TAX",
            "r.f.c.": "TAX",
            "c.u.i.t.": "TAX",
            "c.u.i.": "TAX",
            "rtn": "TAX",
            "v.a.t. number": "VAT",
            "registration number": "REGISTRATION",
            "registration id": "REGISTRATION",
            "business registration number": "REGISTRATION",
            "business registration document #": "REGISTRATION",
            "business number": "REGISTRATION",
            "commercial registry number": "REGISTRATION",
            "company number": "REGISTRATION",
            "c.r. no.": "REGISTRATION",
            "public registration number": "REGISTRATION",
            "certificate of incorporation number": "REGISTRATION",
            "chamber of commerce number": "REGISTRATION",
            "enterprise number": "REGISTRATION",
            "economic register number": "REGISTRATION",
            "trade license no.": "REGISTRATION",
            "matricula mercantil no": "REGISTRATION",
            "folio mercantil no.": "REGISTRATION",
            "unified social credit code (uscc)": "USCC",
            "government gazette number": "GAZETTE",
            "legal entity number": "LEI",
            "d-u-n-s number": "DUNS",
            "swift/bic": "SWIFT",
            "bik (ru)": "BIK",
            "isin": "ISIN",
            "mmsi": "MMSI",
            "vessel registration identification": "VESSEL_REGISTRATION",
            "other vessel call sign": "CALL_SIGN",
            "call sign": "CALL_SIGN",
            "vessel call sign": "CALL_SIGN",
            "aircraft tail number": "TAIL_NUMBER",
            "aircraft manufacturer's serial number (msn)": "MSN",
            "aircraft construction number (also called l/n or s/n or f/n)": "MSN",
        }.items(),
        key=lambda pair: -len(pair[0]),
    )
)


def identifier_type(label: str) -> str:
    """Return the identifier type of a label of OFAC's, empty where the label names no number."""
    label = label.strip().lower()
    return next((type_ for known, type_ in _LABELS if label == known), "")


def add_number(draft: PartyDraft, type_: str, value: str, country: str = "") -> None:
    """Add an identifier; an IMO number is recognized wherever the list wrote it."""
    if imo := _IMO.search(value):
        is_company = type_ == "REGISTRATION"
        draft.add_identifier("IMO_COMPANY" if is_company else "IMO", imo[1], country)
        return
    draft.add_identifier(type_, value, country)


def _read_number(draft: PartyDraft, piece: str) -> bool:
    """Read ``Passport A123 (Iran) issued ...``; the country is the last pair of brackets."""
    if currency := _DIGITAL_CURRENCY.match(piece):
        draft.add_identifier("DIGITAL_CURRENCY", currency[2])
        return True
    lowered = piece.lower()
    for label, type_ in _LABELS:
        if not lowered.startswith(label + " "):
            continue
        value = _ISSUED.sub("", piece[len(label) :]).strip(" .;")
        country = ""
        if bracket := _TRAILING_COUNTRY.search(value):
            country = bracket[1]
            value = value[: bracket.start()].strip()
        add_number(draft, type_, value, country)
        return True
    return False


def read_remarks(draft: PartyDraft, remarks: str) -> None:
    """Read every piece of a remarks text into the draft; the whole text is kept as well.

    Weak aliases stand only here, in single quotes: ``a.k.a. 'NAME'``. Birth dates in circa and
    range form, places of birth, nationality and citizenship, and about fifty kinds of numbers are
    understood; whatever is not stays in the remarks.

    Args:
        draft: The party.
        remarks: The joined text of the remarks column and its overflow, separated by ``; ``.
    """
    draft.add_remark(remarks)
    for raw in remarks.split("; "):
        piece = raw.strip().rstrip(".").strip()
        if weak := _WEAK_NAME.match(piece):
            draft.add_name(weak[2].rstrip("'"), kind=_NAME_KINDS[weak[1]], is_weak=True)
            continue
        piece = piece.removeprefix("alt. ")
        if piece.startswith("DOB "):
            draft.add_birth_date(read_date(piece[4:]))
        elif piece.startswith("POB "):
            draft.add_birth_place(piece[4:])
        elif country := _COUNTRY.match(piece):
            draft.add_country(country[1])
        else:
            _read_number(draft, piece)
