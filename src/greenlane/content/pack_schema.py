"""What the rule files of a pack may hold: one pydantic model per kind of file.

Only the shape of one file is checked here; references between files are ``pack_build``'s work.
The format is described in docs/reference/pack-format.md.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import Field

from greenlane.content.criteria_schema import Entry, LocalText, Words
from greenlane.core.program import Count, TargetRule
from greenlane.core.vocabulary import (
    Confidence,
    DutyNature,
    Matter,
    PersonEnd,
    Phase,
    Power,
    Purpose,
    Reach,
    Relation,
    Side,
    Tier,
)

RuleId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9-]{0,15}$")]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]


class Sourced(Entry):
    """Every rule names its source, and how sure we are of it: without, the pack is refused."""

    source: Words
    confidence: Annotated[Confidence, Field(strict=False)]


class PeriodEntry(Entry):
    """A length of time."""

    years: Annotated[int, Field(ge=0, le=100)] = 0
    months: Annotated[int, Field(ge=0, le=1200)] = 0
    days: Annotated[int, Field(ge=0, le=36525)] = 0


class ProfileEntry(Entry):
    """``profile`` of ``pack.yaml``: how the profile lives on after certification."""

    edition_undo_days: Annotated[int, Field(ge=0, le=365)] = 0
    evidence_valid_for: PeriodEntry | None = None
    touches: dict[Code, list[Annotated[int, Field(ge=0, le=99)]]] = Field(default_factory=dict)


class PackEntry(Entry):
    """``pack.yaml``: the head of a pack."""

    format: int
    id: Code
    title: LocalText
    authority: LocalText
    disclaimer: LocalText
    version: Words
    license: Words
    publisher: Words
    retrieved_on: dt.date
    languages: list[Code]
    timezone: Words
    status: Annotated[str, Field(pattern="^(adopted|draft)$")]
    closing_marks: list[Code]
    profile: ProfileEntry = Field(default_factory=ProfileEntry)
    note: LocalText | None = None


class RoleEntry(Entry):
    """One role."""

    id: Code
    side: Annotated[Side, Field(strict=False)]
    title: LocalText
    meaning: LocalText
    may_sign: bool = False
    may_record_outside: bool = False
    may: list[Annotated[Power, Field(strict=False)]] = Field(default_factory=list)
    relations: list[Annotated[Relation, Field(strict=False)]] = Field(default_factory=list)
    granted_by: list[Code] = Field(default_factory=list)
    reads: dict[Annotated[Matter, Field(strict=False)], Annotated[Reach, Field(strict=False)]] = (
        Field(default_factory=dict)
    )
    kept: bool = False


class StatusEntry(Sourced):
    """One membership status that the program uses."""

    title: LocalText
    meaning: LocalText
    phase: Annotated[Phase, Field(strict=False)]
    active: bool = False
    terminal: bool = False
    benefits: bool = False


class StatusFile(Entry):
    """``statuses.yaml``: statuses used, and the words for the states of the other axes."""

    membership: dict[str, StatusEntry]
    labels: dict[str, dict[str, LocalText]] = Field(default_factory=dict)


class GuardEntry(Sourced):
    """One guard."""

    rule: dict[str, Any]
    message: LocalText
    holds_outside: bool = False


class TargetEntry(Entry):
    """What a step sets on an axis, where it is not one fixed value."""

    rule: Annotated[TargetRule, Field(strict=False)]
    allowed: list[str] = Field(default_factory=list)


class TransitionEntry(Sourced):
    """One row of the transition table."""

    id: RuleId
    axis: Code
    title: LocalText
    meaning: LocalText | None = None
    sources: dict[str, list[str]] = Field(default_factory=dict, alias="from")
    changes: dict[str, str | TargetEntry] = Field(default_factory=dict, alias="to")
    by: Annotated[list[Code], Field(min_length=1)]
    second_by: list[Code] = Field(default_factory=list)
    guards: list[Code] = Field(default_factory=list)
    requires: list[Code] = Field(default_factory=list)
    may_give: list[Code] = Field(default_factory=list)
    reasons: list[Code] = Field(default_factory=list)
    marks: list[Code] = Field(default_factory=list)
    decision: bool = False
    office_only: bool = False
    does: Annotated[Purpose, Field(strict=False)] | None = None
    letter: Code | None = None
    stream: Annotated[str, Field(pattern="^(account|office)$")] = "account"


class TransitionFile(Entry):
    """A file of the transition table."""

    transitions: list[TransitionEntry]


class DayEntry(Entry):
    """A yearly day by rule."""

    name: Words
    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)] | None = None
    weekday: Annotated[int, Field(ge=0, le=6)] | None = None
    nth: Annotated[int, Field(ge=-1, le=5)] | None = None
    observed: bool = True
    since: int = 1


class CalendarFile(Sourced):
    """``calendar.yaml``: the holidays of the program office."""

    holidays: list[DayEntry]


class DeadlineEntry(Sourced):
    """One row of the deadline register."""

    id: RuleId
    title: LocalText
    owed_by: Annotated[Side, Field(strict=False)]
    nature: Annotated[DutyNature, Field(strict=False)]
    count: Annotated[Count, Field(strict=False)]
    anchors: list[Code]
    met_by: list[Code] = Field(default_factory=list)
    reopened_by: list[Code] = Field(default_factory=list)
    ended_by: list[Code] = Field(default_factory=list)
    met_since: list[Code] = Field(default_factory=list)
    period: PeriodEntry | None = None
    window: PeriodEntry | None = None
    by_band: dict[Code, PeriodEntry] = Field(default_factory=dict)
    on_day: DayEntry | None = None
    every_years: Annotated[int, Field(ge=1, le=50)] = 1
    starts_on: dt.date | None = None
    limit_days: Annotated[int, Field(ge=1)] | None = None
    rolls: bool = False
    survives_closing: bool = False
    any_review_counts: bool = False
    qualifier: LocalText | None = None
    stream: Annotated[str, Field(pattern="^(account|office)$")] = "account"
    set_by_office: bool = False
    office_only: bool = False
    note: LocalText | None = None


class DeadlineFile(Entry):
    """``deadlines.yaml``."""

    deadlines: list[DeadlineEntry]


class EligibilityEntry(Sourced):
    """One eligibility statement."""

    title: LocalText
    rule: dict[str, Any]
    remedy: LocalText


class EntityEntry(Sourced):
    """One entity type."""

    title: LocalText
    meaning: LocalText
    entry_tier: Annotated[Tier, Field(strict=False)] = Tier.NONE
    validated_tier: Annotated[Tier, Field(strict=False)] = Tier.NONE
    tiers: list[Annotated[Tier, Field(strict=False)]] = Field(default_factory=list)
    eligibility: list[RuleId]
    identifiers: list[Code] = Field(default_factory=list)
    overlay: bool = False


class EntityFile(Entry):
    """``entities.yaml``: eligibility statements and the entity types that they bind."""

    statements: dict[RuleId, EligibilityEntry]
    entities: dict[Code, EntityEntry]


class QuestionEntry(Entry):
    """How a fact is asked for."""

    text: LocalText
    help: LocalText | None = None
    choices: dict[str, LocalText] = Field(default_factory=dict)
    at_least: int | None = None
    at_most: int | None = None
    past: bool = False


class GroundEntry(Sourced):
    """One ground for suspension or removal."""

    title: LocalText
    falsehood: bool = False


class AgreementEntry(Sourced):
    """One dated text of the agreement."""

    id: Code
    title: LocalText
    valid_from: dt.date
    valid_until: dt.date | None = None
    text: LocalText


class CheckEntry(Sourced):
    """One vetting check."""

    title: LocalText
    required: bool = True
    expires_after: PeriodEntry | None = None
    secondary: bool = False
    lists_at_most: PeriodEntry | None = None


class BenefitEntry(Sourced):
    """One benefit."""

    title: LocalText
    tiers: list[Annotated[Tier, Field(strict=False)]] = Field(default_factory=list)


class RetentionEntry(Sourced):
    """How long one class of personal records is kept; without a period the office must set it."""

    title: LocalText
    anchors: list[Code]
    person_from: Annotated[PersonEnd, Field(strict=False)] | None = None
    period: PeriodEntry | None = None


class StartEntry(Sourced):
    """One line of the list of what to settle before the start."""

    id: RuleId
    area: LocalText
    text: LocalText
    suggestion: LocalText | None = None
    sets: list[Words] = Field(default_factory=list)


class StartFile(Entry):
    """``start.yaml``: decisions to take before the start, and easements; may be left out."""

    decisions: list[StartEntry]
    easements: list[StartEntry] = Field(default_factory=list)
