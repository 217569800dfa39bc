"""What a score means to the office: its decision levels, and the lowest score ever returned.

Apart from the screener, so that whoever only names a level need not load it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

DEFAULT_FLOOR: Final = 0.25


class Level(StrEnum):
    """What the office is to do: act on an ALERT, look at a REVIEW, nothing at NONE."""

    ALERT = "ALERT"
    REVIEW = "REVIEW"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Levels:
    """The office's decision levels, scores from 0 to 1; ``alert`` is not below ``review``.

    Take them from the curve that ``greenlane screening calibrate`` measures on labelled names.
    """

    review: float
    alert: float

    def level_of(self, score: float) -> Level:
        """Return the level of a score."""
        if score >= self.alert:
            return Level.ALERT
        return Level.REVIEW if score >= self.review else Level.NONE


DEFAULT_LEVELS = Levels(review=0.5, alert=0.85)
"""Measured by ``greenlane screening calibrate`` on the labelled public names, by name alone: 93.6 %
of true names reach the review level and 88.2 % the alert level; of names that should not alert,
3.9 % and 1.0 % do. Four in ten of the latter were built to be hard (see the manual)."""
