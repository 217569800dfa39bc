"""Letters of every script as folded Latin: a table for most, rules for scripts without vowels.

The table maps one code point to zero or more bytes. Names in Arabic, Hebrew, Greek, Han, Hangul and
the scripts of South and South-East Asia are rewritten first, since there one letter's value depends
on its neighbors. Words of scripts that write no vowels become consonant skeletons in capitals.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TABLE_SIZE = 0x2100
LAST_TABLE_LETTER = 0x0560  # Latin, Cyrillic; from here on only punctuation is in the table

_SPECIAL = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h",
    "ı": "i", "ŋ": "ng", "ĸ": "k", "ə": "a", "ƒ": "f", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ɛ": "e",
    "ɔ": "o", "ʒ": "zh", "ƴ": "y", "ŧ": "t", "ȝ": "y",
}  # fmt: skip
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "і": "i", "ї": "yi",
    "є": "ye", "ґ": "g", "ў": "u", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz",
    "ѓ": "g", "ќ": "k", "ѕ": "dz", "ғ": "gh", "қ": "q", "ң": "ng", "ө": "o", "ү": "u", "ұ": "u",
    "һ": "h", "ҳ": "h", "ҷ": "j", "ә": "a", "ҡ": "q", "ӣ": "i", "ӯ": "u", "ҙ": "z", "ҫ": "s",
}  # fmt: skip
# Marks inside a word that writers leave out: apostrophes, ayn and hamza signs, soft hyphen.
_SILENT = set(
    "'`´’‘ʻʼʽʾʿ′‛\u00ad\u200b\u200c\u200d\u2060\ufeff\x91\x92?"
)  # "?" stands for a lost mark
_JOINERS = {
    ",": ",",
    ".": ".",
    "&": " and ",
    "+": " and ",
    "@": " at ",
    "،": ",",
    "·": " ",
    "•": " ",
}

_ARABIC = {
    "ب": "B", "پ": "B", "ت": "T", "ث": "T", "ج": "J", "چ": "C", "ح": "H", "خ": "H", "د": "D",
    "ذ": "D", "ر": "R", "ڑ": "R", "ز": "Z", "ژ": "J", "س": "S", "ش": "X", "ص": "S", "ض": "D",
    "ط": "T", "ٹ": "T", "ظ": "Z", "غ": "G", "ف": "F", "ق": "K", "ك": "K", "ک": "K", "گ": "G",
    "ل": "L", "م": "M", "ن": "N", "ں": "N", "ه": "H", "ھ": "H", "ہ": "H", "ۃ": "", "ة": "",
    "ڈ": "D", "ڤ": "F", "ڭ": "N",
}  # fmt: skip
_ARABIC_VOWELS = set("اأإآٱعوؤيیىئےۓء")
_HEBREW = {
    "ב": "B", "ג": "G", "ד": "D", "ה": "H", "ז": "Z", "ח": "H", "ט": "T", "כ": "K", "ך": "K",
    "ל": "L", "מ": "M", "ם": "M", "נ": "N", "ן": "N", "ס": "S", "פ": "B", "ף": "F", "צ": "C",
    "ץ": "C", "ק": "K", "ר": "R", "ש": "X", "ת": "T",
}  # fmt: skip
_HEBREW_VOWELS = set("אעוי")
_GERESH = "\u05f3"
# Sounds that Hebrew has no letter for, written with a geresh after the nearest one.
_HEBREW_GERESH = {"ג": "J", "ז": "J", "צ": "C", "ץ": "C", "ח": "H", "כ": "H", "ת": "T", "ד": "D",
                  "ט": "Z", "ע": "G", "ר": "G", "ס": "S", "ו": "F"}  # fmt: skip
_HEBREW_MARKS = (
    (re.compile('(?<=[א-ת])["”“„](?=[א-ת])'), "\u05f4"),
    (re.compile("(?<=[א-ת])['’‘`´]"), _GERESH),
)
"""What is typed for the marks of Hebrew abbreviations and of foreign sounds."""
_GREEK_PAIRS = {"ου": "ou", "μπ": "b", "ντ": "nt", "γκ": "g", "γγ": "ng", "τζ": "tz", "αι": "e",
                "ει": "i", "οι": "i", "αυ": "av", "ευ": "ev"}  # fmt: skip
_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i",
    "κ": "k", "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s",
    "ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_HANGUL_ONSET = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch",
                 "k", "t", "p", "h")  # fmt: skip
_HANGUL_NUCLEUS = ("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo",
                   "u", "wo", "we", "wi", "yu", "eu", "ui", "i")  # fmt: skip
_HANGUL_CODA = ("", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l",
                "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t")  # fmt: skip


def _fold_character(character: str) -> str:
    """Return the folded form of one character of the table's range."""
    if character == "\n":
        return "\n"
    if character in _SILENT:
        return ""
    if character in _JOINERS:
        return _JOINERS[character]
    folded = []
    for part in unicodedata.normalize("NFKD", character.lower()):
        if unicodedata.combining(part):
            continue
        if part in _SPECIAL:
            folded.append(_SPECIAL[part])
        elif part in _CYRILLIC:
            folded.append(_CYRILLIC[part])
        elif part.isascii() and part.isalnum():
            folded.append(part)
        elif unicodedata.category(part) in {"Mn", "Cf", "Lm", "Sk"}:
            continue
        else:
            folded.append(" ")
    return "".join(folded)


def _fold_letter(character: str) -> str:
    """Return the folded form of a letter, keeping Cyrillic letters that NFKD would take apart."""
    lowered = character.lower()
    if lowered in _CYRILLIC:
        return _CYRILLIC[lowered]
    if lowered in _SPECIAL:
        return _SPECIAL[lowered]
    return _fold_character(character)


@cache
def fold_table() -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Return (offsets, bytes): code point c folds to ``bytes[offsets[c]:offsets[c + 1]]``."""
    offsets = np.zeros(TABLE_SIZE + 1, np.int32)
    pieces = []
    total = 0
    for code in range(TABLE_SIZE):
        piece = _fold_letter(chr(code)).encode("ascii")
        pieces.append(piece)
        total += len(piece)
        offsets[code + 1] = total
    # Capitals are the skeleton alphabet: U+E000.. is out of range, so skeleton letters travel as
    # the control characters 1-26 (never part of a name) and come out as A-Z.
    return _with_skeleton_letters(offsets, pieces)


def _with_skeleton_letters(
    offsets: NDArray[np.int32], pieces: list[bytes]
) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    for letter in range(26):
        code = _SKELETON_CODES[letter]
        pieces[code] = bytes([65 + letter])
    lengths = np.fromiter((len(piece) for piece in pieces), np.int32, len(pieces))
    offsets[1:] = np.cumsum(lengths)
    return offsets, np.frombuffer(b"".join(pieces), np.uint8).copy()


# Carriers of the skeleton letters: the box-free range of unassigned-in-practice letter-like signs.
_SKELETON_CODES = tuple(range(0x20D0 + 0x10, 0x20D0 + 0x10 + 26))


def _skeleton(letters: str) -> str:
    return "".join(chr(_SKELETON_CODES[ord(letter) - 65]) for letter in letters)


def _arabic_word(word: str) -> str:
    """Return the skeleton of a word in Arabic letters, its article set apart."""
    word = "".join(c for c in unicodedata.normalize("NFKC", word) if not unicodedata.combining(c))
    prefix = ""
    if word.startswith("ال") and len(word) >= 5:
        prefix, word = "al ", word[2:]
    letters: list[str] = []
    for position, character in enumerate(word):
        if character in _ARABIC_VOWELS:
            if position == 0:
                letters.append("F" if character == "و" and len(word) > 2 else "A")
            continue
        if position and position + 1 == len(word) and character in "هہة":
            continue
        letter = _ARABIC.get(character, "")
        if letter and not (letters and letters[-1] == letter and word[position - 1] == character):
            letters.append(letter)
    return prefix + _skeleton("".join(letters))


@cache
def _hebrew_words() -> dict[str, str]:
    """Return Hebrew words of names that no rule of letters gives, with their Latin spelling."""
    text = (Path(__file__).parent / "tables" / "hebrew.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {hebrew: latin for hebrew, latin in rows}  # noqa: C416 - two cells, checked so


def _hebrew_word(word: str) -> str:
    """Return a Hebrew word as it is usually spelled, or by rule as the skeleton of consonants."""
    word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return " ".join(_hebrew_part(part) for part in word.split("\u05be") if part)


def _hebrew_part(word: str) -> str:
    if latin := _hebrew_words().get(word):
        return latin
    letters: list[str] = []
    for position, character in enumerate(word):
        following = word[position + 1 : position + 2]
        before = word[position - 1] if position else ""
        if following == _GERESH and character in _HEBREW_GERESH:
            letters.append(_HEBREW_GERESH[character])
        elif character == "ו" and (before == "ו" or (position and following == "י")):
            # written twice, and before yod, it is the consonant: Wolf, Levi, Silvia
            if letters[-1:] != ["F"]:
                letters.append("F")
        elif character in _HEBREW_VOWELS:
            if position == 0:
                letters.append("A" if character != "ו" else "F")
        elif character == "פ" and position:
            letters.append("F")
        elif not (position and position + 1 == len(word) and character == "ה"):
            letters.append(_HEBREW.get(character, ""))
    return _skeleton("".join(letters))


def _greek_word(word: str) -> str:
    plain = "".join(
        c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c)
    )
    out = []
    position = 0
    while position < len(plain):
        pair = plain[position : position + 2]
        if pair in _GREEK_PAIRS:
            out.append(
                "b"
                if pair == "μπ"
                else "d"
                if pair == "ντ" and position == 0
                else _GREEK_PAIRS[pair]
            )
            position += 2
            continue
        out.append(_GREEK.get(plain[position], plain[position]))
        position += 1
    return "".join(out)


def _hangul_word(word: str) -> str:
    """Return a word of Hangul syllable by syllable; the family name 이 as its bearers write it."""
    syllables = [_hangul_syllable(character) for character in word]
    if syllables[0] == "i":
        # one letter would be read as an initial
        syllables[0] = "yi"
    return " ".join(syllables)


def _hangul_syllable(character: str) -> str:
    code = ord(character) - 0xAC00
    return _HANGUL_ONSET[code // 588] + _HANGUL_NUCLEUS[code % 588 // 28] + _HANGUL_CODA[code % 28]


def _script_of(character: str) -> str:
    """Return the rule a character is rewritten by."""
    code = ord(character)
    if 0x0370 <= code < 0x0400 or 0x1F00 <= code < 0x2000:
        return "greek"
    if 0x0590 <= code < 0x0600:
        return "hebrew"
    if (
        0x0600 <= code < 0x0700
        or 0x0750 <= code < 0x0780
        or 0xFB50 <= code < 0xFE00
        or 0xFE70 <= code < 0xFEFF
    ):
        return "arabic"
    if 0xAC00 <= code < 0xD7A4:
        return "hangul"
    if 0x3400 <= code < 0xA000 or 0xF900 <= code < 0xFB00 or 0x20000 <= code < 0x32000:
        return "han"
    if code < LAST_TABLE_LETTER or 0x1E00 <= code < 0x1F00 or 0x2000 <= code < TABLE_SIZE:
        return "table"
    return "other"


def needs_rewriting(codepoints: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Say for each code point whether the table cannot fold it."""
    c = codepoints
    outside = (c >= LAST_TABLE_LETTER) & ~(
        ((c >= 0x1E00) & (c < 0x1F00)) | ((c >= 0x2000) & (c < TABLE_SIZE))
    )
    return outside | ((c >= 0x0370) & (c < 0x0400))


def rewrite(name: str) -> str:
    """Return ``name`` with the scripts that the table cannot fold written in ones that it can.

    Han is read syllable by syllable in Mandarin, Hangul in the Revised Romanization, both with
    spaces between syllables; Hebrew words by their usual spelling where they have one; all else by
    its letters' usual Latin values.
    """
    from anyascii import anyascii

    name = unicodedata.normalize("NFC", name)
    for typed, mark in _HEBREW_MARKS:
        name = typed.sub(mark, name)
    out: list[str] = []
    run: list[str] = []
    current = "table"

    def flush() -> None:
        if not run:
            return
        word = "".join(run)
        run.clear()
        if current == "arabic":
            out.append(_arabic_word(word))
        elif current == "hebrew":
            out.append(_hebrew_word(word))
        elif current == "greek":
            out.append(_greek_word(word))
        elif current == "han":
            out.append(" " + " ".join(anyascii(c).strip() for c in word) + " ")
        elif current == "hangul":
            out.append(f" {_hangul_word(word)} ")
        elif current == "other":
            out.append(anyascii(unicodedata.normalize("NFKC", word)))
        else:
            out.append(word)

    for character in name:
        script = _script_of(character)
        if script == "arabic" and character in "،؛؟٪":
            script, character = "table", " "  # noqa: PLW2901 - punctuation ends the word
        if script != current:
            flush()
            current = script
        run.append(character)
    flush()
    return "".join(out)
