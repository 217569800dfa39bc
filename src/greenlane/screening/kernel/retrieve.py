"""Which listed names are worth comparing: shared word keys, summed by rarity, above a fixed share.

The rule looks at the two names alone (never at how many others there are), and is the same
whichever side is indexed: a pair is a candidate when the words it shares, or nearly
shares, weigh enough.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenlane.screening.kernel.align import JOIN_AT, join_sound, kinds_agree, score_names
from greenlane.screening.kernel.jit import jit, jit_inner
from greenlane.screening.kernel.names import (
    H_FAMILY,
    H_KIND,
    H_MASS,
    P_TYPE,
    P_WEIGHT,
    P_WORD,
    T_INITIAL,
    T_LIGHT,
    Names,
)
from greenlane.screening.kernel.similarity import CACHE_BITS, N_SCRATCH, word_similarity
from greenlane.screening.kernel.text import HASH_MASK, HASH_PRIME, Bytes, Int32s, Ints, hash_bytes
from greenlane.screening.kernel.words import (
    C_BONES,
    C_BONES_END,
    C_GROUP,
    C_MARKS,
    C_NUMBER,
    C_RAW,
    C_RAW_END,
    C_SOUND,
    C_SOUND_END,
    HAS_DIGIT,
    N_GROUPS,
    NUMBER,
    NUMBER_WORD,
    ROMAN,
    SKELETON,
    Words,
)

MAX_KEYS = 192
SEED_SOUND, SEED_BONES, SEED_GROUP, SEED_NUMBER, SEED_CODE = 101, 211, 307, 401, 503
SEED_VOWELLED, SEED_SKELETON, SEED_RAW = 601, 701, 809
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


@jit_inner
def _hash_without(text: Bytes, start: int, length: int, skip: int, seed: int) -> int:
    h = seed
    for k in range(length):
        if k != skip:
            h = ((h ^ int(text[start + k])) * HASH_PRIME) & HASH_MASK
    return h


@jit_inner
def _bone_keys(words: Words, v: int, seed: int, shortest: int, out: Ints, n: int) -> int:
    """Append the keys of a skeleton, whole and with any one letter left out; return the count."""
    at = int(words.facts[v, C_BONES])
    length = int(words.facts[v, C_BONES_END]) - at
    if length < 2:
        return n
    out[n] = hash_bytes(words.text, at, length, seed)
    n += 1
    if length >= shortest:
        for skip in range(min(length, 20)):
            if skip > 0 and words.text[at + skip] == words.text[at + skip - 1]:
                continue
            out[n] = _hash_without(words.text, at, length, skip, seed)
            n += 1
    return n


@jit_inner
def word_keys(words: Words, v: int, is_query: bool, out: Ints) -> int:
    """Write the keys under which a word is filed, or is looked up; return how many.

    Keys: the sound form, whole and with any one letter left out; the skeleton likewise; the groups;
    the value of a number; the form without a leading article. Words that are skeletons are filed
    apart: a vowelled word looks them up by its own skeleton, and they look up vowelled words.
    """
    marks = int(words.facts[v, C_MARKS])
    n = 0
    if marks & (NUMBER | ROMAN | NUMBER_WORD) and words.facts[v, C_NUMBER] >= 0:
        value = int(words.facts[v, C_NUMBER])
        out[n] = ((SEED_NUMBER + value) * HASH_PRIME) & HASH_MASK
        n += 1
        if marks & NUMBER:
            return n
    if marks & HAS_DIGIT:
        at = int(words.facts[v, C_RAW])
        out[n] = hash_bytes(words.text, at, int(words.facts[v, C_RAW_END]) - at, SEED_CODE)
        return n + 1
    if marks & SKELETON:
        if is_query:
            n = _bone_keys(words, v, SEED_VOWELLED, 4, out, n)
        return _bone_keys(words, v, SEED_SKELETON, 4, out, n)
    n = _bone_keys(words, v, SEED_SKELETON if is_query else SEED_VOWELLED, 4, out, n)
    if int(words.facts[v, C_BONES_END] - words.facts[v, C_BONES]) >= 3:
        n = _bone_keys(words, v, SEED_BONES, 5, out, n)
    at = int(words.facts[v, C_SOUND])
    length = int(words.facts[v, C_SOUND_END]) - at
    out[n] = hash_bytes(words.text, at, length, SEED_SOUND)
    n += 1
    if length >= 4:
        for skip in range(min(length, 40)):
            out[n] = _hash_without(words.text, at, length, skip, SEED_SOUND)
            n += 1
    raw = int(words.facts[v, C_RAW])
    raw_length = int(words.facts[v, C_RAW_END]) - raw
    if raw_length >= 5:
        # a slip may make or break a sound of two letters, which the sound form then hides
        for skip in range(raw_length):
            out[n] = _hash_without(words.text, raw, raw_length, skip, SEED_RAW)
            n += 1
    c = words.text[at]
    if length >= 6 and words.text[at + 1] == 108 and (c == 97 or c == 101 or c == 117):
        out[n] = hash_bytes(words.text, at + 2, length - 2, SEED_SOUND)
        n += 1
    for g in range(N_GROUPS):
        group = int(words.facts[v, C_GROUP + g])
        if group == 0:
            break
        out[n] = ((SEED_GROUP + group * 7919) * HASH_PRIME) & HASH_MASK
        n += 1
    return n


@jit
def count_keys(words: Words) -> int:
    """Return the number of keys all words are filed under together."""
    out = np.empty(MAX_KEYS, np.int64)
    total = 0
    for v in range(words.facts.shape[0]):
        total += word_keys(words, v, False, out)
    return total


@jit
def all_keys(words: Words, hashes: Ints, owners: Int32s) -> None:
    """Write the keys every word is filed under, and their owners."""
    out = np.empty(MAX_KEYS, np.int64)
    n = 0
    for v in range(words.facts.shape[0]):
        count = word_keys(words, v, False, out)
        for k in range(count):
            hashes[n] = out[k]
            owners[n] = v
            n += 1


@jit_inner
def bucket_of(h: int, n_buckets: int) -> int:
    """Return the bucket of a key; ``n_buckets`` is a power of two."""
    return ((h ^ (h >> 19)) * 40503 >> 3) & (n_buckets - 1)


@jit
def fill_buckets(
    hashes: Ints, owners: Int32s, off: Ints, out_hash: Ints, out_owner: Int32s
) -> None:
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


@jit_inner
def wraps(names: Names, n: int) -> bool:
    """Say whether the last and the first part of "FAMILY, Given" can be written together."""
    first = names.off[n]
    last = names.off[n + 1] - 1
    a = names.parts[first, P_TYPE]
    b = names.parts[last, P_TYPE]
    is_whole = a != T_INITIAL and a != T_LIGHT and b != T_INITIAL and b != T_LIGHT
    return bool(last > first and is_whole)


@jit
def count_postings(names: Names, n_words: int) -> tuple[Ints, int]:
    """Return posting offsets by word, and the number of joined pairs."""
    off = np.zeros(n_words + 1, np.int64)
    joins = 0
    for n in range(names.heads.shape[0]):
        previous = False
        for p in range(names.off[n], names.off[n + 1]):
            t = names.parts[p, P_TYPE]
            counts = t != T_INITIAL and t != T_LIGHT
            if counts:
                off[names.parts[p, P_WORD] + 1] += 1
            if previous and counts:
                joins += 1
            previous = counts
        if names.heads[n, H_FAMILY] > 0 and wraps(names, n):
            joins += 1
    for v in range(n_words):
        off[v + 1] += off[v]
    return off, joins


@jit_inner
def join_hash(words: Words, v: int, w: int, scratch: Bytes) -> int:
    """Return the sound key of two words written together; ``scratch`` takes 256 bytes."""
    length = join_sound(words.text, words.facts, v, w, -1, scratch)
    return hash_bytes(scratch, JOIN_AT, length, SEED_SOUND)


@jit
def fill_postings(
    words: Words,
    names: Names,
    off: Ints,
    post_name: Int32s,
    post_weight: NDArray[np.uint8],
    join_hashes: Ints,
    join_names: Int32s,
    join_weights: NDArray[np.uint8],
) -> None:
    """Write the postings of every word and every joined pair."""
    fill = off[:-1].copy()
    scratch = np.empty(256, np.uint8)
    j = 0
    for n in range(names.heads.shape[0]):
        previous = -1
        for p in range(names.off[n], names.off[n + 1]):
            t = names.parts[p, P_TYPE]
            if t == T_INITIAL or t == T_LIGHT:
                previous = -1
                continue
            v = names.parts[p, P_WORD]
            post_name[fill[v]] = n
            post_weight[fill[v]] = names.parts[p, P_WEIGHT]
            fill[v] += 1
            if previous >= 0:
                join_hashes[j] = join_hash(words, names.parts[previous, P_WORD], v, scratch)
                join_names[j] = n
                join_weights[j] = min(
                    int(names.parts[previous, P_WEIGHT]) + int(names.parts[p, P_WEIGHT]), 200
                )
                j += 1
            previous = p
        if names.heads[n, H_FAMILY] > 0 and wraps(names, n):
            p = names.off[n + 1] - 1
            q = names.off[n]
            join_hashes[j] = join_hash(
                words, names.parts[p, P_WORD], names.parts[q, P_WORD], scratch
            )
            join_names[j] = n
            join_weights[j] = min(
                int(names.parts[p, P_WEIGHT]) + int(names.parts[q, P_WEIGHT]), 200
            )
            j += 1


@jit
def similar_words(
    qw: Words,
    lw: Words,
    postings: Postings,
    needed: NDArray[np.bool_],
    costs: Bytes,
    off: Ints,
    out: Int32s,
    first: int,
    stamp: Int32s,
) -> tuple[int, int]:
    """List for each needed query word the indexed words at least ``SIMILAR`` alike.

    Returns (next word to do, entries written): when ``out`` is full it stops before a word, and
    the caller goes on from there with a larger array.
    """
    keys = np.empty(MAX_KEYS, np.int64)
    rows = np.zeros(N_SCRATCH, np.int64)
    qt, qf = qw
    lt, lf = lw
    n_buckets = postings.key_off.shape[0] - 1
    n = int(off[first])
    for v in range(first, qw.facts.shape[0]):
        off[v + 1] = n
        if not needed[v]:
            continue
        start = n
        count = word_keys(qw, v, True, keys)
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
                sim = int(word_similarity(qt, qf, v, lt, lf, w, costs, rows)) % 10000
                if sim < SIMILAR:
                    if not (
                        (qf[v, C_MARKS] | lf[w, C_MARKS]) & (NUMBER | ROMAN | NUMBER_WORD)
                        and qf[v, C_NUMBER] == lf[w, C_NUMBER]
                        and qf[v, C_NUMBER] >= 0
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
    return qw.facts.shape[0], n


@jit_inner
def _add_joined(
    h: int, weight: int, lw: Words, postings: Postings, got: Int32s, touched: Int32s, n_touched: int
) -> int:
    """Credit the names that hold the word two query words make together; return ``n_touched``."""
    b = bucket_of(h, postings.key_off.shape[0] - 1)
    for e in range(postings.key_off[b], postings.key_off[b + 1]):
        if postings.key_hash[e] != h:
            continue
        w = postings.key_word[e]
        # only the whole word, not one with a letter left out
        at = int(lw.facts[w, C_SOUND])
        if hash_bytes(lw.text, at, int(lw.facts[w, C_SOUND_END]) - at, SEED_SOUND) != h:
            continue
        for k in range(postings.post_off[w], postings.post_off[w + 1]):
            name = postings.post_name[k]
            if got[name] == 0:
                touched[n_touched] = name
                n_touched += 1
            got[name] += min(weight, int(postings.post_weight[k]))
    return n_touched


@jit
def search_names(
    qw: Words,
    qn: Names,
    lw: Words,
    ln: Names,
    postings: Postings,
    similar_off: Ints,
    similar: Int32s,
    costs: Bytes,
    coefficients: NDArray[np.int64],
    gate_share: int,
    gate_most: int,
    gate_mass: int,
    gate_sum: int,
    z_floor: int,
    queries_are_subjects: bool,
    first: int,
    got: Int32s,
    out_query: Int32s,
    out_entry: Int32s,
    out_z: Ints,
) -> tuple[int, int, int]:
    """Score every candidate of the queries from ``first`` on.

    ``got`` is a zeroed array with one place per indexed name. Returns (next query, rows written,
    comparisons made); stops before a query when the output is full.
    """
    n_names = ln.heads.shape[0]
    touched = np.empty(n_names, np.int32)
    n_queries = qn.heads.shape[0]
    bits = CACHE_BITS if n_queries - first > 256 else 8
    rows = np.zeros(N_SCRATCH + (1 << bits), np.int64)
    sims = np.empty((34, 34), np.int32)
    text = np.empty(256, np.uint8)
    record = np.empty((1, 7), np.int32)
    features = np.zeros(coefficients.shape[1], np.int64)
    join_buckets = postings.join_off.shape[0] - 1
    n_out = 0
    compared = 0
    for q in range(first, qn.heads.shape[0]):
        n_touched = 0
        previous = -1
        for p in range(qn.off[q], qn.off[q + 1]):
            t = qn.parts[p, P_TYPE]
            if t == T_INITIAL or t == T_LIGHT:
                previous = -1
                continue
            v = qn.parts[p, P_WORD]
            weight = int(qn.parts[p, P_WEIGHT])
            for e in range(similar_off[v], similar_off[v + 1]):
                w = similar[e]
                for k in range(postings.post_off[w], postings.post_off[w + 1]):
                    name = postings.post_name[k]
                    if got[name] == 0:
                        touched[n_touched] = name
                        n_touched += 1
                    got[name] += min(weight, int(postings.post_weight[k]))
            # this word against two of the list's words written together
            at = qw.facts[v, C_SOUND]
            h = hash_bytes(qw.text, at, qw.facts[v, C_SOUND_END] - at, SEED_SOUND)
            b = bucket_of(h, join_buckets)
            # (words with digits have no sound key, so they must not match here either: the
            # reverse search could not find them)
            is_plain = qw.facts[v, C_MARKS] & (NUMBER | HAS_DIGIT | SKELETON) == 0
            for e in range(postings.join_off[b], postings.join_off[b + 1]):
                if is_plain and postings.join_hash[e] == h:
                    name = postings.join_name[e]
                    if got[name] == 0:
                        touched[n_touched] = name
                        n_touched += 1
                    got[name] += min(weight, int(postings.join_weight[e]))
            # two words of the query written together against one of the list's
            if previous >= 0:
                h = join_hash(qw, qn.parts[previous, P_WORD], v, text)
                together = min(int(qn.parts[previous, P_WEIGHT]) + weight, 200)
                n_touched = _add_joined(h, together, lw, postings, got, touched, n_touched)
            previous = p
        if qn.heads[q, H_FAMILY] > 0 and wraps(qn, q):
            p = qn.off[q + 1] - 1
            k = qn.off[q]
            h = join_hash(qw, qn.parts[p, P_WORD], qn.parts[k, P_WORD], text)
            together = min(int(qn.parts[p, P_WEIGHT]) + int(qn.parts[k, P_WEIGHT]), 200)
            n_touched = _add_joined(h, together, lw, postings, got, touched, n_touched)
        q_mass = int(qn.heads[q, H_MASS])
        q_kind = int(qn.heads[q, H_KIND])
        start = n_out
        is_full = False
        for k in range(n_touched):
            name = touched[k]
            mass = int(got[name])
            got[name] = 0
            if is_full:
                continue
            least = min(q_mass, int(ln.heads[name, H_MASS]))
            most = max(q_mass, int(ln.heads[name, H_MASS]))
            if mass * 100 < gate_most * most:
                continue
            if mass * 100 < gate_share * least:
                continue
            if mass < gate_mass and mass * 100 < 90 * least:
                continue
            if mass * (least + most) * 100 < gate_sum * least * most:
                continue
            if not kinds_agree(q_kind, int(ln.heads[name, H_KIND])):
                continue
            compared += 1
            if queries_are_subjects:
                z = score_names(
                    qw, qn, q, lw, ln, name, costs, rows, sims, text, features, record, coefficients
                )
            else:
                z = score_names(
                    lw, ln, name, qw, qn, q, costs, rows, sims, text, features, record, coefficients
                )
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
    return qn.heads.shape[0], n_out, compared
