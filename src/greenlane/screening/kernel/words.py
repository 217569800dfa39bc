"""What is known of a word by itself: sound form, consonant skeleton, type marks, groups, rarity.

The word table is one named tuple of arrays, so that compiled functions take it whole. Nothing here
looks at the name a word stands in.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenlane.screening.kernel.jit import jit_inner
from greenlane.screening.kernel.text import HASH_SEED, Bytes, Int32s, Ints, hash_bytes

# Marks of a word (bits of ``Words.marks``).
HAS_DIGIT = 1
SKELETON = 2  # a word of a script that writes no vowels, given by its consonants
LEGAL = 4  # a legal form everywhere
LEGAL_IN_COMPANY = 8  # a legal form only in an organization's name
HONORIFIC = 16
VESSEL_PREFIX = 32
PARTICLE = 64
PARTICLE_SOFT = 128  # a particle in a company's name; in a person's it may be the family name
GENERIC = 256
PLACE = 512
PHRASE_START = 1024
PATRONYMIC = 2048
NUMBER = 4096  # digits or an ordinal: ``Words.number`` holds the value
ROMAN = 8192  # could be a Roman numeral
NUMBER_WORD = 16384
SUFFIX = 32768  # honorific that stands at the end (jr, phd)
AFFILIATE = 131072  # branch, representative office, formerly: says nothing of who it is
LEGAL_SLIP = 262144  # one letter from a legal form
LINEAGE = 524288  # son of, daughter of: the order of the names around it matters
FIRST_ONLY = 65536  # honorific only in first place (u, don, he)

N_GROUPS = 6
# Shape of a word: first letter of the sound form, its length, and one mark.
SHAPE_LENGTH = 8  # bits to shift
SHAPE_SPECIAL = 1 << 20  # digits or a skeleton
VOWELS = (97, 101, 105, 111, 117)


# Columns of ``Words.facts``.
(
    C_RAW, C_RAW_END, C_SOUND, C_SOUND_END, C_BONES, C_BONES_END, C_MARKS, C_NUMBER, C_CANON,
    C_RARITY, C_LETTERS, C_KEY, C_KEY_HIGH, C_GROUP,
) = range(14)  # fmt: skip
N_FACTS = C_GROUP + N_GROUPS


class Words(NamedTuple):
    """Word table; row v of ``facts`` describes vocabulary word v.

    ``text`` holds all forms one after the other; ``facts`` (int32, shape (n, N_FACTS)) their
    bounds: the word itself (C_RAW), its sound form (C_SOUND), its consonant skeleton in capitals
    (C_BONES), then the marks, the value of a number (-1: none), legal family or place (0: none),
    rarity (0-100, 100: not known to be in use), the set of the sound form's letters, the hash of
    the word in two pieces, and the groups (0: none). Few arrays on purpose: a compiled call pays
    for each one it is given.
    """

    text: Bytes
    facts: Int32s


@jit_inner
def is_vowel(c: int) -> bool:
    """Say whether a byte is a, e, i, o or u."""
    return c == 97 or c == 101 or c == 105 or c == 111 or c == 117


@jit_inner
def _at(text: Bytes, k: int, end: int) -> int:
    return int(text[k]) if k < end else 0


@jit_inner
def write_sound(text: Bytes, start: int, length: int, out: Bytes, at: int) -> int:
    """Write the sound form of a word to ``out[at:]`` and return its length.

    The form folds the spellings that transliterations disagree on (ph/f, kh/h, q/k, w/v, ye/e,
    double letters, mute final h ...). Letters keep one meaning: c is "ch", x is "sh", j is "zh/dj".
    The result is never longer than twice the word.
    """
    end = start + length
    if length > 0 and 65 <= text[start] <= 90:
        for k in range(length):
            out[at + k] = text[start + k]
        return length
    n = at
    i = start
    while i < end:
        c = int(text[i])
        d = _at(text, i + 1, end)
        e = _at(text, i + 2, end)
        step = 1
        o = c
        o2 = 0
        if 48 <= c <= 57:
            # one digit between letters is read as the letter it looks like
            if i > start and i + 1 < end and text[i - 1] > 57 and d > 57:
                if c == 48:
                    o = 111
                elif c == 49:
                    o = 105
                elif c == 51:
                    o = 101
                elif c == 52:
                    o = 97
                elif c == 53:
                    o = 115
        elif c == 115:  # s
            if d == 99 and e == 104:
                o, step = 120, 3
            elif d == 104:
                o, step = 120, 2
                if e == 99 and _at(text, i + 3, end) == 104:
                    step = 4
        elif c == 99:  # c
            if d == 104:
                o, step = 99, 2
            elif d == 107:
                o, step = 107, 2
            elif d == 122:
                o, step = 99, 2
            elif d == 101 or d == 105 or d == 121:
                o = 115
            else:
                o = 107
        elif c == 116:  # t
            if d == 115 and e == 99 and _at(text, i + 3, end) == 104:
                o, step = 99, 4
            elif d == 99 and e == 104:
                o, step = 99, 3
            elif d == 104:
                step = 2
            elif d == 115 or d == 122:
                o, step = 99, 2
        elif c == 107:  # k
            if d == 104:
                o, step = 104, 2
        elif c == 103 or c == 98 or c == 114:  # g, b, r
            if d == 104:
                step = 2
        elif c == 104:  # h
            if i == start and d == 115:
                o, step = 120, 2
            elif i + 1 == end and n > at and is_vowel(int(out[n - 1])):
                o = 0
        elif c == 112:  # p
            if d == 104:
                o, step = 102, 2
        elif c == 100:  # d
            if d == 106 or (d == 122 and e == 104):
                o, step = 106, 2 if d == 106 else 3
            elif d == 104:
                step = 2
        elif c == 122:  # z
            if d == 104:
                o, step = 106, 2
        elif c == 113:  # q
            o = 107
            if d == 117 and (e == 101 or e == 105):
                step = 2
        elif c == 119:  # w
            o = 118
        elif c == 120:  # x
            # (at the start it is the pinyin x)
            if i > start:
                o, o2 = 107, 115
        elif c == 121:  # y
            o = 105
        elif c == 106:  # j
            if n > at and is_vowel(int(out[n - 1])) and not is_vowel(d):
                o = 105
        elif c == 111:  # o
            if d == 117 or d == 111:
                o, step = 117, 2
        if o == 105:
            nxt = _at(text, i + step, end)
            if nxt == 101 or (nxt == 105 and n > at):
                o = 0  # ye, ie, iy: the glide is not heard
            elif n > at and is_vowel(int(out[n - 1])) and out[n - 1] == 105:
                o = 0
        if o != 0 and (n == at or out[n - 1] != o):
            out[n] = o
            n += 1
        if o2 != 0:
            out[n] = o2
            n += 1
        i += step
    if n == at:
        out[n] = text[start]
        n += 1
    return n - at


@jit_inner
def write_bones(sound: Bytes, start: int, length: int, out: Bytes, at: int) -> int:
    """Write the consonant skeleton (A-Z) of a sound form to ``out[at:]``; return its length.

    A leading vowel stays as A. Letters that Semitic scripts do not tell apart fall together:
    p with b, v with f.
    """
    if length > 0 and 65 <= sound[start] <= 90:
        for k in range(length):
            out[at + k] = sound[start + k]
        return length
    n = at
    for k in range(length):
        c = int(sound[start + k])
        if c < 97:
            continue
        if is_vowel(c):
            if k == 0:
                out[n] = 65
                n += 1
            continue
        if c == 112:
            c = 98
        elif c == 118:
            c = 102
        out[n] = c - 32
        n += 1
    return n - at


@jit_inner
def write_forms(words: Words, n_raw: int) -> int:
    """Append the sound form and skeleton of every word to ``text``; return the bytes used.

    The raw bounds are set and ``text[:n_raw]`` holds the words themselves.
    """
    n = n_raw
    text, facts = words
    for v in range(facts.shape[0]):
        start = int(facts[v, C_RAW])
        length = write_sound(text, start, int(facts[v, C_RAW_END]) - start, text, n)
        facts[v, C_SOUND] = n
        facts[v, C_SOUND_END] = n + length
        count = write_bones(text, n, length, text, n + length)
        facts[v, C_BONES] = n + length
        n += length + count
        facts[v, C_BONES_END] = n
    return n


@jit_inner
def roman_value(text: Bytes, start: int, length: int) -> int:
    """Return the value of a well-formed Roman numeral up to 399, or -1."""
    total = 0
    last = 1000
    for k in range(length):
        c = text[start + k]
        if c == 105:
            value = 1
        elif c == 118:
            value = 5
        elif c == 120:
            value = 10
        elif c == 108:
            value = 50
        elif c == 99:
            value = 100
        else:
            return -1
        if value > last:
            if last * 5 != value and last * 10 != value:
                return -1
            total += value - 2 * last
        else:
            total += value
        last = value
    return total if length <= 7 else -1


@jit_inner
def _ends_with(text: Bytes, end: int, start: int, a: int, b: int, c: int) -> bool:
    return end - start >= 3 and text[end - 3] == a and text[end - 2] == b and text[end - 1] == c


@jit_inner
def _is_patronymic(text: Bytes, start: int, length: int) -> bool:
    """Say whether a word ends like an East Slavic patronymic (-ovich, -evna, -ovych ...)."""
    if length < 6:
        return False
    end = start + length
    if _ends_with(text, end, start, 118, 110, 97) or _ends_with(text, end, start, 99, 110, 97):
        return True
    # -ich, -ych, -itch, -ic after v
    k = end
    if text[k - 1] == 104 and text[k - 2] == 99:
        k -= 2
    elif text[k - 1] == 99:
        k -= 1
    else:
        return False
    if k - start > 2 and text[k - 1] == 116:
        k -= 1
    if k - start > 3 and (text[k - 1] == 105 or text[k - 1] == 121):
        return bool(text[k - 2] == 118 or text[k - 2] == 102 or text[k - 2] == 119)
    return False


@jit_inner
def _digits_value(text: Bytes, start: int, length: int) -> int:
    """Return the value of a number or an ordinal ("223", "223rd"), -1 if it is neither."""
    end = start + length
    k = start
    value = 0
    while k < end and 48 <= text[k] <= 57:
        if k - start >= 9:
            return -1
        value = value * 10 + int(text[k]) - 48
        k += 1
    if k == start:
        return -1
    rest = end - k
    if rest == 0:
        return value
    if rest == 2:
        a, b = int(text[k]), int(text[k + 1])
        if (
            (a, b) == (115, 116)
            or (a, b) == (110, 100)
            or (a, b) == (114, 100)
            or (a, b) == (116, 104)
        ):
            return value
    return -1


@jit_inner
def find_hash(h: int, keys: Ints) -> int:
    """Return the row of ``h`` in sorted ``keys``, or -1."""
    lo = 0
    hi = keys.shape[0]
    while lo < hi:
        mid = (lo + hi) >> 1
        if keys[mid] < h:
            lo = mid + 1
        else:
            hi = mid
    if lo < keys.shape[0] and keys[lo] == h:
        return lo
    return -1


@jit_inner
def _slip_of(text: Bytes, start: int, length: int, slip_keys: Ints) -> int:
    """Return the row of the legal form that a word is one slip of the pen from, or -1."""
    row = find_hash(hash_bytes(text, start, length, HASH_SEED), slip_keys)
    if row >= 0 or length < 4 or length > 18:
        return row
    for skip in range(length):
        h = hash_bytes(text, start, skip, HASH_SEED)
        h = hash_bytes(text, start + skip + 1, length - skip - 1, h)
        row = find_hash(h, slip_keys)
        if row >= 0:
            return row
    return -1


@jit_inner
def describe_words(
    words: Words,
    lex_keys: Ints,
    lex_marks: NDArray[np.int32],
    lex_canon: NDArray[np.int16],
    lex_number: NDArray[np.int32],
    lex_groups: NDArray[np.int16],
    rarity_keys: Ints,
    rarity_values: NDArray[np.uint8],
    slip_keys: Ints,
    slip_canon: NDArray[np.int16],
) -> None:
    """Fill the facts of every word from its forms and the lexicon arrays.

    ``lex_keys`` and ``rarity_keys`` are sorted hashes, of the raw word and of its sound form.
    """
    text, facts = words
    for v in range(facts.shape[0]):
        start = int(facts[v, C_RAW])
        length = int(facts[v, C_RAW_END]) - start
        marks = 0
        digits = 0
        for k in range(length):
            if 48 <= text[start + k] <= 57:
                digits += 1
        number = -1
        if 65 <= text[start] <= 90:
            marks |= SKELETON
        if digits > 0:
            number = _digits_value(text, start, length)
            looks_like_letter = (
                digits * 3 <= length and text[start] > 57 and text[start + length - 1] > 57
            )
            if number >= 0:
                marks |= NUMBER
            elif not looks_like_letter:
                marks |= HAS_DIGIT
        else:
            roman = roman_value(text, start, length)
            if roman > 0:
                marks |= ROMAN
                number = roman
            if _is_patronymic(text, start, length):
                marks |= PATRONYMIC
        h = hash_bytes(text, start, length, HASH_SEED)
        facts[v, C_KEY] = h & 0x7FFFFFFF
        facts[v, C_KEY_HIGH] = h >> 31
        row = find_hash(h, lex_keys)
        if row >= 0:
            marks |= lex_marks[row]
            facts[v, C_CANON] = lex_canon[row]
            for g in range(N_GROUPS):
                facts[v, C_GROUP + g] = lex_groups[row, g]
            if lex_number[row] >= 0:
                number = lex_number[row]
        elif digits == 0 and length >= 3 and marks & SKELETON == 0:
            slip = _slip_of(text, start, length, slip_keys)
            if slip >= 0:
                marks |= LEGAL_SLIP
                facts[v, C_CANON] = slip_canon[slip]
        at = int(facts[v, C_SOUND])
        end = int(facts[v, C_SOUND_END])
        row = find_hash(hash_bytes(text, at, end - at, HASH_SEED), rarity_keys)
        rarity = 100
        if row >= 0:
            rarity = int(rarity_values[row])
        if digits == 0 and marks & SKELETON == 0:
            if length <= 2:
                rarity = min(rarity, 60)
            elif length == 3:
                rarity = min(rarity, 80)
        letters = 0
        for k in range(at, end):
            letters |= 1 << (int(text[k]) & 31)
        facts[v, C_LETTERS] = letters & 0x7FFFFFFF
        facts[v, C_RARITY] = rarity
        facts[v, C_MARKS] = marks
        facts[v, C_NUMBER] = number
