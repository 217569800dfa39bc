"""Finds the acts of a validation in a pack by what they set, not by the pack's name for them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from greenlane.core.marks import Mark
from greenlane.core.program import Program, Transition, UnknownRuleId
from greenlane.core.vocabulary import Axis, Purpose, ValidationStatus


class Doing(StrEnum):
    """What is done to a validation case."""

    OPEN = "open"
    SCHEDULE = "schedule"
    NOTIFY = "notify"
    WAIVE = "waive"
    VISIT = "visit"
    REPORT = "report"
    ANSWER = "answer"
    KEEP_OPEN = "keep_open"
    RECOMMEND = "recommend"
    DEFER = "defer"
    TAKE_UP = "take_up"
    CLOSE = "close"
    VALIDATE = "validate"
    REVALIDATE = "revalidate"
    RAISE_TIER = "raise_tier"
    LOWER_TIER = "lower_tier"


_MARKS: Final = {
    Doing.OPEN: Mark.VALIDATION_OPENED,
    Doing.SCHEDULE: Mark.VALIDATION_SCHEDULED,
    Doing.NOTIFY: Mark.VALIDATION_NOTIFIED,
    Doing.VISIT: Mark.VALIDATION_VISITED,
    Doing.REPORT: Mark.VALIDATION_REPORTED,
    Doing.ANSWER: Mark.VALIDATION_ANSWERED,
    Doing.RECOMMEND: Mark.ACTIONS_VERIFIED,
    Doing.DEFER: Mark.VALIDATION_DEFERRED,
    Doing.VALIDATE: Mark.VALIDATED,
    Doing.REVALIDATE: Mark.REVALIDATED,
    Doing.RAISE_TIER: Mark.TIER_RAISED,
    Doing.LOWER_TIER: Mark.TIER_LOWERED,
}
_DECIDING: Final = frozenset(_MARKS.values())
_TIERS: Final = frozenset({Doing.RAISE_TIER, Doing.LOWER_TIER})


def act_that(program: Program, doing: Doing) -> Transition:
    """Return the row of the pack's table that does it.

    Raises:
        UnknownRuleId: the pack has none: its program does without.
    """
    for row in program.transitions.values():
        if _does(row, doing):
            return row
    raise UnknownRuleId(
        "Pack {program} has no act that does {doing} in a validation.",
        program=program.id,
        doing=doing.value,
    )


def _does(row: Transition, doing: Doing) -> bool:
    mark = _MARKS.get(doing)
    if doing in _TIERS:
        # A granted appeal gives a tier back too; that is the appeal's act.
        return mark in row.marks and Axis.APPEAL not in row.sources
    # What carries a validation over from another account sets the mark too, without a case.
    if Axis.VALIDATION not in row.sources:
        return False
    if mark is not None:
        return mark in row.marks
    if doing is Doing.CLOSE:
        # A decision, or actions found done, close a visit as well; they are told from the plain
        # close by what else they set.
        return Mark.VALIDATION_CLOSED in row.marks and _DECIDING.isdisjoint(row.marks)
    target = row.changes.get(Axis.VALIDATION)
    value = target.value if target else ""
    if doing is Doing.KEEP_OPEN:
        return value == ValidationStatus.ACTIONS_OPEN
    if doing is Doing.TAKE_UP:
        return row.sources[Axis.VALIDATION] == {ValidationStatus.DEFERRED}
    return row.axis is Axis.VALIDATION and "visit_on" in row.requires and not row.marks


# What a case cannot do without, from its opening to the decision.
_NEEDED: Final = (
    Doing.OPEN,
    Doing.SCHEDULE,
    Doing.NOTIFY,
    Doing.VISIT,
    Doing.REPORT,
    Doing.ANSWER,
    Doing.RECOMMEND,
    Doing.VALIDATE,
    Doing.REVALIDATE,
)


def keeps_cases(program: Program) -> bool:
    """Tell whether the program's visits are kept as cases, with their own pages.

    A program whose table does several of these in one act, or does without some, drives its visits
    by the acts of the table like any other act.
    """
    rows = [[row for row in program.transitions.values() if _does(row, one)] for one in _NEEDED]
    if not all(rows):
        return False
    first = [found[0] for found in rows]
    return len({row.id for row in first}) == len(_NEEDED) and not first[0].requires


def is_of_case(program: Program, row: Transition) -> bool:
    """Tell whether an act is done on the pages of a case: they do more than the step."""
    return Axis.VALIDATION in row.sources and keeps_cases(program)


class OwnWay(StrEnum):
    """What of the office's own acts records more than the step, and so is done by its own action.

    ``PLAN``: a year's plan is adopted with its figures. ``OUTAGE``: an outage names its days.
    """

    PLAN = "plan"
    OUTAGE = "outage"


def own_way_of(program: Program, row: Transition) -> OwnWay | None:
    """Return how an act of the office is done; None: by the step alone."""
    if row.does is Purpose.DECREE_OUTAGE:
        return OwnWay.OUTAGE
    if Mark.ANNUAL_PLAN_ADOPTED in row.marks and keeps_cases(program):
        return OwnWay.PLAN
    return None


def inspectors(program: Program) -> frozenset[str]:
    """Return the roles that visit, judge and raise findings: those that open cases."""
    return act_that(program, Doing.OPEN).by


def plan_adopters(program: Program) -> frozenset[str]:
    """Return the roles that adopt the year's plan."""
    return _annual(program).by


def capacity_setters(program: Program) -> frozenset[str]:
    """Return the roles that decide on capacity: who adopts the plan, and who leads an office."""
    seconds = (row.second_by for row in program.transitions.values())
    return frozenset().union(plan_adopters(program), *seconds)


def _annual(program: Program) -> Transition:
    for row in program.transitions.values():
        if Mark.ANNUAL_PLAN_ADOPTED in row.marks:
            return row
    raise UnknownRuleId("Pack {program} has no act that adopts a plan.", program=program.id)


def act_that_adopts(program: Program) -> str:
    """Return the office's act that adopts a year's plan.

    Raises:
        UnknownRuleId: the pack has none.
    """
    return _annual(program).id
