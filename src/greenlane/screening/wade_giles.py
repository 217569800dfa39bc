"""Chinese names in the Wade-Giles romanization, written in pinyin so that both are one name.

A name is rewritten only when every syllable of it is one of Wade-Giles and at least one cannot be
anything else: Korean, Cantonese and Vietnamese names and pinyin itself stay as they are. Where a
writer left out the apostrophes, a stop may be either of two; then what Chinese names have more
often is taken, and what is left is as near as one letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Wade-Giles marks what pinyin writes as another letter; the rest is the same in both.
_PLAIN: Final = {"p": "b", "t": "d", "k": "g", "ts": "z", "tz": "z"}
_ASPIRATED: Final = {"p": "p", "t": "t", "k": "k", "ts": "c", "tz": "c"}
_SAME: Final = {"m": "m", "f": "f", "n": "n", "l": "l", "h": "h", "sh": "sh", "s": "s", "j": "r"}
# Finals that follow a consonant, Wade-Giles to pinyin; ü is written u where it cannot be else.
_FINALS: Final = {
    "a": "a", "o": "uo", "e": "e", "eh": "e", "ai": "ai", "ei": "ei", "ao": "ao", "ou": "ou",
    "an": "an", "en": "en", "ang": "ang", "eng": "eng", "ung": "ong", "i": "i", "ia": "ia",
    "iao": "iao", "ieh": "ie", "iu": "iu", "ien": "ian", "in": "in", "iang": "iang", "ing": "ing",
    "iung": "iong", "u": "u", "ua": "ua", "uo": "uo", "uai": "uai", "ui": "ui", "uei": "ui",
    "uan": "uan", "un": "un", "uang": "uang", "ueh": "ue", "uen": "un",
}  # fmt: skip
_OF: Final = {
    "p": "a o ai ei ao an en ang eng i iao ieh ien in ing u",
    "m": "a o ei ai ao ou an en ang eng i iao ieh iu ien in ing u",
    "f": "a o ei ou an en ang eng u",
    "t": "a o e eh ai ei ao ou an ang eng ung i iao ieh iu ien ing u ui uei uan un",
    "n": "a o ai ei ao an en ang eng ung i iao ieh iu ien in iang ing u uan ueh",
    "l": "a o e ai ei ao ou an ang eng ung i ia iao ieh iu ien in iang ing u uan un ueh",
    "k": "a o e ai ei ao ou an en ang eng ung u ua uo uai ui uei uan un uang",
    "h": "a o ai ei ao ou an en ang eng ung u ua uo uai ui uei uan un uang",
    "sh": "a e ai ao ou an en ang eng u ua uo uai ui uei uan un uang",
    "j": "e ao ou an en ang eng ung u o ui uei uan un",
    "ts": "a o e ai ei ao ou an en ang eng ung u ui uei uan un",
    "s": "a o e ai ao ou an en ang eng ung u ui uei uan un",
}
# Syllables that no rule gives.
_WHOLE: Final = {
    "chih": "zhi", "shih": "shi", "jih": "ri", "tzu": "zi", "szu": "si", "ssu": "si", "erh": "er",
    "tse": "ze", "ko": "ge", "ho": "he", "i": "yi", "yi": "yi", "ya": "ya", "yao": "yao",
    "yeh": "ye", "yen": "yan", "yin": "yin", "yang": "yang", "ying": "ying", "yu": "yu",
    "yueh": "yue", "yuan": "yuan", "yun": "yun", "yung": "yong", "yai": "ya", "wa": "wa",
    "wo": "wo", "wai": "wai", "wei": "wei", "wan": "wan", "wen": "wen", "wang": "wang",
    "weng": "weng", "wu": "wu", "a": "a", "ai": "ai", "an": "an", "ao": "ao", "ou": "ou",
    "en": "en", "po": "bo", "mo": "mo", "fo": "fo",
}  # fmt: skip
_CH_BEFORE_I: Final = "i ia iao ieh iu ien in iang ing iung ueh"
_CH_ELSE: Final = "a e o ai ao ou an en ang eng ung u ua uai ui uei uan un uang"
_HS: Final = "i ia iao ieh iu ien in iang ing iung u uan ueh un"
# Without an apostrophe, what bearers of these syllables nearly always mean (family names mostly:
# the aspirated one is far commoner than the plain one).
_OFTEN_ASPIRATED: Final = {
    "chen": "chen", "cheng": "cheng", "tsai": "cai", "tsao": "cao", "tsui": "cui", "tang": "tang",
    "tao": "tao", "tan": "tan", "tien": "tian", "tai": "tai", "pan": "pan", "peng": "peng",
    "ping": "ping", "pei": "pei", "chiu": "qiu", "kai": "kai", "chun": "chun", "ching": "qing",
}  # fmt: skip
# Marks that no other romanization of a name in Latin letters has.
_ONLY_HERE: Final = re.compile(
    r"(?:hs[iu]\w*|[cptk]\w{0,2}['’ʻ‘`]\w+|(?:chih|shih|jih|tzu|szu|ssu|erh|tse|tsung|tseng|teh|kuo|tung)"
    r"|\w*[^aeiou\W](?:ieh|ueh)|yueh|yeh)"
)
_APOSTROPHES: Final = re.compile("['’ʻ‘`]")
_WORD: Final = re.compile("[a-zü'’ʻ‘`]+")
_MOST_SYLLABLES: Final = 4


@cache
def _syllables() -> dict[str, str]:
    """Return every syllable, an aspirated one with its apostrophe, and its pinyin."""
    found: dict[str, str] = {}
    for initial, finals in _OF.items():
        for final in finals.split():
            ending = _FINALS[final]
            if final == "o" and initial in ("p", "m", "f"):
                ending = "o"
            if final == "o" and initial in ("k", "h"):
                ending = "e"
            if initial in _PLAIN:
                found[initial + final] = _PLAIN[initial] + ending
                found[f"{initial}'{final}"] = _ASPIRATED[initial] + ending
            else:
                found[initial + final] = _SAME[initial] + ending
    for final in _CH_BEFORE_I.split():
        found["ch" + final] = "j" + _FINALS[final]
        found["ch'" + final] = "q" + _FINALS[final]
    for final in _CH_ELSE.split():
        found["ch" + final] = "zh" + _FINALS[final]
        found["ch'" + final] = "ch" + _FINALS[final]
    for final in _HS.split():
        found["hs" + final] = "x" + _FINALS[final]
    for missing in ("t'ei", "t'iu", "ts'ei"):
        # these finals follow the plain consonant alone
        del found[missing]
    found |= _WHOLE
    return found | {"ch'ih": "chi", "tz'u": "ci", "k'o": "ke", "p'o": "po"}


_ENDINGS: Final = ("eh", "ih", "rh")


def _table(pairs: Iterable[str]) -> NDArray[np.bool_]:
    table = np.zeros(1 << 16, np.bool_)
    for pair in pairs:
        table[((ord(pair[0]) | 0x20) & 255) << 8 | (ord(pair[1]) | 0x20) & 255] = True
    return table


@cache
def _is_ending() -> NDArray[np.bool_]:
    return _table(_ENDINGS)


@cache
def _marks() -> NDArray[np.bool_]:
    """Return for the low bytes of two letters, case folded, whether a mark may begin there."""
    pairs = {"hs", "tz", "ts", "sz", "ss", "uo", "tu", *_ENDINGS}
    return _table(pairs | {a + b for a in "'’ʻ‘`" for b in "aehiosuwtzü"})


def rows_to_try(points: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the lines in which a mark of Wade-Giles may stand; quick, and not sure.

    Args:
        points: Code points of names, one a line.
    """
    if points.size < 2:
        return np.empty(0, np.int64)
    low = (points & 0xFF).astype(np.uint16) | 0x20
    pair = (low[:-1] << 8) | low[1:]
    at = np.flatnonzero(_marks()[pair])
    # an ending that goes on is none: Mehdi, Ibrahim
    after = low[np.minimum(at + 2, low.size - 1)]
    goes_on = (after >= 97) & (after <= 122) & (at + 2 < low.size)
    at = at[~(goes_on & _is_ending()[pair[at]])]
    rows: NDArray[np.int64] = np.unique(np.searchsorted(np.flatnonzero(points == 10), at))
    return rows


def as_pinyin(name: str) -> str | None:
    """Return a name of a person in pinyin where it is in Wade-Giles, else None.

    Example:
        >>> as_pinyin("Teng Hsiao-p'ing")
        'deng xiaoping'
        >>> as_pinyin("Deng Xiaoping"), as_pinyin("Kim Yong-nam"), as_pinyin("Sean O'Hara")
        (None, None, None)
    """
    lowered = name.lower().replace("ê", "e").replace("ŭ", "u")
    words = _WORD.findall(lowered)
    if not 2 <= len(words) <= _MOST_SYLLABLES or not any(map(_ONLY_HERE.fullmatch, words)):
        return None
    known = _syllables()
    split: dict[str, list[str]] = {}
    for word in words:
        syllables = _split(_APOSTROPHES.sub("'", word.replace("ü", "u")), known)
        if syllables is None:
            return None
        split[word] = syllables
    if sum(map(len, split.values())) > _MOST_SYLLABLES:
        return None
    is_marked = re.search("['’ʻ‘`ü]", lowered) is not None

    def spelled(match: re.Match[str]) -> str:
        parts = split[match[0]]
        if not is_marked:
            return "".join(_OFTEN_ASPIRATED.get(part, known[part]) for part in parts)
        pinyin = "".join(known[part] for part in parts)
        if "ü" in match[0]:
            pinyin = pinyin.replace("zhu", "ju").replace("chu", "qu")
        return pinyin

    return re.sub(r"(?<=\w)[-‐](?=\w)", "", _WORD.sub(spelled, lowered))


def _split(word: str, known: dict[str, str]) -> list[str] | None:
    """Return the one or two syllables of a word, the longest first one before others."""
    if word in known:
        return [word]
    for cut in range(len(word) - 1, 0, -1):
        if word[:cut] in known and word[cut:] in known:
            return [word[:cut], word[cut:]]
    return None
