"""What every act of this app shares: the day, one event, and a step with the case's own facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from greenlane.apps.audit.actions import append
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.models import Account
from greenlane.apps.validations.acts import Doing, act_that
from greenlane.apps.validations.models import ValidationCase
from greenlane.apps.validations.queries import act_facts
from greenlane.content.packs import load_program
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput, NotAllowed
from greenlane.core.facts import FactValue
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program

VISIT_WORDS: Final = "validation_detail"
MAX_WORDS: Final = 20_000
Draft = tuple[EventDraft, Sealed | None]


def check_role(by: Actor, wanted: frozenset[str]) -> None:
    """Refuse a role that is not among ``wanted``.

    Raises:
        NotAllowed: it is not.
    """
    if by.role not in wanted:
        raise NotAllowed(
            "This is done by {roles}, not by {role}.",
            roles=" / ".join(sorted(wanted)),
            role=by.role,
        )


def clean(words: str, what: str, *, is_needed: bool = True, fit: int = MAX_WORDS) -> str:
    """Return what somebody typed, stripped; refuse it when it is missing or does not fit.

    Raises:
        BadInput: nothing where something is needed, or more than `fit` characters.
    """
    kept = words.strip()
    if is_needed and not kept:
        raise BadInput("Say in words: {what}.", what=what)
    if len(kept) > fit:
        raise BadInput(
            "The text ({what}) has {given} characters; {fit} fit.",
            what=what,
            given=len(kept),
            fit=fit,
        )
    return kept


def event(
    act: str,
    payload: Mapping[str, Json],
    *,
    on: date,
    by: Actor,
    via: str,
    words: Mapping[str, Json] | None = None,
) -> Draft:
    """Return one event of this app: its kind is the part of ``act`` before the point."""
    draft = EventDraft(act.partition(".")[0], act, on, by.id, by.role, payload=payload, via=via)
    return draft, Sealed(VISIT_WORDS, words) if words is not None else None


def record(
    stream: str, drafts: Sequence[Draft], *, at: datetime, program: Program
) -> tuple[int, ...]:
    """Append events to an account and return their places.

    Raises:
        Conflict: the account changed meanwhile.
    """
    events = append(
        stream=stream, expected=head_of(stream).seq, drafts=drafts, at=at, program=program
    )
    return tuple(one.seq for one in events)


def advance(
    account: Account,
    doing: Doing,
    *,
    by: Actor,
    at: datetime,
    via: str,
    given: Mapping[str, str] | None = None,
    known: Mapping[str, FactValue] | None = None,
    words: str = "",
    before: Sequence[Draft] = (),
) -> Account:
    """Do one act of the pack's table with what this app knows, its own events just before it.

    Raises:
        UnknownRuleId: the pack has no such act. Refused: the act is not lawful now.
        Conflict: the account changed meanwhile.
    """
    program = load_program(account.program)
    facts = {**act_facts(account, on=program.day_of(at)), **dict(known or {})}
    return step(
        account=account,
        act=act_that(program, doing).id,
        by=by,
        at=at,
        given=given,
        facts=facts,
        words=words,
        via=via,
        before=before,
    )


def payload_of(case: ValidationCase, **more: Json) -> dict[str, Json]:
    """Return the payload of an event of a case."""
    return {"case": case.seq, **more}
