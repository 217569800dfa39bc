"""The score of one pair of names: pair the parts one to one, count evidence and faults.

``compare_names`` fills a row of whole-number features; the score is their weighted sum. Roles are
fixed: the first name is the subject's, the second the listed one. Everything is integer arithmetic,
so that compiled, plain and reversed runs agree to the last digit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greenlane.screening.kernel.jit import jit_inner
from greenlane.screening.kernel.names import (
    AIRCRAFT,
    H_FAMILY,
    H_KIND,
    H_LEGAL,
    H_LINEAGE,
    H_TEXT,
    H_WORDS,
    ORGANIZATION,
    P_GROUPS,
    P_KEY,
    P_LETTERS,
    P_SHAPE,
    P_TYPE,
    P_VALUE,
    P_WEIGHT,
    P_WORD,
    PERSON,
    T_CODE,
    T_GENERIC,
    T_INITIAL,
    T_LIGHT,
    T_NUMBER,
    T_PATRONYMIC,
    T_PLACE,
    UNKNOWN,
    VESSEL,
    Names,
)
from greenlane.screening.kernel.similarity import (
    BY_GROUP,
    BY_PREFIX,
    BY_SKELETON,
    BY_SOUND,
    BY_SPELLING,
    cannot_be_alike,
    edit_cost,
    remembered_similarity,
)
from greenlane.screening.kernel.text import Bytes, Int32s, Ints
from greenlane.screening.kernel.words import (
    C_RAW,
    C_RAW_END,
    C_SOUND,
    C_SOUND_END,
    SHAPE_LENGTH,
    SHAPE_SPECIAL,
    Words,
    write_sound,
)

# Features. Shares are thousandths of the pair's total weight, flags are 0 or 1000.
FEATURES = (
    "bias",
    "sound",  # same sound, other letters
    "near",  # 880-959
    "close",  # 800-879
    "fair",  # 700-799
    "weak",  # 550-699
    "poor",  # 400-549
    "contrary",  # below 400: the two names say different things
    "group",
    "skeleton",
    "skeleton_near",
    "prefix",
    "joined",
    "initial",
    "acronym",
    "number_contrary",
    "place_contrary",
    "generic_contrary",
    "missing_subject",
    "missing_listed",
    "light_subject",
    "light_listed",
    "number_subject",
    "number_listed",
    "patronymic_missing",
    "evidence_1",
    "evidence_2",
    "evidence_3",
    "one_part",
    "contrary_rare",
    "family_missing",
    "last_missing",
    "first_missing",
    "legal_contrary",
    "legal_one",
    "other_kind",
    "missing_subject_parts",
    "contrary_flag",
    "missing_listed_parts",
    "short_name",
    "initial_contrary",
    "main_contrary",
    "one_of_many",
    "two_of_many",
    "several_imperfect",
    "contrary_and_imperfect",
    "contrary_and_thin",
    "order",
    "lineage_swapped",
    "prefix_short",
    "slip_1",
    "slip_2",
    "slip_more",
    "low_cover",
    "contrary_in_long",
    "missing_both",
    "untold_words",
    # pairs of the above that together say more than each alone (see PRODUCTS)
    "contrary*evidence_2",
    "contrary_flag*evidence_2",
    "contrary_flag*low_cover",
    "last_missing*short_name",
    "missing_subject*one_part",
    "missing_subject*contrary_flag",
    "light_subject*evidence_1",
    "prefix*evidence_1",
    "missing_listed*slip_1",
    "fair*short_name",
    "close*contrary_flag",
    "fair*fair",
    "missing_subject*missing_subject",
    "missing_listed*missing_listed",
    "contrary*contrary",
)
N_FEATURES = len(FEATURES)
(
    F_BIAS, F_SOUND, F_NEAR, F_CLOSE, F_FAIR, F_WEAK, F_POOR, F_CONTRARY, F_GROUP, F_SKELETON,
    F_SKELETON_NEAR, F_PREFIX, F_JOINED, F_INITIAL, F_ACRONYM, F_NUMBER, F_PLACE, F_GENERIC,
    F_MISS_S, F_MISS_L, F_LIGHT_S, F_LIGHT_L, F_NUMBER_S, F_NUMBER_L, F_PATRONYMIC, F_E1, F_E2,
    F_E3, F_ONE, F_CONTRARY_RARE, F_FAMILY, F_LAST, F_FIRST, F_LEGAL, F_LEGAL_ONE, F_KIND,
    F_MISS_S_PARTS,
    F_CONTRARY_FLAG, F_MISS_PARTS, F_SHORT, F_INITIAL_CONTRARY, F_MAIN, F_ONE_OF_MANY,
    F_TWO_OF_MANY, F_IMPERFECT, F_CONTRARY_IMPERFECT, F_CONTRARY_THIN, F_ORDER, F_LINEAGE,
    F_PREFIX_SHORT, F_SLIP_1, F_SLIP_2, F_SLIP_MORE, F_LOW_COVER, F_CONTRARY_LONG, F_MISS_BOTH,
    F_UNTOLD,
) = range(FEATURES.index("untold_words") + 1)  # fmt: skip
F_PRODUCTS = F_UNTOLD + 1
PRODUCTS = np.array(
    [[FEATURES.index(half) for half in name.split("*")] for name in FEATURES[F_PRODUCTS:]], np.int64
)

IDENTICAL = 30_000_000  # sum of two names that read the same: a score of 1
TOP = 13_000_000  # the most any other pair can have: a score of 0.999998
PAIRED = 32  # row of the scratch that holds the listed part each subject part is paired with
JOIN_LEAST = 850  # likeness from which words count as written together
GOOD = 700  # from here on a pairing is agreement, below it is contradiction

# Columns of the pairing record: subject part, listed part, count of joined parts on each side,
# similarity, feature it was booked under, weight.
R_S, R_L, R_NS, R_NL, R_SIM, R_FEATURE, R_WEIGHT = range(7)
N_RECORD = 7


@jit_inner
def kinds_agree(a: int, b: int) -> bool:
    """Say whether two kinds may be the same party. A person is never a vessel or an aircraft."""
    if a == PERSON:
        return b != VESSEL and b != AIRCRAFT
    if b == PERSON:
        return a != VESSEL and a != AIRCRAFT
    return True


@jit_inner
def _book(by: int, sim: int) -> int:
    """Return the feature a pairing of ordinary words is booked under."""
    if by == BY_GROUP:
        return F_GROUP
    if by == BY_SKELETON:
        if sim >= 900:
            return F_SKELETON
        if sim >= GOOD:
            return F_SKELETON_NEAR
        return F_CONTRARY
    if by == BY_PREFIX and sim >= GOOD:
        return F_PREFIX if sim >= 800 else F_PREFIX_SHORT
    if sim >= 960:
        return F_SOUND
    if sim >= 880:
        return F_NEAR
    if sim >= 800:
        return F_CLOSE
    if sim >= GOOD:
        return F_FAIR
    if sim >= 550:
        return F_WEAK
    if sim >= 400:
        return F_POOR
    return F_CONTRARY


SIBILANTS = sum(1 << (ord(letter) & 31) for letter in "cgjksxz")
JOIN_AT = 128  # where ``join_sound`` leaves its answer in the scratch


@jit_inner
def join_sound(text: Bytes, facts: Int32s, v: int, w: int, x: int, scratch: Bytes) -> int:
    """Write two or three words together and return the length of their sound form.

    The form stands at ``scratch[JOIN_AT:]`` (256 bytes in all); ``x`` is -1 for two words. It is
    made from the letters, since a sound may span the seam ("rivas" + "chaires").
    """
    n = 0
    for k in range(3):
        word = v if k == 0 else w if k == 1 else x
        if word < 0:
            break
        for p in range(facts[word, C_RAW], facts[word, C_RAW_END]):
            if n < 60:
                scratch[n] = text[p]
                n += 1
    return write_sound(scratch, 0, n, scratch, JOIN_AT)


@jit_inner
def _join_value(
    one: Bytes,
    facts: Int32s,
    v: int,
    many: Bytes,
    many_facts: Int32s,
    w: int,
    x: int,
    y: int,
    scratch: Bytes,
    rows: Ints,
    costs: Bytes,
) -> int:
    """Return how alike word ``v`` is to words w, x and perhaps y written together, 0-1000."""
    lo = int(facts[v, C_SOUND])
    length = int(facts[v, C_SOUND_END]) - lo
    n = join_sound(many, many_facts, w, x, y, scratch)
    longest = max(length, n)
    cost = edit_cost(one, lo, length, scratch, JOIN_AT, n, costs, BY_SOUND, rows, 2 * longest)
    return 1000 - (100 * cost) // longest


@jit_inner
def _join_fits(shape: int, j: int, k: int, m: int) -> bool:
    """Say from shapes whether a part could be two or three others (m 0: two) written together."""
    if shape & SHAPE_SPECIAL:
        return False
    length = (shape >> SHAPE_LENGTH) & 255
    together = ((j >> SHAPE_LENGTH) & 255) + ((k >> SHAPE_LENGTH) & 255)
    if m != 0:
        together += (m >> SHAPE_LENGTH) & 255
    if length < 4 or together - length > 2 or length - together > 2:
        return False
    first = shape & 255
    other = j & 255
    if first == other:
        return True
    # the sounds that romanizations of Chinese and Arabic exchange: c g j k s x z
    a = 1 << (first & 31)
    b = 1 << (other & 31)
    return a & SIBILANTS != 0 and b & SIBILANTS != 0


@jit_inner
def _find_acronym(
    one: Bytes,
    facts: Int32s,
    v: int,
    many: Bytes,
    many_facts: Int32s,
    others: Int32s,
    lo: int,
    n: int,
    used: int,
) -> tuple[int, int]:
    """Find unpaired neighbors whose first letters spell word ``v``; return (first, how many)."""
    at = int(facts[v, C_RAW])
    length = int(facts[v, C_RAW_END]) - at
    if length < 2 or length > 7:
        return 0, 0
    for j in range(n - length + 1):
        k = 0
        while k < length and not used >> (j + k) & 1:
            w = others[lo + j + k, P_WORD]
            # one letter spells nothing out
            if many_facts[w, C_RAW_END] - many_facts[w, C_RAW] < 2:
                break
            if many[many_facts[w, C_RAW]] != one[at + k]:
                break
            k += 1
        if k == length:
            return j, length
    return 0, 0


@jit_inner
def _write_record(
    record: Int32s, row: int, i: int, j: int, ns: int, nl: int, sim: int, feature: int, weight: int
) -> None:
    record[row, R_S] = i
    record[row, R_L] = j
    record[row, R_NS] = ns
    record[row, R_NL] = nl
    record[row, R_SIM] = sim
    record[row, R_FEATURE] = feature
    record[row, R_WEIGHT] = weight


@jit_inner
def compare_names(
    sw: Words,
    sn: Names,
    s: int,
    lw: Words,
    ln: Names,
    l: int,
    costs: Bytes,
    rows: Ints,
    sims: NDArray[np.int32],
    text: NDArray[np.uint8],
    features: NDArray[np.int64],
    record: NDArray[np.int32],
    keep_record: bool,
) -> int:
    """Fill ``features`` for subject name ``s`` and listed name ``l``; return the pairings recorded.

    ``sims`` is scratch of shape (MAX_PARTS + 2, MAX_PARTS + 2), ``rows`` of N_SCRATCH places,
    ``text`` of 256 bytes; ``record`` has shape (3 * MAX_PARTS, N_RECORD) and is
    written only on request.
    """
    for f in range(F_PRODUCTS):
        features[f] = 0
    st, sf = sw
    lt, lf = lw
    sp = sn.parts
    lp = ln.parts
    s0 = int(sn.off[s])
    ns = int(sn.off[s + 1] - s0)
    l0 = int(ln.off[l])
    nl = int(ln.off[l + 1] - l0)
    n_record = 0
    used_s = 0  # bit sets of paired parts
    used_l = 0
    agreed = 0  # weight of agreeing pairings, scaled by how good they are
    pair_weight = 0
    n_good = 0
    n_contrary = 0
    n_contrary_rare = 0
    n_missing_s = 0
    n_imperfect = 0
    good_s = 0
    good_l = 0
    for i in range(ns):
        sims[PAIRED, i] = -1
    # 1. equal parts
    for i in range(ns):
        ti = int(sp[s0 + i, P_TYPE])
        ki = sp[s0 + i, P_KEY]
        for j in range(nl):
            if used_l >> j & 1:
                continue
            tj = int(lp[l0 + j, P_TYPE])
            if lp[l0 + j, P_KEY] != ki or lp[l0 + j, P_LETTERS] != sp[s0 + i, P_LETTERS]:
                if (ti == T_NUMBER and tj == T_NUMBER) or (ti == T_PLACE and tj == T_PLACE):
                    if sp[s0 + i, P_VALUE] != lp[l0 + j, P_VALUE]:
                        continue
                else:
                    continue
            used_s |= 1 << i
            used_l |= 1 << j
            good_s |= 1 << i
            good_l |= 1 << j
            sims[PAIRED, i] = j
            w = min(int(sp[s0 + i, P_WEIGHT]), int(lp[l0 + j, P_WEIGHT]))
            pair_weight += w
            agreed += w * 1000
            if ti != T_INITIAL and ti != T_LIGHT and ti != T_GENERIC:
                n_good += 1
            if keep_record:
                _write_record(record, n_record, i, j, 1, 1, 1000, F_BIAS, w)
                n_record += 1
            break
    left_s = ns
    left_l = nl
    for i in range(ns):
        if used_s >> i & 1:
            left_s -= 1
    for j in range(nl):
        if used_l >> j & 1:
            left_l -= 1
    # 2. words written together or apart, and abbreviations by first letters; written out for both
    # sides, since a compiled call pays for each array it is given
    if left_s > 0 and left_l > 0 and ns + nl > 2:
        for i in range(ns):
            if used_s >> i & 1 or nl < 2 or sp[s0 + i, P_TYPE] == T_INITIAL:
                continue
            shape = int(sp[s0 + i, P_SHAPE])
            first = -1
            count = 0
            value = 0
            feature = F_JOINED
            for j in range(nl):
                k = j + 1
                if k == nl:
                    # in "FAMILY, Given" the last part and the first are neighbors too
                    if ln.heads[l, H_FAMILY] == 0:
                        continue
                    k = 0
                if used_l >> j & 1 or used_l >> k & 1:
                    continue
                here = int(lp[l0 + j, P_SHAPE])
                there = int(lp[l0 + k, P_SHAPE])
                if _join_fits(shape, here, there, 0):
                    value = _join_value(
                        st,
                        sf,
                        sp[s0 + i, P_WORD],
                        lt,
                        lf,
                        lp[l0 + j, P_WORD],
                        lp[l0 + k, P_WORD],
                        -1,
                        text,
                        rows,
                        costs,
                    )
                    if value >= JOIN_LEAST:
                        first = j
                        count = 2
                        break
                if (
                    j + 2 < nl
                    and not used_l >> (j + 2) & 1
                    and _join_fits(shape, here, there, int(lp[l0 + j + 2, P_SHAPE]))
                ):
                    value = _join_value(
                        st,
                        sf,
                        sp[s0 + i, P_WORD],
                        lt,
                        lf,
                        lp[l0 + j, P_WORD],
                        lp[l0 + k, P_WORD],
                        lp[l0 + j + 2, P_WORD],
                        text,
                        rows,
                        costs,
                    )
                    if value >= JOIN_LEAST:
                        first = j
                        count = 3
                        break
            if count == 0 and ((shape >> SHAPE_LENGTH) & 255) <= left_l + 1:
                first, count = _find_acronym(st, sf, sp[s0 + i, P_WORD], lt, lf, lp, l0, nl, used_l)
                feature = F_ACRONYM
                value = 800
            if count == 0:
                continue
            w = 0
            for k in range(count):
                used_l |= 1 << ((first + k) % nl)
                good_l |= 1 << ((first + k) % nl)
                w += int(lp[l0 + (first + k) % nl, P_WEIGHT])
                left_l -= 1
            w = min(w, 120)
            used_s |= 1 << i
            good_s |= 1 << i
            left_s -= 1
            sims[PAIRED, i] = first
            pair_weight += w
            agreed += w * value
            n_good += 1
            features[feature] += w
            if keep_record:
                _write_record(record, n_record, i, first, 1, count, value, feature, w)
                n_record += 1
        for j in range(nl):
            if used_l >> j & 1 or ns < 2 or lp[l0 + j, P_TYPE] == T_INITIAL:
                continue
            shape = int(lp[l0 + j, P_SHAPE])
            first = -1
            count = 0
            value = 0
            feature = F_JOINED
            for i in range(ns):
                k = i + 1
                if k == ns:
                    # in "FAMILY, Given" the last part and the first are neighbors too
                    if sn.heads[s, H_FAMILY] == 0:
                        continue
                    k = 0
                if used_s >> i & 1 or used_s >> k & 1:
                    continue
                here = int(sp[s0 + i, P_SHAPE])
                there = int(sp[s0 + k, P_SHAPE])
                if _join_fits(shape, here, there, 0):
                    value = _join_value(
                        lt,
                        lf,
                        lp[l0 + j, P_WORD],
                        st,
                        sf,
                        sp[s0 + i, P_WORD],
                        sp[s0 + k, P_WORD],
                        -1,
                        text,
                        rows,
                        costs,
                    )
                    if value >= JOIN_LEAST:
                        first = i
                        count = 2
                        break
                if (
                    i + 2 < ns
                    and not used_s >> (i + 2) & 1
                    and _join_fits(shape, here, there, int(sp[s0 + i + 2, P_SHAPE]))
                ):
                    value = _join_value(
                        lt,
                        lf,
                        lp[l0 + j, P_WORD],
                        st,
                        sf,
                        sp[s0 + i, P_WORD],
                        sp[s0 + k, P_WORD],
                        sp[s0 + i + 2, P_WORD],
                        text,
                        rows,
                        costs,
                    )
                    if value >= JOIN_LEAST:
                        first = i
                        count = 3
                        break
            if count == 0 and ((shape >> SHAPE_LENGTH) & 255) <= left_s + 1:
                first, count = _find_acronym(lt, lf, lp[l0 + j, P_WORD], st, sf, sp, s0, ns, used_s)
                feature = F_ACRONYM
                value = 800
            if count == 0:
                continue
            w = 0
            for k in range(count):
                used_s |= 1 << ((first + k) % ns)
                good_s |= 1 << ((first + k) % ns)
                w += int(sp[s0 + (first + k) % ns, P_WEIGHT])
                left_s -= 1
            w = min(w, 120)
            used_l |= 1 << j
            good_l |= 1 << j
            left_l -= 1
            sims[PAIRED, first] = j
            pair_weight += w
            agreed += w * value
            n_good += 1
            features[feature] += w
            if keep_record:
                _write_record(record, n_record, first, j, count, 1, value, feature, w)
                n_record += 1
    # 3. the rest: best similarities first
    if left_s > 0 and left_l > 0:
        for i in range(ns):
            if used_s >> i & 1:
                continue
            ti = int(sp[s0 + i, P_TYPE])
            vi = sp[s0 + i, P_WORD]
            for j in range(nl):
                if used_l >> j & 1:
                    continue
                tj = int(lp[l0 + j, P_TYPE])
                wj = lp[l0 + j, P_WORD]
                if ti == T_INITIAL or tj == T_INITIAL:
                    value = 0
                    if ti == T_INITIAL and tj == T_INITIAL:
                        value = -1
                    elif st[sf[vi, C_RAW]] == lt[lf[wj, C_RAW]]:
                        value = 750
                    else:
                        value = -1
                elif ti == T_NUMBER or tj == T_NUMBER or ti == T_CODE or tj == T_CODE:
                    # numbers only ever contradict numbers; a code may stand against any word
                    is_number = ti == T_NUMBER or ti == T_CODE
                    other_is_number = tj == T_NUMBER or tj == T_CODE
                    value = 1 if is_number and other_is_number else -1
                elif sp[s0 + i, P_GROUPS] & lp[l0 + j, P_GROUPS] == 0 and cannot_be_alike(
                    int(sp[s0 + i, P_LETTERS]),
                    int(sp[s0 + i, P_SHAPE]),
                    int(lp[l0 + j, P_LETTERS]),
                    int(lp[l0 + j, P_SHAPE]),
                ):
                    value = 0  # what word_similarity would say, without looking the words up
                else:
                    value = int(remembered_similarity(st, sf, vi, lt, lf, wj, costs, rows))
                sims[i, j] = value
        rounds = min(left_s, left_l)
        for _ in range(rounds):
            best = -1
            best_i = -1
            best_j = -1
            for i in range(ns):
                if used_s >> i & 1:
                    continue
                for j in range(nl):
                    if used_l >> j & 1:
                        continue
                    value = int(sims[i, j])
                    if value < 0:
                        continue
                    w = min(int(sp[s0 + i, P_WEIGHT]), int(lp[l0 + j, P_WEIGHT]))
                    value = (value % 10000) * 128 + w
                    if value > best:
                        best = value
                        best_i = i
                        best_j = j
            if best_i < 0:
                break
            i = best_i
            j = best_j
            value = int(sims[i, j])
            sim = value % 10000
            by = value // 10000
            ti = int(sp[s0 + i, P_TYPE])
            tj = int(lp[l0 + j, P_TYPE])
            w = min(int(sp[s0 + i, P_WEIGHT]), int(lp[l0 + j, P_WEIGHT]))
            if ti == T_INITIAL or tj == T_INITIAL:
                feature = F_INITIAL
                w = max(int(sp[s0 + i, P_WEIGHT]), int(lp[l0 + j, P_WEIGHT])) // 2
            elif ti == T_NUMBER or ti == T_CODE:
                feature = F_NUMBER
            elif sim < GOOD and (ti == T_LIGHT or tj == T_LIGHT):
                # a particle contradicts nothing
                sims[i, j] = -1
                continue
            elif sim < GOOD and ti == T_PLACE and tj == T_PLACE:
                feature = F_PLACE
            elif sim < GOOD and (ti == T_GENERIC or tj == T_GENERIC):
                if ti != tj:
                    # a generic word against a telling one: one has more, they do not disagree
                    sims[i, j] = -1
                    continue
                feature = F_GENERIC
            else:
                feature = _book(by, sim)
            used_s |= 1 << i
            used_l |= 1 << j
            pair_weight += w
            features[feature] += w
            sims[PAIRED, i] = j
            if by == BY_SPELLING and feature >= F_NEAR and feature <= F_CONTRARY and sim > 0:
                longest = max(
                    (int(sp[s0 + i, P_SHAPE]) >> SHAPE_LENGTH) & 255,
                    (int(lp[l0 + j, P_SHAPE]) >> SHAPE_LENGTH) & 255,
                )
                edits = (990 - sim) * longest
                if edits <= 1050:
                    features[F_SLIP_1] += 500
                elif edits <= 2050:
                    features[F_SLIP_2] += 500
                else:
                    features[F_SLIP_MORE] += 500
            if sim >= GOOD:
                if sim < 960:
                    n_imperfect += 1
                agreed += w * sim
                if feature != F_INITIAL:
                    n_good += 1
                good_s |= 1 << i
                good_l |= 1 << j
            else:
                n_contrary += 1
                if sim < 550 and w >= 60:
                    n_contrary_rare += 1
            if keep_record:
                _write_record(record, n_record, i, j, 1, 1, sim, feature, w)
                n_record += 1
    # 4. what only one side has
    missing_s = 0
    missing_l = 0
    n_missing_l = 0
    for i in range(ns):
        if used_s >> i & 1:
            continue
        t = int(sp[s0 + i, P_TYPE])
        w = int(sp[s0 + i, P_WEIGHT])
        missing_s += w
        if t == T_NUMBER or t == T_CODE:
            feature = F_NUMBER_S
        elif t == T_GENERIC or t == T_PLACE or t == T_LIGHT or t == T_INITIAL:
            feature = F_LIGHT_S
        elif t == T_PATRONYMIC:
            feature = F_PATRONYMIC
        else:
            feature = F_MISS_S
            if w >= 60:
                n_missing_s += 1
        features[feature] += w
        if keep_record:
            _write_record(record, n_record, i, -1, 1, 0, 0, feature, w)
            n_record += 1
    for j in range(nl):
        if used_l >> j & 1:
            continue
        t = int(lp[l0 + j, P_TYPE])
        w = int(lp[l0 + j, P_WEIGHT])
        missing_l += w
        if t == T_NUMBER or t == T_CODE:
            feature = F_NUMBER_L
        elif t == T_GENERIC or t == T_PLACE or t == T_LIGHT or t == T_INITIAL:
            feature = F_LIGHT_L
        elif t == T_PATRONYMIC:
            feature = F_PATRONYMIC
        else:
            feature = F_MISS_L
            n_missing_l += 1
        features[feature] += w
        if keep_record:
            _write_record(record, n_record, -1, j, 0, 1, 0, feature, w)
            n_record += 1
    total = pair_weight + (missing_s + missing_l + 1) // 2
    total = max(total, 1)
    # one division instead of one for each feature
    inverse = (1000 << 20) // total
    for f in range(F_SOUND, F_PATRONYMIC + 1):
        features[f] = (features[f] * inverse) >> 20
    features[F_PREFIX_SHORT] = (features[F_PREFIX_SHORT] * inverse) >> 20
    features[F_BIAS] = 1000
    evidence = agreed // 100  # hundred = one word nobody else bears
    features[F_E1] = min(evidence, 1000)
    features[F_E2] = min(max(evidence - 1000, 0), 1000)
    features[F_E3] = min(max(evidence - 2000, 0), 2000)
    if n_good <= 1:
        if ns > 1 or nl > 1:
            features[F_ONE] = 1000
    family = int(ln.heads[l, H_FAMILY])
    if family > 0 and good_l & ((1 << family) - 1) == 0:
        features[F_FAMILY] = 1000
    else:
        family = int(sn.heads[s, H_FAMILY])
        if family > 0 and good_s & ((1 << family) - 1) == 0:
            features[F_FAMILY] = 1000
    if ns > 1 and not good_s >> (ns - 1) & 1:
        features[F_LAST] += 500
    if nl > 1 and ln.heads[l, H_FAMILY] == 0 and not good_l >> (nl - 1) & 1:
        features[F_LAST] += 500
    if ns > 0 and not good_s & 1:
        features[F_FIRST] += 500
    if nl > 0 and not good_l & 1:
        features[F_FIRST] += 500
    a = int(sn.heads[s, H_LEGAL])
    b = int(ln.heads[l, H_LEGAL])
    if a != 0 and b != 0:
        # the family "company" (bit 0) agrees with every other
        if a & b == 0 and a & ~1 and b & ~1:
            features[F_LEGAL] = 1000
    elif a != b:
        features[F_LEGAL_ONE] = 1000
    ka = int(sn.heads[s, H_KIND])
    kb = int(ln.heads[l, H_KIND])
    if ka != kb and ka != UNKNOWN and kb != UNKNOWN:
        features[F_KIND] = 1000
    features[F_CONTRARY_RARE] = 1000 * min(n_contrary_rare, 2)
    features[F_MISS_S_PARTS] = 1000 * min(n_missing_s, 4)
    features[F_CONTRARY_FLAG] = 1000 * min(n_contrary, 3)
    features[F_MISS_PARTS] = 1000 * min(n_missing_l, 4)
    most = max(ns, nl)
    if n_good == 1 and most >= 3:
        features[F_ONE_OF_MANY] = 1000
    if n_good == 2 and most >= 4:
        features[F_TWO_OF_MANY] = 1000
    if n_imperfect >= 2:
        features[F_IMPERFECT] = 500 * min(n_imperfect - 1, 2)
    if n_contrary > 0:
        if n_imperfect > 0:
            features[F_CONTRARY_IMPERFECT] = 1000
        if n_good <= 1:
            features[F_CONTRARY_THIN] = 1000
        if n_good >= 3:
            features[F_CONTRARY_LONG] = 1000
    if missing_s > 0 and missing_l > 0:
        features[F_MISS_BOTH] = 1000
    cover = (agreed // max(total, 1)) if total > 0 else 0
    if cover < 700:
        features[F_LOW_COVER] = 700 - cover
    main_s = int(sn.heads[s, H_FAMILY])
    main_s = main_s - 1 if main_s > 0 else ns - 1
    main_l = int(ln.heads[l, H_FAMILY])
    main_l = main_l - 1 if main_l > 0 else nl - 1
    if ns > 1 and nl > 1 and not good_s >> main_s & 1 and not good_l >> main_l & 1:
        features[F_MAIN] = 1000
    # an initial on one side against a word with another first letter on the other
    for i in range(ns):
        if not used_s >> i & 1 and sp[s0 + i, P_TYPE] == T_INITIAL:
            for j in range(nl):
                if not used_l >> j & 1 and lp[l0 + j, P_TYPE] != T_LIGHT:
                    features[F_INITIAL_CONTRARY] = 1000
    for j in range(nl):
        if not used_l >> j & 1 and lp[l0 + j, P_TYPE] == T_INITIAL:
            for i in range(ns):
                if not used_s >> i & 1 and sp[s0 + i, P_TYPE] != T_LIGHT:
                    features[F_INITIAL_CONTRARY] = 1000
    # order: a comma on one side moves one run of words, which is no difference
    descents = 0
    before = -1
    for i in range(ns):
        here = int(sims[PAIRED, i])
        if here >= 0:
            if here < before:
                descents += 1
            before = here
    if (sn.heads[s, H_FAMILY] > 0) != (ln.heads[l, H_FAMILY] > 0):
        descents -= 1
    if descents > 0:
        features[F_ORDER] = 1000
    a = int(sn.heads[s, H_LINEAGE])
    b = int(ln.heads[l, H_LINEAGE])
    if a > 0 and b > 0 and sims[PAIRED, a] == b - 1 and sims[PAIRED, a - 1] == b:
        features[F_LINEAGE] = 1000
    # titles, particles and legal forms that only one side writes
    untold = abs(int(sn.heads[s, H_WORDS]) - ns - int(ln.heads[l, H_WORDS]) + nl)
    features[F_UNTOLD] = 250 * min(untold, 4)
    letters = 0
    for i in range(ns):
        v = sp[s0 + i, P_WORD]
        letters += int(sf[v, C_RAW_END] - sf[v, C_RAW])
    if letters <= 6:
        features[F_SHORT] = (7 - letters) * 200
    for f in range(PRODUCTS.shape[0]):
        features[F_PRODUCTS + f] = features[PRODUCTS[f, 0]] * features[PRODUCTS[f, 1]] // 1000
    return n_record


@jit_inner
def weigh(
    features: NDArray[np.int64], coefficients: NDArray[np.int64], kind_s: int, kind_l: int
) -> int:
    """Return the score of a feature row in millionths of a logit.

    ``coefficients`` has one row for persons, one for organizations and one for vessels and
    aircraft.
    """
    if kind_s == PERSON or (kind_l == PERSON and kind_s != ORGANIZATION):
        row = 0
    elif kind_s >= VESSEL or kind_l >= VESSEL:
        row = 2
    else:
        row = 1
    z = 0
    for f in range(N_FEATURES):
        z += features[f] * coefficients[row, f]
    return z


@jit_inner
def score_names(
    sw: Words,
    sn: Names,
    s: int,
    lw: Words,
    ln: Names,
    l: int,
    costs: Bytes,
    rows: Ints,
    sims: NDArray[np.int32],
    text: NDArray[np.uint8],
    features: NDArray[np.int64],
    record: NDArray[np.int32],
    coefficients: NDArray[np.int64],
) -> int:
    """Return the sum of one pair in millionths of a logit.

    Names that read the same, of kinds that do not differ, get ``IDENTICAL``; nothing else does.
    """
    compare_names(sw, sn, s, lw, ln, l, costs, rows, sims, text, features, record, False)
    ks = int(sn.heads[s, H_KIND])
    kl = int(ln.heads[l, H_KIND])
    z = weigh(features, coefficients, ks, kl)
    if z > 0 and sn.heads[s, H_TEXT] == ln.heads[l, H_TEXT]:
        if ks == kl or ks == UNKNOWN or kl == UNKNOWN:
            return IDENTICAL
    return min(z, TOP)
