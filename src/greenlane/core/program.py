"""A program as data: the frozen objects that a pack's files are read into.

Reading and checking the files is ``greenlane.content``'s work; deciding with them is
``core.lifecycle``'s and ``core.deadlines``'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final, TypeVar

from greenlane.core.calendar import HolidayRule, Period, WorkingCalendar
from greenlane.core.errors import NotFound
from greenlane.core.marks import Mark
from greenlane.core.rules.tree import Rule
from greenlane.core.text import Text
from greenlane.core.vocabulary import Axis, Confidence, DutyNature, MembershipStatus, Side, Tier

_T = TypeVar("_T")


class UnknownRuleId(NotFound):
    """The pack has no rule of this id."""

    code = "pack.unknown_id"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from: a citation a lawyer can look up, and how sure we are of it."""

    citation: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """One role of the program; ``may_sign`` roles can bind the company."""

    id: str
    side: Side
    title: Text
    meaning: Text
    may_sign: bool = False
    may_record_outside: bool = False


@dataclass(frozen=True, slots=True)
class StatusRule:
    """How this program uses a canonical membership status."""

    status: MembershipStatus
    title: Text
    meaning: Text
    source: Source
    is_terminal: bool = False
    is_active: bool = False
    may_have_benefits: bool = False


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition of a step. ``holds_outside`` guards are asked of outside decisions too."""

    code: str
    rule: Rule
    message: Text
    source: Source
    holds_outside: bool = False


class TargetRule(StrEnum):
    """How a step finds the value it sets."""

    VALUE = "value"
    BEFORE_LOSS = "before_loss"
    ENTRY_TIER = "entry_tier"
    VALIDATED_TIER = "validated_tier"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Target:
    """The value a step sets on one axis: fixed, or found by a rule.

    For ``GIVEN``, ``allowed`` holds the values that the act may give.
    """

    rule: TargetRule
    value: str = ""
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Transition:
    """One lawful step: from where, to what, by whom, on which conditions, by what authority.

    ``sources`` names for each axis the states the step may start from; an axis that is not named
    does not matter. ``requires`` names what the act must give (``ground``, ``reason``, ...).
    ``may_give`` names what it may give besides; anything else is refused, since an event is never
    erased. ``reasons`` are the families of reason codes it takes (``other`` always fits).
    ``is_office_only``: that it happened is law-enforcement detail, which no company reads.
    """

    id: str
    axis: Axis
    title: Text
    sources: Mapping[Axis, frozenset[str]]
    changes: Mapping[Axis, Target]
    by: frozenset[str]
    guards: tuple[str, ...]
    marks: tuple[Mark, ...]
    source: Source
    second_by: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    is_decision: bool = False
    stream: str = "account"
    is_office_only: bool = False
    may_give: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    meaning: Text = field(default_factory=lambda: Text({"en": ""}))


GIVEN: Final = frozenset(
    {
        "agreement",
        "text_sha256",
        "language",
        "assessed_on",
        "specialist",
        "ground",
        "reason",
        "duty",
        "risk_band",
        "into_account",
        "source_account",
        "visit_on",
        "effort_days",
        "new_due_on",
        "starts_on",
        "ends_on",
        "includes_office",
        "outcome",
    }
)
"""What an act may be asked to give (``requires``); codes and days, never words."""


class Count(StrEnum):
    """How a deadline counts."""

    AFTER = "after"
    BEFORE_VISIT = "before_visit"
    YEARLY = "yearly"
    WINDOWS = "windows"
    EFFORT = "effort"
    CALENDAR = "calendar"
    SPAN = "span"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One rule of the deadline register: what it is counted from, and what meets it.

    ``period`` None means the office has not set it: no duty is computed, and every guard that asks
    for it answers "cannot tell". ``by_band`` gives the period for a risk band of the anchor.
    ``ended_by`` ends the duty without meeting it. ``met_since`` names the mark from which on a
    meeting step counts, even one before the anchor. ``is_office_only``: no company reads of it.
    """

    id: str
    title: Text
    owed_by: Side
    nature: DutyNature
    count: Count
    anchors: frozenset[Mark]
    met_by: frozenset[Mark]
    source: Source
    period: Period | None = None
    window: Period | None = None
    reopened_by: frozenset[Mark] = frozenset()
    ended_by: frozenset[Mark] = frozenset()
    met_since: frozenset[Mark] = frozenset()
    by_band: Mapping[str, Period] = field(default_factory=dict)
    on_day: HolidayRule | None = None
    every_years: int = 1
    starts_on: date | None = None
    limit_days: int | None = None
    rolls: bool = False
    survives_closing: bool = False
    any_review_counts: bool = False
    qualifier: Text | None = None
    stream: str = "account"
    is_office_only: bool = False

    @property
    def is_unset(self) -> bool:
        """Tell whether the office has still to set the period."""
        return self.count is Count.AFTER and self.period is None and not self.by_band


@dataclass(frozen=True, slots=True)
class EligibilityRule:
    """One eligibility statement with its rule, for one or more entity types."""

    id: str
    title: Text
    rule: Rule
    source: Source
    remedy: Text


@dataclass(frozen=True, slots=True)
class Question:
    """How a declared fact is asked for on a form."""

    fact: str
    text: Text
    help: Text
    choices: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntityType:
    """One kind of company: its eligibility rules, identifiers and tiers."""

    id: str
    title: Text
    meaning: Text
    entry_tier: Tier
    validated_tier: Tier
    tiers: frozenset[Tier]
    eligibility: tuple[EligibilityRule, ...]
    identifiers: tuple[str, ...]
    source: Source
    is_overlay: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground for suspension or removal; ``appeal`` names the kind of decision it makes."""

    code: str
    title: Text
    source: Source
    is_falsehood: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """The text an officer signs; its hash is kept with the signature."""

    id: str
    title: Text
    text: Text
    valid_from: date
    source: Source
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class VettingCheck:
    """One check a vetting record must hold, per program."""

    id: str
    title: Text
    is_required: bool
    expires_after: Period | None
    source: Source


@dataclass(frozen=True, slots=True)
class Benefit:
    """One benefit and the tiers that have it."""

    id: str
    title: Text
    tiers: frozenset[Tier]
    source: Source


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long a class of personal records is kept, counted from which mark."""

    id: str
    title: Text
    anchors: frozenset[Mark]
    period: Period | None
    source: Source


@dataclass(frozen=True, slots=True)
class StartItem:
    """One line of what an office settles before it opens: a decision to take, or an easement.

    ``suggestion`` is ours, where we have one; ``sets`` names what in the pack the decision settles.
    """

    id: str
    area: Text
    text: Text
    source: Source
    suggestion: Text | None = None
    sets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Program:
    """A whole program, read from a pack and checked: rules only, no company's facts."""

    id: str
    title: Text
    authority_name: Text
    disclaimer: Text
    version: str
    digest: str
    languages: tuple[str, ...]
    timezone: str
    roles: Mapping[str, RoleDefinition]
    statuses: Mapping[MembershipStatus, StatusRule]
    guards: Mapping[str, Guard]
    transitions: Mapping[str, Transition]
    deadlines: Mapping[str, Deadline]
    calendar: WorkingCalendar
    closing_marks: frozenset[Mark]
    entity_types: Mapping[str, EntityType]
    grounds: Mapping[str, Ground]
    questions: Mapping[str, Question]
    agreements: tuple[Agreement, ...]
    checks: Mapping[str, VettingCheck]
    benefits: Mapping[str, Benefit]
    retention: Mapping[str, RetentionRule]
    reasons: Mapping[str, Text]
    letters: Mapping[str, Mapping[str, Text]]
    is_draft: bool = False
    labels: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    decisions: tuple[StartItem, ...] = ()
    easements: tuple[StartItem, ...] = ()

    # No slots here: cached_property keeps its answer in the instance's __dict__.
    @cached_property
    def register(self) -> Mapping[str, tuple[Deadline, ...]]:
        """The deadlines of each stream (``account``, ``office``), in the pack's order."""
        streams = {deadline.stream for deadline in self.deadlines.values()}
        return {
            stream: tuple(d for d in self.deadlines.values() if d.stream == stream)
            for stream in streams
        }

    def rules_anchored(self, stream: str, marks: frozenset[Mark]) -> tuple[Deadline, ...]:
        """Return the deadlines of a stream that one of ``marks`` anchors, in the pack's order.

        Most accounts of a program have gone the same way, so the answer is kept.
        """
        key = (stream, marks)
        found = self._anchored.get(key)
        if found is None:
            rules = self.register.get(stream, ())
            found = tuple(rule for rule in rules if not rule.anchors.isdisjoint(marks))
            self._anchored[key] = found
        return found

    @cached_property
    def _anchored(self) -> dict[tuple[str, frozenset[Mark]], tuple[Deadline, ...]]:
        return {}

    @cached_property
    def turning_marks(self) -> frozenset[Mark]:
        """The marks that close an account, undo a closing, or begin an account's next life."""
        return self.closing_marks | {Mark.OPENED, Mark.REAPPLIED, Mark.REINSTATED}

    @cached_property
    def duty_marks(self) -> frozenset[str]:
        """The marks on which duties depend, as the record writes them."""
        found = set(self.turning_marks)
        for rule in self.deadlines.values():
            found |= rule.anchors | rule.met_by | rule.reopened_by | rule.ended_by | rule.met_since
        return frozenset(mark.value for mark in found)

    @cached_property
    def risk_bands(self) -> frozenset[str]:
        """The risk bands that an act may give: those that a deadline counts by."""
        return frozenset(band for d in self.deadlines.values() for band in d.by_band)

    def transition(self, act: str) -> Transition:
        """Return the row of the transition table.

        Raises:
            UnknownRuleId: the pack has no such act.
        """
        return _one(self.transitions, act, f"Pack {self.id} has no act")

    def entity_type(self, key: str) -> EntityType:
        """Return the entity type.

        Raises:
            UnknownRuleId: the pack has no such entity type; the message lists them.
        """
        return _one(self.entity_types, key, f"Pack {self.id} has no entity type")

    def agreement_on(self, day: date) -> Agreement:
        """Return the agreement text in force on ``day``.

        Raises:
            UnknownRuleId: no text was in force.
        """
        found = self.agreement_in_force(day)
        if found is None:
            raise UnknownRuleId(f"Pack {self.id} has no agreement text in force on {day}.")
        return found

    def agreement_in_force(self, day: date) -> Agreement | None:
        """Return the agreement text in force on ``day``, or None when there was none."""
        in_force = [
            text
            for text in self.agreements
            if text.valid_from <= day and (text.valid_until is None or day <= text.valid_until)
        ]
        return max(in_force, key=lambda text: text.valid_from, default=None)


def _one(rows: Mapping[str, _T], key: str, says: str) -> _T:
    try:
        return rows[key]
    except KeyError:
        known = ", ".join(list(rows)[:40])
        raise UnknownRuleId(f"{says} {key!r}. It has: {known}.") from None
