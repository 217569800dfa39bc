"""Mutated watch lists against every reader: parties or a refusal of ours, nothing else, in bounds.

Deterministic for a seed. `one` is also what a coverage-guided fuzzer calls.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from greenlane.core.errors import GreenlaneError
from greenlane.screening.codec import decode_party, encode_party
from greenlane.screening.formats import (
    csl,
    denied_persons,
    eu,
    ofac_advanced,
    ofac_csv,
    ofac_xml,
    own,
    uk,
    un,
)
from greenlane.screening.formats.detection import detect_head
from greenlane.screening.formats.report import ImportReport, Limits
from greenlane.screening.records import ListedParty
from tests.unit.screening.formats.test_eu import EU_CSV_SAMPLE, EU_XML_SAMPLE
from tests.unit.screening.formats.test_ofac_csv import sdn_row
from tests.unit.screening.formats.test_ofac_xml import ADVANCED_SAMPLE, SDN_XML_SAMPLE
from tests.unit.screening.formats.test_uk import UK_XML_SAMPLE
from tests.unit.screening.formats.test_un import UN_SAMPLE

LIMITS = Limits(
    file_bytes=1 << 20,
    line_characters=1 << 16,
    record_bytes=1 << 16,
    token_bytes=1 << 17,
    elements_per_record=2_000,
    parties=5_000,
    names_per_party=200,
)
"""Small bounds, so that a mutated input reaches them."""

Reader = Callable[..., Iterator[ListedParty]]

_SDN = sdn_row(type_="individual", remarks="DOB circa 1970; a.k.a. 'ABU'; Passport A1 (Iran).")
_ALT = '36,12,"aka","MADE ONE",-0- \r\n36,13,"fka","MADE TWO",-0- \r\n\x1a'
_ADD = '36,129,"Ibex House","London EC3N 1DY","United Kingdom",-0- \n'
_DPL = (
    '"Name"\t"Street_Address"\t"City"\t"State"\t"Country"\t"Postal_Code"\t"Effective_Date"\t'
    '"Expiration_Date"\n"MADE"\t"1 ST"\t"X"\t"TX"\t""\t"1"\t"06/19/2003"\t"06/29/2056"\n'
)
_CSL = (
    "_id,source,entity_number,type,name,addresses,alt_names,dates_of_birth,ids,end_date\n"
    '1,Entity List (EL) - BIS,36,Entity,"MADE, CO","1 St, Havana, CU; X","A; B",1956,'
    '"Passport, A1, IR",2030-01-01\n'
)
_CSL_JSON = (
    '{"results": [{"source": "Entity List (EL)", "entity_number": 36, "name": "MADE \\"CO\\"", '
    '"alt_names": ["A", "B"], "addresses": [{"city": "X", "country": "CU"}], "ids": [{"type": '
    '"Passport", "number": "A1"}]}, {"source": "x", "name": "TWO"}]}'
)
_OWN = (
    "entity_id,name,aliases,birth_dates,countries,identifiers,expires_on\n"
    "1,MADE,A|B,1960|circa 1961,Iran|CU,PASSPORT:A1:IR,2027-01-01\n"
)
_UK = (
    "Report Date: 28-Jan-2026\nUnique ID,Name 6,Name 1,Name type,Alias strength,D.O.B\n"
    "A1,MADEUP,IVAN,Primary name,,dd/mm/1957\n"
)


@dataclass(frozen=True)
class Target:
    """One reader with a sound sample of its format."""

    name: str
    sample: bytes
    read: Callable[[bytes, ImportReport], Iterator[ListedParty]]

    def check(self, content: bytes) -> int:
        """Read one content; see `one`."""
        return one(self, content)


def _single(name: str, sample: str, reader: Reader, **options: object) -> Target:
    def read(content: bytes, report: ImportReport) -> Iterator[ListedParty]:
        stream = io.BytesIO(content)
        return reader(stream, source="made", limits=LIMITS, report=report, **options)

    return Target(name, sample.encode(), read)


def _ofac_set(content: bytes, report: ImportReport) -> Iterator[ListedParty]:
    """Read one content as all four tables, parted where a line holds nothing but dashes."""
    roles = ("sdn", "alt", "add", "comments")
    parts = content.split(b"\n---\n")
    files = {role: io.BytesIO(part) for role, part in zip(roles, parts, strict=False)}
    return ofac_csv.read(files, source="made", limits=LIMITS, report=report)


TARGETS = (
    Target("ofac_csv", "\n---\n".join([_SDN, _ALT, _ADD, '36," Russia."\n']).encode(), _ofac_set),
    _single("ofac_xml", SDN_XML_SAMPLE, ofac_xml.read),
    _single("ofac_advanced", ADVANCED_SAMPLE, ofac_advanced.read),
    _single("csl_csv", _CSL, csl.read_table),
    _single("csl_json", _CSL_JSON, csl.read_json),
    _single("denied_persons", _DPL, denied_persons.read),
    _single("un", UN_SAMPLE, un.read),
    _single("eu_xml", EU_XML_SAMPLE, eu.read_xml),
    _single("eu_csv", EU_CSV_SAMPLE, eu.read_csv),
    _single("eu_csv_wrapped", '"Entity_logical_id;Naal_wholename\t\t"\n"1;MADE\t"\n', eu.read_csv,
            is_wrapped=True),
    _single("uk_xml", UK_XML_SAMPLE, uk.read_xml),
    _single("uk_csv", _UK, uk.read_csv),
    _single("own", _OWN, own.read),
)  # fmt: skip

_TOKENS = (
    *(bytes([byte]) for byte in b"\"',;\t\r\n\x1a\x00\xff<>[]{}\\|()"),
    *(b"</", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x ?>", b"<!DOCTYPE x ["),
    *(b"<!ENTITY a 'b'>", b"&a;", b"&#0;", b"&#x202e;", b"\\ud800", b"null", b"1e999"),
    *(b"99999999999999999999", b"0000-00-00", b"31 Feb 1980", b"between 1900 and 1800"),
    *(b"\xef\xbb\xbf", b"-0- ", b"; ", b"a.k.a. '", b"DOB ", b"Passport "),
    *(letter.encode() for letter in "\u202e\u0661\U0001f600"),
)


def mutate(chance: random.Random, content: bytes) -> bytes:
    """Return the content with one to eight random injuries."""
    out = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(out) + 1)
        length = chance.choice((1, 1, 2, 8, 64, 512))
        way = chance.randrange(7)
        if way == 0:
            del out[place : place + length]
        elif way == 1:
            out[place:place] = chance.choice(_TOKENS)
        elif way == 2 and place < len(out):
            out[place] = chance.randrange(256)
        elif way == 3:
            out[place:place] = out[place : place + length] * chance.choice((1, 2, 50))
        elif way == 4:
            del out[place:]
        elif way == 5:
            other = chance.randrange(len(out) + 1)
            out[place : place + length] = out[other : other + length]
        else:
            out[place:place] = chance.choice(_TOKENS) * chance.choice((2, 100, 3_000))
        if len(out) > 1 << 18:
            del out[1 << 18 :]
    return bytes(out)


def one(target: Target, content: bytes) -> int:
    """Read one content; return how many parties came of it.

    Raises:
        AssertionError: The reader broke its promise.
        Exception: Anything that is no refusal of ours is a finding too.
    """
    report = ImportReport()
    found: list[ListedParty] = []
    try:
        detect_head(content[: 1 << 16])
        found.extend(target.read(content, report))
    except GreenlaneError as refusal:
        if not refusal.message:
            raise AssertionError("a refusal without a sentence") from refusal
    for party in found:
        if not party.names or not party.uid.startswith("made-"):
            raise AssertionError(f"a party without name or uid: {party!r}")
        if len({name.uid for name in party.names}) != len(party.names):
            raise AssertionError(f"two names of one uid: {party!r}")
        if decode_party(encode_party(party)) != party:
            raise AssertionError(f"a party that does not survive storing: {party!r}")
    return len(found)
