"""Decides whether an act is lawful, and what it changes: a pure function of pack, standing, facts.

Order of the questions: is there such an act, does it start from here, may this role do it, is the
second person another one, is everything given, do the guards hold. The first "no" is the refusal;
"cannot tell" is one too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from greenlane.core.eligibility import eligibility
from greenlane.core.errors import AnyOf, GreenlaneError
from greenlane.core.facts import ELIGIBILITY_HOLDS, Facts, FactValue, day_of, is_of_this_age
from greenlane.core.lifecycle.standing import Standing, Step
from greenlane.core.marks import Mark
from greenlane.core.program import (
    FROM_FILES_ALONE,
    Guard,
    Program,
    Target,
    TargetRule,
    Transition,
)
from greenlane.core.rules.evaluate import Explanation, explain
from greenlane.core.text import Text
from greenlane.core.vocabulary import Axis, Origin, Purpose, Truth


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and in which role. ``id`` is an opaque key, never a name."""

    id: str
    role: str


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody wants to do.

    Attributes:
        id: Row of the pack's table ("T06").
        on: Day on which it takes effect.
        today: Day on which it is recorded; ``on`` may not lie after it.
        given: Codes and ISO days that go with it: ground, reason, tier, visit_on, outcome ...
        document: SHA-256 of the document an outside decision is taken from.
    """

    id: str
    by: Actor
    on: date
    today: date
    second: Actor | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    origin: Origin = Origin.HERE
    document: str = ""


@dataclass(frozen=True, slots=True)
class GuardAnswer:
    """One guard's answer with its explanation: what the decision bar shows."""

    guard: Guard
    truth: Truth
    why: Explanation


class Refused(GreenlaneError):
    """The act is not lawful now; the message says why and what would make it so."""

    code = "act.refused"

    def __init__(
        self,
        code: str,
        message: str,
        answers: tuple[GuardAnswer, ...] = (),
        text: Text | None = None,
        **fields: object,
    ) -> None:
        super().__init__(message, **fields)
        self.refusal = code
        self.answers = answers
        self.text = text or Text({"en": self.message})


@dataclass(frozen=True, slots=True)
class Decision:
    """A lawful act: the step without its place in the chain, and the facts it rested on."""

    act: Act
    changes: Mapping[Axis, str]
    marks: tuple[Mark, ...]
    given: Mapping[str, str]
    before_loss: tuple[str, str] | None
    facts: Facts

    def step(self, seq: int) -> Step:
        """Return the step at place ``seq`` of the chain."""
        return Step(
            seq,
            self.act.id,
            self.act.on,
            self.act.today,
            self.changes,
            self.marks,
            self.given,
            self.before_loss,
            self.act.origin,
        )


def decide(program: Program, standing: Standing, act: Act, facts: Facts) -> Decision:
    """Return what ``act`` changes.

    Args:
        program: The pack's rules.
        standing: Where the account stands before the act.
        act: What is asked, by whom, effective when.
        facts: All that is known; facts of the record are added here and win.

    Raises:
        Refused: with a stable ``refusal`` code: ``act.unknown``, ``date.in_future``,
            ``date.out_of_range``, ``date.before_last_step``, ``status.wrong``, ``assignment.made``,
            ``urgency.none``, ``role.not_allowed``, ``second.missing``, ``second.role_not_allowed``,
            ``second.same_person``, ``given.missing``, ``given.not_allowed``,
            ``outside.document_missing``, ``loss.unknown``, ``guard.<code>`` (does not hold),
            ``guard.<code>.unknown`` (cannot tell).

    Source: docs/reference/refusals.md; house rule "decisions are pure functions".
    """
    row = program.transitions.get(act.id)
    if row is None:
        raise Refused(
            "act.unknown",
            "The program {program} has no act {act!r}.",
            program=program.id,
            act=act.id,
        )
    _check_dates(program, standing, row, act)
    _check_status(program, standing, row)
    _check_assigned_once(standing, row)
    _check_urgent(standing, row)
    _check_people(program, row, act)
    _check_given(program, row, act)
    known = _known(program, standing, act, facts)
    known = _with_eligibility(program, standing.entity_type, row, known)
    answers = answer_guards(program, row, known, origin=act.origin)
    _check_guards(row, answers)
    return Decision(
        act=act,
        changes={
            axis: _value(program, standing, target, axis, act)
            for axis, target in row.changes.items()
        },
        marks=_marks(program, row, act),
        given=dict(act.given),
        before_loss=_before_loss(program, standing, row),
        facts=known.only(_looked_at(program, row)),
    )


def _known(program: Program, standing: Standing, act: Act, facts: Facts) -> Facts:
    own: dict[str, FactValue] = standing.facts(program, on=act.on)
    for key in ("ground", "reason"):
        if act.given.get(key):
            own[f"act.{key}"] = act.given[key]
    if act.origin is Origin.OUTSIDE:
        own["record.has_outside_document"] = bool(act.document)
    return facts.with_(own)


def _with_eligibility(program: Program, entity_type: str, row: Transition, known: Facts) -> Facts:
    """Return ``known`` and, for a row whose guards ask, whether eligibility holds on them."""
    if ELIGIBILITY_HOLDS not in program.facts_asked[row.id]:
        return known
    holds = eligibility(program, entity_type, known)
    if holds.truth is Truth.UNKNOWN:
        return known
    return known.with_({ELIGIBILITY_HOLDS: holds.truth is Truth.YES})


def answer_guards(
    program: Program, row: Transition, facts: Facts, *, origin: Origin = Origin.HERE
) -> tuple[GuardAnswer, ...]:
    """Return every guard's answer, in the order of the row.

    An outside decision was taken by the authority: only the guards that hold for those too
    (``holds_outside``) are asked of it.
    """
    guards = (program.guards[code] for code in row.guards)
    asked = (g for g in guards if origin is Origin.HERE or g.holds_outside)
    explained = ((guard, explain(guard.rule, facts)) for guard in asked)
    return tuple(GuardAnswer(guard, why.truth, why) for guard, why in explained)


def _looked_at(program: Program, row: Transition) -> frozenset[str]:
    standing = (f"standing.{axis.value}" for axis in row.sources)
    return program.facts_asked[row.id].union(("act.on", "standing.entity_type"), standing)


def _check_dates(program: Program, standing: Standing, row: Transition, act: Act) -> None:
    if act.on > act.today:
        raise Refused(
            "date.in_future",
            "{act} cannot take effect on {on}: that day is still to come. Record it on or "
            "after that day.",
            act=row.id,
            on=act.on,
        )
    if not is_of_this_age(act.on):
        raise Refused(
            "date.out_of_range",
            "{act} cannot take effect on {on}: give a day of this age.",
            act=row.id,
            on=act.on,
        )
    # Also the axes that it starts from and that its guards ask for: an act dated before vetting
    # passed did not rest on passed vetting.
    asked = _looked_at(program, row)
    for axis, since in standing.since.items():
        if act.on >= since.on:
            continue
        if axis in row.changes or f"standing.{axis.value}" in asked:
            raise Refused(
                "date.before_last_step",
                "{act} cannot take effect on {on}: {last} of {last_on} came later on the axis "
                "{axis}, on which it rests. Give a day from {last_on} on.",
                act=row.id,
                on=act.on,
                last=since.act,
                last_on=since.on,
                axis=axis.value,
            )


def _check_status(program: Program, standing: Standing, row: Transition) -> None:
    for axis, allowed in row.sources.items():
        value = standing.axes[axis]
        if value in allowed:
            continue
        since = standing.since.get(axis)
        raise Refused(
            "status.wrong",
            "{act} ({title}) starts from {axis} {statuses}; this account is {status} since {on} "
            "({last})."
            if since
            else "{act} ({title}) starts from {axis} {statuses}; this account is {status}.",
            act=row.id,
            title=row.title,
            axis=axis.value,
            statuses=_or(allowed),
            status=value,
            on=since.on if since else None,
            last=since.act if since else "",
        )


def _is_assigned_already(standing: Standing, row: Transition) -> Step | None:
    """Return the step that assigned a specialist to this application, for a row that does so."""
    if row.does is not Purpose.ASSIGN or Mark.ASSIGNED_TO_SPECIALIST not in row.marks:
        return None
    assigned = standing.latest.get(Mark.ASSIGNED_TO_SPECIALIST)
    received = standing.latest.get(Mark.APPLICATION_RECEIVED)
    if assigned is None or (received is not None and received.seq > assigned.seq):
        return None
    return assigned


def _check_assigned_once(standing: Standing, row: Transition) -> None:
    # The review's clock starts with it: done again, it would start again.
    before = _is_assigned_already(standing, row)
    if before is not None:
        raise Refused(
            "assignment.made",
            "{act} ({title}) was done on {on} for this application. Hand the account over to "
            "another specialist instead.",
            act=row.id,
            title=row.title,
            on=before.on,
        )


def _has_no_urgency(standing: Standing, row: Transition) -> bool:
    """Tell whether a row reviews an urgency that the present suspension has not.

    What was confirmed once is not confirmed again; it may still be lifted when more is known.
    """
    if Mark.URGENCY_REVIEWED not in row.marks:
        return False
    present, urgent = (
        standing.latest.get(mark) for mark in (Mark.SUSPENDED, Mark.URGENTLY_SUSPENDED)
    )
    if urgent is None or urgent != present:
        return True
    reviewed = standing.latest.get(Mark.URGENCY_REVIEWED)
    is_reviewed = reviewed is not None and reviewed.seq > urgent.seq
    return is_reviewed and Mark.REINSTATED not in row.marks


def _check_urgent(standing: Standing, row: Transition) -> None:
    if _has_no_urgency(standing, row):
        raise Refused(
            "urgency.none",
            "{act} ({title}) reviews a suspension on the urgent path. This one is not on it, or "
            "was reviewed already.",
            act=row.id,
            title=row.title,
        )


def _check_people(program: Program, row: Transition, act: Act) -> None:
    if act.origin is Origin.OUTSIDE:
        role = program.roles.get(act.by.role)
        if role is None or not role.may_record_outside:
            raise Refused(
                "role.not_allowed",
                "The role {role!r} may not record the authority's decisions.",
                role=act.by.role,
            )
        if not act.document:
            raise Refused(
                "outside.document_missing",
                "An outside decision ({act}) is recorded with its document. Attach the letter.",
                act=row.id,
            )
        # What the company itself does stays with the roles that may do it: a contact cannot sign
        # for the officer by calling the signature somebody else's decision.
        own = frozenset(
            key for key in row.by if key in program.roles and program.roles[key].side is role.side
        )
        if own and act.by.role not in own:
            raise Refused(
                "role.not_allowed",
                "{act} ({title}) is for {roles}; you act as {role}.",
                act=row.id,
                title=row.title,
                roles=_or(own),
                role=act.by.role,
            )
        return
    if act.by.role not in row.by:
        raise Refused(
            "role.not_allowed",
            "{act} ({title}) is for {roles}; you act as {role}.",
            act=row.id,
            title=row.title,
            roles=_or(row.by),
            role=act.by.role,
        )
    if not row.second_by:
        return
    if act.second is None:
        raise Refused(
            "second.missing",
            "{act} ({title}) needs a second person: {roles}.",
            act=row.id,
            title=row.title,
            roles=_or(row.second_by),
        )
    if act.second.role not in row.second_by:
        raise Refused(
            "second.role_not_allowed",
            "The second person of {act} must be {roles}, not {role}.",
            act=row.id,
            roles=_or(row.second_by),
            role=act.second.role,
        )
    if act.second.id == act.by.id:
        raise Refused(
            "second.same_person",
            "The second person of {act} must be somebody else (R14).",
            act=row.id,
        )


def _check_given(program: Program, row: Transition, act: Act) -> None:
    missing = sorted(key for key in row.requires if not act.given.get(key))
    if missing:
        raise Refused(
            "given.missing",
            "{act} ({title}) needs: {missing}.",
            act=row.id,
            title=row.title,
            missing=", ".join(missing),
        )
    ground = act.given.get("ground")
    if ground and ground not in program.grounds:
        raise Refused(
            "given.not_allowed",
            "There is no ground {ground!r}: use {grounds}.",
            ground=ground,
            grounds=_or(program.grounds),
        )
    for axis, target in row.changes.items():
        if target.rule is TargetRule.GIVEN and act.given.get(axis.value) not in target.allowed:
            raise Refused(
                "given.not_allowed",
                "{act} needs {axis}: {statuses}; given was {given!r}.",
                act=row.id,
                axis=axis.value,
                statuses=_or(target.allowed),
                given=act.given.get(axis.value, ""),
            )
    chosen = {a.value for a, target in row.changes.items() if target.rule is TargetRule.GIVEN}
    known = row.requires | row.may_give | chosen
    for key, value in act.given.items():
        if key not in known:
            raise Refused(
                "given.not_allowed",
                "{act} ({title}) does not take {key!r}. It takes: {known}."
                if known
                else "{act} ({title}) does not take {key!r}. It takes nothing.",
                act=row.id,
                title=row.title,
                key=key[:40],
                known=", ".join(sorted(known)),
            )
        if not _KEY.fullmatch(key) or not _CODE.fullmatch(value):
            # Events are never erased, so nothing that somebody typed may enter one.
            raise Refused(
                "given.not_allowed",
                "{act}: {key!r} is {value!r}; write a code or a day, no words.",
                act=row.id,
                key=key[:40],
                value=value[:40],
            )
        if key.endswith("_on"):
            _check_day(row, key, value)
        elif key.endswith("_days") and not _NUMBER.fullmatch(value):
            raise Refused(
                "given.not_allowed",
                "{act}: {key} is {value!r}; write a number of whole days.",
                act=row.id,
                key=key,
                value=value,
            )
    _check_codes(program, row, act.given)


def _check_codes(program: Program, row: Transition, given: Mapping[str, str]) -> None:
    allowed: Mapping[str, frozenset[str]] = {
        "reason": reasons_of(program, row),
        "risk_band": program.risk_bands,
        "includes_office": frozenset({"yes", "no"}),
    }
    for key, codes in allowed.items():
        value = given.get(key)
        if value and codes and value not in codes:
            raise Refused(
                "given.not_allowed",
                "{act}: there is no {key} {value!r}: use {codes}.",
                act=row.id,
                key=key,
                value=value,
                codes=_or(codes),
            )
    starts, ends = given.get("starts_on"), given.get("ends_on")
    if starts and ends and ends < starts:
        raise Refused(
            "given.not_allowed",
            "{act}: it ends on {ends}, before {starts}.",
            act=row.id,
            ends=ends,
            starts=starts,
        )


def reasons_of(program: Program, row: Transition) -> frozenset[str]:
    """Return the reason codes that fit an act: of its families and ``other``; all without one."""
    if not row.reasons:
        return frozenset(program.reasons)
    fitting = {code for code in program.reasons if code.partition(".")[0] in row.reasons}
    return frozenset(fitting | ({"other"} & program.reasons.keys()))


_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:#/-]{0,127}|")
_NUMBER: Final = re.compile(r"[0-9]{1,3}")


def _check_day(row: Transition, key: str, value: str) -> None:
    try:
        day_of(value)
    except ValueError:
        raise Refused(
            "given.not_allowed",
            "{act}: {key} is {value!r}; write a day of this age as 2026-05-03.",
            act=row.id,
            key=key,
            value=value,
        ) from None


def _check_guards(row: Transition, answers: tuple[GuardAnswer, ...]) -> None:
    failing = [answer for answer in answers if answer.truth is not Truth.YES]
    if not failing:
        return
    # A plain "no" is the more useful message than a "cannot tell" beside it.
    first = min(failing, key=lambda answer: answer.truth is Truth.UNKNOWN)
    code = f"guard.{first.guard.code}"
    if first.truth is Truth.UNKNOWN:
        code += ".unknown"
    raise Refused(
        code,
        "{act} ({title}): {says}"
        if first.truth is Truth.NO
        else "{act} ({title}): cannot tell yet: {says}",
        answers,
        first.guard.message,
        act=row.id,
        title=row.title,
        says=first.guard.message,
    )


def _value(program: Program, standing: Standing, target: Target, axis: Axis, act: Act) -> str:
    if target.rule is TargetRule.GIVEN:
        return act.given[axis.value]
    if target.rule is TargetRule.ENTRY_TIER:
        return program.entity_type(standing.entity_type).entry_tier.value
    if target.rule is TargetRule.VALIDATED_TIER:
        return program.entity_type(standing.entity_type).validated_tier.value
    if target.rule is TargetRule.BEFORE_LOSS:
        if standing.before_loss is None:
            raise Refused(
                "loss.unknown",
                "{act} gives back what a decision took, and none that took anything is on the "
                "record.",
                act=act.id,
            )
        return standing.before_loss[0 if axis is Axis.MEMBERSHIP else 1]
    return target.value


def _before_loss(program: Program, standing: Standing, row: Transition) -> tuple[str, str] | None:
    """Remember what an active account loses, so that T13 and a granted appeal can give it back.

    A decision that moves neither status nor tier (single benefits) takes neither.
    """
    now = program.statuses.get(standing.membership)
    if not row.is_decision or now is None or not now.is_active:
        return None
    if Axis.MEMBERSHIP not in row.changes and Axis.TIER not in row.changes:
        return None
    return standing.axes[Axis.MEMBERSHIP], standing.axes[Axis.TIER]


OF_DECISIONS: Final = (
    Mark.DECIDED_NONCOMPLIANCE,
    Mark.DECIDED_FALSEHOOD,
    Mark.FALSEHOOD_DECIDED,
)
"""Marks that a decision sets by its ground, beside those of its row."""


def _marks(program: Program, row: Transition, act: Act) -> tuple[Mark, ...]:
    if not row.is_decision:
        return row.marks
    ground = program.grounds.get(act.given.get("ground", ""))
    if ground is not None and ground.is_falsehood:
        return (*row.marks, Mark.DECIDED_FALSEHOOD, Mark.FALSEHOOD_DECIDED)
    return (*row.marks, Mark.DECIDED_NONCOMPLIANCE)


@dataclass(frozen=True, slots=True)
class Available:
    """One act as a page or an API offers it: lawful now, or refused with its code and reason."""

    transition: Transition
    refusal: str
    message: str
    answers: tuple[GuardAnswer, ...]

    @property
    def is_lawful(self) -> bool:
        """Tell whether the act would go through now."""
        return not self.refusal


def available(
    program: Program,
    standing: Standing,
    actor: Actor,
    facts: Facts,
    *,
    on: date,
    stream: str = "account",
) -> tuple[Available, ...]:
    """Return the acts that start from here and are for this role, lawful ones first.

    What must be given with an act and its second person are not asked for yet: the form does that.
    """
    found = []
    known = facts.with_(standing.facts(program, on=on))
    for row in program.transitions.values():
        if row.stream != stream or actor.role not in row.by | row.second_by:
            continue
        if row.does in FROM_FILES_ALONE:
            continue
        if any(standing.axes[axis] not in allowed for axis, allowed in row.sources.items()):
            continue
        if _is_assigned_already(standing, row) is not None or _has_no_urgency(standing, row):
            continue
        asked = _with_eligibility(program, standing.entity_type, row, known)
        answers = answer_guards(program, row, asked)
        try:
            _check_guards(row, answers)
        except Refused as refused:
            found.append(Available(row, refused.refusal, refused.message, answers))
        else:
            found.append(Available(row, "", "", answers))
    return tuple(sorted(found, key=lambda item: bool(item.refusal)))


def _or(words: frozenset[str] | Mapping[str, object]) -> AnyOf:
    return AnyOf(sorted(words))
