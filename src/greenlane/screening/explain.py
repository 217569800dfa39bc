"""Why two names score what they score: the kernel's own sum, taken apart.

The points of the pairings and of the findings add up to the sum that the score is made from;
nothing here is estimated or told afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from greenlane.screening.kernel.align import (
    F_BIAS,
    F_JOINED,
    F_PATRONYMIC,
    F_PREFIX_SHORT,
    F_PRODUCTS,
    F_SOUND,
    FEATURES,
    IDENTICAL,
    N_FEATURES,
    N_RECORD,
    R_FEATURE,
    R_L,
    R_NL,
    R_NS,
    R_S,
    R_SIM,
    R_WEIGHT,
    compare_names,
    score_names,
)
from greenlane.screening.kernel.names import H_FAMILY, H_KIND, MAX_PARTS, P_WORD, PERSON, VESSEL
from greenlane.screening.kernel.names import ORGANIZATION as ORGANIZATION_CODE
from greenlane.screening.kernel.similarity import COSTS, N_SCRATCH
from greenlane.screening.kernel.words import C_RAW, C_RAW_END
from greenlane.screening.prepare import Prepared, kind_codes, prepare
from greenlane.screening.records import Kind
from greenlane.screening.score import COEFFICIENTS, UNIT, score_of

MEANING = {
    "bias": "the same word",
    "sound": "the same sound, other letters",
    "near": "nearly the same spelling",
    "close": "a close spelling",
    "fair": "a fairly close spelling",
    "weak": "some likeness only",
    "poor": "little likeness",
    "contrary": "different words",
    "group": "one name in two forms, or an abbreviation",
    "skeleton": "the same consonants, in a script without vowels",
    "skeleton_near": "nearly the same consonants",
    "prefix": "one word within the other",
    "joined": "written together or apart",
    "initial": "an initial",
    "acronym": "first letters of several words",
    "number_contrary": "different numbers",
    "place_contrary": "different places",
    "generic_contrary": "different general words",
    "missing_subject": "only in the subject's name",
    "missing_listed": "only in the listed name",
    "light_subject": "general word, place or initial only in the subject's name",
    "light_listed": "general word, place or initial only in the listed name",
    "number_subject": "number only in the subject's name",
    "number_listed": "number only in the listed name",
    "patronymic_missing": "patronymic in one name only",
    "evidence_1": "weight of the words that agree, up to one rare word",
    "evidence_2": "weight of the words that agree, up to two rare words",
    "evidence_3": "weight of the words that agree, beyond two rare words",
    "one_part": "one word alone agrees",
    "contrary_rare": "telling words contradict each other",
    "family_missing": "the family name is not matched",
    "last_missing": "the last word is not matched",
    "first_missing": "the first word is not matched",
    "legal_contrary": "legal forms of different kinds",
    "legal_one": "a legal form in one name only",
    "other_kind": "a person on one side, not on the other",
    "missing_subject_parts": "telling words only in the subject's name",
    "contrary_flag": "words contradict each other",
    "missing_listed_parts": "words only in the listed name",
    "short_name": "a very short name",
    "initial_contrary": "an initial stands against a word that begins otherwise",
    "main_contrary": "neither family name is matched",
    "one_of_many": "one word of three or more agrees",
    "two_of_many": "two words of four or more agree",
    "several_imperfect": "several words agree only nearly",
    "contrary_and_imperfect": "some words contradict, others agree only nearly",
    "contrary_and_thin": "words contradict each other and one at most agrees",
    "order": "the words stand in another order",
    "lineage_swapped": "father and child have changed places",
    "prefix_short": "a short word begins or ends a longer one",
    "slip_1": "words one slip of the pen apart",
    "slip_2": "words two slips apart",
    "slip_more": "words three slips or more apart",
    "low_cover": "less than seven tenths of the names agree",
    "contrary_in_long": "one word contradicts, three or more agree",
    "missing_both": "each name has words the other lacks",
    "untold_words": "titles, particles or legal forms that one side leaves out",
}
for _product in FEATURES[F_PRODUCTS:]:
    _one, _two = _product.split("*")
    MEANING[_product] = (
        f"{MEANING[_one]}, more of it"
        if _one == _two
        else f"{MEANING[_one]}, together with: {MEANING[_two]}"
    )


@dataclass(frozen=True, slots=True)
class Pairing:
    """Words of the subject's name against words of the listed name.

    Attributes:
        subject: The subject's words as compared (folded); empty where only the list has them.
            Capitals are the consonants of a script that writes no vowels.
        listed: The listed words as compared; empty where only the subject has them.
        how: What relates them, a key of the score's features ("bias" is the same word).
        meaning: The same in words.
        likeness: How alike they are, 0 to 1.
        weight: How telling they are, 0 to 1.
        points: What the pairing adds to the sum (a logit), never above 0: agreement is credited
            once, in the findings named ``evidence``.
    """

    subject: str
    listed: str
    how: str
    meaning: str
    likeness: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the two names as wholes, and the points it adds to the sum (a logit)."""

    what: str
    meaning: str
    points: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The score of a pair of names, taken apart.

    Attributes:
        score: The score, as `Index.search` gives it.
        logit: Sum of all points; the score is its logistic value (1 for names that read the same).
        pairings: Word by word.
        findings: About the names as wholes, the constant first.
    """

    score: float
    logit: float
    pairings: tuple[Pairing, ...]
    findings: tuple[Finding, ...]


def explain_names(
    pairs: Sequence[tuple[str, Kind, str, Kind]],
) -> list[Explanation]:
    """Explain pairs of (subject name, its kind, listed name, its kind), all in one pass."""
    if not pairs:
        return []
    subjects = prepare([pair[0] for pair in pairs], kind_codes([pair[1] for pair in pairs]))
    listed = prepare([pair[2] for pair in pairs], kind_codes([pair[3] for pair in pairs]))
    return [_explain(subjects, listed, row) for row in range(len(pairs))]


def score_pairs(pairs: Sequence[tuple[str, Kind, str, Kind]]) -> list[float]:
    """Score pairs of (subject name, its kind, listed name, its kind), without a candidate stage."""
    if not pairs:
        return []
    subjects = prepare([pair[0] for pair in pairs], kind_codes([pair[1] for pair in pairs]))
    listed = prepare([pair[2] for pair in pairs], kind_codes([pair[3] for pair in pairs]))
    scratch = _scratch()
    sums = [_sum(subjects, listed, row, scratch) for row in range(len(pairs))]
    return [float(score) for score in score_of(np.array(sums, np.int64))]


class _Scratch:
    """Working space of the kernel for one comparison at a time."""

    def __init__(self) -> None:
        self.rows = np.zeros(N_SCRATCH, np.int64)
        self.sims = np.empty((MAX_PARTS + 2, MAX_PARTS + 2), np.int32)
        self.text = np.empty(256, np.uint8)
        self.features = np.zeros(N_FEATURES, np.int64)
        self.record = np.zeros((3 * MAX_PARTS, N_RECORD), np.int32)


def _scratch() -> _Scratch:
    return _Scratch()


def _sum(subjects: Prepared, listed: Prepared, row: int, scratch: _Scratch) -> int:
    return int(
        score_names(
            subjects.words, subjects.names, row, listed.words, listed.names, row, COSTS,
            scratch.rows, scratch.sims, scratch.text, scratch.features, scratch.record,
            COEFFICIENTS,
        )
    )  # fmt: skip


def _coefficient_row(kind_subject: int, kind_listed: int) -> int:
    """Return the row of coefficients the kernel uses for two kinds (see ``align.weigh``)."""
    if kind_subject == PERSON or (kind_listed == PERSON and kind_subject != ORGANIZATION_CODE):
        return 0
    return 2 if kind_subject >= VESSEL or kind_listed >= VESSEL else 1


def _explain(subjects: Prepared, listed: Prepared, row: int) -> Explanation:
    scratch = _scratch()
    total = _sum(subjects, listed, row, scratch)
    n = compare_names(
        subjects.words, subjects.names, row, listed.words, listed.names, row, COSTS,
        scratch.rows, scratch.sims, scratch.text, scratch.features, scratch.record, True,
    )  # fmt: skip
    group = _coefficient_row(
        int(subjects.names.heads[row, H_KIND]), int(listed.names.heads[row, H_KIND])
    )
    features = scratch.features.tolist()
    coefficients = COEFFICIENTS[group].tolist()
    records = scratch.record[:n].tolist()
    # the share of a feature is divided among the pairings booked under it by their weight
    booked = [0] * N_FEATURES
    for record in records:
        booked[record[R_FEATURE]] += record[R_WEIGHT]
    pairings = tuple(
        _pairing(subjects, listed, row, record, features, coefficients, booked)
        for record in sorted(records, key=lambda r: (r[R_S] < 0, r[R_S], r[R_L]))
    )
    findings = tuple(
        Finding(FEATURES[f], MEANING[FEATURES[f]] if f else "where every pair starts", points)
        for f in range(N_FEATURES)
        if not (F_SOUND <= f <= F_PATRONYMIC or f == F_PREFIX_SHORT)
        and (points := features[f] * coefficients[f] / UNIT) != 0
    )
    logit = sum(p.points for p in pairings) + sum(f.points for f in findings)
    score = 1.0 if total == IDENTICAL else float(score_of(np.array([total], np.int64))[0])
    return Explanation(score, logit, pairings, findings)


def _pairing(
    subjects: Prepared,
    listed: Prepared,
    row: int,
    record: list[int],
    features: list[int],
    coefficients: list[int],
    booked: list[int],
) -> Pairing:
    feature = record[R_FEATURE]
    points = 0.0
    if feature != F_BIAS and booked[feature]:
        share = record[R_WEIGHT] / booked[feature]
        points = coefficients[feature] * features[feature] * share / UNIT
    return Pairing(
        subject=_words(subjects, row, record[R_S], record[R_NS]),
        listed=_words(listed, row, record[R_L], record[R_NL]),
        how=FEATURES[feature] if feature != F_BIAS else "same",
        meaning=MEANING[FEATURES[feature]],
        likeness=record[R_SIM] / 1000,
        weight=record[R_WEIGHT] / 100 if feature != F_JOINED else min(record[R_WEIGHT] / 100, 1.0),
        points=points,
    )


def _words(prepared: Prepared, row: int, first: int, count: int) -> str:
    if first < 0:
        return ""
    names, words = prepared.names, prepared.words
    lo, hi = int(names.off[row]), int(names.off[row + 1])
    out = []
    for k in range(count):
        # joined parts may go round from the last to the first in "FAMILY, Given"
        part = lo + (first + k) % (hi - lo) if names.heads[row, H_FAMILY] else lo + first + k
        facts = words.facts[names.parts[part, P_WORD]]
        out.append(bytes(words.text[facts[C_RAW] : facts[C_RAW_END]]).decode("ascii"))
    return " ".join(out)
