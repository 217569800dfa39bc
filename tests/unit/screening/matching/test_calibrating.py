"""The curve of recall against false alerts, and the levels it suggests."""

from __future__ import annotations

import pytest

from greenlane.screening.calibrate import Labelled, measure, wilson


def test_the_interval_is_wilsons() -> None:
    share = wilson(8, 10)

    assert share.value == 0.8
    assert [share.low, share.high] == pytest.approx([0.4902, 0.9433], abs=1e-4)
    assert wilson(0, 0).high == 1.0


def test_levels_are_the_lowest_that_keep_false_alerts_within_bounds() -> None:
    true = [Labelled(score / 100, score / 100) for score in range(1, 101)]
    false = [Labelled(None, score / 1000) for score in range(1000)]

    curve = measure([*true, *false])

    assert curve.review.threshold == pytest.approx(0.95)
    assert curve.alert.threshold == pytest.approx(0.99)
    assert curve.review.recall.value == pytest.approx(0.06)


def test_a_query_whose_party_was_not_found_counts_as_missed() -> None:
    curve = measure([Labelled(0.0, 0.9), Labelled(0.8, 0.8), Labelled(None, 0.1)])

    assert curve.best.recall.value == 0.5
    assert curve.best.threshold == 0.8


def test_a_curve_needs_both_kinds_of_queries() -> None:
    with pytest.raises(ValueError, match="without one"):
        measure([Labelled(0.5, 0.5)])
