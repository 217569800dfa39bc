"""From the words of a name to its typed parts: what is a title, a legal form, a number, a place.

A part is one word that counts in the comparison. Legal forms are kept as a set of families, titles,
vessel prefixes and particles are dropped, and a name made only of such words keeps them all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenlane.screening.kernel.jit import jit_inner
from greenlane.screening.kernel.text import (
    HASH_MASK,
    HASH_PRIME,
    HASH_SEED,
    Int32s,
    Ints,
    hash_bytes,
)
from greenlane.screening.kernel.words import (
    AFFILIATE,
    C_CANON,
    C_GROUP,
    C_KEY,
    C_LETTERS,
    C_MARKS,
    C_NUMBER,
    C_RARITY,
    C_RAW,
    C_RAW_END,
    C_SOUND,
    C_SOUND_END,
    FIRST_ONLY,
    GENERIC,
    HAS_DIGIT,
    HONORIFIC,
    LEGAL,
    LEGAL_IN_COMPANY,
    LEGAL_SLIP,
    LINEAGE,
    N_GROUPS,
    NUMBER,
    NUMBER_WORD,
    PARTICLE,
    PARTICLE_SOFT,
    PATRONYMIC,
    PHRASE_START,
    PLACE,
    ROMAN,
    SHAPE_LENGTH,
    SHAPE_SPECIAL,
    SKELETON,
    SUFFIX,
    VESSEL_PREFIX,
    Words,
    find_hash,
)

# Kind codes of a name.
UNKNOWN, PERSON, ORGANIZATION, VESSEL, AIRCRAFT = 0, 1, 2, 3, 4

# Types of a part.
T_WORD, T_GENERIC, T_PLACE, T_NUMBER, T_CODE, T_INITIAL, T_LIGHT, T_SKELETON, T_PATRONYMIC = range(
    9
)

MAX_PARTS = 32
MAX_PHRASE = 8

W_GENERIC, W_PLACE, W_NUMBER, W_CODE, W_INITIAL, W_LIGHT = 35, 45, 70, 90, 20, 25


# Columns of ``Names.parts`` and of ``Names.heads``.
P_WORD, P_TYPE, P_WEIGHT, P_VALUE, P_KEY, P_LETTERS, P_SHAPE, P_GROUPS = range(8)
N_PART = 8
H_KIND, H_LEGAL, H_FAMILY, H_MASS, H_TEXT, H_LINEAGE, H_WORDS = range(7)
N_HEAD = 7


class Names(NamedTuple):
    """Typed parts of names; rows ``off[n]:off[n+1]`` of ``parts`` belong to name n.

    ``parts`` (int32, 8 columns): vocabulary number, type, weight (5-100), value (a number or a
    place, -1 none); then, copied from the word table so that most comparisons end here: the word's
    hash, the set of its letters, its shape, and a set its groups fall in (sets that do not meet
    have no group in common).
    ``heads`` (int32, 7 columns): kind, legal families (a bit each), parts before
    the comma of a person's name (0 = not told), summed weight of the parts that bring
    candidates, the hash of all its words in order (two names with equal hashes read the same), the
    part that follows the first "son of" or "daughter of" (0 = none), and the count of its words.
    """

    off: Ints
    parts: Int32s
    heads: Int32s


@jit_inner
def _phrase(
    words: Words,
    ids: Int32s,
    start: int,
    end: int,
    phrase_keys: Ints,
) -> tuple[int, int]:
    """Return (row, length) of the longest phrase starting at ``start``, row -1 if there is none."""
    h = HASH_SEED
    best = -1
    best_length = 0
    for k in range(min(MAX_PHRASE, end - start)):
        v = ids[start + k]
        if k > 0:
            h = ((h ^ 32) * HASH_PRIME) & HASH_MASK
        at = int(words.facts[v, C_RAW])
        h = hash_bytes(words.text, at, int(words.facts[v, C_RAW_END]) - at, h)
        if k > 0:
            row = find_hash(h, phrase_keys)
            if row >= 0:
                best = row
                best_length = k + 1
    return best, best_length


@jit_inner
def _roman_counts(length: int, kind: int, position: int, is_last: bool, value: int) -> bool:
    """Say whether a possible Roman numeral is one where it stands."""
    if position == 0 or kind == PERSON:
        return False
    if kind == VESSEL or kind == AIRCRAFT:
        return True
    if kind == ORGANIZATION:
        return (length >= 2 and value < 40) or (is_last and value in (1, 5, 10))
    return (length >= 3 or value in (2, 4, 9)) and value < 40


@jit_inner
def type_names(
    words: Words,
    name_off: Ints,
    ids: Int32s,
    word_mark: NDArray[np.uint8],
    kinds: NDArray[np.uint8],
    phrase_keys: Ints,
    phrase_role: NDArray[np.int32],
    phrase_canon: NDArray[np.int16],
    names: Names,
) -> int:
    """Fill ``names`` from interned words; return the number of parts written.

    ``phrase_role`` holds the same marks as words have (LEGAL, PLACE, ...).
    """
    n = 0
    names.off[0] = 0
    n_names = name_off.shape[0] - 1
    for name in range(n_names):
        lo = name_off[name]
        hi = name_off[name + 1]
        kind = int(kinds[name])
        names.heads[name, H_KIND] = kind
        legal = 0
        family = 0
        lineage = 0
        first = n
        mass = 0
        is_body = kind == ORGANIZATION or kind == UNKNOWN
        only_words = False
        while True:
            i = lo
            while i < hi and n - first < MAX_PARTS:
                v = ids[i]
                marks = int(words.facts[v, C_MARKS])
                length = int(words.facts[v, C_RAW_END] - words.facts[v, C_RAW])
                position = i - lo
                rarity = int(words.facts[v, C_RARITY])
                part_type = T_WORD
                weight = rarity
                value = -1
                has_comma = word_mark[i] & 1 != 0
                step = 1
                keep = True
                if not only_words:
                    row = -1
                    if marks & PHRASE_START:
                        row, step = _phrase(words, ids, i, hi, phrase_keys)
                        if row < 0:
                            step = 1
                    role = 0
                    canon = 0
                    if row >= 0:
                        role = int(phrase_role[row])
                        canon = int(phrase_canon[row])
                        if (
                            (role & LEGAL_IN_COMPANY and not is_body)
                            or (role & PLACE and not is_body)
                            or (role & HONORIFIC and kind != PERSON)
                            or (
                                role & VESSEL_PREFIX
                                and (position > 0 or kind == PERSON or kind == ORGANIZATION)
                            )
                            or role & GENERIC
                            or (role & AFFILIATE and kind == PERSON)
                        ):
                            role = 0
                            step = 1
                    if role & (LEGAL | LEGAL_IN_COMPANY):
                        legal |= 1 << canon
                        keep = False
                    elif role & (HONORIFIC | VESSEL_PREFIX | AFFILIATE):
                        keep = False
                    elif role & PLACE:
                        part_type = T_PLACE
                        weight = W_PLACE
                        value = canon
                    elif marks & LEGAL or (
                        marks & LEGAL_IN_COMPANY
                        and (kind == ORGANIZATION or (kind == UNKNOWN and position > 0))
                    ):
                        legal |= 1 << int(words.facts[v, C_CANON])
                        keep = False
                    elif marks & AFFILIATE and is_body:
                        keep = False
                    elif marks & LEGAL_SLIP and kind == ORGANIZATION and position > 0:
                        legal |= 1 << int(words.facts[v, C_CANON])
                        keep = False
                    elif (
                        marks & HONORIFIC
                        and (kind == PERSON or (kind == UNKNOWN and position == 0))
                        and not (has_comma and position == 0)
                        and (i + 1 < hi or marks & SUFFIX)
                        and (position == 0 or not marks & FIRST_ONLY)
                    ) or (
                        marks & VESSEL_PREFIX
                        and position == 0
                        and (
                            kind == VESSEL or kind == AIRCRAFT or (kind == UNKNOWN and length == 2)
                        )
                    ):
                        keep = False
                    elif (
                        length == 1
                        and kind != ORGANIZATION
                        and not marks & NUMBER
                        and (kind == PERSON or not marks & ROMAN or position == 0)
                        and (kind == PERSON or kind == UNKNOWN)
                    ):
                        part_type = T_INITIAL
                        weight = W_INITIAL
                    elif marks & PARTICLE and not (has_comma and position == 0):
                        keep = False
                    elif marks & PARTICLE_SOFT and not (has_comma and position == 0):
                        if kind == PERSON:
                            part_type = T_LIGHT
                            weight = min(rarity, W_LIGHT)
                        else:
                            keep = False
                    elif marks & NUMBER:
                        part_type = T_NUMBER
                        weight = W_NUMBER
                        value = int(words.facts[v, C_NUMBER])
                    elif marks & NUMBER_WORD and kind != PERSON:
                        part_type = T_NUMBER
                        weight = W_PLACE
                        value = int(words.facts[v, C_NUMBER])
                    elif marks & ROMAN and _roman_counts(
                        length,
                        kind,
                        position,
                        i + 1 == hi or words.facts[ids[i + 1], C_MARKS] & LEGAL != 0,
                        int(words.facts[v, C_NUMBER]),
                    ):
                        part_type = T_NUMBER
                        weight = W_NUMBER
                        value = int(words.facts[v, C_NUMBER])
                    elif marks & HAS_DIGIT:
                        part_type = T_CODE
                        weight = W_CODE
                    elif marks & SKELETON:
                        part_type = T_SKELETON
                    elif kind != PERSON and marks & GENERIC:
                        part_type = T_GENERIC
                        weight = min(rarity, W_GENERIC)
                    elif is_body and marks & PLACE:
                        part_type = T_PLACE
                        weight = min(rarity, W_PLACE)
                        value = int(words.facts[v, C_CANON])
                    elif length == 1:
                        weight = W_INITIAL
                    elif kind != ORGANIZATION and marks & PATRONYMIC:
                        part_type = T_PATRONYMIC
                elif marks & NUMBER:
                    part_type = T_NUMBER
                    value = int(words.facts[v, C_NUMBER])
                if keep:
                    names.parts[n, P_WORD] = v
                    names.parts[n, P_TYPE] = part_type
                    names.parts[n, P_WEIGHT] = max(weight, 5)
                    names.parts[n, P_VALUE] = value
                    names.parts[n, P_KEY] = words.facts[v, C_KEY]
                    names.parts[n, P_LETTERS] = words.facts[v, C_LETTERS]
                    at = words.facts[v, C_SOUND]
                    shape = int(words.text[at])
                    shape |= int(words.facts[v, C_SOUND_END] - at) << SHAPE_LENGTH
                    if marks & (NUMBER | HAS_DIGIT | SKELETON):
                        shape |= SHAPE_SPECIAL
                    names.parts[n, P_SHAPE] = shape
                    groups = 0
                    for g in range(N_GROUPS):
                        if words.facts[v, C_GROUP + g] == 0:
                            break
                        groups |= 1 << (int(words.facts[v, C_GROUP + g]) % 31)
                    names.parts[n, P_GROUPS] = groups
                    if part_type != T_INITIAL and part_type != T_LIGHT:
                        mass += max(weight, 5)
                    n += 1
                elif marks & LINEAGE and lineage == 0:
                    lineage = n - first
                if has_comma and kind == PERSON and family == 0:
                    family = n - first
                i += step
            if mass > 0 or only_words or hi == lo:
                break
            # nothing but titles and legal forms: then these are the name
            n = first
            family = 0
            lineage = 0
            only_words = True
        if family >= n - first:
            family = 0
        if lineage >= n - first:
            lineage = 0
        names.heads[name, H_LEGAL] = legal
        names.heads[name, H_FAMILY] = family
        names.heads[name, H_MASS] = mass
        names.heads[name, H_LINEAGE] = lineage
        names.heads[name, H_WORDS] = hi - lo
        h = HASH_SEED
        for i in range(lo, hi):
            h = ((h ^ int(words.facts[ids[i], C_KEY])) * HASH_PRIME) & HASH_MASK
        names.heads[name, H_TEXT] = h & 0x7FFFFFFF
        names.off[name + 1] = n
    return n
