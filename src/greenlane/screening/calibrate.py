"""How many true names are found, and how many false alerts are paid for it, at each score.

Counts over labelled queries; suggests levels from them. Reading files and printing stand in
``greenlane.cli.screening``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z_95 = 1.959964
REVIEW_FALSE_SHARE = 0.05
ALERT_FALSE_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled query after screening.

    ``true_score``: best score of the party that should be found (0 when it was not), None for
    queries that nothing should be found for. ``top_score``: best score of anything.
    """

    true_score: float | None
    top_score: float


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % Wilson interval; all three from 0 to 1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold gives.

    Attributes:
        threshold: Scores at or above it alert.
        recall: Share of true names found.
        false_alerts: Share of unrelated names that alert.
        f1: Of finding against false alerts.
    """

    threshold: float
    recall: Share
    false_alerts: Share
    f1: float


@dataclass(frozen=True, slots=True)
class Curve:
    """The measured curve.

    Attributes:
        positives: Queries with a true party.
        negatives: Queries without one.
        points: From the highest threshold to the lowest.
        best: The point of the best F1.
        review: Suggested review level: at most 5 % of unrelated names reach it.
        alert: Suggested alert level: at most 1 % do.
    """

    positives: int
    negatives: int
    points: tuple[Point, ...]
    best: Point
    review: Point
    alert: Point


def wilson(hits: int, total: int) -> Share:
    """Return a share with its 95 % Wilson score interval; (0, 0, 1) when nothing was tried."""
    if total == 0:
        return Share(0.0, 0.0, 1.0)
    p = hits / total
    spread = 1 + Z_95**2 / total
    middle = (p + Z_95**2 / (2 * total)) / spread
    half = Z_95 * math.sqrt(p * (1 - p) / total + Z_95**2 / (4 * total**2)) / spread
    return Share(p, max(0.0, middle - half), min(1.0, middle + half))


def _at_or_above(ordered: Sequence[float], threshold: float) -> int:
    """Return how many of the descending ``ordered`` reach ``threshold``."""
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] >= threshold:
            low = middle + 1
        else:
            high = middle
    return low


def _point(threshold: float, found: Sequence[float], false: Sequence[float]) -> Point:
    hits = _at_or_above(found, threshold)
    alarms = _at_or_above(false, threshold)
    missed = len(found) - hits
    f1 = 2 * hits / (2 * hits + alarms + missed) if hits else 0.0
    return Point(threshold, wilson(hits, len(found)), wilson(alarms, len(false)), f1)


def _level(found: Sequence[float], false: Sequence[float], share: float) -> Point:
    """Return the lowest threshold (in hundredths) that at most ``share`` of the false reach."""
    chosen = _point(1.0, found, false)
    for hundredths in range(100, 0, -1):
        point = _point(hundredths / 100, found, false)
        if point.false_alerts.value > share:
            break
        chosen = point
    return chosen


def measure(labelled: Sequence[Labelled]) -> Curve:
    """Return the curve of labelled queries.

    Raises:
        ValueError: There is no query with, or none without, a true party.
    """
    found = sorted((q.true_score for q in labelled if q.true_score is not None), reverse=True)
    false = sorted((q.top_score for q in labelled if q.true_score is None), reverse=True)
    if not found or not false:
        message = "A curve needs queries with a true party and queries without one."
        raise ValueError(message)
    points = tuple(_point(step / 20, found, false) for step in range(20, 0, -1))
    candidates = sorted({score for score in [*found, *false] if score > 0}) or [1.0]
    best = max((_point(score, found, false) for score in candidates), key=lambda p: p.f1)
    return Curve(
        positives=len(found),
        negatives=len(false),
        points=points,
        best=best,
        review=_level(found, false, REVIEW_FALSE_SHARE),
        alert=_level(found, false, ALERT_FALSE_SHARE),
    )
