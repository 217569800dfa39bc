"""A program as data: the frozen objects that a pack's files are read into.

Reading and checking the files is ``greenlane.content``'s work; deciding with them is
``core.lifecycle``'s and ``core.deadlines``'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from greenlane.core.calendar import HolidayRule, Period, WorkingCalendar
from greenlane.core.errors import NotFound
from greenlane.core.facts import DUTY_PREFIX, ELIGIBILITY_HOLDS, OVERDUE_PREFIX
from greenlane.core.marks import Mark
from greenlane.core.rules.tree import Rule, facts_of
from greenlane.core.text import Text
from greenlane.core.vocabulary import (
    Axis,
    Confidence,
    DutyNature,
    Matter,
    MembershipStatus,
    PersonEnd,
    Phase,
    Power,
    Purpose,
    Reach,
    Relation,
    Side,
    Tier,
)

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
    """One role of the program; ``may_sign`` roles can bind the company.

    ``relations``: what its holder may be to the company, the usual one first; empty on the other
    sides. ``granted_by``: the roles that give and end it. ``reads``: how far it reads each matter;
    one that is not named it does not read. ``is_kept``: the last holder in a place stays.
    """

    id: str
    side: Side
    title: Text
    meaning: Text
    may_sign: bool = False
    may_record_outside: bool = False
    may: frozenset[Power] = frozenset()
    relations: tuple[Relation, ...] = ()
    granted_by: frozenset[str] = frozenset()
    reads: Mapping[Matter, Reach] = field(default_factory=dict)
    is_kept: bool = False

    @property
    def may_be_outsider(self) -> bool:
        """Tell whether somebody outside the company may hold it: who then never acts for it."""
        return Relation.OUTSIDE in self.relations

    def reach(self, matter: Matter) -> Reach:
        """Return how far the role reads a matter."""
        return self.reads.get(matter, Reach.NONE)


@dataclass(frozen=True, slots=True)
class StatusRule:
    """How this program uses a canonical membership status."""

    status: MembershipStatus
    title: Text
    meaning: Text
    source: Source
    phase: Phase
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
    ``does`` is what the engine has a page or a rule for; ``letter`` the kind of letter it issues.
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
    does: Purpose | None = None
    letter: str = ""

    def starts_from(self, axes: Mapping[Axis, str]) -> bool:
        """Tell whether the act starts from these states of the axes."""
        return all(axes[axis] in allowed for axis, allowed in self.sources.items())


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
        "corrects",
        "right_on",
    }
)
"""What an act may be asked to give (``requires``); codes and days, never words."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a row must have so that the engine can do what the row says it does."""

    requires: frozenset[str] = frozenset()
    marks: frozenset[Mark] = frozenset()
    side: Side | None = None


NEEDS: Final[Mapping[Purpose, Needs]] = {
    Purpose.OPEN_ACCOUNT: Needs(marks=frozenset({Mark.OPENED}), side=Side.COMPANY),
    Purpose.SUBMIT_COMPANY_PROFILE: Needs(side=Side.COMPANY),
    Purpose.SIGN_AGREEMENT: Needs(
        frozenset({"agreement", "text_sha256"}), frozenset({Mark.AGREEMENT_SIGNED}), Side.COMPANY
    ),
    Purpose.FILE_RISK_ASSESSMENT: Needs(
        frozenset({"assessed_on"}), frozenset({Mark.RISK_ASSESSMENT_FILED}), Side.COMPANY
    ),
    Purpose.SUBMIT_PROFILE: Needs(side=Side.COMPANY),
    Purpose.SUBMIT_REVIEW: Needs(side=Side.COMPANY),
    Purpose.WITHDRAW: Needs(side=Side.COMPANY),
    Purpose.ASSIGN: Needs(frozenset({"specialist"}), side=Side.OFFICE),
    Purpose.TAKE_INTO_REVIEW: Needs(side=Side.OFFICE),
    Purpose.CLOSE_REVIEW: Needs(side=Side.OFFICE),
    Purpose.START_VETTING: Needs(side=Side.OFFICE),
    Purpose.APPROVE_VETTING: Needs(side=Side.OFFICE),
    Purpose.FAIL_VETTING: Needs(side=Side.OFFICE),
    Purpose.REOPEN_VETTING: Needs(side=Side.OFFICE),
    Purpose.CERTIFY: Needs(marks=frozenset({Mark.CERTIFIED}), side=Side.OFFICE),
    Purpose.SEND_NOTICE: Needs(side=Side.OFFICE),
    Purpose.EXPLAIN_DELAY: Needs(frozenset({"duty", "reason"}), side=Side.OFFICE),
    Purpose.EXPLAIN_OFFICE_DELAY: Needs(frozenset({"duty", "reason"}), side=Side.OFFICE),
    Purpose.DECREE_OUTAGE: Needs(frozenset({"starts_on", "ends_on"}), side=Side.OFFICE),
    Purpose.START_PROGRAM: Needs(marks=frozenset({Mark.PROGRAM_STARTED})),
    Purpose.CARRY_CERTIFICATION: Needs(
        marks=frozenset({Mark.OPENED, Mark.CARRIED_OVER, Mark.CERTIFIED}), side=Side.OFFICE
    ),
    Purpose.CARRY_VALIDATION: Needs(
        marks=frozenset({Mark.CARRIED_OVER, Mark.VALIDATED}), side=Side.OFFICE
    ),
    Purpose.CARRY_REVALIDATION: Needs(
        marks=frozenset({Mark.CARRIED_OVER, Mark.REVALIDATED}), side=Side.OFFICE
    ),
    Purpose.CARRY_REVIEW: Needs(
        marks=frozenset({Mark.CARRIED_OVER, Mark.REVIEW_SUBMITTED}), side=Side.OFFICE
    ),
    Purpose.CARRY_SUSPENSION: Needs(
        frozenset({"ground"}), frozenset({Mark.CARRIED_OVER, Mark.SUSPENDED}), Side.OFFICE
    ),
    Purpose.CORRECT_DAY: Needs(frozenset({"corrects", "right_on", "reason"}), side=Side.OFFICE),
}
NEEDED_PURPOSES: Final = (
    Purpose.OPEN_ACCOUNT,
    Purpose.SUBMIT_COMPANY_PROFILE,
    Purpose.SIGN_AGREEMENT,
    Purpose.SUBMIT_PROFILE,
    Purpose.CLOSE_REVIEW,
    Purpose.CERTIFY,
    Purpose.START_PROGRAM,
)
"""What every program has: without these acts no company gets from application to letter."""
REPEATED_PURPOSES: Final = frozenset(
    {
        Purpose.SUBMIT_PROFILE,
        Purpose.CLOSE_REVIEW,
        Purpose.ASSIGN,
        Purpose.SEND_NOTICE,
        Purpose.WITHDRAW,
    }
)
"""What several rows may do; of the others a pack has one at most."""
OFFICE_PURPOSES: Final = frozenset(
    {Purpose.START_PROGRAM, Purpose.DECREE_OUTAGE, Purpose.EXPLAIN_OFFICE_DELAY}
)
EXPLAINING_PURPOSES: Final = frozenset({Purpose.EXPLAIN_DELAY, Purpose.EXPLAIN_OFFICE_DELAY})
"""What is done on the office's own record."""
VETTING_PURPOSES: Final = (
    Purpose.START_VETTING,
    Purpose.APPROVE_VETTING,
    Purpose.FAIL_VETTING,
    Purpose.REOPEN_VETTING,
)
CARRYING_PURPOSES: Final = (
    Purpose.CARRY_CERTIFICATION,
    Purpose.CARRY_VALIDATION,
    Purpose.CARRY_REVALIDATION,
    Purpose.CARRY_REVIEW,
    Purpose.CARRY_SUSPENSION,
)
"""Take what an office's earlier records say into the register."""
FROM_FILES_ALONE: Final = frozenset({*CARRYING_PURPOSES, Purpose.CORRECT_DAY})
"""Acts that no page offers: they rest on a file that was checked as a whole."""
SUBMITTING_PURPOSES: Final = (Purpose.SUBMIT_PROFILE, Purpose.SUBMIT_REVIEW)
SEALED_CATEGORIES: Final = frozenset(
    {"account_content", "answer_text", "contact", "letter", "sign_in", "vetting_detail"}
)
"""The classes of records that the engine seals: a pack says how long it keeps each."""
SEALED_WITH: Final[Mapping[Mark, str]] = {
    Mark.INCIDENT_REPORTED: "incident_detail",
    Mark.APPEAL_FILED: "appeal_detail",
    Mark.VALIDATION_VISITED: "validation_detail",
}
"""The classes that are sealed where a pack's table sets these marks, with its own rule too."""
PEOPLE_CATEGORIES: Final = frozenset({"contact", "sign_in"})
"""Those of them that the stream of people holds, where no account's mark is ever set."""
LETTER_PARTS: Final = ("title", "subject", "greeting", "body_1", "closing")
BENEFITS_PART: Final = "benefits"
"""The part of a letter that names the benefits which a suspension of single ones takes."""
LETTER_PLACES: Final = frozenset(
    {"company", "account", "entity_type", "tier", "on", "due_on", "specialist", "code", "benefits"}
)
"""What a letter's text may leave open, filled in when it is set."""


class Count(StrEnum):
    """How a deadline counts. ``GIVEN``: on the day that the anchor itself gives."""

    AFTER = "after"
    BEFORE_VISIT = "before_visit"
    YEARLY = "yearly"
    WINDOWS = "windows"
    EFFORT = "effort"
    CALENDAR = "calendar"
    SPAN = "span"
    GIVEN = "given"


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


class Anchored(NamedTuple):
    """A deadline with those of its marks that an account has: no other can bear on its duties.

    A due list asks each account for some six rules with four sets of marks each, most of which it
    does not have.
    """

    deadline: Deadline
    anchors: tuple[Mark, ...]
    met_by: tuple[Mark, ...]
    ended_by: tuple[Mark, ...]
    reopened_by: tuple[Mark, ...]
    met_since: tuple[Mark, ...]
    days: timedelta | None
    """The period, where it is counted in days alone."""

    @classmethod
    def by(cls, deadline: Deadline, marks: frozenset[Mark]) -> Anchored:
        """Return ``deadline`` as an account sees it that has ``marks`` and no others."""
        period = None if deadline.by_band else deadline.period
        return cls(
            deadline,
            tuple(sorted(deadline.anchors & marks)),
            tuple(sorted(deadline.met_by & marks)),
            tuple(sorted(deadline.ended_by & marks)),
            tuple(sorted(deadline.reopened_by & marks)),
            tuple(sorted(deadline.met_since & marks)),
            timedelta(days=period.days) if period and not (period.years or period.months) else None,
        )


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
    """How a declared fact is asked for on a form, and what no answer to it can be.

    ``at_least`` and ``at_most`` bound a number, both inclusive; with ``is_past`` a day may not lie
    after the day on which it is declared.
    """

    fact: str
    text: Text
    help: Text
    choices: Mapping[str, Text] = field(default_factory=dict)
    at_least: int | None = None
    at_most: int | None = None
    is_past: bool = False


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
    """One check a vetting record must hold, per program.

    ``is_secondary``: it is run again for every validation, before the visit (P11).
    ``lists_at_most``: for the check of watch lists, how long ago a list may have been compared with
    its publisher's; None where the pack sets no limit.
    """

    id: str
    title: Text
    is_required: bool
    expires_after: Period | None
    source: Source
    is_secondary: bool = False
    lists_at_most: Period | None = None


@dataclass(frozen=True, slots=True)
class Benefit:
    """One benefit and the tiers that have it."""

    id: str
    title: Text
    tiers: frozenset[Tier]
    source: Source


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long a class of personal records is kept, counted from which mark.

    ``person_from`` is what it counts from in the stream of people, which holds everybody and where
    no mark is set.
    """

    id: str
    title: Text
    anchors: frozenset[Mark]
    period: Period | None
    source: Source
    person_from: PersonEnd | None = None


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


@dataclass(frozen=True, slots=True)
class ProfileRules:
    """How the security profile lives on after certification.

    Attributes:
        undo_days: For so many days after a new edition was applied it may be undone; 0: never.
        evidence_valid_for: Evidence older than this is looked at anew in the periodic review; None:
            evidence does not age.
        touches: Which categories of criteria to look at anew when something of a company changed:
            a role of a party in lower case (``site``, ``partner``) or ``fact``, to their numbers.
    """

    undo_days: int = 0
    evidence_valid_for: Period | None = None
    touches: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


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
    profile: ProfileRules = field(default_factory=ProfileRules)

    # No slots here: cached_property keeps its answer in the instance's __dict__.
    @cached_property
    def register(self) -> Mapping[str, tuple[Deadline, ...]]:
        """The deadlines of each stream (``account``, ``office``), in the pack's order."""
        streams = {deadline.stream for deadline in self.deadlines.values()}
        return {
            stream: tuple(d for d in self.deadlines.values() if d.stream == stream)
            for stream in streams
        }

    def rules_anchored(self, stream: str, marks: frozenset[Mark]) -> tuple[Anchored, ...]:
        """Return the deadlines of a stream that one of ``marks`` anchors, in the pack's order.

        Without those whose period the office has still to set: they make no duty.

        Most accounts of a program have gone the same way, so the answer is kept.
        """
        key = (stream, marks)
        found = self._anchored.get(key)
        if found is None:
            found = tuple(
                Anchored.by(rule, marks)
                for rule in self.register.get(stream, ())
                if not rule.is_unset and not rule.anchors.isdisjoint(marks)
            )
            self._anchored[key] = found
        return found

    @cached_property
    def _anchored(self) -> dict[tuple[str, frozenset[Mark]], tuple[Anchored, ...]]:
        return {}

    @cached_property
    def facts_asked(self) -> Mapping[str, frozenset[str]]:
        """The facts that the guards of each act ask for, by the act's id."""
        return {
            row.id: frozenset[str]().union(*(facts_of(self.guards[g].rule) for g in row.guards))
            for row in self.transitions.values()
        }

    @cached_property
    def acts_on_duties(self) -> frozenset[str]:
        """The acts whose guards, or what these rest on, ask for the state of a duty."""
        entities = self.entity_types.values()
        stated = frozenset[str]().union(
            *(facts_of(statement.rule) for entity in entities for statement in entity.eligibility)
        )
        return frozenset(
            act
            for act, asked in self.facts_asked.items()
            if any(map(_is_of_duty, asked | stated if ELIGIBILITY_HOLDS in asked else asked))
        )

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
    def duty_marks_alone(self) -> Mapping[str, tuple[Mark, ...]]:
        """What a step sets that sets one mark of `duty_marks` and nothing else; most steps do."""
        return {value: (Mark(value),) for value in self.duty_marks}

    @cached_property
    def risk_bands(self) -> frozenset[str]:
        """The risk bands that an act may give: those that a deadline counts by."""
        return frozenset(band for d in self.deadlines.values() for band in d.by_band)

    def day_of(self, at: datetime) -> date:
        """Return the day of a moment at the program's office: what "today" is for every rule.

        Args:
            at: Aware; without a zone it would be read in this machine's.
        """
        return at.astimezone(ZoneInfo(self.timezone)).date()

    def acts_that(self, *purposes: Purpose) -> tuple[Transition, ...]:
        """Return the rows of the table that serve one of ``purposes``, in the pack's order."""
        return tuple(row for row in self.transitions.values() if row.does in purposes)

    def act_that(self, purpose: Purpose) -> Transition:
        """Return the one row that serves ``purpose``; the first, where a pack has several.

        Raises:
            UnknownRuleId: the pack has none: its program does without.
        """
        found = self.acts_that(purpose)
        if not found:
            raise UnknownRuleId(f"Pack {self.id} has no act that does {purpose.value}.")
        return found[0]

    def has_act_that(self, purpose: Purpose) -> bool:
        """Tell whether the program has an act for ``purpose``."""
        return bool(self.acts_that(purpose))

    def doers(self, *purposes: Purpose) -> frozenset[str]:
        """Return the roles that may do an act which serves one of ``purposes``."""
        return frozenset(role for row in self.acts_that(*purposes) for role in row.by)

    def roles_that_may(self, power: Power) -> frozenset[str]:
        """Return the roles that have a power."""
        return frozenset(role.id for role in self.roles.values() if power in role.may)

    def roles_of(self, *sides: Side) -> frozenset[str]:
        """Return the roles of these sides."""
        return frozenset(role.id for role in self.roles.values() if role.side in sides)

    def readers_of(self, matter: Matter) -> frozenset[str]:
        """Return the roles that read a matter at all, their own organization's or everybody's."""
        return frozenset(
            role.id for role in self.roles.values() if role.reach(matter) is not Reach.NONE
        )

    @cached_property
    def own_roles(self) -> frozenset[str]:
        """The company's roles that act for it as a whole: those that open its account."""
        return self.doers(Purpose.OPEN_ACCOUNT) & self.roles_of(Side.COMPANY)

    @cached_property
    def case_roles(self) -> tuple[str, ...]:
        """The office's roles that work on cases, in the pack's order: they read every account."""
        return tuple(
            role.id
            for role in self.roles.values()
            if role.side is Side.OFFICE and role.reach(Matter.ACCOUNT) is Reach.ALL
        )

    @cached_property
    def keepers(self) -> frozenset[str]:
        """The roles that give the office's roles and help its people with their sign-ins."""
        sides = (Side.OFFICE, Side.APPEAL)
        return frozenset(
            giver for role in self.roles.values() if role.side in sides for giver in role.granted_by
        )

    def phase_of(self, membership: str) -> Phase:
        """Return the phase that a membership status lies in."""
        rule = self.statuses.get(MembershipStatus(membership))
        return rule.phase if rule else Phase.NONE

    def statuses_in(self, *phases: Phase) -> frozenset[str]:
        """Return the membership statuses that lie in these phases."""
        return frozenset(s.value for s, rule in self.statuses.items() if rule.phase in phases)

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


def _is_of_duty(fact: str) -> bool:
    return fact.startswith((DUTY_PREFIX, OVERDUE_PREFIX))


def _one(rows: Mapping[str, _T], key: str, says: str) -> _T:
    try:
        return rows[key]
    except KeyError:
        known = ", ".join(list(rows)[:40])
        raise UnknownRuleId(f"{says} {key!r}. It has: {known}.") from None
