"""Which listed names are worth comparing: shared word keys, summed by rarity, above a fixed share.

The rule looks at the two names alone (never at how many others there are), and is the same whichever
side is indexed: a pair is a candidate when the words it shares, or nearly shares, weigh enough.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenlane.screening.kernel.align import compare_names, kinds_agree, weigh
from greenlane.screening.kernel.jit import jit
from greenlane.screening.kernel.names import T_INITIAL, T_LIGHT, Names
from greenlane.screening.kernel.similarity import word_similarity
from greenlane.screening.kernel.text import HASH_MASK, HASH_PRIME, Bytes, Int32s, Ints, hash_bytes
from greenlane.screening.kernel.words import (
    HAS_DIGIT,
    N_GROUPS,
    NUMBER,
    NUMBER_WORD,
    ROMAN,
    SKELETON,
    Words,
)

MAX_KEYS = 128
SEED_SOUND, SEED_BONES, SEED_GROUP, SEED_NUMBER, SEED_CODE = 101, 211, 307, 401, 503
SIMILAR = 700  # words at least this alike count as shared


class Postings(NamedTuple):
    """Inverted index: word keys -> words, words -> names, joined words -> names."""

    key_off: Ints  # bucket offsets, power of two + 1
    key_hash: Ints
    key_word: Int32s
    post_off: Ints
    post_name: Int32s
    post_weight: NDArray[np.uint8]
    join_off: Ints
    join_hash: Ints
    join_name: Int32s
    join_weight: NDArray[np.uint8]


@jit
def _hash_without(text: Bytes, start: int, length: int, skip: int, seed: int) -> int:
    h = seed
    for k in range(length):
        if k != skip:
            h = ((h ^ int(text[start + k])) * HASH_PRIME) & HASH_MASK
    return h


@jit
def word_keys(words: Words, v: int, out: Ints) -> int:
    """Write the keys under which a word finds its like; return how many.

    Keys: the sound form and the skeleton, each whole and with any one letter left out; the groups;
    the value of a number; the form without a leading article.
    """
    marks = int(words.marks[v])
    n = 0
    if marks & (NUMBER | ROMAN | NUMBER_WORD) and words.number[v] >= 0:
        value = int(words.number[v])
        out[n] = ((SEED_NUMBER + value) * HASH_PRIME) & HASH_MASK
        n += 1
        if marks & NUMBER:
            return n
    if marks & HAS_DIGIT:
        at = words.raw_off[v]
        out[n] = hash_bytes(words.raw, at, words.raw_off[v + 1] - at, SEED_CODE)
        return n + 1
    at = words.bones_off[v]
    length = int(words.bones_off[v + 1] - at)
    if length >= 2:
        out[n] = hash_bytes(words.bones, at, length, SEED_BONES)
        n += 1
        if length >= 4:
            for skip in range(min(length, 20)):
                if skip > 0 and words.bones[at + skip] == words.bones[at + skip - 1]:
                    continue
                out[n] = _hash_without(words.bones, at, length, skip, SEED_BONES)
                n += 1
    if marks & SKELETON:
        return n
    at = words.sound_off[v]
    length = int(words.sound_off[v + 1] - at)
    out[n] = hash_bytes(words.sound, at, length, SEED_SOUND)
    n += 1
    if length >= 4:
        for skip in range(min(length, 40)):
            out[n] = _hash_without(words.sound, at, length, skip, SEED_SOUND)
            n += 1
    if length >= 6 and words.sound[at + 1] == 108 and words.sound[at] in (97, 101, 117):
        out[n] = hash_bytes(words.sound, at + 2, length - 2, SEED_SOUND)
        n += 1
    for g in range(N_GROUPS):
        group = int(words.groups[v, g])
        if group == 0:
            break
        out[n] = ((SEED_GROUP + group * 7919) * HASH_PRIME) & HASH_MASK
        n += 1
    return n


@jit
def count_keys(words: Words) -> int:
    """Return the number of keys all words have together."""
    out = np.empty(MAX_KEYS, np.int64)
    total = 0
    for v in range(words.marks.shape[0]):
        total += word_keys(words, v, out)
    return total


@jit
def all_keys(words: Words, hashes: Ints, owners: Int32s) -> None:
    """Write every word's keys and their owners."""
    out = np.empty(MAX_KEYS, np.int64)
    n = 0
    for v in range(words.marks.shape[0]):
        count = word_keys(words, v, out)
        for k in range(count):
            hashes[n] = out[k]
            owners[n] = v
            n += 1


@jit
def bucket_of(h: int, n_buckets: int) -> int:
    """Return the bucket of a key; ``n_buckets`` is a power of two."""
    return ((h ^ (h >> 19)) * 40503 >> 3) & (n_buckets - 1)


@jit
def fill_buckets(hashes: Ints, owners: Int32s, off: Ints, out_hash: Ints, out_owner: Int32s) -> None:
    """Group keys by bucket, in order of owner within a bucket."""
    n_buckets = off.shape[0] - 1
    for k in range(hashes.shape[0]):
        off[bucket_of(hashes[k], n_buckets) + 1] += 1
    for b in range(n_buckets):
        off[b + 1] += off[b]
    fill = off[:-1].copy()
    for k in range(hashes.shape[0]):
        b = bucket_of(hashes[k], n_buckets)
        out_hash[fill[b]] = hashes[k]
        out_owner[fill[b]] = owners[k]
        fill[b] += 1


@jit
def count_postings(names: Names, n_words: int) -> tuple[Ints, int]:
    """Return posting offsets by word, and the number of joined pairs."""
    off = np.zeros(n_words + 1, np.int64)
    joins = 0
    for n in range(names.kind.shape[0]):
        previous = False
        for p in range(names.off[n], names.off[n + 1]):
            t = names.type[p]
            counts = t != T_INITIAL and t != T_LIGHT
            if counts:
                off[names.word[p] + 1] += 1
            if previous and counts:
                joins += 1
            previous = counts
    for v in range(n_words):
        off[v + 1] += off[v]
    return off, joins


@jit
def join_hash(words: Words, v: int, w: int) -> int:
    """Return the sound key of two words written together."""
    h = SEED_SOUND
    last = 0
    for k in range(words.sound_off[v], words.sound_off[v + 1]):
        h = ((h ^ int(words.sound[k])) * HASH_PRIME) & HASH_MASK
        last = int(words.sound[k])
    for k in range(words.sound_off[w], words.sound_off[w + 1]):
        c = int(words.sound[k])
        if c == last:
            continue
        last = c
        h = ((h ^ c) * HASH_PRIME) & HASH_MASK
    return h


@jit
def fill_postings(
    words: Words, names: Names, off: Ints, post_name: Int32s, post_weight: NDArray[np.uint8],
    join_hashes: Ints, join_names: Int32s, join_weights: NDArray[np.uint8],
) -> None:
    """Write the postings of every word and every joined pair."""
    fill = off[:-1].copy()
    j = 0
    for n in range(names.kind.shape[0]):
        previous = -1
        for p in range(names.off[n], names.off[n + 1]):
            t = names.type[p]
            if t == T_INITIAL or t == T_LIGHT:
                previous = -1
                continue
            v = names.word[p]
            post_name[fill[v]] = n
            post_weight[fill[v]] = names.weight[p]
            fill[v] += 1
            if previous >= 0:
                join_hashes[j] = join_hash(words, names.word[previous], v)
                join_names[j] = n
                join_weights[j] = min(int(names.weight[previous]) + int(names.weight[p]), 200)
                j += 1
            previous = p


@jit
def similar_words(
    qw: Words, lw: Words, postings: Postings, needed: NDArray[np.bool_],
    tables: tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]],
    off: Ints, out: Int32s, first: int, stamp: Int32s,
) -> tuple[int, int]:
    """List for each needed query word the indexed words at least ``SIMILAR`` alike.

    Returns (next word to do, entries written): when ``out`` is full it stops before a word, and
    the caller goes on from there with a larger array.
    """
    keys = np.empty(MAX_KEYS, np.int64)
    rows = np.empty((3, 96), np.int32)
    sub, ins, plain_sub, plain_ins = tables
    n_buckets = postings.key_off.shape[0] - 1
    n = int(off[first])
    for v in range(first, qw.marks.shape[0]):
        off[v + 1] = n
        if not needed[v]:
            continue
        start = n
        count = word_keys(qw, v, keys)
        for k in range(count):
            h = keys[k]
            b = bucket_of(h, n_buckets)
            for e in range(postings.key_off[b], postings.key_off[b + 1]):
                if postings.key_hash[e] != h:
                    continue
                w = postings.key_word[e]
                if stamp[w] == v:
                    continue
                stamp[w] = v
                if postings.post_off[w] == postings.post_off[w + 1]:
                    continue
                sim = int(word_similarity(qw, v, lw, w, rows, sub, ins, plain_sub, plain_ins)) % 10000
                if sim < SIMILAR:
                    if not (
                        (qw.marks[v] | lw.marks[w]) & (NUMBER | ROMAN | NUMBER_WORD)
                        and qw.number[v] == lw.number[w]
                        and qw.number[v] >= 0
                    ):
                        continue
                if n >= out.shape[0]:
                    for u in range(postings.post_off.shape[0] - 1):
                        stamp[u] = -1
                    off[v] = start
                    return v, start
                out[n] = w
                n += 1
        off[v + 1] = n
    return qw.marks.shape[0], n


@jit
def search_names(
    qw: Words, qn: Names, lw: Words, ln: Names, postings: Postings,
    similar_off: Ints, similar: Int32s,
    tables: tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]],
    coefficients: NDArray[np.int64], gate_share: int, gate_mass: int, z_floor: int,
    queries_are_subjects: bool, first: int, got: Int32s,
    out_query: Int32s, out_entry: Int32s, out_z: Ints,
) -> tuple[int, int, int]:
    """Score every candidate of the queries from ``first`` on.

    ``got`` is a zeroed array with one place per indexed name. Returns (next query, rows written,
    comparisons made); stops before a query when the output is full.
    """
    n_names = ln.kind.shape[0]
    touched = np.empty(n_names, np.int32)
    rows = np.empty((3, 96), np.int32)
    sims = np.empty((34, 34), np.int32)
    text = np.empty(96, np.uint8)
    record = np.empty((1, 7), np.int32)
    features = np.zeros(coefficients.shape[1], np.int64)
    n_buckets = postings.key_off.shape[0] - 1
    join_buckets = postings.join_off.shape[0] - 1
    n_out = 0
    compared = 0
    for q in range(first, qn.kind.shape[0]):
        n_touched = 0
        previous = -1
        for p in range(qn.off[q], qn.off[q + 1]):
            t = qn.type[p]
            if t == T_INITIAL or t == T_LIGHT:
                previous = -1
                continue
            v = qn.word[p]
            weight = int(qn.weight[p])
            for e in range(similar_off[v], similar_off[v + 1]):
                w = similar[e]
                for k in range(postings.post_off[w], postings.post_off[w + 1]):
                    name = postings.post_name[k]
                    if got[name] == 0:
                        touched[n_touched] = name
                        n_touched += 1
                    got[name] += min(weight, int(postings.post_weight[k]))
            # this word against two of the list's words written together
            at = qw.sound_off[v]
            h = hash_bytes(qw.sound, at, qw.sound_off[v + 1] - at, SEED_SOUND)
            b = bucket_of(h, join_buckets)
            # (words with digits have no sound key, so they must not match here either: the
            # reverse search could not find them)
            is_plain = qw.marks[v] & (NUMBER | HAS_DIGIT | SKELETON) == 0
            for e in range(postings.join_off[b], postings.join_off[b + 1]):
                if is_plain and postings.join_hash[e] == h:
                    name = postings.join_name[e]
                    if got[name] == 0:
                        touched[n_touched] = name
                        n_touched += 1
                    got[name] += min(weight, int(postings.join_weight[e]))
            # two words of the query written together against one of the list's
            if previous >= 0:
                h = join_hash(qw, qn.word[previous], v)
                together = min(int(qn.weight[previous]) + weight, 200)
                b = bucket_of(h, n_buckets)
                for e in range(postings.key_off[b], postings.key_off[b + 1]):
                    if postings.key_hash[e] != h:
                        continue
                    w = postings.key_word[e]
                    # only the whole word, not one with a letter left out
                    at = lw.sound_off[w]
                    if hash_bytes(lw.sound, at, lw.sound_off[w + 1] - at, SEED_SOUND) != h:
                        continue
                    for k in range(postings.post_off[w], postings.post_off[w + 1]):
                        name = postings.post_name[k]
                        if got[name] == 0:
                            touched[n_touched] = name
                            n_touched += 1
                        got[name] += min(together, int(postings.post_weight[k]))
            previous = p
        q_mass = int(qn.mass[q])
        q_kind = int(qn.kind[q])
        start = n_out
        is_full = False
        for k in range(n_touched):
            name = touched[k]
            mass = int(got[name])
            got[name] = 0
            if is_full:
                continue
            least = min(q_mass, int(ln.mass[name]))
            if mass * 100 < gate_share * least:
                continue
            if mass < gate_mass and mass * 100 < 90 * least:
                continue
            if not kinds_agree(q_kind, int(ln.kind[name])):
                continue
            compared += 1
            if queries_are_subjects:
                compare_names(qw, qn, q, lw, ln, name, tables, rows, sims, text, features, record, False)
                z = weigh(features, coefficients, q_kind, int(ln.kind[name]))
            else:
                compare_names(lw, ln, name, qw, qn, q, tables, rows, sims, text, features, record, False)
                z = weigh(features, coefficients, int(ln.kind[name]), q_kind)
            if z < z_floor:
                continue
            if n_out >= out_z.shape[0]:
                is_full = True
                n_out = start
                continue
            out_query[n_out] = q
            out_entry[n_out] = name
            out_z[n_out] = z
            n_out += 1
        if is_full:
            return q, n_out, compared
    return qn.kind.shape[0], n_out, compared
