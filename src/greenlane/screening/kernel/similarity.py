"""How alike two words are, in thousandths: sound-weighted edit distance, skeletons, groups.

Symmetric: ``word_similarity(a, v, b, w) == word_similarity(b, w, a, v)``. Words with digits are
equal or not alike at all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greenlane.screening.kernel.jit import jit_inner
from greenlane.screening.kernel.text import Bytes, Int32s, Ints
from greenlane.screening.kernel.words import (
    C_BONES,
    C_BONES_END,
    C_GROUP,
    C_KEY,
    C_KEY_HIGH,
    C_LETTERS,
    C_MARKS,
    C_NUMBER,
    C_RAW,
    C_RAW_END,
    C_SOUND,
    C_SOUND_END,
    HAS_DIGIT,
    N_GROUPS,
    NUMBER,
    SHAPE_LENGTH,
    SHAPE_SPECIAL,
    SKELETON,
)

# How a similarity came about (returned in the thousands place above the similarity itself).
BY_SPELLING = 0
BY_GROUP = 1  # nickname, same name in another language, abbreviation, translation
BY_SKELETON = 2
BY_PREFIX = 3  # one is the start of the other, or the other without its article

_CHEAP = (
    # pairs of sounds that spellings exchange; cost in tenths of an edit
    ("ae", 4), ("ai", 6), ("ao", 5), ("au", 6), ("ei", 3), ("eo", 5), ("eu", 6), ("io", 7),
    ("iu", 6), ("ou", 4), ("ij", 4), ("ej", 7), ("ck", 5), ("cs", 5), ("cx", 4), ("cj", 5),
    ("cz", 6), ("ct", 7), ("sz", 4), ("sx", 3), ("jz", 5), ("jx", 6), ("gj", 6), ("gk", 5),
    ("gh", 6), ("hk", 6), ("fv", 3), ("bv", 6), ("bp", 5), ("uv", 5), ("dt", 5), ("mn", 7),
    ("lr", 8), ("fp", 7), ("gv", 8), ("hj", 7), ("iv", 9), ("dz", 7), ("st", 8),
)  # fmt: skip


def substitution_costs() -> NDArray[np.uint8]:
    """Return the 32 x 32 table of substitution costs in tenths of an edit, by ``byte & 31``."""
    costs = np.full((32, 32), 10, np.uint8)
    np.fill_diagonal(costs, 0)
    for pair, cost in _CHEAP:
        a, b = ord(pair[0]) & 31, ord(pair[1]) & 31
        costs[a, b] = costs[b, a] = cost
    return costs


def insertion_costs() -> NDArray[np.uint8]:
    """Return what a letter of only one word costs, in tenths of an edit, by ``byte & 31``."""
    costs = np.full(32, 10, np.uint8)
    for letter, cost in (("a", 7), ("e", 6), ("i", 6), ("o", 7), ("u", 7), ("h", 5)):
        costs[ord(letter) & 31] = cost
    return costs


def cost_tables() -> Bytes:
    """Return both cost tables flat: each 32 x 32 substitutions, then 32 insertions."""
    plain = np.where(np.eye(32, dtype=bool), 0, 10).astype(np.uint8)
    return np.concatenate(
        [
            substitution_costs().ravel(),
            insertion_costs(),
            plain.ravel(),
            np.full(32, 10, np.uint8),
        ]
    )


BY_SOUND, PLAIN = 0, 1056  # where each table starts
ROW = 96  # places of one scratch row
N_SCRATCH = 3 * ROW + 32  # places of scratch; the last 32 must be zero
COSTS = cost_tables()
CACHE_BITS = 15  # places for remembered similarities behind the scratch of a bulk run


@jit_inner
def edit_cost(
    a: Bytes,
    a0: int,
    la: int,
    b: Bytes,
    b0: int,
    lb: int,
    costs: Bytes,
    table: int,
    rows: Ints,
    limit: int,
) -> int:
    """Return the weighted edit cost with swaps of neighbors, in tenths of an edit.

    ``rows`` is scratch of N_SCRATCH places, ``costs`` the flat tables, ``table`` the start of the
    one to use. The same letter doubled costs 4 to insert. As soon as the cost must exceed
    ``limit`` the answer is ``limit + 1``.
    """
    before = 0
    previous = ROW
    current = 2 * ROW
    insertion = table + 1024
    total = 0
    rows[previous] = 0
    last = -1
    for j in range(lb):
        cb = int(b[b0 + j]) & 31
        step = int(costs[insertion + cb])
        if cb == last and step > 4:
            step = 4
        last = cb
        total += step
        rows[previous + j + 1] = total
    last_a = -1
    for i in range(la):
        ca = int(a[a0 + i]) & 31
        row = table + 32 * ca
        delete = int(costs[insertion + ca])
        if ca == last_a and delete > 4:
            delete = 4
        diagonal = int(rows[previous])
        left = diagonal + delete
        rows[current] = left
        least = left
        last_b = -1
        for j in range(lb):
            cb = int(b[b0 + j]) & 31
            best = diagonal + int(costs[row + cb])
            diagonal = int(rows[previous + j + 1])
            insert = 4 if cb == last_b else int(costs[insertion + cb])
            best = min(best, left + insert, diagonal + delete)
            if ca == last_b and cb == last_a:
                best = min(best, int(rows[before + j - 1]) + 9)
            last_b = cb
            rows[current + j + 1] = best
            left = best
            least = min(least, best)
        if least > limit:
            return limit + 1
        last_a = ca
        swap = before
        before = previous
        previous = current
        current = swap
    return min(int(rows[previous + lb]), limit + 1)


@jit_inner
def plain_distance(a: Bytes, a0: int, la: int, b: Bytes, b0: int, lb: int, rows: Ints) -> int:
    """Return the plain Levenshtein distance, by bit vectors (Myers 1999); ``lb`` is at most 60.

    The last 32 places of ``rows`` hold the letters' positions and are left zero.
    """
    at = 3 * ROW
    for j in range(lb):
        rows[at + (int(b[b0 + j]) & 31)] |= 1 << j
    mask = (1 << lb) - 1
    high = 1 << (lb - 1)
    plus = mask
    minus = 0
    distance = lb
    for i in range(la):
        equal = int(rows[at + (int(a[a0 + i]) & 31)])
        vertical = equal | minus
        horizontal = (((equal & plus) + plus) ^ plus) | equal
        up = minus | (mask & ~(horizontal | plus))
        down = plus & horizontal
        if up & high:
            distance += 1
        elif down & high:
            distance -= 1
        up = ((up << 1) | 1) & mask
        down = (down << 1) & mask
        plus = down | (mask & ~(vertical | up))
        minus = up & vertical
    for j in range(lb):
        rows[at + (int(b[b0 + j]) & 31)] = 0
    return distance


@jit_inner
def count_bits(x: int) -> int:
    """Return the number of set bits of a 32-bit number."""
    x = x - ((x >> 1) & 0x55555555)
    x = (x & 0x33333333) + ((x >> 2) & 0x33333333)
    x = (x + (x >> 4)) & 0x0F0F0F0F
    return ((x * 0x01010101) & 0xFFFFFFFF) >> 24


@jit_inner
def same_bytes(a: Bytes, a0: int, la: int, b: Bytes, b0: int, lb: int) -> bool:
    """Say whether two byte runs are equal."""
    if la != lb:
        return False
    for k in range(la):
        if a[a0 + k] != b[b0 + k]:
            return False
    return True


@jit_inner
def _bones_similarity(
    a: Bytes,
    a0: int,
    la: int,
    b: Bytes,
    b0: int,
    lb: int,
    costs: Bytes,
    rows: Ints,
) -> int:
    """Return how alike two consonant skeletons are, 0-1000; short ones say less."""
    if la == 0 or lb == 0:
        return 0
    longest = max(la, lb)
    if same_bytes(a, a0, la, b, b0, lb):
        return 1000 if longest >= 3 else 920 if longest == 2 else 800
    cost = edit_cost(a, a0, la, b, b0, lb, costs, BY_SOUND, rows, 6 * longest)
    value = 1000 - (100 * cost) // longest
    if longest <= 3:
        value -= 80
    return max(value, 0)


@jit_inner
def _starts_with(a: Bytes, a0: int, la: int, b: Bytes, b0: int, lb: int) -> bool:
    """Say whether the shorter of two byte runs starts the longer."""
    for k in range(min(la, lb)):
        if a[a0 + k] != b[b0 + k]:
            return False
    return True


@jit_inner
def _ends_with(a: Bytes, a0: int, la: int, b: Bytes, b0: int, lb: int) -> bool:
    """Say whether the shorter of two byte runs ends the longer."""
    for k in range(1, min(la, lb) + 1):
        if a[a0 + la - k] != b[b0 + lb - k]:
            return False
    return True


@jit_inner
def _has_article(a: Bytes, a0: int, la: int, b: Bytes, b0: int, lb: int) -> bool:
    """Say whether the first run is the second with al, el or ul in front."""
    if la != lb + 2 or lb < 4 or a[a0 + 1] != 108:
        return False
    c = a[a0]
    return (c == 97 or c == 101 or c == 117) and same_bytes(a, a0 + 2, lb, b, b0, lb)


@jit_inner
def share_few_letters(a: int, b: int) -> bool:
    """Say from two sets of letters that no edit distance makes the words alike.

    Words that share less than half of the letters of either count as wholly unlike. It spares most
    edit distances.
    """
    return count_bits(a & b) * 2 < max(count_bits(a), count_bits(b))


@jit_inner
def cannot_be_alike(a: int, shape_a: int, b: int, shape_b: int) -> bool:
    """Say from letter sets and shapes alone that ``word_similarity`` would be 0 (groups apart).

    True only for ordinary words that share few letters and of which neither can start, end or
    prefix the other.
    """
    if (shape_a | shape_b) & SHAPE_SPECIAL or not share_few_letters(a, b):
        return False
    common = a & b
    if common != a and common != b:
        return True
    shortest = min((shape_a >> SHAPE_LENGTH) & 255, (shape_b >> SHAPE_LENGTH) & 255)
    return shortest < 4 and (shape_a ^ shape_b) & 255 != 0


@jit_inner
def word_similarity(
    a: Bytes,
    fa: Int32s,
    v: int,
    b: Bytes,
    fb: Int32s,
    w: int,
    costs: Bytes,
    rows: Ints,
) -> int:
    """Return how alike two words are (0-1000) plus 10000 times how that came about.

    ``a`` and ``fa`` are the text and the facts of the first word's table, ``v`` its row.
    """
    if fa[v, C_KEY] == fb[w, C_KEY] and fa[v, C_KEY_HIGH] == fb[w, C_KEY_HIGH]:
        return 1000
    marks = int(fa[v, C_MARKS]) | int(fb[w, C_MARKS])
    if marks & (HAS_DIGIT | NUMBER):
        if fa[v, C_MARKS] & fb[w, C_MARKS] & NUMBER and fa[v, C_NUMBER] == fb[w, C_NUMBER]:
            return 1000
        return 0
    if marks & SKELETON:
        a0 = int(fa[v, C_BONES])
        b0 = int(fb[w, C_BONES])
        return 10000 * BY_SKELETON + _bones_similarity(
            a, a0, int(fa[v, C_BONES_END]) - a0, b, b0, int(fb[w, C_BONES_END]) - b0, costs, rows
        )
    a0 = int(fa[v, C_SOUND])
    la = int(fa[v, C_SOUND_END]) - a0
    b0 = int(fb[w, C_SOUND])
    lb = int(fb[w, C_SOUND_END]) - b0
    if same_bytes(a, a0, la, b, b0, lb):
        return 980
    if fa[v, C_GROUP] != 0 and fb[w, C_GROUP] != 0:
        for g in range(N_GROUPS):
            x = fa[v, C_GROUP + g]
            if x == 0:
                break
            for k in range(N_GROUPS):
                if fb[w, C_GROUP + k] == x:
                    return 10000 * BY_GROUP + 940
    longest = max(la, lb)
    shortest = min(la, lb)
    r0 = int(fa[v, C_RAW])
    rla = int(fa[v, C_RAW_END]) - r0
    s0 = int(fb[w, C_RAW])
    rlb = int(fb[w, C_RAW_END]) - s0
    if abs(rla - rlb) == 2 and (
        _has_article(a, r0, rla, b, s0, rlb) or _has_article(b, s0, rlb, a, r0, rla)
    ):
        return 10000 * BY_PREFIX + 950
    if shortest >= 3 and longest > shortest + 1 and _starts_with(a, a0, la, b, b0, lb):
        return 10000 * BY_PREFIX + 700 + (200 * shortest) // longest
    if shortest >= 5 and longest > shortest + 1 and _ends_with(a, a0, la, b, b0, lb):
        return 10000 * BY_PREFIX + 700 + (150 * shortest) // longest
    if shortest * 5 < longest * 2 or share_few_letters(
        int(fa[v, C_LETTERS]), int(fb[w, C_LETTERS])
    ):
        return 0
    if lb <= 60 and 5 * plain_distance(a, a0, la, b, b0, lb, rows) > 3 * longest:
        return 0
    cost = edit_cost(a, a0, la, b, b0, lb, costs, BY_SOUND, rows, (11 * longest) >> 1)
    value = 990 - (100 * cost) // longest
    if 450 <= value < 930:
        raw_longest = max(rla, rlb)
        # only a cheaper reading is of interest
        limit = ((1000 - value) * raw_longest) // 100
        cost = edit_cost(a, r0, rla, b, s0, rlb, costs, PLAIN, rows, limit)
        value = max(value, 1000 - (100 * cost) // raw_longest)
    if longest <= 3:
        value -= 80
    return max(value, 0)


@jit_inner
def remembered_similarity(
    a: Bytes,
    fa: Int32s,
    v: int,
    b: Bytes,
    fb: Int32s,
    w: int,
    costs: Bytes,
    rows: Ints,
) -> int:
    """Return ``word_similarity``, from the places of ``rows`` behind the scratch when it is there.

    ``rows`` has N_SCRATCH places and then none, or a power of two of them, zeroed; a run that
    shares them must keep to the same two word tables. A place holds both words and the answer.
    """
    mask = rows.shape[0] - N_SCRATCH - 1
    if mask < 0 or v >= 1 << 23 or w >= 1 << 24:
        return int(word_similarity(a, fa, v, b, fb, w, costs, rows))
    key = (v << 24) | w
    place = N_SCRATCH + ((v * 40503 ^ w * 10007) & mask)
    held = int(rows[place])
    if held >> 16 == key and held != 0:
        return held & 0xFFFF
    value = int(word_similarity(a, fa, v, b, fb, w, costs, rows))
    rows[place] = (key << 16) | value
    return value
