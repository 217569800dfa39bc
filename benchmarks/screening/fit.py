"""Fit the weights of the score, ``tables/coefficients.json``, from labelled names.

Learns from the developers' half alone: ``queries.csv`` (candidates that the index really compares),
the hand-labelled pairs of ``name_bench_half.csv``, and pairs of names that one party of
``screening_list.csv`` bears, against the best other party (no label of a query is in them). The
private half was never seen.

The score is a logistic regression over the kernel's features, in three groups (persons,
organizations, craft) that are drawn towards one another. Signs are held: a fault never raises a
score, agreement never lowers it; only the products of two features are free. The hand-labelled
pairs have a constant of their own while fitting, since matches are far commoner among them.

    python -m benchmarks.screening.fit            # cross-validate, and compare with what is shipped
    python -m benchmarks.screening.fit --figures  # cross-validate alone, and keep the figures
    python -m benchmarks.screening.fit --write    # write the table (raises the scorer version)

Cross-validation leaves out a quarter of the *parties* at a time (and of the hand-labelled cases by
their listed name), so that no name of a party is learned from when the party is asked about. Its
figures are what to expect of names never seen; those of the fit itself are a little better. Needs
SciPy (see ``requirements/bench.in``) and about five minutes.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.screening.labelled import (
    Answers,
    HandLabelled,
    Listed,
    Queries,
    answers,
    hand_labelled_quality,
    quality,
    read_hand_labelled,
    read_listed,
    read_queries,
)
from greenlane.screening.index import Index
from greenlane.screening.kernel.align import F_PRODUCTS, FEATURES, N_FEATURES, compare_names
from greenlane.screening.kernel.jit import jit
from greenlane.screening.kernel.names import H_TEXT
from greenlane.screening.kernel.retrieve import search_names
from greenlane.screening.kernel.similarity import COSTS
from greenlane.screening.prepare import Prepared, kind_codes, prepare
from greenlane.screening.records import Kind
from greenlane.screening.score import (
    COEFFICIENTS,
    GATE_MASS,
    GATE_MOST,
    GATE_SHARE,
    GATE_SUM,
)
from greenlane.screening.tabular import kind_of
from greenlane.screening.versions import SCORER_VERSION, TABLES

GROUPS = ("person", "organization", "craft")
FOLDS = 4
FIGURES = Path(__file__).resolve().parents[1] / "results" / "screening_fit.json"
HAND_WEIGHT = 4.0
"""One hand-labelled pair weighs as much as four queries: they are other people's labels."""
LIST_WEIGHT = 0.1
SECOND_NEGATIVE_WEIGHT = 0.3
LIST_NAMES = 12_000
POSITIVE = {"evidence_1", "evidence_2", "evidence_3"}
LEAST = {
    "sound": 0.3, "order": 0.08, "untold_words": 0.06, "prefix_short": 0.5, "legal_one": 0.08,
    "evidence_3": 0.15, "skeleton": 0.2, "skeleton_near": 0.8, "joined": 0.3, "initial": 0.4,
    "weak": 0.2, "poor": 0.5, "number_contrary": 3.0, "place_contrary": 0.5,
    "generic_contrary": 0.3, "acronym": 0.8, "near": 0.6, "group": 0.5,
}  # fmt: skip
"""Least a fault costs (a logit), whatever the labels say: keeps names that differ below 1."""
_KINDS = {
    "Person": Kind.PERSON,
    "Company": Kind.ORGANIZATION,
    "Organization": Kind.ORGANIZATION,
    "Vessel": Kind.VESSEL,
}
Floats = NDArray[np.float64]


@jit
def _fill_features(sw, sn, lw, ln, subjects, listed, costs, out):  # type: ignore[no-untyped-def]  # compiled
    rows = np.zeros(320, np.int64)
    sims = np.empty((34, 34), np.int32)
    text = np.empty(256, np.uint8)
    record = np.empty((1, 7), np.int32)
    features = np.zeros(out.shape[1], np.int64)
    for k in range(subjects.shape[0]):
        compare_names(
            sw, sn, subjects[k], lw, ln, listed[k], costs, rows, sims, text, features, record, False
        )
        for j in range(out.shape[1]):
            out[k, j] = features[j]


def _features(
    one: Prepared, other: Prepared, rows: NDArray[Any], entries: NDArray[Any]
) -> NDArray[np.int16]:
    out = np.zeros((len(rows), N_FEATURES), np.int16)
    _fill_features(one.words, one.names, other.words, other.names, rows, entries, COSTS, out)
    return out


def _group(subject: NDArray[np.uint8], listed: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the row of coefficients the kernel weighs each pair of kinds by."""
    person, firm = 1, 2
    is_person = (subject == person) | ((listed == person) & (subject != firm))
    is_craft = (subject > firm) | (listed > firm)
    return np.where(is_person, 0, np.where(is_craft, 2, 1)).astype(np.int64)


def _fold(text: str) -> int:
    return zlib.crc32(text.encode()) % FOLDS


@dataclass
class Pairs:
    """Pairs to learn from or to score: features (thousandths), group, and where they come from."""

    features: NDArray[np.int16]
    group: NDArray[np.int64]
    query: NDArray[np.int32]
    entry: NDArray[np.int32]


@dataclass
class Learning:
    """Everything that is learned from."""

    queries: Queries
    listed: Listed
    pairs: Pairs
    query_fold: NDArray[np.int64]
    hand: HandLabelled
    hand_pairs: Pairs
    hand_fold: NDArray[np.int64]
    alias_pairs: Pairs
    alias_is_match: NDArray[np.bool_]
    alias_fold: NDArray[np.int64]


def _compared(index: Index, names: list[str], kinds: NDArray[np.uint8]) -> tuple[Prepared, Any]:
    """Return prepared names, and every pair with the index that passes the gates, with its sum."""
    asked = prepare(names, kinds)
    off, similar = index._similar(asked)
    capacity = 8_000_000
    query, entry = np.empty(capacity, np.int32), np.empty(capacity, np.int32)
    z = np.empty(capacity, np.int64)
    done, n, _ = search_names(
        asked.words, asked.names, index._words, index._names, index._postings, off, similar, COSTS,
        COEFFICIENTS, GATE_SHARE, GATE_MOST, GATE_MASS, GATE_SUM, -(2**62), True, 0,
        np.zeros(len(index), np.int32), query, entry, z,
    )  # fmt: skip
    if done < len(names):
        raise SystemExit("More pairs than the room set aside; raise `capacity`.")
    return asked, (query[:n].copy(), entry[:n].copy(), z[:n].copy())


def _resembles(one: str, other: str) -> bool:
    """Say whether half the words of one name resemble a word of the other."""
    ones, others = re.findall(r"\w+", one.lower()), re.findall(r"\w+", other.lower())
    near = sum(
        any(difflib.SequenceMatcher(None, a, b).ratio() >= 0.6 for b in others) for a in ones
    )
    return near * 2 >= len(ones)


def _parties(listed: Listed, texts: NDArray[Any]) -> list[str]:
    """Return a party for each list row; rows that read the same are one party."""
    parent: dict[str, str] = {}

    def find(x: str) -> str:
        parent.setdefault(x, x)
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    seen: dict[int, str] = {}
    for text, entity in zip(texts.tolist(), listed.entities, strict=True):
        if text in seen:
            parent[find(entity)] = find(seen[text])
        else:
            seen[text] = entity
    return [find(entity) for entity in listed.entities]


def _aliases(
    listed: Listed, index: Index, kinds: NDArray[np.uint8]
) -> tuple[Pairs, NDArray[np.bool_], NDArray[np.int64]]:
    """Return, for names of the list, the best other name of its party and of another party."""
    chance = random.Random(11)
    rows = [row for row in range(len(listed.names)) if not listed.is_weak[row]]
    chance.shuffle(rows)
    asked_rows = np.array(sorted(rows[:LIST_NAMES]))
    asked, (query, entry, z) = _compared(
        index, [listed.names[row] for row in asked_rows], kinds[asked_rows]
    )
    texts = np.array(index._names.heads[:, H_TEXT])
    party = np.array(_parties(listed, texts), object)
    keep = texts[asked_rows[query]] != texts[entry]
    query, entry, z = query[keep], entry[keep], z[keep]
    same = party[asked_rows[query]] == party[entry]
    chosen: list[int] = []
    labels: list[bool] = []
    done: set[tuple[int, bool]] = set()
    for k in np.lexsort((-z, query)).tolist():
        mark = (int(query[k]), bool(same[k]))
        if mark in done:
            continue
        done.add(mark)
        if mark[1] and not _resembles(listed.names[asked_rows[query[k]]], listed.names[entry[k]]):
            continue
        # a stranger's name that scores near the top is as good as the same name
        if not mark[1] and z[k] >= 1_000_000:
            continue
        chosen.append(k)
        labels.append(mark[1])
    rows_, entries = query[chosen], entry[chosen]
    pairs = Pairs(
        _features(asked, index.prepared, rows_, entries),
        _group(kinds[asked_rows[rows_]], kinds[entries]),
        rows_,
        entries,
    )
    folds = np.array([_fold(listed.entities[row]) for row in asked_rows[rows_]])
    return pairs, np.array(labels), folds


def read_learning() -> Learning:
    """Read and compare everything that is learned from (about two minutes)."""
    listed, queries, hand = read_listed(), read_queries(), read_hand_labelled()
    kinds = kind_codes([kind_of(word) for word in listed.types])
    index = Index.build(listed.entities, listed.names, kinds, version="fit")
    asked_kinds = kind_codes([kind_of(word) for word in queries.types])
    asked, (query, entry, _) = _compared(index, queries.names, asked_kinds)
    pairs = Pairs(
        _features(asked, index.prepared, query, entry),
        _group(asked_kinds[query], kinds[entry]),
        query,
        entry,
    )
    hand_kinds = kind_codes([_KINDS.get(schema, Kind.UNKNOWN) for schema in hand.schemas])
    everyone = np.arange(len(hand.ones), dtype=np.int32)
    hand_pairs = Pairs(
        _features(
            prepare(hand.ones, hand_kinds), prepare(hand.others, hand_kinds), everyone, everyone
        ),
        _group(hand_kinds, hand_kinds),
        everyone,
        everyone,
    )
    alias_pairs, alias_labels, alias_fold = _aliases(listed, index, kinds)
    return Learning(
        queries, listed, pairs,
        np.array([_fold(e or n) for e, n in zip(queries.entities, queries.names, strict=True)]),
        hand, hand_pairs, np.array([_fold(name.lower()) for name in hand.others]),
        alias_pairs, alias_labels, alias_fold,
    )  # fmt: skip


def _sums(pairs: Pairs, weights: Floats) -> Floats:
    """Return the logit of each pair under ``weights``, shape (3, features)."""
    out = np.empty(len(pairs.group))
    for lo in range(0, len(out), 200_000):
        part = slice(lo, lo + 200_000)
        x = pairs.features[part].astype(np.float32) / 1000
        z = x @ weights.T.astype(np.float32)
        out[part] = z[np.arange(len(x)), pairs.group[part]]
    return out


def _scores(z: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-z)))


def _chosen(learning: Learning, z: Floats) -> tuple[NDArray[Any], Floats, Floats]:
    """Return rows, labels and weights: a positive's best true pair, a negative's three best."""
    queries, pairs = learning.queries, learning.pairs
    entities = np.array(learning.listed.entities, object)
    is_true = entities[pairs.entry] == np.array(queries.entities, object)[pairs.query]
    positive = queries.is_positive[pairs.query]
    order = np.lexsort((-z, pairs.query))
    order = order[is_true[order] | ~positive[order]]
    asked = pairs.query[order]
    first = np.ones(len(order), bool)
    first[1:] = asked[1:] != asked[:-1]
    rank = np.arange(len(order)) - np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    keep = rank < np.where(positive[order], 1, 3)
    rows = order[keep]
    weights = np.where(rank[keep] == 0, 1.0, SECOND_NEGATIVE_WEIGHT)
    return rows, positive[rows].astype(float), weights


def _bounds() -> list[tuple[float | None, float | None]]:
    bounds: list[tuple[float | None, float | None]] = []
    for place, name in enumerate(FEATURES):
        if name == "slip_more":
            bounds.append((0.0, 0.0))
        elif name == "bias" or place >= F_PRODUCTS:
            bounds.append((None, None))
        elif name in POSITIVE:
            bounds.append((LEAST.get(name, 0.0), None))
        else:
            bounds.append((None, -LEAST.get(name, 0.0)))
    return bounds


def _minimize(
    x: Floats, group: NDArray[Any], y: Floats, weight: Floats, is_hand: Floats, start: Floats,
    l2: float,
) -> Floats:  # fmt: skip
    """Return (3 x features weights, 3 constants of the hand-labelled pairs), flat."""
    from scipy.optimize import minimize

    members = [np.flatnonzero(group == k) for k in range(3)]
    xs = [x[rows] for rows in members]
    total = weight.sum()
    cut = 3 * N_FEATURES

    def loss(p: Floats) -> tuple[float, Floats]:
        c = p[:cut].reshape(3, N_FEATURES)
        z = np.empty(len(group))
        for k in range(3):
            z[members[k]] = xs[k] @ c[k]
        z += is_hand * p[cut:][group]
        s = _scores(z)
        value = -(weight * (y * np.log(s + 1e-12) + (1 - y) * np.log(1 - s + 1e-12))).sum() / total
        r = weight * (s - y) / total
        slope = np.zeros_like(p)
        g = slope[:cut].reshape(3, N_FEATURES)
        for k in range(3):
            g[k] = xs[k].T @ r[members[k]]
        slope[cut:] = [(r * is_hand)[rows].sum() for rows in members]
        size = c.copy()
        size[:, 0] = 0
        value += l2 * (size**2).sum() / 100
        g += l2 * 2 * size / 100
        for k in (0, 2):
            apart = c[k] - c[1]
            apart[0] = 0
            value += l2 * (apart**2).sum() / 30
            g[k] += l2 * 2 * apart / 30
            g[1] -= l2 * 2 * apart / 30
        return float(value), slope

    bounds = _bounds() * 3 + [(None, None)] * 3
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500}
    )
    return np.asarray(found.x)


def fit(
    learning: Learning,
    *,
    left_out: int | None,
    l2: float,
    alias_weight: float,
    rounds: int,
) -> Floats:
    """Return weights, shape (3, features), learned from all but one fold."""
    p = np.concatenate([COEFFICIENTS.reshape(-1) / 1000, np.zeros(3)])
    hand = learning.hand_fold != left_out
    alias = learning.alias_fold != left_out
    n_hand, n_alias = int(hand.sum()), int(alias.sum())
    for _ in range(rounds):
        z = _sums(learning.pairs, p[: 3 * N_FEATURES].reshape(3, N_FEATURES))
        rows, y, w = _chosen(learning, z)
        inside = learning.query_fold[learning.pairs.query[rows]] != left_out
        rows, y, w = rows[inside], y[inside], w[inside]
        p = _minimize(
            np.vstack(
                [
                    learning.pairs.features[rows],
                    learning.hand_pairs.features[hand],
                    learning.alias_pairs.features[alias],
                ]
            ).astype(float)
            / 1000,
            np.concatenate(
                [
                    learning.pairs.group[rows],
                    learning.hand_pairs.group[hand],
                    learning.alias_pairs.group[alias],
                ]
            ),
            np.concatenate([y, learning.hand.is_match[hand], learning.alias_is_match[alias]]),
            np.concatenate([w, np.full(n_hand, HAND_WEIGHT), np.full(n_alias, alias_weight)]),
            np.concatenate([np.zeros(len(y)), np.ones(n_hand), np.zeros(n_alias)]),
            p,
            l2,
        )
    return p[: 3 * N_FEATURES].reshape(3, N_FEATURES)


def measured(learning: Learning, z: Floats, hand_z: Floats) -> dict[str, Any]:
    """Return the figures of logits of all pairs."""
    said: Answers = answers(
        learning.queries, learning.listed, learning.pairs.query, learning.pairs.entry, _scores(z)
    )
    found = quality(learning.queries, said)
    hand = hand_labelled_quality(learning.hand, _scores(hand_z))
    return {
        "f1": found["f1"],
        "recall_at_0.01": found["recall_at"]["0.01"]["recall"],
        "recall_at_0.05": found["recall_at"]["0.05"]["recall"],
        "real_alias_at_0.05": found["classes"]["+real_alias"]["share"],
        "hand_labelled_f1": hand["f1"],
        "hand_labelled_f1_interval": hand["f1_interval"],
    }


def cross_validated(learning: Learning, **settings: Any) -> dict[str, Any]:
    """Return the figures of pairs, each scored by weights that never saw its party."""
    z = np.zeros(len(learning.pairs.query))
    hand_z = np.zeros(len(learning.hand_fold))
    for fold in range(FOLDS):
        weights = fit(learning, left_out=fold, **settings)
        rows = learning.query_fold[learning.pairs.query] == fold
        z[rows] = _sums(learning.pairs, weights)[rows]
        out = learning.hand_fold == fold
        hand_z[out] = _sums(learning.hand_pairs, weights)[out]
    return measured(learning, z, hand_z)


def main() -> None:
    """Cross-validate, fit, compare; write the table where asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--l2", type=float, default=0.0003, help="pull towards smaller weights")
    parser.add_argument("--alias-weight", type=float, default=LIST_WEIGHT)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-folds", action="store_true", help="leave the cross-validation out")
    parser.add_argument("--figures", action="store_true", help="write results/screening_fit.json")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    settings = {
        "l2": asked.l2,
        "alias_weight": asked.alias_weight,
        "rounds": asked.rounds,
    }
    learning = read_learning()
    if asked.figures:
        kept = {
            "scorer_version": SCORER_VERSION,
            "measured_on": datetime.now(UTC).date().isoformat(),
            "settings": settings,
            "cross_validated": cross_validated(learning, **settings),
        }
        FIGURES.write_text(json.dumps(kept, indent=1) + "\n")
        return
    shipped = COEFFICIENTS.astype(float) / 1000
    figures: dict[str, Any] = {"settings": settings}
    figures["shipped"] = measured(
        learning, _sums(learning.pairs, shipped), _sums(learning.hand_pairs, shipped)
    )
    weights = fit(learning, left_out=None, **settings)
    figures["fitted"] = measured(
        learning, _sums(learning.pairs, weights), _sums(learning.hand_pairs, weights)
    )
    figures["largest_difference_from_shipped"] = round(float(np.abs(weights - shipped).max()), 3)
    if not asked.no_folds:
        figures["cross_validated"] = cross_validated(learning, **settings)
    print(json.dumps(figures, indent=1))
    if asked.write:
        table = {
            name: {f: round(float(weights[k, i]) * 1000) for i, f in enumerate(FEATURES)}
            for k, name in enumerate(GROUPS)
        }
        (TABLES / "coefficients.json").write_text(json.dumps(table, indent=1))
        print("Written. Run the benchmark and the tests; every score may have moved.")


if __name__ == "__main__":
    main()
