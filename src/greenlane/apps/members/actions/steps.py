"""Every lawful step of an account, and of the office itself: one act, one event, one function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from greenlane.apps.accounts.queries import held_by
from greenlane.apps.audit.actions import append, one_at_a_time, one_at_a_time_in
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.members import queries
from greenlane.apps.members.keeping import OFFICE
from greenlane.apps.members.models import Account
from greenlane.core.access import reaches
from greenlane.core.facts import FactValue
from greenlane.core.ledger import EventDraft, step_payload
from greenlane.core.lifecycle.decide import Act, Actor, Decision, Refused
from greenlane.core.program import Program
from greenlane.core.vocabulary import Origin, Power

STEP_WORDS: Final = "account_content"
_WRITTEN: Final = (
    "withdrawal.is_written",
    "suspension.reasons_are_written",
    "appeal.is_reasoned",
)
Drafts = Sequence[tuple[EventDraft, Sealed | None]]


def step_draft(decision: Decision, *, seq: int, via: str = "") -> EventDraft:
    """Return the event of a decision, which will stand at place ``seq``."""
    act = decision.act
    return EventDraft(
        kind="step",
        act=act.id,
        on=act.on,
        actor=act.by.id,
        role=act.by.role,
        payload=step_payload(decision.step(seq)),
        facts=decision.facts.as_json(),
        origin=act.origin,
        document=act.document,
        second=act.second.id if act.second else "",
        second_role=act.second.role if act.second else "",
        via=via,
    )


def _said(words: str) -> dict[str, FactValue]:
    """Return what is known because reasons were written with the act itself, or were not."""
    return dict.fromkeys(_WRITTEN, bool(words.strip()))


def _check_assigned(program: Program, account: Account, decision: Decision) -> None:
    """Refuse a specialist who is none, or who may not open the account of this field office.

    Raises:
        Refused: ``given.not_allowed``.
    """
    person = decision.given.get("specialist")
    if not person or decision.act.origin is Origin.OUTSIDE:
        return
    held = held_by(person, program=program, on=decision.act.today)
    assignable = program.roles_that_may(Power.BE_ASSIGNED)
    may = any(
        one.role in assignable
        and reaches(one, organization=account.organization, office=account.office)
        for one in held
    )
    if not may:
        raise Refused(
            "given.not_allowed",
            "{act}: {person} is no specialist for this account's field office. Choose one "
            "who holds the role there.",
            act=decision.act.id,
            person=person,
        )


@one_at_a_time
def step(
    *,
    account: Account,
    act: str,
    by: Actor,
    at: datetime,
    on: date | None = None,
    second: Actor | None = None,
    given: Mapping[str, str] | None = None,
    facts: Mapping[str, FactValue] | None = None,
    words: str = "",
    origin: Origin = Origin.HERE,
    document: str = "",
    via: str = "",
    before: Drafts = (),
    expected: int | None = None,
) -> Account:
    """Do one act of the pack's transition table on an account.

    Args:
        account: The account as it was read; the record is read again here.
        act: Row of the table ("T05").
        by: Who acts, and in which role.
        at: The moment (aware). ``on`` is the day it takes effect; without it, the moment's day in
            the office's time zone.
        second: The second person, where the row asks for one.
        given: Codes and ISO days that go with the act.
        facts: What the app above knows; they win over declared ones.
        words: Reasons in words; sealed beside the event.
        origin, document: For an outside decision: OUTSIDE and its document's SHA-256.
        before: Events recorded with the step, just before it.
        expected: Number of events the caller decided on (a page's revision); default: now.

    Returns:
        The account as it stands afterwards.

    Raises:
        Refused: the act is not lawful now; nothing is recorded.
        Conflict: somebody changed the account meanwhile; nothing is recorded.
    """
    place = head_of(account.stream).seq
    case = queries.case_of(account, {**_said(words), **dict(facts or {})})
    today = case.program.day_of(at)
    if case.program.transition(act).stream != "account":
        raise Refused(
            "act.wrong_stream", "{act} is an act of the office, not of an account.", act=act
        )
    wanted = Act(act, by, on or today, today, second, dict(given or {}), origin, document)
    decision = case.decide(wanted)
    _check_assigned(case.program, account, decision)
    seq = (place if expected is None else expected) + len(before) + 1
    sealed = Sealed(STEP_WORDS, {"words": words}) if words else None
    append(
        stream=account.stream,
        expected=place if expected is None else expected,
        drafts=[*before, (step_draft(decision, seq=seq, via=via), sealed)],
        at=at,
        program=case.program,
    )
    return queries.account(account.stream)


@one_at_a_time_in(OFFICE)
def office_step(
    *,
    program: Program,
    act: str,
    by: Actor,
    at: datetime,
    on: date | None = None,
    given: Mapping[str, str] | None = None,
    words: str = "",
    via: str = "",
) -> None:
    """Do one act of the program office itself: a decree, a yearly duty.

    Raises:
        Refused: not lawful now. Conflict: somebody wrote to the office's record meanwhile.
    """
    if program.transition(act).stream != OFFICE:
        raise Refused(
            "act.wrong_stream", "{act} is an act on an account, not of the office.", act=act
        )
    place = head_of(OFFICE).seq
    today = program.day_of(at)
    wanted = Act(act, by, on or today, today, given=dict(given or {}))
    decision = queries.office_case(program).decide(wanted)
    sealed = Sealed(STEP_WORDS, {"words": words}) if words else None
    append(
        stream=OFFICE,
        expected=place,
        drafts=[(step_draft(decision, seq=place + 1, via=via), sealed)],
        at=at,
        program=program,
    )
