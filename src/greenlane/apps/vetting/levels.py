"""The office's decision levels: from which score on a hit is looked at, and when it is an alert.

A level is an office decision on its own record, with who set it, when and why. Until somebody does,
the shipped levels hold. Every screening says with which levels it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from greenlane.apps.audit.actions import append, one_at_a_time_in
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.vetting.models import LevelDecision
from greenlane.core.access import check_role_among
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program
from greenlane.core.vocabulary import Power
from greenlane.screening.levels import DEFAULT_FLOOR, DEFAULT_LEVELS, Levels

OFFICE: Final = "office"
WORDS: Final = "vetting_detail"
MOST: Final = 1_000_000
SHIPPED: Final = {
    "review": round(DEFAULT_LEVELS.review * MOST),
    "alert": round(DEFAULT_LEVELS.alert * MOST),
}
"""The levels of an office that set none, in millionths."""
LOWEST: Final = round(DEFAULT_FLOOR * MOST)
"""Nothing below is ever kept, in millionths."""
MOST_WORDS: Final = 10_000


@dataclass(frozen=True, slots=True)
class LevelsInForce:
    """The levels in force, in millionths, and who set them; ``by`` is "" for the shipped ones."""

    review: int
    alert: int
    by: str = ""
    on: date | None = None
    words: str = ""

    @property
    def is_shipped(self) -> bool:
        """Tell whether the office has set none."""
        return self.on is None

    def as_json(self) -> dict[str, Json]:
        """Return the levels as a screening's event names them."""
        return {"review": self.review, "alert": self.alert}

    def as_levels(self) -> Levels:
        """Return the levels as the screener takes them, shares of 1."""
        return Levels(review=self.review / MOST, alert=self.alert / MOST)


def levels_in_force() -> LevelsInForce:
    """Return the levels every screening uses from now on; one query."""
    row = LevelDecision.objects.order_by("-seq").first()
    if row is None:
        return LevelsInForce(SHIPPED["review"], SHIPPED["alert"])
    return LevelsInForce(row.review, row.alert, row.by, row.on, row.words)


def is_made_with(recorded: Mapping[str, object], levels: LevelsInForce) -> bool:
    """Tell whether a screening was made with these levels.

    Args:
        recorded: What it says of its levels; empty for one older than the levels, which were the
            shipped ones.
        levels: The levels asked about.
    """
    return dict(recorded or SHIPPED) == levels.as_json()


@one_at_a_time_in(OFFICE)
def set_levels(
    *,
    program: Program,
    review: int,
    alert: int,
    words: str,
    by: Actor,
    at: datetime,
    via: str = "",
) -> LevelsInForce:
    """Set the office's levels; every account counts as not screened until it is, with these.

    Args:
        program: The pack.
        review: Score in millionths from which a hit is looked at, 250,000 to 1,000,000.
        alert: Score in millionths from which it is an alert, not below ``review``.
        words: Why, and on which curve; sealed.
        by: Who decides; a role that may confirm hits.
        at: The moment.

    Raises:
        RoleNotAllowed: the role may not confirm hits. BadInput: levels out of reach, unchanged, or
        without a reason. Conflict: the office's record changed meanwhile.
    """
    check_role_among(program, role=by.role, wanted=program.roles_that_may(Power.CONFIRM_HITS))
    if not LOWEST <= review <= alert <= MOST:
        raise BadInput(
            "Levels go from {lowest} to 1, and the alert level is not below the review level. "
            "Given were {review} and {alert}.",
            lowest=LOWEST / MOST,
            review=review / MOST,
            alert=alert / MOST,
        )
    why = words.strip()
    if not why:
        raise BadInput("Say why, and on which measurement: it is what an auditor asks for.")
    if len(why) > MOST_WORDS:
        raise BadInput("The reason is longer than {most} characters.", most=MOST_WORDS)
    before = levels_in_force()
    if (review, alert) == (before.review, before.alert):
        raise BadInput("These are the levels in force already.")
    today = program.day_of(at)
    payload: dict[str, Json] = {"review": review, "alert": alert}
    draft = EventDraft("levels", "levels.set", today, by.id, by.role, payload=payload, via=via)
    append(
        stream=OFFICE,
        expected=head_of(OFFICE).seq,
        drafts=[(draft, Sealed(WORDS, {"words": why}))],
        at=at,
        program=program,
    )
    return levels_in_force()


def millionths(share: float) -> int:
    """Return a level given as a share of 1 in millionths.

    Raises:
        BadInput: it is no number from 0 to 1.
    """
    if not 0 <= share <= 1:
        raise BadInput("A level is a share from 0 to 1.")
    return round(share * MOST)
