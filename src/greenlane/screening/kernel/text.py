"""From folded characters to words: splitting, joining of spelled-out abbreviations, interning.

Words are byte strings: lower-case a-z and 0-9 for ordinary words, upper-case A-Z for consonant
skeletons of scripts that write no vowels. All offsets are int64; hashes fit 38 bits so that plain
Python and compiled code multiply alike.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greenlane.screening.kernel.jit import jit, jit_inner

MAX_WORD = 40  # bytes kept of one word
MAX_WORDS = 48  # words kept of one name
HASH_MASK = (1 << 38) - 1
HASH_SEED = 2166136261
HASH_PRIME = 16777619

SPACE, COMMA, DOT = 32, 44, 46

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]


@jit_inner
def hash_bytes(text: Bytes, start: int, length: int, seed: int) -> int:
    """Return the 38-bit hash of ``text[start:start+length]`` (FNV-1a, masked)."""
    h = seed
    for k in range(length):
        h = ((h ^ int(text[start + k])) * HASH_PRIME) & HASH_MASK
    return h


@jit_inner
def scramble(h: int) -> int:
    """Spread a hash over its low bits, for table slots."""
    h = h ^ (h >> 17)
    h = (h * 10368889) & HASH_MASK
    return h ^ (h >> 15)


@jit_inner
def fold_text(
    codepoints: NDArray[np.uint32], fold_offsets: Int32s, fold_bytes: Bytes, out: Bytes
) -> int:
    """Write the folded bytes of ``codepoints`` to ``out``; return how many were written.

    A line feed stands between names and is kept. Code points beyond the table become a space.
    """
    n = 0
    top = fold_offsets.shape[0] - 1
    for k in range(codepoints.shape[0]):
        c = int(codepoints[k])
        if c >= top:
            c = 32
        for b in range(fold_offsets[c], fold_offsets[c + 1]):
            out[n] = fold_bytes[b]
            n += 1
    return n


@jit_inner
def _is_article(text: Bytes, start: int, length: int) -> bool:
    """Say whether a word is the Arabic article in one of its spellings (al, el, ul, ur, as ...)."""
    if length < 2 or length > 3:
        return False
    a = text[start]
    if a != 97 and a != 101 and a != 117 and a != 111 and a != 105:
        return False
    b = text[start + 1]
    if length == 2:
        return b in (108, 114, 115, 122, 100, 110, 116, 98, 106, 107, 109)
    return bool(b == 115 and text[start + 2] == 104)


@jit_inner
def _affix_cut(
    text: Bytes,
    start: int,
    length: int,
    affixes: Bytes,
    affix_off: Ints,
    affix_at_end: NDArray[np.bool_],
) -> int:
    """Return where to cut a word that has a legal form written onto it, 0 if it has none."""
    for a in range(affix_at_end.shape[0]):
        size = int(affix_off[a + 1] - affix_off[a])
        if length < size + 3:
            continue
        at = start + length - size if affix_at_end[a] else start
        k = 0
        while k < size and text[at + k] == affixes[affix_off[a] + k]:
            k += 1
        if k == size:
            return length - size if affix_at_end[a] else size
    return 0


@jit_inner
def split_names(
    folded: Bytes,
    n_bytes: int,
    word_bytes: Bytes,
    word_start: Ints,
    word_len: Ints,
    word_mark: NDArray[np.uint8],
    name_off: Ints,
    kinds: NDArray[np.uint8],
    affixes: Bytes,
    affix_off: Ints,
    affix_at_end: NDArray[np.bool_],
) -> tuple[int, int]:
    """Split folded names (one a line) into words.

    ``word_mark`` bit 1: a comma follows the word; bit 2: the word was joined from single dotted
    letters ("S.A." becomes "sa"). "abd" and a following article become "abdul", since lists write
    that pair in a dozen ways. A legal form written onto a company's word is cut
    off. Returns the number of words and of bytes used.
    """
    nw = 0
    nb = 0
    name = 0
    name_off[0] = 0
    i = 0
    first = 0  # first word of the current name
    pending_single = False  # the last word is one letter followed by a dot with nothing between
    while i <= n_bytes:
        c = 10 if i == n_bytes else int(folded[i])
        if c == 10:
            name += 1
            name_off[name] = nw
            first = nw
            pending_single = False
            i += 1
            continue
        is_letter = (97 <= c <= 122) or (65 <= c <= 90) or (48 <= c <= 57)
        if not is_letter:
            if c == COMMA and nw > first:
                word_mark[nw - 1] |= 1
            if c != DOT:
                pending_single = False
            i += 1
            continue
        j = i
        while j < n_bytes:
            d = int(folded[j])
            if (97 <= d <= 122) or (65 <= d <= 90) or (48 <= d <= 57):
                j += 1
            else:
                break
        length = j - i
        followed_by_dot = j < n_bytes and folded[j] == DOT
        if length == 1 and pending_single and c >= 97:
            # a spelled-out abbreviation goes on
            word_bytes[nb] = folded[i]
            nb += 1
            word_len[nw - 1] += 1
            word_mark[nw - 1] |= 2
            pending_single = followed_by_dot and word_len[nw - 1] < MAX_WORD
        elif nw - first < MAX_WORDS:
            kept = min(length, MAX_WORD)
            if (
                nw > first
                and word_len[nw - 1] == 3
                and word_bytes[word_start[nw - 1]] == 97
                and word_bytes[word_start[nw - 1] + 1] == 98
                and word_bytes[word_start[nw - 1] + 2] == 100
                and word_mark[nw - 1] == 0
                and _is_article(folded, i, length)
            ):
                word_bytes[nb] = 117
                word_bytes[nb + 1] = 108
                nb += 2
                word_len[nw - 1] = 5
            else:
                cut = 0
                if length >= 6 and kinds[name] != 1 and nw + 1 - first < MAX_WORDS:
                    cut = _affix_cut(folded, i, kept, affixes, affix_off, affix_at_end)
                for k in range(kept):
                    word_bytes[nb + k] = folded[i + k]
                if cut > 0:
                    word_start[nw] = nb
                    word_len[nw] = cut
                    word_mark[nw] = 0
                    nw += 1
                word_start[nw] = nb + cut
                word_len[nw] = kept - cut
                word_mark[nw] = 0
                nb += kept
                nw += 1
            pending_single = length == 1 and followed_by_dot and c >= 97
        i = j
    return nw, nb


@jit_inner
def intern_words(
    word_bytes: Bytes,
    word_start: Ints,
    word_len: Ints,
    n_words: int,
    table: Int32s,
    vocab_start: Ints,
    vocab_len: Ints,
    word_id: Int32s,
) -> int:
    """Give each distinct word a number in order of first appearance; return how many there are.

    ``table`` is an open-addressed hash table (power of two, filled with -1) of vocabulary numbers.
    """
    mask = table.shape[0] - 1
    n = 0
    for w in range(n_words):
        start = word_start[w]
        length = word_len[w]
        slot = scramble(hash_bytes(word_bytes, start, length, HASH_SEED)) & mask
        while True:
            v = int(table[slot])
            if v < 0:
                table[slot] = n
                vocab_start[n] = start
                vocab_len[n] = length
                word_id[w] = n
                n += 1
                break
            if vocab_len[v] == length:
                same = True
                for k in range(length):
                    if word_bytes[vocab_start[v] + k] != word_bytes[start + k]:
                        same = False
                        break
                if same:
                    word_id[w] = v
                    break
            slot = (slot + 1) & mask
    return n


@jit_inner
def find_word(
    text: Bytes,
    start: int,
    length: int,
    table: Int32s,
    vocab_bytes: Bytes,
    vocab_off: Ints,
) -> int:
    """Return the vocabulary number of a word, or -1."""
    mask = table.shape[0] - 1
    slot = scramble(hash_bytes(text, start, length, HASH_SEED)) & mask
    while True:
        v = int(table[slot])
        if v < 0:
            return -1
        at = vocab_off[v]
        if vocab_off[v + 1] - at == length:
            same = True
            for k in range(length):
                if vocab_bytes[at + k] != text[start + k]:
                    same = False
                    break
            if same:
                return v
        slot = (slot + 1) & mask


@jit_inner
def fill_table(table: Int32s, vocab_bytes: Bytes, vocab_off: Ints) -> None:
    """Enter every vocabulary word into an empty table (power of two, filled with -1)."""
    mask = table.shape[0] - 1
    for v in range(vocab_off.shape[0] - 1):
        at = vocab_off[v]
        h = hash_bytes(vocab_bytes, at, vocab_off[v + 1] - at, HASH_SEED)
        slot = scramble(h) & mask
        while table[slot] >= 0:
            slot = (slot + 1) & mask
        table[slot] = v


@jit
def find_words(
    other_bytes: Bytes, other_off: Ints, table: Int32s, vocab_bytes: Bytes, vocab_off: Ints
) -> Int32s:
    """Return for each word of another vocabulary its number here, or -1."""
    n = other_off.shape[0] - 1
    out = np.empty(n, np.int32)
    for w in range(n):
        at = other_off[w]
        out[w] = find_word(other_bytes, at, other_off[w + 1] - at, table, vocab_bytes, vocab_off)
    return out
