"""How long a sealed record is kept: pure reading of a pack's retention rule. Erases nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from greenlane.core.lifecycle.standing import Step
from greenlane.core.program import RetentionRule


@dataclass(frozen=True, slots=True)
class Term:
    """The first day on which a record may be erased, None while none is in sight, and why."""

    until: date | None
    says: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Until when the sealed record of event ``seq`` is kept, and of whom it is.

    ``of`` is an opaque key where one stream holds many (a person, an organization, an offer), ""
    where the stream is one account's.
    """

    seq: int
    of: str
    term: Term


def kept_until(rule: RetentionRule, *, seq: int, recorded_on: date, steps: Sequence[Step]) -> Term:
    """Return until when the sealed record of event ``seq`` is kept.

    Counted from the latest of the rule's marks that was set with the event or after it: a company
    that left and came back has a new history, which an old closing does not end. A rule without
    marks counts from the day of the record itself; with a period of 0 days it asks for nothing, so
    such a record may be erased on request at any time.

    Args:
        rule: The retention rule of the record's category.
        seq: The event's place in the account's chain.
        recorded_on: Day the event was written down.
        steps: The account's steps.
    """
    if rule.period is None:
        return Term(None, "the office has not set a period, so it is kept")
    if not rule.anchors:
        until = rule.period.after(recorded_on)
        return Term(until, f"until {until}, {rule.period} after it was recorded")
    ends = [step for step in steps if step.seq >= seq and not rule.anchors.isdisjoint(step.marks)]
    if not ends:
        marks = ", ".join(sorted(mark.value for mark in rule.anchors))
        return Term(None, f"the period begins with {marks}, which has not happened since")
    latest = max(ends, key=lambda step: step.on)
    until = rule.period.after(latest.on)
    return Term(until, f"until {until}, {rule.period} after {latest.act} of {latest.on}")
