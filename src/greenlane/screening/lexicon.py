"""The typed words and groups the normalizer knows, read from the shipped tables into arrays.

Legal forms, titles, particles, places, synonyms and given names are data (``tables/*.tsv``). No
name of a list or of a test stands in them.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenlane.screening.kernel.text import HASH_MASK, HASH_PRIME, HASH_SEED, Ints
from greenlane.screening.kernel.words import (
    AFFILIATE,
    FIRST_ONLY,
    GENERIC,
    HONORIFIC,
    LEGAL,
    LEGAL_IN_COMPANY,
    LINEAGE,
    N_GROUPS,
    NUMBER_WORD,
    PARTICLE,
    PARTICLE_SOFT,
    PHRASE_START,
    PLACE,
    SUFFIX,
    VESSEL_PREFIX,
)
from greenlane.screening.versions import TABLES

_NUMBER_WORDS = (
    ("one", 1), ("two", 2), ("three", 3), ("four", 4), ("five", 5), ("six", 6), ("seven", 7),
    ("eight", 8), ("nine", 9), ("ten", 10), ("eleven", 11), ("twelve", 12), ("first", 1),
    ("second", 2), ("third", 3), ("fourth", 4), ("fifth", 5), ("sixth", 6), ("seventh", 7),
    ("eighth", 8), ("ninth", 9), ("tenth", 10), ("primera", 1), ("segunda", 2), ("tercera", 3),
    ("pervy", 1), ("vtoroy", 2), ("tretiy", 3), ("erste", 1), ("zweite", 2), ("premier", 1),
)  # fmt: skip
# Particles that are family names in East Asia and elsewhere: light in a person's name, not dropped.
_SOFT = frozenset(
    [
        "an",
        "ad",
        "as",
        "ash",
        "ar",
        "at",
        "az",
        "us",
        "ur",
        "il",
        "il",
        "di",
        "do",
        "du",
        "da",
        "le",
        "lo",
        "la",
        "les",
        "te",
        "ten",
        "ter",
        "in",
        "on",
        "of",
        "af",
        "av",
        "op",
        "och",
        "to",
        "by",
        "at",
        "for",
        "und",
        "et",
        "ve",
        "va",
        "wa",
        "na",
        "po",
        "con",
        "mit",
        "pro",
        "par",
        "y",
        "e",
        "i",
        "u",
        "o",
        "s",
        "z",
        "v",
        "d",
        "l",
        "das",
        "den",
        "dem",
        "des",
        "dos",
        "van",
        "von",
        "zu",
        "zur",
        "de",
    ]
)
_LINEAGE = frozenset(["bin", "ben", "ibn", "bint", "bent", "binti", "ould", "wuld"])
_SUFFIXES = frozenset(
    ["jr", "junior", "jnr", "snr", "senior", "sr", "esq", "esquire", "phd", "msc", "mba", "cpa"]
)
_FIRST_ONLY = frozenset(
    [
        "u",
        "daw",
        "pan",
        "pani",
        "he",
        "hh",
        "hon",
        "don",
        "dona",
        "sr",
        "fr",
        "father",
        "king",
        "queen",
        "prince",
        "princess",
        "justice",
        "judge",
        "lord",
        "lady",
        "dame",
        "miss",
        "general",
        "major",
        "father",
        "mirza",
        "agha",
        "aqa",
        "begum",
        "bibi",
        "imam",
        "rep",
        "gov",
        "lic",
        "tun",
        "said",
        "sir",
        "eng",
        "ing",
        "col",
        "gen",
        "capt",
        "maj",
        "president",
        "minister",
    ]
)


class Lexicon(NamedTuple):
    """Arrays for the kernel: single words by hash, phrases by hash."""

    keys: Ints
    marks: NDArray[np.int32]
    canon: NDArray[np.int16]
    number: NDArray[np.int32]
    groups: NDArray[np.int16]
    phrase_keys: Ints
    phrase_role: NDArray[np.int32]
    phrase_canon: NDArray[np.int16]
    rarity_keys: Ints
    rarity: NDArray[np.uint8]
    slip_keys: Ints  # legal forms with one letter left out (or none): hash -> family
    slip_canon: NDArray[np.int16]
    affixes: NDArray[np.uint8]  # forms to cut from a word, one after the other
    affix_off: Ints
    affix_at_end: NDArray[np.bool_]
    legal_families: tuple[str, ...]
    places: tuple[str, ...]


def hash_text(text: str, seed: int = HASH_SEED) -> int:
    """Return the kernel's hash of a folded word or phrase."""
    h = seed
    for byte in text.encode("ascii"):
        h = ((h ^ byte) * HASH_PRIME) & HASH_MASK
    return h


def _rows(name: str) -> list[str]:
    text = (TABLES / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


class _Entry:
    """What the tables say of one word, while they are read."""

    def __init__(self) -> None:
        self.marks = 0
        self.canon = 0
        self.number = -1
        self.groups: list[int] = []


class _Builder:
    def __init__(self) -> None:
        self.words: dict[str, _Entry] = {}
        self.phrases: dict[str, tuple[int, int]] = {}
        self.legal_families: list[str] = []
        self.places: list[str] = [""]
        self.slips: dict[int, int] = {}
        self.affixes: list[tuple[str, bool]] = []

    def word(self, text: str) -> _Entry:
        return self.words.setdefault(text, _Entry())

    def mark(self, text: str, role: int, canon: int = 0) -> None:
        parts = text.split(" ")
        if len(parts) > 1:
            self.phrases.setdefault(text, (role, canon))
            self.word(parts[0]).marks |= PHRASE_START
            return
        entry = self.word(text)
        entry.marks |= role
        if canon or role & (LEGAL | LEGAL_IN_COMPANY):
            entry.canon = canon

    def read_legal_forms(self) -> None:
        # "company" takes bit 0: it agrees with every other family
        rows = [line.split("\t") for line in _rows("legal_forms.tsv")]
        rows.sort(key=lambda row: row[0] != "company")
        for family, forms in rows:
            number = len(self.legal_families)
            self.legal_families.append(family)
            for form in forms.split(" | "):
                role = LEGAL_IN_COMPANY if form.startswith("*") else LEGAL
                self.mark(form.removeprefix("*"), role, number)

    def read_roles(self) -> None:
        for line in _rows("roles.tsv"):
            role, forms = line.split("\t")
            for form in forms.split(" | "):
                marks = {
                    "honorific": HONORIFIC,
                    "vessel": VESSEL_PREFIX,
                    "particle": PARTICLE_SOFT if form in _SOFT else PARTICLE,
                    "generic": GENERIC,
                    "affiliate": AFFILIATE,
                }[role]
                if form in _LINEAGE:
                    marks |= LINEAGE
                if role == "honorific" and form in _SUFFIXES:
                    marks |= SUFFIX
                if role == "honorific" and form in _FIRST_ONLY:
                    marks |= FIRST_ONLY
                self.mark(form, marks)

    def read_places(self) -> None:
        for line in _rows("places.tsv"):
            canon, forms = line.split("\t")
            self.places.append(canon)
            for form in forms.split(" | "):
                self.mark(form, PLACE, len(self.places) - 1)

    def read_groups(self) -> None:
        number = 0
        for table in ("nicknames.tsv", "synonyms.tsv"):
            for line in _rows(table):
                number += 1
                for word in dict.fromkeys(line.split()):
                    if not word.isascii():
                        continue
                    groups = self.word(word).groups
                    if len(groups) < N_GROUPS:
                        groups.append(number)

    def read_affixes(self) -> None:
        for line in _rows("affixes.tsv"):
            side, forms = line.split("\t")
            for form in forms.split(" | "):
                if side == "slip":
                    canon = self.words[form].canon
                    short = len(form) <= 3
                    self.slips[hash_text(form)] = canon
                    for skip in range(0 if short else len(form)):
                        self.slips.setdefault(hash_text(form[:skip] + form[skip + 1 :]), canon)
                else:
                    self.affixes.append((form, side == "end"))
        # the longest first: "pjsc" before "jsc"
        self.affixes.sort(key=lambda row: (-len(row[0]), row))

    def read_numbers(self) -> None:
        for text, value in _NUMBER_WORDS:
            entry = self.word(text)
            entry.marks |= NUMBER_WORD
            entry.number = value


@cache
def load_lexicon() -> Lexicon:
    """Read the tables (once per process; about 10 ms)."""
    builder = _Builder()
    builder.read_legal_forms()
    builder.read_roles()
    builder.read_places()
    builder.read_groups()
    builder.read_numbers()
    builder.read_affixes()
    words = sorted(
        ((hash_text(text), entry) for text, entry in builder.words.items()), key=lambda row: row[0]
    )
    groups = np.zeros((len(words), N_GROUPS), np.int16)
    for row, (_, entry) in enumerate(words):
        groups[row, : len(entry.groups)] = entry.groups
    phrases = sorted(
        (hash_text(text), role, canon) for text, (role, canon) in builder.phrases.items()
    )
    rarity_path = TABLES / "rarity.npz"
    with np.load(rarity_path) as rarity:
        rarity_keys = rarity["keys"].astype(np.int64)
        rarity_values = rarity["values"].astype(np.uint8)
    return Lexicon(
        keys=np.array([key for key, _ in words], np.int64),
        marks=np.array([entry.marks for _, entry in words], np.int32),
        canon=np.array([entry.canon for _, entry in words], np.int16),
        number=np.array([entry.number for _, entry in words], np.int32),
        groups=groups,
        phrase_keys=np.array([key for key, _, _ in phrases], np.int64),
        phrase_role=np.array([role for _, role, _ in phrases], np.int32),
        phrase_canon=np.array([canon for _, _, canon in phrases], np.int16),
        rarity_keys=rarity_keys,
        rarity=rarity_values,
        slip_keys=np.array(sorted(builder.slips), np.int64),
        slip_canon=np.array([builder.slips[key] for key in sorted(builder.slips)], np.int16),
        affixes=np.frombuffer("".join(form for form, _ in builder.affixes).encode(), np.uint8),
        affix_off=np.cumsum([0] + [len(form) for form, _ in builder.affixes]).astype(np.int64),
        affix_at_end=np.array([at_end for _, at_end in builder.affixes], np.bool_),
        legal_families=tuple(builder.legal_families),
        places=tuple(builder.places),
    )
