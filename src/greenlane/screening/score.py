"""Coefficients of the score and the way from their sum to a number between 0 and 1.

The score is a logistic sum: evidence for each pairing, costs for what differs. The coefficients are
fitted by ``benchmarks/screening/fit.py`` on labelled pairs and shipped as whole numbers.
"""

from __future__ import annotations

import json
import math

import numpy as np
from numpy.typing import NDArray

from greenlane.screening.kernel.align import FEATURES
from greenlane.screening.versions import TABLES

GATE_SHARE = 45  # per cent of the lighter name's weight that a candidate must share
GATE_MOST = 28  # per cent of the heavier name's weight that a candidate must share
GATE_MASS = 65  # weight a candidate must share, unless it shares nearly all of the lighter name
GATE_SUM = 92  # per cent of both weights, added up, that a candidate must share
UNIT = 1_000_000  # a logit in the kernel's whole numbers


def _read_coefficients() -> NDArray[np.int64]:
    """Return the coefficients, shape (3, features): persons, organizations, craft."""
    table = json.loads((TABLES / "coefficients.json").read_text())
    rows = [
        [int(table[group].get(name, 0)) for name in FEATURES]
        for group in ("person", "organization", "craft")
    ]
    return np.array(rows, np.int64)


COEFFICIENTS = _read_coefficients()


def score_of(z: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return scores (0 to 1, six digits) of kernel sums."""
    return np.round(1.0 / (1.0 + np.exp(-z / UNIT)), 6)


def floor_to_logit(floor: float) -> int:
    """Return the least kernel sum whose score reaches ``floor``."""
    if floor <= 0:
        return -(2**62)
    if floor >= 1:
        return 2**62
    # the score is rounded to six digits: half a unit of the last digit is granted
    target = max(floor - 0.4e-6, 1e-9)
    return math.floor(UNIT * math.log(target / (1 - target)))
