"""How alike two words are, in thousandths: sound-weighted edit distance, skeletons, groups.

Symmetric: ``word_similarity(a, v, b, w) == word_similarity(b, w, a, v)``. Words with digits are
equal or not alike at all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greenlane.screening.kernel.jit import jit
from greenlane.screening.kernel.text import Bytes
from greenlane.screening.kernel.words import HAS_DIGIT, N_GROUPS, NUMBER, SKELETON, Words

# How a similarity came about (returned in the thousands place above the similarity itself).
BY_SPELLING = 0
BY_GROUP = 1  # nickname, same name in another language, abbreviation, translation
BY_SKELETON = 2
BY_PREFIX = 3  # one is the start of the other, or the other without its article

_CHEAP = (
    # pairs of sounds that spellings exchange; cost in tenths of an edit
    ("ae", 4), ("ai", 6), ("ao", 5), ("au", 6), ("ei", 3), ("eo", 5), ("eu", 6), ("io", 7),
    ("iu", 6), ("ou", 4), ("ij", 4), ("ej", 7), ("ck", 5), ("cs", 5), ("cx", 4), ("cj", 5),
    ("cz", 6), ("ct", 7), ("sz", 4), ("sx", 5), ("jz", 5), ("jx", 6), ("gj", 6), ("gk", 5),
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
    """Return the cost of a letter that only one word has, in tenths of an edit, by ``byte & 31``."""
    costs = np.full(32, 10, np.uint8)
    for letter, cost in (("a", 7), ("e", 6), ("i", 6), ("o", 7), ("u", 7), ("h", 5)):
        costs[ord(letter) & 31] = cost
    return costs


SUBSTITUTION = substitution_costs()
INSERTION = insertion_costs()
PLAIN_SUBSTITUTION = np.where(np.eye(32, dtype=bool), 0, 10).astype(np.uint8)
PLAIN_INSERTION = np.full(32, 10, np.uint8)


@jit
def edit_cost(
    a: Bytes,
    a0: int,
    la: int,
    b: Bytes,
    b0: int,
    lb: int,
    substitution: NDArray[np.uint8],
    insertion: NDArray[np.uint8],
    rows: NDArray[np.int32],
) -> int:
    """Return the weighted edit cost with swaps of neighbors, in tenths of an edit.

    ``rows`` is scratch of shape (3, >= lb + 1). The same letter doubled costs 4 to insert.
    """
    rows[0, 0] = 0
    for j in range(1, lb + 1):
        rows[0, j] = rows[0, j - 1] + insertion[b[b0 + j - 1] & 31]
    r = 0
    for i in range(1, la + 1):
        previous = r
        before = (r + 2) % 3
        r = (r + 1) % 3
        ca = int(a[a0 + i - 1])
        delete = int(insertion[ca & 31])
        if i > 1 and a[a0 + i - 2] == ca:
            delete = min(delete, 4)
        rows[r, 0] = rows[previous, 0] + delete
        for j in range(1, lb + 1):
            cb = int(b[b0 + j - 1])
            best = rows[previous, j - 1] + int(substitution[ca & 31, cb & 31])
            insert = int(insertion[cb & 31])
            if j > 1 and b[b0 + j - 2] == cb:
                insert = min(insert, 4)
            other = rows[r, j - 1] + insert
            if other < best:
                best = other
            other = rows[previous, j] + delete
            if other < best:
                best = other
            if i > 1 and j > 1 and ca == b[b0 + j - 2] and a[a0 + i - 2] == cb:
                other = rows[before, j - 2] + 9
                if other < best:
                    best = other
            rows[r, j] = best
    return int(rows[r, lb])


@jit
def same_bytes(a: Bytes, a0: int, la: int, b: Bytes, b0: int, lb: int) -> bool:
    """Say whether two byte runs are equal."""
    if la != lb:
        return False
    for k in range(la):
        if a[a0 + k] != b[b0 + k]:
            return False
    return True


@jit
def _bones_similarity(a: Words, v: int, b: Words, w: int, rows: NDArray[np.int32], sub: NDArray[np.uint8], ins: NDArray[np.uint8]) -> int:
    a0 = a.bones_off[v]
    la = a.bones_off[v + 1] - a0
    b0 = b.bones_off[w]
    lb = b.bones_off[w + 1] - b0
    if la == 0 or lb == 0:
        return 0
    longest = max(la, lb)
    if same_bytes(a.bones, a0, la, b.bones, b0, lb):
        return 1000 if longest >= 3 else 920 if longest == 2 else 800
    cost = edit_cost(a.bones, a0, la, b.bones, b0, lb, sub, ins, rows)
    value = 1000 - (100 * cost) // longest
    if longest <= 3:
        value -= 80
    return max(value, 0)


@jit
def _starts_with(a: Bytes, a0: int, la: int, b: Bytes, b0: int, lb: int) -> bool:
    """Say whether the shorter of two byte runs starts the longer."""
    n = min(la, lb)
    for k in range(n):
        if a[a0 + k] != b[b0 + k]:
            return False
    return True


@jit
def _without_article(a: Bytes, a0: int, la: int, b: Bytes, b0: int, lb: int) -> bool:
    """Say whether one run is the other with al, el or ul in front."""
    if la == lb + 2:
        return lb >= 4 and a[a0 + 1] == 108 and a[a0] in (97, 101, 117) and same_bytes(a, a0 + 2, lb, b, b0, lb)
    if lb == la + 2:
        return la >= 4 and b[b0 + 1] == 108 and b[b0] in (97, 101, 117) and same_bytes(b, b0 + 2, la, a, a0, la)
    return False


@jit
def word_similarity(
    a: Words,
    v: int,
    b: Words,
    w: int,
    rows: NDArray[np.int32],
    sub: NDArray[np.uint8],
    ins: NDArray[np.uint8],
    plain_sub: NDArray[np.uint8],
    plain_ins: NDArray[np.uint8],
) -> int:
    """Return how alike two words are (0-1000) plus 10000 times how that came about."""
    r0 = a.raw_off[v]
    rla = a.raw_off[v + 1] - r0
    s0 = b.raw_off[w]
    rlb = b.raw_off[w + 1] - s0
    if same_bytes(a.raw, r0, rla, b.raw, s0, rlb):
        return 1000
    ma = int(a.marks[v])
    mb = int(b.marks[w])
    if (ma | mb) & (HAS_DIGIT | NUMBER):
        if ma & NUMBER and mb & NUMBER and a.number[v] == b.number[w]:
            return 1000
        return 0
    if (ma | mb) & SKELETON:
        return 10000 * BY_SKELETON + _bones_similarity(a, v, b, w, rows, sub, ins)
    a0 = a.sound_off[v]
    la = a.sound_off[v + 1] - a0
    b0 = b.sound_off[w]
    lb = b.sound_off[w + 1] - b0
    if same_bytes(a.sound, a0, la, b.sound, b0, lb):
        return 980
    for g in range(N_GROUPS):
        x = a.groups[v, g]
        if x == 0:
            break
        for k in range(N_GROUPS):
            if b.groups[w, k] == x:
                return 10000 * BY_GROUP + 940
    longest = max(la, lb)
    shortest = min(la, lb)
    if shortest * 3 < longest:
        # so different in length that no edit distance can say "alike"
        return 10000 * BY_PREFIX + 300 if shortest >= 2 and _starts_with(a.sound, a0, la, b.sound, b0, lb) else 0
    if _without_article(a.raw, r0, rla, b.raw, s0, rlb):
        return 10000 * BY_PREFIX + 950
    cost = edit_cost(a.sound, a0, la, b.sound, b0, lb, sub, ins, rows)
    value = 990 - (100 * cost) // longest
    if value < 930:
        raw_longest = max(rla, rlb)
        cost = edit_cost(a.raw, r0, rla, b.raw, s0, rlb, plain_sub, plain_ins, rows)
        value = max(value, 1000 - (100 * cost) // raw_longest)
    if longest <= 3:
        value -= 80
    if value < 800 and shortest >= 3 and _starts_with(a.sound, a0, la, b.sound, b0, lb):
        return 10000 * BY_PREFIX + max(value, 760)
    return max(value, 0)
