"""An account's standing: the fold of its steps, on any day, as known then or as known now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, cast

from greenlane.core.canonical import Json
from greenlane.core.facts import FactValue
from greenlane.core.marks import Mark
from greenlane.core.program import Program
from greenlane.core.vocabulary import Axis, MembershipStatus, Origin, Tier

OPENING: Final = {
    Axis.MEMBERSHIP: "NONE",
    Axis.TIER: "NONE",
    Axis.PROFILE: "NONE",
    Axis.VETTING: "NOT_STARTED",
    Axis.VALIDATION: "NONE",
    Axis.APPEAL: "NONE",
    Axis.ELIGIBILITY_REVIEW: "NONE",
}


_NOTHING: Final[Mapping[Axis, str]] = {}
_NO_CODES: Final[Mapping[str, str]] = {}


class Step(NamedTuple):
    """What one event did to an account's standing, without anything personal.

    ``seq`` is the event's place in the account's chain; ``on`` the day it takes effect;
    ``recorded_on`` the day it was written down, in the office's time zone. ``given`` holds codes
    and ISO days. ``before_loss`` is the (membership, tier) that a suspension or removal took away.
    A named tuple, for a due list makes some hundred thousand of them.
    """

    seq: int
    act: str
    on: date
    recorded_on: date
    changes: Mapping[Axis, str] = _NOTHING
    marks: tuple[Mark, ...] = ()
    given: Mapping[str, str] = _NO_CODES
    before_loss: tuple[str, str] | None = None
    origin: Origin = Origin.HERE

    def as_json(self) -> Json:
        """Return the compact form kept in the anchor projection."""
        return [
            self.seq,
            self.act,
            self.on.isoformat(),
            self.recorded_on.isoformat(),
            {axis.value: value for axis, value in self.changes.items()},
            [mark.value for mark in self.marks],
            dict(self.given),
            list(self.before_loss) if self.before_loss else None,
            self.origin.value,
        ]

    @classmethod
    def from_json(cls, row: Json) -> Step:
        """Return the step that `as_json` wrote; trusts its input, which the record proves."""
        seq, act, on, recorded_on, changes, marks, given, before, origin = cast("list[Json]", row)
        pair = cast("list[str] | None", before)
        return cls(
            cast("int", seq),
            cast("str", act),
            date.fromisoformat(cast("str", on)),
            date.fromisoformat(cast("str", recorded_on)),
            {_AXES[k]: v for k, v in cast("dict[str, str]", changes).items()},
            tuple(_MARKS[m] for m in cast("list[str]", marks)),
            cast("dict[str, str]", given),
            (pair[0], pair[1]) if pair else None,
            _ORIGINS[cast("str", origin)],
        )


# Plain dictionaries: an enum call costs five times as much, and 12,000 accounts are read at once.
_AXES: Final = {axis.value: axis for axis in Axis}
_MARKS: Final = {mark.value: mark for mark in Mark}
_ORIGINS: Final = {origin.value: origin for origin in Origin}


_DECIDED: Final = (Mark.DECIDED_NONCOMPLIANCE, Mark.DECIDED_FALSEHOOD)


@dataclass(frozen=True, slots=True)
class Since:
    """Which step set a value: the "since when, by what" beside every status."""

    on: date
    seq: int
    act: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an account stands: a pure function of its steps."""

    entity_type: str
    axes: Mapping[Axis, str] = field(default_factory=lambda: dict(OPENING))
    since: Mapping[Axis, Since] = field(default_factory=dict)
    latest: Mapping[Mark, Step] = field(default_factory=dict)
    before_loss: tuple[str, str] | None = None
    benefits_suspended_in_part: bool = False
    last_seq: int = 0

    @property
    def membership(self) -> MembershipStatus:
        """The membership status."""
        return MembershipStatus(self.axes[Axis.MEMBERSHIP])

    @property
    def tier(self) -> Tier:
        """The tier; ``Tier.NONE`` for entity types without tiers and before certification."""
        return Tier(self.axes[Axis.TIER])

    @property
    def latest_decision(self) -> Step | None:
        """The latest decision against the company that it may appeal, or None."""
        found = [self.latest[mark] for mark in _DECIDED if mark in self.latest]
        return max(found, key=lambda step: step.seq, default=None)

    def facts(self, program: Program, *, on: date) -> dict[str, FactValue]:
        """Return everything the record itself knows on ``on``; duties are added by the caller."""
        entity = program.entity_types.get(self.entity_type)
        known: dict[str, FactValue] = {
            **_NO_MARKS,
            "act.on": on,
            "standing.entity_type": self.entity_type,
            "standing.is_tiered": bool(entity and entity.tiers),
            "standing.benefits_suspended_in_part": self.benefits_suspended_in_part,
        }
        for axis, value in self.axes.items():
            known[f"standing.{axis.value}"] = value
        suspended = self.latest.get(Mark.SUSPENDED)
        if suspended is not None:
            known["standing.suspension_ground"] = suspended.given.get("ground", "")
        if Axis.MEMBERSHIP in self.since:
            known["standing.since_act"] = self.since[Axis.MEMBERSHIP].act
        if self.before_loss:
            known["standing.suspended_from"] = self.before_loss[0]
        decision = self.latest_decision
        if decision is not None:
            known["standing.decided_act"] = decision.act
            known["standing.decided_falsehood"] = Mark.DECIDED_FALSEHOOD in decision.marks
        filed = self.latest.get(Mark.APPEAL_FILED)
        known["standing.decided_after_appeal"] = bool(
            decision and filed and decision.seq > filed.seq
        )
        for mark, step in self.latest.items():
            has, day, days_since = _FACTS_OF_MARKS[mark]
            known[has] = True
            known[day] = step.on
            known[days_since] = (on - step.on).days
        return known


# The record is complete, so an absent mark is a known "no", not an unknown.
_NO_MARKS: Final[Mapping[str, FactValue]] = {f"has.{mark.value}": False for mark in Mark}
_FACTS_OF_MARKS: Final = {
    mark: (f"has.{mark.value}", f"mark.{mark.value}", f"days_since.{mark.value}") for mark in Mark
}


def apply(standing: Standing, steps: Iterable[Step]) -> Standing:
    """Return the standing after ``steps``. Never refuses: what is on the record has happened."""
    axes, since, latest = dict(standing.axes), dict(standing.since), dict(standing.latest)
    before_loss, last_seq = standing.before_loss, standing.last_seq
    in_part = standing.benefits_suspended_in_part
    for step in steps:
        for axis, value in step.changes.items():
            if axes.get(axis) != value or axis not in since:
                since[axis] = Since(step.on, step.seq, step.act)
            axes[axis] = value
        for mark in step.marks:
            latest[mark] = step
        if Mark.PARTLY_SUSPENDED in step.marks:
            in_part = True
        elif not RESTORING.isdisjoint(step.marks):
            in_part = False
        if step.before_loss is not None:
            before_loss = step.before_loss
        elif not _SETTLING.isdisjoint(step.marks):
            before_loss = None
        last_seq = step.seq
    return Standing(standing.entity_type, axes, since, latest, before_loss, in_part, last_seq)


RESTORING: Final = frozenset({Mark.PARTLY_RESTORED, Mark.OPENED, Mark.REAPPLIED})
"""Marks that end what was taken in part. A full suspension and its end give nothing of it back by
themselves, for that decision stands; a row that does says so by its mark."""
# What once was lost is settled when it was given back, or when the account was placed anew: else a
# later grant would hand out a tier of years ago.
_SETTLING: Final = frozenset(
    {
        Mark.REINSTATED,
        Mark.OPENED,
        Mark.REAPPLIED,
        Mark.CERTIFIED,
        Mark.VALIDATED,
        Mark.TIER_RAISED,
    }
)


def fold(entity_type: str, steps: Iterable[Step]) -> Standing:
    """Return the standing that follows from ``steps``, in the order of the chain."""
    return apply(Standing(entity_type), corrected(steps))


CORRECTS: Final = "corrects"
"""What a step gives that corrects another one's day: that step's place in the chain."""
RIGHT_ON: Final = "right_on"


def corrected(steps: Iterable[Step]) -> list[Step]:
    """Return the steps with the days that later steps among them correct.

    A carried-over day that was copied wrongly is put right by a step of its own; both stay on the
    record. The corrected step keeps its place, for what came after it still came after it.
    """
    rows = list(steps)
    right = {row.given[CORRECTS]: row.given[RIGHT_ON] for row in rows if CORRECTS in row.given}
    if not right:
        return rows
    return [
        row._replace(on=date.fromisoformat(right[str(row.seq)])) if str(row.seq) in right else row
        for row in rows
    ]


def known_on(steps: Iterable[Step], *, on: date, known_now: bool = False) -> list[Step]:
    """Return the steps that count on ``on``.

    As known then (default): recorded by that day. ``known_now``: whatever took effect by that day,
    however late it was recorded (ruling R24). So it is with corrected days.
    """
    known = corrected(step for step in steps if known_now or step.recorded_on <= on)
    return [step for step in known if step.on <= on]


def has_benefits(program: Program, standing: Standing) -> bool:
    """Tell whether benefits are active: derived from the standing, never stored (P7)."""
    rule = program.statuses.get(standing.membership)
    return bool(rule and rule.may_have_benefits)
