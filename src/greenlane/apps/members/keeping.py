"""How long the words on the office's own record are kept. Reads the record; erases nothing.

No account's history ends there, so no mark that a retention rule counts from is ever set: what
counts is the day on which the act has done what it was for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from greenlane.apps.audit.projection import Fields
from greenlane.apps.audit.queries import events_of
from greenlane.apps.audit.retention import Kept, Term
from greenlane.core.program import RetentionRule

OFFICE: Final = "office"
_HOLDING: Final = frozenset({"confirmation", "levels"})
"""Decisions that hold until the next one: who relies on one may ask for its reason."""
_OF: Final = ("program", "criterion", "entity_type")
"""What such a decision is on, where it is on one thing of many."""


def keep_office(rule: RetentionRule, events: Sequence[Fields]) -> list[Kept]:
    """Return until when a rule keeps the sealed words of events of the office's record.

    The period runs from the day of an act, from the last day of an outage, and for what holds until
    it is decided again (levels, confirmations) from the day of the next decision. One query at
    most.
    """
    following = _following() if any(event["kind"] in _HOLDING for event in events) else {}
    return [
        Kept(event["seq"], "", _term(rule, event, following.get(event["seq"]))) for event in events
    ]


def _term(rule: RetentionRule, event: Fields, replaced_on: date | None) -> Term:
    if rule.period is None:
        return Term(None, "the office has not set a period, so it is kept")
    begins, since = date.fromisoformat(event["recorded_on"]), f"{event['act']} was recorded"
    if event["kind"] == "step":
        ends = event["payload"]["given"].get("ends_on", "")
        if ends and date.fromisoformat(ends) > begins:
            begins, since = date.fromisoformat(ends), "the outage ended"
    elif event["kind"] in _HOLDING:
        if replaced_on is None:
            return Term(None, "it holds until the office decides again")
        begins, since = replaced_on, "the office decided again"
    until = rule.period.after(begins)
    return Term(until, f"until {until}, {rule.period} after {since} on {begins}")


def _following() -> dict[int, date]:
    """Return the day of the next decision on the same, for each that was decided again."""
    last: dict[tuple[object, ...], int] = {}
    found: dict[int, date] = {}
    for event in events_of(OFFICE, kinds=_HOLDING):
        payload = event.fields["payload"]
        subject = (event.kind, *(payload.get(name) for name in _OF))
        if subject in last:
            found[last[subject]] = date.fromisoformat(str(event.fields["recorded_on"]))
        last[subject] = event.seq
    return found
