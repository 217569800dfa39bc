"""The score of one pair of names: pair the parts one to one, count evidence and faults.

``compare_names`` fills a row of whole-number features; the score is their weighted sum. Roles are
fixed: the first name is the subject's, the second the listed one. Everything is integer arithmetic,
so that compiled, plain and reversed runs agree to the last digit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greenlane.screening.kernel.jit import jit
from greenlane.screening.kernel.names import (
    AIRCRAFT,
    MAX_PARTS,
    ORGANIZATION,
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
    edit_cost,
    word_similarity,
)
from greenlane.screening.kernel.words import Words

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
    "one_part_both",
    "family_missing",
    "last_missing",
    "first_missing",
    "legal_contrary",
    "legal_one",
    "other_kind",
    "order",
    "contrary_flag",
    "missing_listed_parts",
    "short_name",
)
N_FEATURES = len(FEATURES)
(
    F_BIAS, F_SOUND, F_NEAR, F_CLOSE, F_FAIR, F_WEAK, F_POOR, F_CONTRARY, F_GROUP, F_SKELETON,
    F_SKELETON_NEAR, F_PREFIX, F_JOINED, F_INITIAL, F_ACRONYM, F_NUMBER, F_PLACE, F_GENERIC,
    F_MISS_S, F_MISS_L, F_LIGHT_S, F_LIGHT_L, F_NUMBER_S, F_NUMBER_L, F_PATRONYMIC, F_E1, F_E2,
    F_E3, F_ONE, F_ONE_BOTH, F_FAMILY, F_LAST, F_FIRST, F_LEGAL, F_LEGAL_ONE, F_KIND, F_ORDER,
    F_CONTRARY_FLAG, F_MISS_PARTS, F_SHORT,
) = range(N_FEATURES)  # fmt: skip

GOOD = 700  # from here on a pairing is agreement, below it is contradiction
N_SCRATCH = 6

# Columns of the pairing record: subject part, listed part, count of joined parts on each side,
# similarity, feature it was booked under, weight.
R_S, R_L, R_NS, R_NL, R_SIM, R_FEATURE, R_WEIGHT = range(7)
N_RECORD = 7


@jit
def kinds_agree(a: int, b: int) -> bool:
    """Say whether two kinds may be the same party. A person is never a vessel or an aircraft."""
    if a == PERSON:
        return b != VESSEL and b != AIRCRAFT
    if b == PERSON:
        return a != VESSEL and a != AIRCRAFT
    return True


@jit
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
        return F_PREFIX
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


@jit
def _joined_sounds(a: Words, na: Names, i: int, count: int, out: NDArray[np.uint8]) -> int:
    """Write the sounds of ``count`` neighboring parts as one word; return its length (0: too long)."""
    n = 0
    for k in range(count):
        v = na.word[i + k]
        lo = a.sound_off[v]
        hi = a.sound_off[v + 1]
        if n + hi - lo > 78:
            return 0
        for p in range(lo, hi):
            if n > 0 and out[n - 1] == a.sound[p]:
                continue
            out[n] = a.sound[p]
            n += 1
    return n


@jit
def _join_value(
    one: Words, v: int, many: Words, names: Names, i: int, count: int,
    text: NDArray[np.uint8], rows: NDArray[np.int32], sub: NDArray[np.uint8], ins: NDArray[np.uint8],
) -> int:
    """Return how alike one word is to ``count`` neighboring parts written together, 0-1000."""
    lo = one.sound_off[v]
    length = one.sound_off[v + 1] - lo
    total = 0
    for k in range(count):
        w = names.word[i + k]
        total += many.sound_off[w + 1] - many.sound_off[w]
    if length < 4 or abs(total - length) > 2 or many.sound[many.sound_off[names.word[i]]] != one.sound[lo]:
        return 0
    n = _joined_sounds(many, names, i, count, text)
    if n == 0:
        return 0
    cost = edit_cost(one.sound, lo, length, text, 0, n, sub, ins, rows)
    return 1000 - (100 * cost) // max(length, n)


@jit
def compare_names(
    sw: Words, sn: Names, s: int, lw: Words, ln: Names, l: int,
    tables: tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]],
    rows: NDArray[np.int32], sims: NDArray[np.int32], text: NDArray[np.uint8],
    features: NDArray[np.int64], record: NDArray[np.int32], keep_record: bool,
) -> int:
    """Fill ``features`` for subject name ``s`` and listed name ``l``; return the pairings recorded.

    ``sims`` is scratch of shape (MAX_PARTS + 2, MAX_PARTS + 2), ``rows`` of shape (3, 96), ``text``
    of 96 bytes; ``record`` has shape (3 * MAX_PARTS, N_RECORD) and is written only on request.
    """
    for f in range(N_FEATURES):
        features[f] = 0
    s0 = sn.off[s]
    ns = int(sn.off[s + 1] - s0)
    l0 = ln.off[l]
    nl = int(ln.off[l + 1] - l0)
    sub, ins, plain_sub, plain_ins = tables
    n_record = 0
    used_s = 0  # bit sets of paired parts
    used_l = 0
    agreed = 0  # weight of agreeing pairings, scaled by how good they are
    pair_weight = 0
    n_good = 0
    n_contrary = 0
    last_l = -1
    inversions = 0
    good_s = 0
    good_l = 0
    # 1. equal parts
    for i in range(ns):
        ti = int(sn.type[s0 + i])
        ki = sw.key[sn.word[s0 + i]]
        for j in range(nl):
            if used_l >> j & 1:
                continue
            tj = int(ln.type[l0 + j])
            if lw.key[ln.word[l0 + j]] != ki:
                if ti == T_NUMBER and tj == T_NUMBER:
                    if sn.value[s0 + i] != ln.value[l0 + j]:
                        continue
                elif ti == T_PLACE and tj == T_PLACE:
                    if sn.value[s0 + i] != ln.value[l0 + j]:
                        continue
                else:
                    continue
            used_s |= 1 << i
            used_l |= 1 << j
            good_s |= 1 << i
            good_l |= 1 << j
            w = min(int(sn.weight[s0 + i]), int(ln.weight[l0 + j]))
            pair_weight += w
            agreed += w * 1000
            if ti != T_INITIAL and ti != T_LIGHT and ti != T_GENERIC:
                n_good += 1
            if j < last_l:
                inversions += 1
            last_l = j
            if keep_record:
                record[n_record, R_S] = i
                record[n_record, R_L] = j
                record[n_record, R_NS] = 1
                record[n_record, R_NL] = 1
                record[n_record, R_SIM] = 1000
                record[n_record, R_FEATURE] = F_BIAS
                record[n_record, R_WEIGHT] = w
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
    # 2. words written together or apart
    if left_s > 0 and left_l > 0:
        for i in range(ns):
            if used_s >> i & 1 or sn.type[s0 + i] == T_INITIAL:
                continue
            for j in range(nl - 1):
                if used_l >> j & 1 or used_l >> (j + 1) & 1:
                    continue
                count = 2
                value = _join_value(sw, sn.word[s0 + i], lw, ln, l0 + j, 2, text, rows, sub, ins)
                if value < 850 and j + 2 < nl and not used_l >> (j + 2) & 1:
                    count = 3
                    value = _join_value(sw, sn.word[s0 + i], lw, ln, l0 + j, 3, text, rows, sub, ins)
                if value < 850:
                    continue
                w = 0
                for k in range(count):
                    used_l |= 1 << (j + k)
                    good_l |= 1 << (j + k)
                    w += int(ln.weight[l0 + j + k])
                    left_l -= 1
                w = min(w, 120)
                used_s |= 1 << i
                good_s |= 1 << i
                left_s -= 1
                pair_weight += w
                agreed += w * value
                n_good += 1
                features[F_JOINED] += w
                if keep_record:
                    record[n_record, R_S] = i
                    record[n_record, R_L] = j
                    record[n_record, R_NS] = 1
                    record[n_record, R_NL] = count
                    record[n_record, R_SIM] = value
                    record[n_record, R_FEATURE] = F_JOINED
                    record[n_record, R_WEIGHT] = w
                    n_record += 1
                break
        for j in range(nl):
            if used_l >> j & 1 or ln.type[l0 + j] == T_INITIAL:
                continue
            for i in range(ns - 1):
                if used_s >> i & 1 or used_s >> (i + 1) & 1:
                    continue
                count = 2
                value = _join_value(lw, ln.word[l0 + j], sw, sn, s0 + i, 2, text, rows, sub, ins)
                if value < 850 and i + 2 < ns and not used_s >> (i + 2) & 1:
                    count = 3
                    value = _join_value(lw, ln.word[l0 + j], sw, sn, s0 + i, 3, text, rows, sub, ins)
                if value < 850:
                    continue
                w = 0
                for k in range(count):
                    used_s |= 1 << (i + k)
                    good_s |= 1 << (i + k)
                    w += int(sn.weight[s0 + i + k])
                    left_s -= 1
                w = min(w, 120)
                used_l |= 1 << j
                good_l |= 1 << j
                left_l -= 1
                pair_weight += w
                agreed += w * value
                n_good += 1
                features[F_JOINED] += w
                if keep_record:
                    record[n_record, R_S] = i
                    record[n_record, R_L] = j
                    record[n_record, R_NS] = count
                    record[n_record, R_NL] = 1
                    record[n_record, R_SIM] = value
                    record[n_record, R_FEATURE] = F_JOINED
                    record[n_record, R_WEIGHT] = w
                    n_record += 1
                break
    # 3. the rest: best similarities first
    if left_s > 0 and left_l > 0:
        for i in range(ns):
            if used_s >> i & 1:
                continue
            ti = int(sn.type[s0 + i])
            vi = sn.word[s0 + i]
            for j in range(nl):
                if used_l >> j & 1:
                    continue
                tj = int(ln.type[l0 + j])
                wj = ln.word[l0 + j]
                if ti == T_INITIAL or tj == T_INITIAL:
                    value = 0
                    if ti == T_INITIAL and tj == T_INITIAL:
                        value = -1
                    elif sw.raw[sw.raw_off[vi]] == lw.raw[lw.raw_off[wj]]:
                        value = 750
                    else:
                        value = -1
                elif ti == T_NUMBER or tj == T_NUMBER or ti == T_CODE or tj == T_CODE:
                    # numbers only ever contradict numbers; a code may stand against any word
                    is_number = ti == T_NUMBER or ti == T_CODE
                    other_is_number = tj == T_NUMBER or tj == T_CODE
                    value = 1 if is_number and other_is_number else -1
                else:
                    value = int(word_similarity(sw, vi, lw, wj, rows, sub, ins, plain_sub, plain_ins))
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
                    w = min(int(sn.weight[s0 + i]), int(ln.weight[l0 + j]))
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
            ti = int(sn.type[s0 + i])
            tj = int(ln.type[l0 + j])
            w = min(int(sn.weight[s0 + i]), int(ln.weight[l0 + j]))
            if ti == T_INITIAL or tj == T_INITIAL:
                feature = F_INITIAL
                w = max(int(sn.weight[s0 + i]), int(ln.weight[l0 + j])) // 2
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
            if sim >= GOOD:
                agreed += w * sim
                if feature != F_INITIAL:
                    n_good += 1
                good_s |= 1 << i
                good_l |= 1 << j
            else:
                n_contrary += 1
            if keep_record:
                record[n_record, R_S] = i
                record[n_record, R_L] = j
                record[n_record, R_NS] = 1
                record[n_record, R_NL] = 1
                record[n_record, R_SIM] = sim
                record[n_record, R_FEATURE] = feature
                record[n_record, R_WEIGHT] = w
                n_record += 1
    # 4. one side's short word against the first letters of the other's left-over words
    # 5. what only one side has
    missing_s = 0
    missing_l = 0
    n_missing_l = 0
    for i in range(ns):
        if used_s >> i & 1:
            continue
        t = int(sn.type[s0 + i])
        w = int(sn.weight[s0 + i])
        missing_s += w
        if t == T_NUMBER or t == T_CODE:
            feature = F_NUMBER_S
        elif t == T_GENERIC or t == T_PLACE or t == T_LIGHT or t == T_INITIAL:
            feature = F_LIGHT_S
        elif t == T_PATRONYMIC:
            feature = F_PATRONYMIC
        else:
            feature = F_MISS_S
        features[feature] += w
        if keep_record:
            record[n_record, R_S] = i
            record[n_record, R_L] = -1
            record[n_record, R_NS] = 1
            record[n_record, R_NL] = 0
            record[n_record, R_SIM] = 0
            record[n_record, R_FEATURE] = feature
            record[n_record, R_WEIGHT] = w
            n_record += 1
    for j in range(nl):
        if used_l >> j & 1:
            continue
        t = int(ln.type[l0 + j])
        w = int(ln.weight[l0 + j])
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
            record[n_record, R_S] = -1
            record[n_record, R_L] = j
            record[n_record, R_NS] = 0
            record[n_record, R_NL] = 1
            record[n_record, R_SIM] = 0
            record[n_record, R_FEATURE] = feature
            record[n_record, R_WEIGHT] = w
            n_record += 1
    total = pair_weight + (missing_s + missing_l + 1) // 2
    if total < 1:
        total = 1
    for f in range(F_SOUND, F_PATRONYMIC + 1):
        features[f] = (features[f] * 1000) // total
    features[F_BIAS] = 1000
    evidence = agreed // 100  # hundred = one word nobody else bears
    features[F_E1] = min(evidence, 1000)
    features[F_E2] = min(max(evidence - 1000, 0), 1000)
    features[F_E3] = min(max(evidence - 2000, 0), 2000)
    if n_good <= 1:
        if ns > 1 or nl > 1:
            features[F_ONE] = 1000
        if ns > 1 and nl > 1:
            features[F_ONE_BOTH] = 1000
    family = int(ln.family[l])
    if family > 0 and good_l & ((1 << family) - 1) == 0:
        features[F_FAMILY] = 1000
    else:
        family = int(sn.family[s])
        if family > 0 and good_s & ((1 << family) - 1) == 0:
            features[F_FAMILY] = 1000
    if ns > 1 and not good_s >> (ns - 1) & 1:
        features[F_LAST] += 500
    if nl > 1 and ln.family[l] == 0 and not good_l >> (nl - 1) & 1:
        features[F_LAST] += 500
    if ns > 0 and not good_s & 1:
        features[F_FIRST] += 500
    if nl > 0 and not good_l & 1:
        features[F_FIRST] += 500
    a = int(sn.legal[s])
    b = int(ln.legal[l])
    if a != 0 and b != 0:
        # the family "company" (bit 0) agrees with every other
        if a & b == 0 and a & ~1 and b & ~1:
            features[F_LEGAL] = 1000
    elif a != b:
        features[F_LEGAL_ONE] = 1000
    ka = int(sn.kind[s])
    kb = int(ln.kind[l])
    if ka != kb and ka != UNKNOWN and kb != UNKNOWN:
        features[F_KIND] = 1000
    if inversions > 0:
        features[F_ORDER] = 1000
    features[F_CONTRARY_FLAG] = 1000 * min(n_contrary, 3)
    features[F_MISS_PARTS] = 1000 * min(n_missing_l, 4)
    letters = 0
    for i in range(ns):
        v = sn.word[s0 + i]
        letters += int(sw.raw_off[v + 1] - sw.raw_off[v])
    if letters <= 6:
        features[F_SHORT] = (7 - letters) * 200
    return n_record


@jit
def weigh(features: NDArray[np.int64], coefficients: NDArray[np.int64], kind_s: int, kind_l: int) -> int:
    """Return the score of a feature row in millionths of a logit.

    ``coefficients`` has one row for persons and one for everything else.
    """
    row = 0 if kind_s == PERSON or (kind_l == PERSON and kind_s != ORGANIZATION) else 1
    z = 0
    for f in range(N_FEATURES):
        z += features[f] * coefficients[row, f]
    return z
