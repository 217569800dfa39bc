"""Clean text, scripts, stable digests and the draft in which a reader gathers one party.

Nothing here knows a list format.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace

from greenlane.screening.formats.countries import country_code
from greenlane.screening.formats.report import ImportReport, Limits
from greenlane.screening.records import (
    Address,
    Identifier,
    Kind,
    ListedName,
    ListedParty,
    NameKind,
    NamePart,
    PartialDate,
)

# Controls, zero-width and directional marks, byte-order marks and lone surrogates: none of them is
# part of a name, all of them have been used to hide one.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")

# First code point, last code point, ISO 15924 code; only scripts that watch lists use.
_SCRIPTS: tuple[tuple[int, int, str], ...] = (
    (0x0370, 0x03FF, "Grek"),
    (0x0400, 0x052F, "Cyrl"),
    (0x0530, 0x058F, "Armn"),
    (0x0590, 0x05FF, "Hebr"),
    (0x0600, 0x06FF, "Arab"),
    (0x0750, 0x077F, "Arab"),
    (0x08A0, 0x08FF, "Arab"),
    (0x0900, 0x097F, "Deva"),
    (0x0980, 0x09FF, "Beng"),
    (0x0A00, 0x0A7F, "Guru"),
    (0x0B80, 0x0BFF, "Taml"),
    (0x0D80, 0x0DFF, "Sinh"),
    (0x0E00, 0x0E7F, "Thai"),
    (0x0E80, 0x0EFF, "Laoo"),
    (0x1000, 0x109F, "Mymr"),
    (0x10A0, 0x10FF, "Geor"),
    (0x1100, 0x11FF, "Hang"),
    (0x1200, 0x137F, "Ethi"),
    (0x1780, 0x17FF, "Khmr"),
    (0x3040, 0x309F, "Hira"),
    (0x30A0, 0x30FF, "Kana"),
    (0x3130, 0x318F, "Hang"),
    (0x3400, 0x4DBF, "Hani"),
    (0x4E00, 0x9FFF, "Hani"),
    (0xAC00, 0xD7A3, "Hang"),
    (0xF900, 0xFAFF, "Hani"),
    (0xFB50, 0xFDFF, "Arab"),
    (0xFE70, 0xFEFC, "Arab"),
    (0x20000, 0x2FA1F, "Hani"),
)


def clean(text: str | None) -> str:
    """Return the text without invisible characters, every run of white space one space.

    >>> clean(" AL-\\u200fZAWAHIRI,\\n Aiman ")
    'AL-ZAWAHIRI, Aiman'
    """
    if not text:
        return ""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text or text[0] == " " or text[-1] == " " else text
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def script_of(text: str) -> str:
    """Return the ISO 15924 code of the script most letters of the text belong to; Latn if none.

    >>> script_of("ООО Ромашка")
    'Cyrl'
    """
    if text.isascii():
        return "Latn"
    counts: dict[str, int] = {}
    for letter in text[:400]:
        point = ord(letter)
        if point < 0x370:
            if letter.isalpha():
                counts["Latn"] = counts.get("Latn", 0) + 1
            continue
        for first, last, code in _SCRIPTS:
            if first <= point <= last:
                counts[code] = counts.get(code, 0) + 1
                break
    if not counts:
        return "Latn"
    return max(sorted(counts), key=lambda code: counts[code])


def digest(*parts: str) -> str:
    """Return a short stable digest (12 hexadecimal characters) of some texts in their order."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:12]


@dataclass(slots=True)
class PartyDraft:
    """One party while a reader is still gathering it. Everything added is cleaned and deduplicated.

    A name that comes twice keeps the stronger mark: strong on one row beats weak on another.
    """

    uid: str
    source: str
    kind: Kind = Kind.UNKNOWN
    line: int = 0
    listed_on: str = ""
    expires_on: str = ""
    _names: dict[tuple[str, str], ListedName] = field(default_factory=dict)
    _programs: dict[str, None] = field(default_factory=dict)
    _birth_dates: dict[PartialDate, None] = field(default_factory=dict)
    _birth_places: dict[str, None] = field(default_factory=dict)
    _countries: dict[str, None] = field(default_factory=dict)
    _identifiers: dict[Identifier, None] = field(default_factory=dict)
    _addresses: dict[Address, None] = field(default_factory=dict)
    _remarks: dict[str, None] = field(default_factory=dict)

    def add_name(
        self,
        text: str | None,
        *,
        uid: str = "",
        kind: NameKind = NameKind.AKA,
        script: str = "",
        parts: tuple[NamePart, ...] = (),
        is_weak: bool = False,
    ) -> None:
        """Add a name; without the list's own ``uid`` it gets a digest of kind, text and script."""
        text = clean(text)
        if not text:
            return
        script = script or script_of(text)
        key = (text, script)
        known = self._names.get(key)
        if known is not None:
            if known.is_weak and not is_weak:
                self._names[key] = replace(known, is_weak=False)
            return
        self._names[key] = ListedName(
            uid=clean(uid) or digest(kind, text, script),
            text=text,
            kind=kind,
            script=script,
            parts=tuple(NamePart(p.role, clean(p.text)) for p in parts if clean(p.text)),
            is_weak=is_weak,
        )

    def add_program(self, text: str | None) -> None:
        """Add a programme or regime name."""
        if text := clean(text):
            self._programs[text] = None

    def add_birth_date(self, date: PartialDate | None) -> None:
        """Add a birth date; ``None`` (not understood) is ignored, the caller keeps the text."""
        if date is not None:
            self._birth_dates[date] = None

    def add_birth_place(self, *parts: str | None) -> None:
        """Add a place of birth from its parts, most local first."""
        if text := ", ".join(part for raw in parts if (part := clean(raw))):
            self._birth_places[text] = None

    def add_country(self, text: str | None) -> None:
        """Add a country by name or code; an unknown one is kept in the remarks, not guessed."""
        text = clean(text)
        if not text:
            return
        if code := country_code(text):
            self._countries[code] = None
        else:
            self._remarks[f"Country: {text}"] = None

    def add_identifier(self, type_: str, value: str | None, country: str | None = "") -> None:
        """Add an identifier under a short upper-case type; the country may be a name or a code."""
        if value := clean(value):
            self._identifiers[Identifier(type_, value[:200], country_code(clean(country)))] = None

    def add_address(self, parts: list[str | None], country: str | None = "") -> None:
        """Add an address from its parts, most local first; the country is named last."""
        land = clean(country)
        pieces = [piece for raw in parts if (piece := clean(raw))]
        if land:
            pieces.append(land)
        if pieces:
            self._addresses[Address(", ".join(pieces), country_code(land))] = None

    def add_remark(self, text: str | None, label: str = "") -> None:
        """Add free text that has no field of its own."""
        if text := clean(text):
            self._remarks[f"{label}: {text}" if label else text] = None

    @property
    def name_count(self) -> int:
        """How many different names were added so far."""
        return len(self._names)

    def finish(self, report: ImportReport, limits: Limits) -> ListedParty | None:
        """Return the party, or ``None`` (and a row set aside) where it has no usable name."""
        names: list[ListedName] = []
        uids: set[str] = set()
        for name in self._names.values():
            if len(name.text) > limits.name_characters:
                report.put_aside(
                    self.line,
                    f"{self.uid}: a name of {len(name.text)} characters is longer than "
                    f"{limits.name_characters}.",
                    name.text,
                )
                continue
            if len(names) >= limits.names_per_party:
                report.put_aside(
                    self.line, f"{self.uid}: more than {limits.names_per_party} names."
                )
                break
            uid = name.uid
            if uid in uids:
                uid = f"{uid}~{digest(name.kind, name.text, name.script)}"
            uids.add(uid)
            names.append(name if uid == name.uid else replace(name, uid=uid))
        if not names:
            report.put_aside(self.line, f"{self.uid}: the party has no usable name.")
            return None
        # The principal name stands first; the order is otherwise the list's own.
        names.sort(key=lambda name: name.kind is not NameKind.PRIMARY)
        remarks = "; ".join(self._remarks)
        if len(remarks) > limits.text_characters:
            report.note("remarks longer than the limit were cut")
            remarks = remarks[: limits.text_characters]
        return ListedParty(
            uid=self.uid,
            source=self.source,
            kind=self.kind,
            names=tuple(names),
            programs=tuple(self._programs),
            birth_dates=tuple(self._birth_dates),
            birth_places=tuple(self._birth_places),
            countries=tuple(self._countries),
            identifiers=tuple(self._identifiers),
            addresses=tuple(
                replace(a, text=a.text[: limits.text_characters]) for a in self._addresses
            ),
            listed_on=self.listed_on,
            expires_on=self.expires_on,
            remarks=remarks,
        )
