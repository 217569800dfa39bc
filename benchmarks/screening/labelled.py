"""The labelled names that screening is measured on, and what an engine's answers come to.

Needs NumPy alone, so that the peers' environment can import it without Greenlane. The files and the
rules of scoring are described in the README beside them (``matching`` in the shared data).
"""

from __future__ import annotations

import csv
import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FALSE_SHARES = (0.01, 0.05, 0.10)
LEVELS = (0.85, 0.70, 0.50, 0.36, 0.25)
RESAMPLES = 2000
Z_95 = 1.959964
Floats = NDArray[np.float64]


def matching_folder() -> Path:
    """Return the folder of labelled names; it need not exist."""
    default = Path(__file__).resolve().parents[3] / "shared" / "data"
    return Path(os.environ.get("GREENLANE_SHARED_DATA", default)) / "matching"


@dataclass(frozen=True)
class Listed:
    """The list to index: parallel columns. ``types`` are the file's words (individual ...)."""

    entities: list[str]
    names: list[str]
    types: list[str]
    is_weak: list[bool]


@dataclass(frozen=True)
class Queries:
    """Queries: parallel columns; ``entities`` is empty where nothing should be found."""

    names: list[str]
    types: list[str]
    is_positive: NDArray[np.bool_]
    entities: list[str]
    categories: list[str]

    def take(self, rows: NDArray[np.int64]) -> Queries:
        """Return some of the queries."""
        chosen = rows.tolist()
        return Queries(
            [self.names[row] for row in chosen],
            [self.types[row] for row in chosen],
            self.is_positive[rows],
            [self.entities[row] for row in chosen],
            [self.categories[row] for row in chosen],
        )

    def sample(self, count: int) -> Queries:
        """Return ``count`` queries, half of them positives, the same ones every time."""
        if count >= len(self.names):
            return self
        chance = np.random.default_rng(5)
        rows = [
            chance.choice(np.flatnonzero(self.is_positive == side), count // 2, replace=False)
            for side in (True, False)
        ]
        return self.take(np.sort(np.concatenate(rows)))


@dataclass(frozen=True)
class HandLabelled:
    """Pairs labelled by other people: parallel columns; schemas are those of the file."""

    schemas: list[str]
    ones: list[str]
    others: list[str]
    is_match: NDArray[np.bool_]


def _rows(name: str) -> list[dict[str, str]]:
    with (matching_folder() / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read_listed() -> Listed:
    """Return the list of 37,526 names."""
    rows = _rows("screening_list.csv")
    return Listed(
        [row["entity_id"] for row in rows],
        [row["name"] for row in rows],
        [row["entity_type"] for row in rows],
        [row["name_kind"] == "weak" for row in rows],
    )


def read_queries() -> Queries:
    """Return the 6,000 labelled queries."""
    rows = _rows("queries.csv")
    return Queries(
        [row["name"] for row in rows],
        [row["schema"] for row in rows],
        np.array([row["label"] == "1" for row in rows]),
        [row["entity_id"] for row in rows],
        [row["category"] for row in rows],
    )


def read_hand_labelled() -> HandLabelled:
    """Return the 414 pairs of the hand-labelled half."""
    rows = _rows("name_bench_half.csv")
    return HandLabelled(
        [row["schema"] for row in rows],
        [row["name1"] for row in rows],
        [row["name2"] for row in rows],
        np.array([row["is_match"] == "true" for row in rows]),
    )


def _varied(chance: random.Random, name: str) -> str:
    draw = chance.random()
    if draw < 0.3:
        return name.lower()
    if draw < 0.5:
        return name.upper()
    if draw < 0.65 and len(name) > 4:
        at = chance.randrange(1, len(name) - 1)
        return name[:at] + name[at + 1 :]
    if draw < 0.8:
        return " ".join(reversed(name.split()))
    if len(name) > 4:
        at = chance.randrange(1, len(name) - 1)
        return name[:at] + chance.choice("abcdefghijklmnopqrstuvwxyz") + name[at:]
    return name


def many_names(count: int) -> tuple[list[str], list[str]]:
    """Return names and types to measure speed with: every query, 10,000 people, then variants.

    The variants (case, one letter lost or added, words turned round) keep any engine from being
    measured on names it has seen before.
    """
    queries = read_queries()
    known = list(zip(queries.names, queries.types, strict=True))
    chosen = list(known)
    for name in ("yente_negatives_global.csv", "yente_negatives_us.csv"):
        chosen += [(row["full_name"], "individual") for row in _rows(name)]
    chance = random.Random(7)
    while len(chosen) < count:
        name, kind = chance.choice(known)
        chosen.append((_varied(chance, name), kind))
    chance.shuffle(chosen)
    return [name for name, _ in chosen[:count]], [kind for _, kind in chosen[:count]]


@dataclass(frozen=True)
class Answers:
    """What an engine said: for each query the best score of its true party, and of any party."""

    true: Floats
    top: Floats


def answers(
    queries: Queries,
    listed: Listed,
    rows: NDArray[Any],
    entries: NDArray[Any],
    scores: Floats,
) -> Answers:
    """Return the answers that pairs of (query row, list row, score) come to."""
    true, top = np.zeros(len(queries.names)), np.zeros(len(queries.names))
    np.maximum.at(top, rows, scores)
    is_true = np.array(listed.entities, object)[entries] == np.array(queries.entities, object)[rows]
    np.maximum.at(true, rows[is_true], scores[is_true])
    return Answers(true, top)


def wilson(hits: int, total: int) -> list[float]:
    """Return the 95 % Wilson score interval of a share."""
    share = hits / total
    spread = 1 + Z_95**2 / total
    middle = (share + Z_95**2 / (2 * total)) / spread
    half = Z_95 * (share * (1 - share) / total + Z_95**2 / (4 * total**2)) ** 0.5 / spread
    return [round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)]


def _best_f1(found: Floats, false: Floats) -> tuple[float, float, float, float]:
    """Return (F1, threshold, precision, recall) at the threshold of the best F1."""
    found, false = np.sort(found), np.sort(false)
    at = np.unique(np.concatenate([found, false]))
    at = at[at > 0]
    hits = len(found) - np.searchsorted(found, at)
    alarms = len(false) - np.searchsorted(false, at)
    f1 = 2 * hits / (hits + alarms + len(found))
    k = int(f1.argmax())
    return float(f1[k]), float(at[k]), float(hits[k] / (hits[k] + alarms[k])), hits[k] / len(found)


def _limit(false: Floats, share: float) -> float:
    """Return the score that ``share`` of the negatives are above; a true name must be above it."""
    ordered = np.sort(false)[::-1]
    return float(ordered[int(len(ordered) * share)])


def quality(queries: Queries, said: Answers) -> dict[str, Any]:
    """Return F1 and recall at stated false-alert rates, with intervals, and every class.

    Intervals: 95 % percentile bootstrap; positives and negatives are drawn anew each time and the
    threshold is taken anew from the drawn negatives, so that its own chance counts. Classes: 95 %
    Wilson intervals at the threshold of 5 % false alerts.
    """
    positive = queries.is_positive
    found, false = said.true[positive], said.top[~positive]
    f1, threshold, precision, recall = _best_f1(found, false)
    chance = np.random.default_rng(1)
    draws: dict[str, list[float]] = {key: [] for key in ("f1", "0.01", "0.05", "0.1")}
    for _ in range(RESAMPLES):
        some = found[chance.integers(0, len(found), len(found))]
        others = false[chance.integers(0, len(false), len(false))]
        draws["f1"].append(_best_f1(some, others)[0])
        for share in FALSE_SHARES:
            draws[f"{share:g}"].append(float((some > _limit(others, share)).mean()))
    spans = {
        key: [round(float(v), 4) for v in np.percentile(values, [2.5, 97.5])]
        for key, values in draws.items()
    }
    return {
        "queries": len(queries.names),
        "f1": round(f1, 4),
        "f1_interval": spans["f1"],
        "f1_threshold": round(threshold, 4),
        "precision": round(precision, 4),
        "recall": round(float(recall), 4),
        "recall_at": {
            f"{share:g}": {
                "recall": round(float((found > _limit(false, share)).mean()), 4),
                "interval": spans[f"{share:g}"],
                "threshold": round(_limit(false, share), 4),
            }
            for share in FALSE_SHARES
        },
        "found_at_all": round(float((found > 0).mean()), 4),
        "true_party_first": round(
            float(((found > 0) & (found >= said.top[positive] - 1e-12)).mean()), 4
        ),
        "classes": _classes(queries, said, _limit(false, 0.05)),
    }


def at_levels(queries: Queries, said: Answers) -> dict[str, dict[str, Any]]:
    """Return what an office gets that alerts at a score: `LEVELS` to recall and false alerts.

    A name alerts at or above the level, as in the product. Shares with 95 % Wilson intervals.
    """
    found, false = said.true[queries.is_positive], said.top[~queries.is_positive]
    return {
        f"{level:.2f}": {
            name: {
                "share": round(float((scores >= level).mean()), 4),
                "interval": wilson(int((scores >= level).sum()), len(scores)),
            }
            for name, scores in (("found", found), ("false", false))
        }
        for level in LEVELS
    }


def _classes(queries: Queries, said: Answers, limit: float) -> dict[str, dict[str, Any]]:
    """Return for each class how many were found (+) or falsely alerted (-) at 5 % false alerts."""
    out: dict[str, dict[str, Any]] = {}
    kinds = sorted(set(zip((~queries.is_positive).tolist(), queries.categories, strict=True)))
    categories = np.array(queries.categories)
    for is_negative, category in kinds:
        rows = (queries.is_positive != is_negative) & (categories == category)
        scores = said.top[rows] if is_negative else said.true[rows]
        hits, total = int((scores > limit).sum()), int(rows.sum())
        out[f"{'-' if is_negative else '+'}{category}"] = {
            "n": total,
            "share": round(hits / total, 4),
            "interval": wilson(hits, total),
        }
    return out


def hand_labelled_quality(pairs: HandLabelled, scores: Floats) -> dict[str, Any]:
    """Return the best F1 of pair scores with its bootstrap interval, and recall at 5 %."""
    match = pairs.is_match

    def best(rows: NDArray[Any]) -> tuple[float, float]:
        s, y = scores[rows], match[rows]
        at = np.unique(s)
        ordered, hits = np.sort(s), np.sort(s[y])
        called = len(s) - np.searchsorted(ordered, at)
        right = len(hits) - np.searchsorted(hits, at)
        f1 = 2 * right / (called + y.sum())
        k = int(f1.argmax())
        return float(f1[k]), float(at[k])

    f1, threshold = best(np.arange(len(match)))
    chance = np.random.default_rng(1)
    drawn = [best(chance.integers(0, len(match), len(match)))[0] for _ in range(RESAMPLES)]
    limit = _limit(scores[~match], 0.05)
    return {
        "pairs": len(match),
        "f1": round(f1, 4),
        "f1_interval": [round(float(v), 4) for v in np.percentile(drawn, [2.5, 97.5])],
        "f1_threshold": round(threshold, 4),
        "recall_at_0.05": round(float((scores[match] > limit).mean()), 4),
    }
