"""Builds a `Program` from checked files, and finds what only several files together show.

Unknown ids, dangling references, unknown facts, guards or roles, an exit from a terminal status, a
status without exit or entry, a role nobody defines: each is named with file, line and remedy.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from string import Formatter
from typing import Final, TypeAlias, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from greenlane.content.criteria_build import Problems
from greenlane.content.criteria_yaml import PathPart, Problem, YamlDocument
from greenlane.content.pack_schema import (
    AgreementEntry,
    BenefitEntry,
    CalendarFile,
    CheckEntry,
    DayEntry,
    DeadlineEntry,
    DeadlineFile,
    EntityFile,
    GroundEntry,
    GuardEntry,
    PackEntry,
    PeriodEntry,
    QuestionEntry,
    RetentionEntry,
    RoleEntry,
    Sourced,
    StartEntry,
    StartFile,
    StatusEntry,
    StatusFile,
    TargetEntry,
    TransitionEntry,
    TransitionFile,
)
from greenlane.content.rule_syntax import parse_rule
from greenlane.core.calendar import HolidayRule, Period, WorkingCalendar
from greenlane.core.errors import BadInput
from greenlane.core.facts import VOCABULARY, FactType
from greenlane.core.lifecycle.decide import OF_DECISIONS
from greenlane.core.marks import Mark
from greenlane.core.program import (
    BENEFITS_PART,
    GIVEN,
    LETTER_PARTS,
    LETTER_PLACES,
    NEEDED_PURPOSES,
    NEEDS,
    OFFICE_PURPOSES,
    PEOPLE_CATEGORIES,
    REPEATED_PURPOSES,
    SEALED_CATEGORIES,
    SEALED_WITH,
    Agreement,
    Benefit,
    Count,
    Deadline,
    EligibilityRule,
    EntityType,
    Ground,
    Guard,
    Needs,
    ProfileRules,
    Program,
    Question,
    RetentionRule,
    RoleDefinition,
    Source,
    StartItem,
    StatusRule,
    Target,
    TargetRule,
    Transition,
    VettingCheck,
)
from greenlane.core.rules.tree import AllOf, AnyOf, Is, Not, OneOf, Rule, facts_of
from greenlane.core.text import Text
from greenlane.core.vocabulary import (
    AXIS_VALUES,
    Axis,
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
Read: TypeAlias = "tuple[YamlDocument, _T] | None"
_MARKS = {mark.value for mark in Mark}
_OF_DEADLINES = frozenset({"duty", "overdue"})
_OF_ACTS = frozenset({"standing.since_act", "standing.decided_act"})
_ONE_DAY = timedelta(days=1)
_SCREENING_POWERS = (Power.VET, Power.CONFIRM_HITS)
_COMPANY_POWERS = frozenset({Power.ANSWER, Power.APPLY_EDITION})
# What a deadline may say besides, and the ways of counting that read it; elsewhere it would bind
# nobody, however it looks.
_COUNTED: Final[Mapping[str, tuple[Count, ...]]] = {
    "period": (Count.AFTER, Count.WINDOWS, Count.BEFORE_VISIT, Count.SPAN),
    "by_band": (Count.AFTER,),
    "set_by_office": (Count.AFTER, Count.WINDOWS, Count.BEFORE_VISIT, Count.SPAN),
    "window": (Count.YEARLY,),
    "any_review_counts": (Count.YEARLY,),
    "on_day": (Count.CALENDAR,),
    "every_years": (Count.CALENDAR,),
    "starts_on": (Count.SPAN,),
    "limit_days": (Count.EFFORT,),
}
_FITTING: Final[Mapping[str, tuple[FactType, ...]]] = {
    "at_least": (FactType.INT,),
    "at_most": (FactType.INT,),
    "past": (FactType.DATE,),
    "choices": (FactType.TEXT, FactType.SET),
}
TOUCHING = frozenset({"company", "officer", "owner", "site", "vessel", "partner", "fact"})


@dataclass(frozen=True, slots=True)
class PackFiles:
    """The files of one pack, each with its document for line numbers."""

    pack: Read[PackEntry]
    roles: Read[list[RoleEntry]]
    statuses: Read[StatusFile]
    guards: Read[dict[str, GuardEntry]]
    transitions: list[Read[TransitionFile]]
    deadlines: Read[DeadlineFile]
    calendar: Read[CalendarFile]
    entities: Read[EntityFile]
    questions: Read[dict[str, QuestionEntry]]
    grounds: Read[dict[str, GroundEntry]]
    agreements: Read[list[AgreementEntry]]
    checks: Read[dict[str, CheckEntry]]
    benefits: Read[dict[str, BenefitEntry]]
    retention: Read[dict[str, RetentionEntry]]
    reasons: Read[dict[str, dict[str, str]]]
    letters: Read[dict[str, dict[str, dict[str, str]]]]
    start: Read[StartFile] = None


def build_program(files: PackFiles, *, digest: str) -> tuple[Program | None, list[Problem]]:
    """Return the program, or None with every fault that was found."""
    builder = _Builder(files)
    program = builder.build(digest)
    return (None if builder.problems.found else program), builder.problems.found


def _got(read: Read[_T]) -> tuple[YamlDocument, _T]:
    if read is None:
        raise AssertionError("the reader refuses a pack with a missing file before it is built")
    return read


class _Builder:
    def __init__(self, files: PackFiles) -> None:
        self.files = files
        self.problems = Problems([])
        self.languages: tuple[str, ...] = ()
        self.role_ids: set[str] = set()

    def build(self, digest: str) -> Program:
        document, pack = _got(self.files.pack)
        self.languages = tuple(pack.languages)
        self._check_head(document, pack)
        roles = self._roles()
        self.role_ids = set(roles)
        statuses = self._statuses()
        guards = self._guards()
        deadlines = self._deadlines()
        transitions = self._transitions(guards)
        self._check_guards(guards, deadlines, transitions)
        self._check_marks(document, pack, transitions)
        self._check_exits(statuses, transitions)
        self._check_letters(transitions)
        self._check_sealed(transitions)
        if not self.problems.found:
            # A row with a fault of its own would be named here a second time.
            self._check_purposes(roles, transitions)
        entities = self._entities()
        return Program(
            id=pack.id,
            title=self._text(pack.title),
            authority_name=self._text(pack.authority),
            disclaimer=self._text(pack.disclaimer),
            version=pack.version,
            digest=digest,
            languages=self.languages,
            timezone=pack.timezone,
            roles=roles,
            statuses=statuses,
            guards=guards,
            transitions=transitions,
            deadlines=deadlines,
            calendar=self._calendar(),
            closing_marks=frozenset(self._marks(document, ("closing_marks",), pack.closing_marks)),
            entity_types=entities,
            grounds={
                code: Ground(code, self._text(row.title), _source(row), row.falsehood)
                for code, row in _got(self.files.grounds)[1].items()
            },
            questions=self._questions(),
            agreements=self._agreements(),
            checks={
                key: VettingCheck(
                    key,
                    self._text(row.title),
                    row.required,
                    _period(row.expires_after),
                    _source(row),
                    row.secondary,
                    _period(row.lists_at_most),
                )
                for key, row in _got(self.files.checks)[1].items()
            },
            benefits={
                key: Benefit(key, self._text(row.title), frozenset(row.tiers), _source(row))
                for key, row in _got(self.files.benefits)[1].items()
            },
            retention=self._retention(),
            reasons={key: Text(value) for key, value in _got(self.files.reasons)[1].items()},
            letters={
                key: {part: Text(value) for part, value in parts.items()}
                for key, parts in _got(self.files.letters)[1].items()
            },
            is_draft=pack.status == "draft",
            labels=self._labels(),
            decisions=self._start("decisions"),
            easements=self._start("easements"),
            profile=ProfileRules(
                undo_days=pack.profile.edition_undo_days,
                evidence_valid_for=_period(pack.profile.evidence_valid_for),
                touches={key: tuple(found) for key, found in pack.profile.touches.items()},
            ),
        )

    # -- before the start -------------------------------------------------------------------

    def _start(self, part: str) -> tuple[StartItem, ...]:
        """Return one list of ``start.yaml``; empty where the pack has no such file."""
        if self.files.start is None:
            return ()
        document, file = self.files.start
        rows: list[StartEntry] = getattr(file, part)
        seen: set[str] = set()
        for index, row in enumerate(rows):
            if row.id in seen:
                what = f"{row.id} stands twice among the {part}."
                self.problems.add(document, (part, index, "id"), what, "Give it another id.")
            seen.add(row.id)
        return tuple(
            StartItem(
                row.id,
                self._text(row.area),
                self._text(row.text),
                _source(row),
                self._text(row.suggestion) if row.suggestion else None,
                tuple(row.sets),
            )
            for row in rows
        )

    # -- the head ---------------------------------------------------------------------------

    def _check_head(self, document: YamlDocument, pack: PackEntry) -> None:
        if pack.format != 1:
            self.problems.add(
                document, ("format",), f"Format {pack.format} is not known.", "Use 1."
            )
        try:
            ZoneInfo(pack.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            what = f"There is no time zone {pack.timezone!r}."
            self.problems.add(document, ("timezone",), what, "Write one like America/New_York.")

        for key in pack.profile.touches.keys() - TOUCHING:
            what = f"Nothing of a company is called {key!r}."
            known = ", ".join(sorted(TOUCHING))
            self.problems.add(document, ("profile", "touches"), what, f"Use one of: {known}.")

    def _text(self, value: Mapping[str, str]) -> Text:
        return Text(dict(value))

    def _marks(
        self, document: YamlDocument, path: tuple[PathPart, ...], names: Iterable[str]
    ) -> list[Mark]:
        found = []
        for index, name in enumerate(names):
            if name in _MARKS:
                found.append(Mark(name))
            else:
                what = f"There is no mark {name!r}."
                remedy = "Use one of docs/reference/marks.md; a new one is a change of the engine."
                self.problems.add(document, (*path, index), what, remedy)
        return found

    # -- roles and statuses -----------------------------------------------------------------

    def _roles(self) -> dict[str, RoleDefinition]:
        document, rows = _got(self.files.roles)
        found: dict[str, RoleDefinition] = {}
        for index, row in enumerate(rows):
            if row.id in found:
                self.problems.add(
                    document, (index, "id"), f"Role {row.id} stands twice.", "Keep one."
                )
            found[row.id] = RoleDefinition(
                row.id,
                row.side,
                self._text(row.title),
                self._text(row.meaning),
                row.may_sign,
                row.may_record_outside,
                frozenset(row.may),
                tuple(row.relations),
                frozenset(row.granted_by),
                dict(row.reads),
                row.kept,
            )
        for index, row in enumerate(rows):
            self._check_role(document, index, row, found)
        return found

    def _check_role(
        self,
        document: YamlDocument,
        index: int,
        row: RoleEntry,
        roles: Mapping[str, RoleDefinition],
    ) -> None:
        """Refuse a role that nobody can be given, or that reads what is not its side's."""

        def refuse(key: str, what: str, remedy: str) -> None:
            self.problems.add(document, (index, key), f"Role {row.id}: {what}", remedy)

        for giver in row.granted_by:
            if giver not in roles:
                refuse("granted_by", f"there is no role {giver!r} to grant it.", "Correct it.")
            elif row.side is Side.COMPANY and roles[giver].side is not Side.COMPANY:
                refuse("granted_by", f"{giver} is no role of the company.", "Name one that is.")
            elif row.side is not Side.COMPANY and roles[giver].side is not Side.OFFICE:
                refuse("granted_by", f"{giver} is no role of the office.", "Name one that is.")
        if row.side is not Side.SYSTEM and not row.granted_by:
            refuse("granted_by", "nobody grants it.", "Name the roles that do.")
        if row.side is Side.COMPANY:
            if not row.relations or Relation.NONE in row.relations:
                remedy = "Write some of officer, employee, outside; the usual one first."
                refuse("relations", "it does not say what its holder is to the company.", remedy)
            own = row.reads.items() - {(Matter.PROGRAM, Reach.ALL)}
            if any(reach is Reach.ALL for _, reach in own):
                remedy = "Write own; only the program is for all to read."
                refuse("reads", "a company reads nothing of another company.", remedy)
            closed = (Matter.INTERNAL_NOTES, Matter.VETTING, Matter.INSTALLATION)
            if any(row.reads.get(matter, Reach.NONE) is not Reach.NONE for matter in closed):
                remedy = "Leave out internal_notes, vetting and installation."
                refuse("reads", "that is the office's alone to read.", remedy)
            if row.may_sign and Relation.OUTSIDE in row.relations:
                refuse("may_sign", "an outsider cannot bind the company.", "Drop one of the two.")
        elif row.relations or row.may_sign:
            refuse("side", "only a company's role has relations or signs.", "Drop them.")
        for power in row.may:
            if (power in _COMPANY_POWERS) is not (row.side is Side.COMPANY):
                remedy = "Give `answer` to the company's roles, the others to the office's."
                refuse("may", f"{power.value} is no power of its side.", remedy)
            if power in _SCREENING_POWERS and row.reads.get(Matter.VETTING) is not Reach.ALL:
                what = f"it may {power.value}, and does not read the vetting."
                refuse("reads", what, "Write vetting: all, or drop the power.")
            if power is Power.APPLY_EDITION and Relation.OUTSIDE in row.relations:
                remedy = "Leave it to roles that only the company's own people hold."
                refuse("may", "an outsider never acts for the company.", remedy)

    def _check_roles(
        self, document: YamlDocument, path: tuple[PathPart, ...], names: Iterable[str]
    ) -> None:
        for index, name in enumerate(names):
            if name not in self.role_ids:
                what = f"There is no role {name!r}."
                remedy = f"Use one of {', '.join(sorted(self.role_ids))}, or add it to roles.yaml."
                self.problems.add(document, (*path, index), what, remedy)

    def _statuses(self) -> dict[MembershipStatus, StatusRule]:
        document, file = _got(self.files.statuses)
        found = {}
        for name, row in file.membership.items():
            if name not in set(MembershipStatus):
                what = f"There is no status {name!r}."
                remedy = f"Use some of {', '.join(MembershipStatus)}."
                self.problems.add(document, ("membership", name), what, remedy)
                continue
            status = MembershipStatus(name)
            self._check_phase(document, name, row)
            found[status] = StatusRule(
                status,
                self._text(row.title),
                self._text(row.meaning),
                _source(row),
                row.phase,
                row.terminal,
                row.active,
                row.benefits,
            )
        return found

    def _check_phase(self, document: YamlDocument, name: str, row: StatusEntry) -> None:
        path: tuple[PathPart, ...] = ("membership", name, "phase")
        if row.phase is Phase.NONE:
            what = f"{name} has the phase none, which is before the first step."
            self.problems.add(document, path, what, "Write preparing, applying, member ...")
        if row.active is not (row.phase is Phase.MEMBER):
            what = f"{name}: `active` and the phase {row.phase.value} contradict each other."
            self.problems.add(document, path, what, "Active is who is in the phase member.")
        if row.benefits and not row.active:
            what = f"{name} has benefits and is not active."
            self.problems.add(document, path, what, "Drop benefits, or mark it active.")

    def _labels(self) -> dict[str, dict[str, Text]]:
        document, file = _got(self.files.statuses)
        found: dict[str, dict[str, Text]] = {
            "membership": {name: Text(dict(row.title)) for name, row in file.membership.items()}
        }
        for axis, labels in file.labels.items():
            known = {a.value: values for a, values in AXIS_VALUES.items()}.get(axis)
            for name in labels:
                if known is None or name not in set(known):
                    what = f"There is no state {name!r} on an axis {axis!r}."
                    remedy = f"Axes: {', '.join(Axis)}."
                    self.problems.add(document, ("labels", axis, name), what, remedy)
            found[axis] = {name: Text(dict(text)) for name, text in labels.items()}
        return found

    # -- guards and transitions -------------------------------------------------------------

    def _rule(self, document: YamlDocument, path: tuple[PathPart, ...], value: object) -> Rule:
        try:
            return parse_rule(value)
        except BadInput as error:
            self.problems.add(document, path, error.message, "Mend the rule.")
            return Is("trade.is_active", True)

    def _guards(self) -> dict[str, Guard]:
        document, rows = _got(self.files.guards)
        return {
            code: Guard(
                code,
                self._rule(document, (code, "rule"), row.rule),
                self._text(row.message),
                _source(row),
                row.holds_outside,
            )
            for code, row in rows.items()
        }

    def _check_guards(
        self,
        guards: Mapping[str, Guard],
        deadlines: Mapping[str, Deadline],
        transitions: Mapping[str, Transition],
    ) -> None:
        """Refuse guards that nobody asks, and names of deadlines and acts that are not there."""
        document, _ = _got(self.files.guards)
        used = {code for row in transitions.values() for code in row.guards}
        for code, guard in guards.items():
            if code not in used:
                what = f"No transition asks for the guard {code}."
                self.problems.add(document, (code,), what, "Name it in a transition, or remove it.")
            for name in facts_of(guard.rule):
                family, _, rest = name.partition(".")
                if family in _OF_DEADLINES and rest not in deadlines:
                    what = f"Guard {code} asks for {name}, and there is no such deadline."
                    self.problems.add(document, (code, "rule"), what, "Correct the id.")
            for name, act in _acts_named(guard.rule):
                if act not in transitions:
                    what = f"Guard {code} asks whether {name} is {act}, and there is no such act."
                    self.problems.add(document, (code, "rule"), what, "Correct the id.")

    def _check_marks(
        self, document: YamlDocument, pack: PackEntry, transitions: Mapping[str, Transition]
    ) -> None:
        """Refuse a deadline or closing that waits for a mark which no act sets."""
        has_decisions = any(row.is_decision for row in transitions.values())
        made = {mark.value for row in transitions.values() for mark in row.marks}
        made |= {mark.value for mark in OF_DECISIONS} if has_decisions else set()
        waiting: list[tuple[YamlDocument, tuple[PathPart, ...], str]] = [
            (document, ("closing_marks", index), name)
            for index, name in enumerate(pack.closing_marks)
        ]
        register, file = _got(self.files.deadlines)
        for index, row in enumerate(file.deadlines):
            for key in ("anchors", "met_by", "reopened_by", "ended_by", "met_since"):
                for at, name in enumerate(getattr(row, key)):
                    waiting.append((register, ("deadlines", index, key, at), name))
        for where, path, name in waiting:
            if name in _MARKS and name not in made:
                what = f"No transition sets the mark {name}."
                self.problems.add(where, path, what, "Let one set it, or name another mark.")

    def _transitions(self, guards: Mapping[str, Guard]) -> dict[str, Transition]:
        found: dict[str, Transition] = {}
        for read in self.files.transitions:
            document, file = _got(read)
            for index, row in enumerate(file.transitions):
                path: tuple[PathPart, ...] = ("transitions", index)
                if row.id in found:
                    what = f"Transition {row.id} stands twice."
                    self.problems.add(document, (*path, "id"), what, "Give it another id.")
                found[row.id] = self._transition(document, path, row, guards)
        return found

    def _transition(
        self,
        document: YamlDocument,
        path: tuple[PathPart, ...],
        row: TransitionEntry,
        guards: Mapping[str, Guard],
    ) -> Transition:
        self._check_roles(document, (*path, "by"), row.by)
        self._check_roles(document, (*path, "second_by"), row.second_by)
        for index, code in enumerate(row.guards):
            if code not in guards:
                what = f"{row.id} asks for the guard {code!r}, which is not in guards.yaml."
                self.problems.add(
                    document, (*path, "guards", index), what, "Add it, or correct it."
                )
        for index, word in enumerate(row.requires):
            if word not in GIVEN:
                what = f"{row.id} requires {word!r}, which no act can give."
                remedy = f"Use some of {', '.join(sorted(GIVEN))}."
                self.problems.add(document, (*path, "requires", index), what, remedy)
        for index, word in enumerate(row.may_give):
            if word not in GIVEN:
                what = f"{row.id} may give {word!r}, which no act can give."
                remedy = f"Use some of {', '.join(sorted(GIVEN))}."
                self.problems.add(document, (*path, "may_give", index), what, remedy)
        families = {code.partition(".")[0] for code in _got(self.files.reasons)[1]}
        for index, word in enumerate(row.reasons):
            if word not in families:
                what = f"{row.id} takes reasons of {word!r}, and reasons.yaml has none of these."
                remedy = f"Use some of {', '.join(sorted(families))}."
                self.problems.add(document, (*path, "reasons", index), what, remedy)
        axis = self._axis(document, (*path, "axis"), row.axis)
        sources: dict[Axis, frozenset[str]] = {}
        for name, values in row.sources.items():
            at = self._axis(document, (*path, "from", name), name)
            for index, value in enumerate(values):
                self._check_value(document, (*path, "from", name, index), at, value)
            sources[at] = frozenset(values)
        changes = {}
        for name, entry in row.changes.items():
            at = self._axis(document, (*path, "to", name), name)
            changes[at] = self._target(document, (*path, "to", name), at, entry)
        return Transition(
            id=row.id,
            axis=axis,
            title=self._text(row.title),
            sources=sources,
            changes=changes,
            by=frozenset(row.by),
            guards=tuple(code for code in row.guards if code in guards),
            marks=tuple(self._marks(document, (*path, "marks"), row.marks)),
            source=_source(row),
            second_by=frozenset(row.second_by),
            requires=frozenset(row.requires),
            is_decision=row.decision,
            is_office_only=row.office_only,
            may_give=frozenset(row.may_give),
            reasons=frozenset(row.reasons),
            stream=row.stream,
            meaning=self._text(row.meaning or row.title),
            does=row.does,
            letter=row.letter or "",
        )

    def _check_purposes(
        self, roles: Mapping[str, RoleDefinition], transitions: Mapping[str, Transition]
    ) -> None:
        """Refuse a table in which the engine does not find the acts that it has pages for."""
        document, _ = _got(self.files.pack)
        served: dict[Purpose, list[Transition]] = {}
        for row in transitions.values():
            if row.does is not None:
                served.setdefault(row.does, []).append(row)
        for purpose in NEEDED_PURPOSES:
            if purpose not in served:
                what = f"No transition does {purpose.value}."
                self.problems.add(document, (), what, f"Write `does: {purpose.value}` on one.")
        for purpose, rows in served.items():
            if purpose not in REPEATED_PURPOSES and len(rows) > 1:
                what = f"{', '.join(row.id for row in rows)} all do {purpose.value}."
                self.problems.add(document, (), what, "Keep it on one of them.")
            for row in rows:
                for fault in _faults_of_purpose(purpose, row, roles):
                    what = f"{row.id} does {purpose.value}, and {fault}."
                    self.problems.add(document, (), what, "Mend the row, or drop `does`.")
        for row in transitions.values():
            for name in sorted(row.by | row.second_by):
                if name in roles and roles[name].may_be_outsider:
                    what = f"{row.id} is for {name}, whose holder may be an outsider."
                    remedy = "Whoever may be an outsider drafts and reads; name another role."
                    self.problems.add(document, (), what, remedy)
        self._check_holders(document, roles, served)

    def _check_holders(
        self,
        document: YamlDocument,
        roles: Mapping[str, RoleDefinition],
        served: Mapping[Purpose, list[Transition]],
    ) -> None:
        """Refuse a program in which nobody could sign, answer, review, vet or be assigned."""
        needed = [(Power.ANSWER, True), (Power.REVIEW, True)]
        needed += [
            # A hit that needs two people would wait forever where nobody may be the second.
            *((power, bool(_got(self.files.checks)[1])) for power in _SCREENING_POWERS),
            (Power.BE_ASSIGNED, Purpose.ASSIGN in served),
        ]
        for power, is_needed in needed:
            if is_needed and not any(power in role.may for role in roles.values()):
                what = f"No role may {power.value}."
                self.problems.add(document, (), what, f"Write may: [{power.value}] on one.")
        if not any(role.may_sign for role in roles.values()):
            what = "No role may sign for a company."
            self.problems.add(document, (), what, "Write may_sign: true on one.")

    def _check_letters(self, transitions: Mapping[str, Transition]) -> None:
        """Refuse a letter that an act issues and that is not there, or cannot be set."""
        document, letters = _got(self.files.letters)
        for row in transitions.values():
            if row.letter and row.letter not in letters:
                what = f"{row.id} issues the letter {row.letter!r}, which is not there."
                self.problems.add(document, (), what, "Write it, or correct the name.")
        takes = [row for row in transitions.values() if Mark.PARTLY_SUSPENDED in row.marks]
        warns = [row for row in transitions.values() if Mark.HEARING_OPENED in row.marks and takes]
        for kind in sorted({row.letter for row in (*takes, *warns)} & letters.keys()):
            if BENEFITS_PART not in letters[kind]:
                what = f"The letter {kind} has no {BENEFITS_PART}, and single ones are suspended."
                self.problems.add(document, (kind,), what, "Write it, with {benefits}.")
        for kind, parts in letters.items():
            for part in LETTER_PARTS:
                if part not in parts:
                    what = f"The letter {kind} has no {part}."
                    self.problems.add(document, (kind,), what, "Write it.")
            for part, text in parts.items():
                for words in text.values():
                    for name in _placeholders(words):
                        if part == "title":
                            what = f"{kind}.title has {{{name}}}; what a letter is called has none."
                            self.problems.add(document, (kind, part), what, "Leave it out.")
                        elif name not in LETTER_PLACES:
                            what = f"{kind}.{part} has {{{name}}}, which no letter fills in."
                            remedy = f"Use some of {', '.join(sorted(LETTER_PLACES))}."
                            self.problems.add(document, (kind, part), what, remedy)

    def _check_sealed(self, transitions: Mapping[str, Transition]) -> None:
        """Refuse a pack without a rule for a class of records that the engine seals."""
        document, rows = _got(self.files.retention)
        marks = {mark for row in transitions.values() for mark in row.marks}
        needed = {SEALED_WITH[mark] for mark in marks & SEALED_WITH.keys()}
        for category in sorted((SEALED_CATEGORIES | needed) - rows.keys()):
            what = f"There is no rule for {category}, and such records are kept."
            self.problems.add(document, (), what, "Write one; without a period nothing is erased.")
        for category in sorted(PEOPLE_CATEGORIES & rows.keys()):
            row = rows[category]
            if row.anchors and row.person_from is None:
                what = f"{category} is kept of people as well, and no mark is ever set on a person."
                remedy = f"Add person_from: one of {', '.join(PersonEnd)}."
                self.problems.add(document, (category,), what, remedy)

    def _axis(self, document: YamlDocument, path: tuple[PathPart, ...], name: str) -> Axis:
        try:
            return Axis(name)
        except ValueError:
            what = f"There is no axis {name!r}."
            self.problems.add(document, path, what, f"Use one of {', '.join(Axis)}.")
            return Axis.MEMBERSHIP

    def _check_value(
        self, document: YamlDocument, path: tuple[PathPart, ...], axis: Axis, value: str
    ) -> None:
        known = set(AXIS_VALUES[axis])
        if value not in known:
            what = f"The axis {axis.value} has no state {value!r}."
            self.problems.add(document, path, what, f"Use one of {', '.join(sorted(known))}.")
        elif axis is Axis.MEMBERSHIP and value != MembershipStatus.NONE:
            used = _got(self.files.statuses)[1].membership
            if value not in used:
                what = f"This program does not use the status {value}."
                self.problems.add(document, path, what, "Add it to statuses.yaml, or correct it.")

    def _target(
        self,
        document: YamlDocument,
        path: tuple[PathPart, ...],
        axis: Axis,
        entry: str | TargetEntry,
    ) -> Target:
        if isinstance(entry, str):
            self._check_value(document, path, axis, entry)
            return Target(TargetRule.VALUE, entry)
        for index, value in enumerate(entry.allowed):
            self._check_value(document, (*path, "allowed", index), axis, value)
        if entry.rule is TargetRule.GIVEN and not entry.allowed:
            self.problems.add(document, path, "`given` needs `allowed`.", "List the values.")
        if entry.rule is TargetRule.VALUE:
            self.problems.add(
                document, path, "`value` is written plainly.", "Write the state itself."
            )
        return Target(entry.rule, "", frozenset(entry.allowed))

    def _check_exits(
        self,
        statuses: Mapping[MembershipStatus, StatusRule],
        transitions: Mapping[str, Transition],
    ) -> None:
        """Refuse an exit from a terminal status, and a status without exit or entry."""
        document, _ = _got(self.files.statuses)
        left: dict[str, list[str]] = {}
        entered: set[str] = set()
        for row in transitions.values():
            target = row.changes.get(Axis.MEMBERSHIP)
            for value in row.sources.get(Axis.MEMBERSHIP, ()):
                if target is not None and target.value != value:
                    left.setdefault(value, []).append(row.id)
            if target is not None:
                entered |= {target.value} if target.value else set(target.allowed)
                if target.rule is TargetRule.BEFORE_LOSS:
                    entered |= {s.value for s, rule in statuses.items() if rule.is_active}
        for status, rule in statuses.items():
            path = ("membership", status.value)
            exits = left.get(status.value, [])
            if rule.is_terminal and exits:
                what = f"{status.value} is terminal, and {', '.join(exits)} leave it."
                self.problems.add(document, path, what, "Drop `terminal`, or the exits.")
            if not rule.is_terminal and not exits:
                what = f"{status.value} has no exit and is not marked terminal."
                self.problems.add(document, path, what, "Add a transition, or mark it terminal.")
            if status.value not in entered:
                what = f"No transition leads to {status.value}."
                self.problems.add(document, path, what, "Add one, or drop the status.")

    # -- deadlines --------------------------------------------------------------------------

    def _deadlines(self) -> dict[str, Deadline]:
        document, file = _got(self.files.deadlines)
        found: dict[str, Deadline] = {}
        for index, row in enumerate(file.deadlines):
            path: tuple[PathPart, ...] = ("deadlines", index)
            if row.id in found:
                what = f"Deadline {row.id} stands twice."
                self.problems.add(document, (*path, "id"), what, "Give it another id.")
            self._check_deadline(document, path, row)
            found[row.id] = Deadline(
                id=row.id,
                title=self._text(row.title),
                owed_by=row.owed_by,
                nature=row.nature,
                count=row.count,
                anchors=frozenset(self._marks(document, (*path, "anchors"), row.anchors)),
                met_by=frozenset(self._marks(document, (*path, "met_by"), row.met_by)),
                source=_source(row),
                period=_period(row.period),
                window=_period(row.window),
                reopened_by=frozenset(
                    self._marks(document, (*path, "reopened_by"), row.reopened_by)
                ),
                ended_by=frozenset(self._marks(document, (*path, "ended_by"), row.ended_by)),
                met_since=frozenset(self._marks(document, (*path, "met_since"), row.met_since)),
                by_band={band: _needed(period) for band, period in row.by_band.items()},
                on_day=_day(row.on_day) if row.on_day else None,
                every_years=row.every_years,
                starts_on=row.starts_on,
                limit_days=row.limit_days,
                rolls=row.rolls,
                survives_closing=row.survives_closing,
                any_review_counts=row.any_review_counts,
                qualifier=self._text(row.qualifier) if row.qualifier else None,
                stream=row.stream,
                is_office_only=row.office_only,
            )
        return found

    def _check_deadline(
        self, document: YamlDocument, path: tuple[PathPart, ...], row: DeadlineEntry
    ) -> None:
        def refuse(what: str, remedy: str) -> None:
            self.problems.add(document, path, f"{row.id}: {what}", remedy)

        if not row.anchors:
            refuse("nothing anchors it.", "Name the mark it is counted from.")
        has_period = row.period is not None or bool(row.by_band)
        needs = row.count in (Count.AFTER, Count.WINDOWS, Count.BEFORE_VISIT, Count.SPAN)
        if needs and not has_period and not row.set_by_office:
            refuse(
                "it has no period.", "Write one, or `set_by_office: true` if the office decides."
            )
        if row.count is Count.WINDOWS and row.period is not None and not row.period.years:
            refuse("windows are counted in whole years.", "Write period: {years: 4}.")
        if row.set_by_office and has_period:
            refuse("it has a period, and says the office must set one.", "Drop set_by_office.")
        for key, counts in _COUNTED.items():
            if key in row.model_fields_set and row.count not in counts:
                what = f"`{key}` says nothing where the count is {row.count.value}."
                refuse(what, f"Drop it, or count: {' or '.join(one.value for one in counts)}.")
        if row.period is not None and row.by_band:
            refuse("it has a period, and one for each band.", "Drop one of the two.")
        if row.on_day is not None:
            self._check_day(document, (*path, "on_day"), row.on_day)
        if row.count is Count.CALENDAR and row.on_day is None:
            refuse("it has no day.", "Write on_day.")
        if row.count is Count.SPAN and row.starts_on is None:
            refuse("it has no first day.", "Write starts_on.")
        if row.count is Count.EFFORT and row.limit_days is None:
            refuse("it has no limit.", "Write limit_days.")

    def _check_day(self, document: YamlDocument, path: tuple[PathPart, ...], row: DayEntry) -> None:
        is_fixed = row.day is not None
        by_weekday = row.weekday is not None and bool(row.nth)
        if is_fixed == by_weekday or (is_fixed and (row.weekday, row.nth) != (None, None)):
            what = f"{row.name} needs either a day, or a weekday with its number in the month."
            self.problems.add(document, path, what, "Write day: 4, or weekday: 0 and nth: 1.")
        # 2024 is a leap year: 29 February is a day, and falls on the 28th in other years.
        elif row.day is not None and row.day > monthrange(2024, row.month)[1]:
            what = f"{row.name}: month {row.month} has no day {row.day}."
            self.problems.add(document, (*path, "day"), what, "Correct the day.")

    def _calendar(self) -> WorkingCalendar:
        document, file = _got(self.files.calendar)
        for index, row in enumerate(file.holidays):
            self._check_day(document, ("holidays", index), row)
        return WorkingCalendar(tuple(_day(entry) for entry in file.holidays))

    # -- who and what -----------------------------------------------------------------------

    def _entities(self) -> dict[str, EntityType]:
        document, file = _got(self.files.entities)
        statements = {
            key: EligibilityRule(
                key,
                self._text(row.title),
                self._rule(document, ("statements", key, "rule"), row.rule),
                _source(row),
                self._text(row.remedy),
            )
            for key, row in file.statements.items()
        }
        used: set[str] = set()
        found = {}
        for key, row in file.entities.items():
            for index, statement in enumerate(row.eligibility):
                used.add(statement)
                if statement not in statements:
                    what = f"{key} names the statement {statement}, which is not there."
                    path = ("entities", key, "eligibility", index)
                    self.problems.add(document, path, what, "Add it to statements, or correct it.")
            if row.tiers and row.entry_tier not in row.tiers:
                what = f"{key} enters at {row.entry_tier}, which is not among its tiers."
                self.problems.add(document, ("entities", key), what, "Add the tier.")
            found[key] = EntityType(
                key,
                self._text(row.title),
                self._text(row.meaning),
                row.entry_tier,
                row.validated_tier,
                frozenset(t for t in row.tiers if t is not Tier.NONE),
                tuple(statements[s] for s in row.eligibility if s in statements),
                tuple(row.identifiers),
                _source(row),
                row.overlay,
            )
        for key in file.statements:
            if key not in used:
                what = f"No entity type uses the statement {key}."
                self.problems.add(document, ("statements", key), what, "Use it, or remove it.")
        self._check_questions(document, statements)
        return found

    def _check_questions(
        self, document: YamlDocument, statements: Mapping[str, EligibilityRule]
    ) -> None:
        asked = _got(self.files.questions)[1]
        for key, statement in statements.items():
            for name in facts_of(statement.rule):
                word = VOCABULARY.get(name)
                if word is not None and not word.is_derived and name not in asked:
                    what = f"{key} asks for {name}, and questions.yaml has no question for it."
                    self.problems.add(document, ("statements", key), what, "Write the question.")

    def _questions(self) -> dict[str, Question]:
        document, rows = _got(self.files.questions)
        found = {}
        for name, row in rows.items():
            word = VOCABULARY.get(name)
            if word is None or word.is_derived:
                what = f"{name!r} is no fact that can be asked for."
                self.problems.add(document, (name,), what, "Use one of docs/reference/facts.md.")
                continue
            if word.type in (FactType.SET, FactType.TEXT) and not row.choices:
                what = f"{name} is asked for without choices."
                self.problems.add(document, (name,), what, "List the choices.")
            found[name] = Question(
                name,
                self._text(row.text),
                self._text(row.help or {"en": ""}),
                {key: Text(dict(text)) for key, text in row.choices.items()},
                row.at_least,
                row.at_most,
                row.past,
            )
            self._check_bounds(document, name, row, word.type)
        return found

    def _check_bounds(
        self, document: YamlDocument, name: str, row: QuestionEntry, kind: FactType
    ) -> None:
        """Refuse what would bound nothing: a bound on words, a past on a number."""
        if row.at_least is not None and row.at_most is not None and row.at_least > row.at_most:
            what = f"No number is at least {row.at_least} and at most {row.at_most}."
            self.problems.add(document, (name,), what, "Correct the bounds.")
        for key, fitting in _FITTING.items():
            if key in row.model_fields_set and kind not in fitting:
                what = f"{name} is of the type {kind.value}, and `{key}` says nothing of that."
                self.problems.add(document, (name, key), what, "Drop it.")

    def _agreements(self) -> tuple[Agreement, ...]:
        document, rows = _got(self.files.agreements)
        if not rows:
            self.problems.add(document, (), "There is no agreement text.", "Write one.")
        for index, (row, following) in enumerate(pairwise(rows)):
            self._check_following(document, index + 1, row, following)
        seen: set[str] = set()
        for index, row in enumerate(rows):
            if row.id in seen:
                what = f"Agreement {row.id} stands twice."
                self.problems.add(document, (index, "id"), what, "Give it another id.")
            seen.add(row.id)
            if row.valid_until is not None and row.valid_until < row.valid_from:
                what = f"Agreement {row.id} ends before it begins."
                self.problems.add(document, (index, "valid_until"), what, "Correct the day.")
        return tuple(
            Agreement(
                row.id,
                self._text(row.title),
                self._text(row.text),
                row.valid_from,
                _source(row),
                row.valid_until,
            )
            for row in rows
        )

    def _check_following(
        self, document: YamlDocument, index: int, row: AgreementEntry, following: AgreementEntry
    ) -> None:
        path: tuple[PathPart, ...] = (index, "valid_from")
        if following.valid_from <= row.valid_from:
            what = f"{following.id} begins on {following.valid_from}, not after {row.id}."
            self.problems.add(document, path, what, "Order them by valid_from, each with its day.")
        elif row.valid_until is not None and following.valid_from <= row.valid_until:
            what = f"{row.id} and {following.id} overlap: both are in force on {row.valid_until}."
            self.problems.add(document, path, what, "End the earlier one the day before.")
        elif row.valid_until is not None and following.valid_from > row.valid_until + _ONE_DAY:
            what = f"Between {row.valid_until} and {following.valid_from} no text is in force."
            self.problems.add(document, path, what, "Close the gap.")

    def _retention(self) -> dict[str, RetentionRule]:
        document, rows = _got(self.files.retention)
        return {
            key: RetentionRule(
                key,
                self._text(row.title),
                frozenset(self._marks(document, (key, "anchors"), row.anchors)),
                _period(row.period),
                _source(row),
                row.person_from,
            )
            for key, row in rows.items()
        }


def _faults_of_purpose(
    purpose: Purpose, row: Transition, roles: Mapping[str, RoleDefinition]
) -> Iterator[str]:
    """Give what a row lacks for what it says it does."""
    needs = NEEDS.get(purpose, Needs())
    stream = "office" if purpose in OFFICE_PURPOSES else "account"
    if row.stream != stream:
        yield f"is an act on the record of the {row.stream}"
    if lacking := needs.requires - row.requires:
        yield f"does not require {', '.join(sorted(lacking))}"
    if lacking_marks := needs.marks - set(row.marks):
        yield f"does not set the mark {', '.join(sorted(lacking_marks))}"
    if needs.side is not None and not any(
        roles[name].side is needs.side for name in row.by if name in roles
    ):
        yield f"no role of the {needs.side.value} may do it"
    if purpose is Purpose.CERTIFY:
        if not row.second_by:
            yield "names no second person (`second_by`)"
        if not row.letter:
            yield "names no `letter`"
    elif row.letter:
        yield "names a letter, which only certify issues"


def _placeholders(text: str) -> list[str]:
    """Return the names in braces; a brace out of place counts as one that nobody fills in."""
    try:
        return [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        return ["{"]


def _acts_named(rule: Rule) -> Iterator[tuple[str, str]]:
    """Give each act that a rule names as the value of a fact about acts."""
    if isinstance(rule, AllOf | AnyOf):
        for part in rule.parts:
            yield from _acts_named(part)
    elif isinstance(rule, Not):
        yield from _acts_named(rule.part)
    elif isinstance(rule, Is | OneOf) and rule.fact in _OF_ACTS:
        for act in rule.values if isinstance(rule, OneOf) else (str(rule.value),):
            yield rule.fact, act


def _source(row: Sourced) -> Source:
    return Source(row.source, row.confidence)


def _period(entry: PeriodEntry | None) -> Period | None:
    return None if entry is None else _needed(entry)


def _needed(entry: PeriodEntry) -> Period:
    return Period(entry.years, entry.months, entry.days)


def _day(entry: DayEntry) -> HolidayRule:
    return HolidayRule(
        entry.name, entry.month, entry.day, entry.weekday, entry.nth, entry.observed, entry.since
    )
