"""What every act of this app shares: an event, a step with what its case knows, and a letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from greenlane.apps.audit.actions import append
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.certification.actions import Person, day_words, letter_drafts
from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.models import Account
from greenlane.apps.members.queries import case_of
from greenlane.apps.suspensions import queries
from greenlane.apps.suspensions.models import Suspension
from greenlane.apps.validations.queries import act_facts as facts_below
from greenlane.content.packs import load_program
from greenlane.core.canonical import Json
from greenlane.core.facts import FactValue
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor, Refused
from greenlane.core.program import Program, Transition
from greenlane.core.vocabulary import Axis

SUSPENSION_WORDS: Final = "account_content"
APPEAL_WORDS: Final = "appeal_detail"
Draft = tuple[EventDraft, Sealed | None]


def event(
    act: str,
    payload: Mapping[str, Json],
    *,
    on: date,
    by: Actor,
    via: str,
    words: Mapping[str, Json] | None = None,
    second: Actor | None = None,
) -> Draft:
    """Return one event of this app: its kind is the part of ``act`` before the point."""
    kind = act.partition(".")[0]
    draft = EventDraft(
        kind,
        act,
        on,
        by.id,
        by.role,
        payload=payload,
        second=second.id if second else "",
        second_role=second.role if second else "",
        via=via,
    )
    category = APPEAL_WORDS if kind == "appeal" else SUSPENSION_WORDS
    return draft, Sealed(category, words) if words is not None else None


def record(account: Account, draft: Draft, *, at: datetime, program: Program) -> int:
    """Append one event to an account and return its place.

    Raises:
        Conflict: the account changed meanwhile.
    """
    place = head_of(account.stream).seq
    (made,) = append(stream=account.stream, expected=place, drafts=[draft], at=at, program=program)
    return made.seq


def advance(
    account: Account,
    row: Transition,
    *,
    by: Actor,
    at: datetime,
    via: str,
    case: Suspension | None = None,
    second: Actor | None = None,
    given: Mapping[str, str] | None = None,
    known: Mapping[str, FactValue] | None = None,
    words: str = "",
    before: Sequence[Draft] = (),
) -> Account:
    """Do one act of the pack's table with what its case knows, its own events just before it.

    Raises:
        Refused: the act is not lawful now. Conflict: the account changed meanwhile.
    """
    today = load_program(account.program).day_of(at)
    own = queries.case_facts(account, case, on=today) if case else {}
    return step(
        account=account,
        act=row.id,
        by=by,
        at=at,
        second=second,
        given=given,
        facts={**facts_below(account, on=today), **own, **dict(known or {})},
        words=words,
        via=via,
        before=before,
    )


def letter_of(
    account: Account,
    row: Transition,
    *,
    by: Person,
    at: datetime,
    language: str,
    via: str,
    code: str = "",
    due_on: date | None = None,
    paragraphs: Sequence[str] = (),
) -> list[Draft]:
    """Return the events of the letter that an act issues: its document, then the letter itself.

    They are the first two of the act; a row without a letter has none.

    Raises:
        LetterNotSet: the letter cannot be set as PDF.
    """
    program = load_program(account.program)
    if not row.letter:
        return []
    letter, document = letter_drafts(
        account,
        program,
        row.letter,
        program.day_of(at),
        at,
        language,
        (by,),
        via,
        document_place=1,
        values={
            "code": code,
            "due_on": day_words(due_on, language) if due_on else "",
            "tier": _tier(account, program, row, language),
        },
        paragraphs=tuple(one for one in paragraphs if one),
    )
    return [document, letter]


def _tier(account: Account, program: Program, row: Transition, language: str) -> str:
    """Return the tier that the account has after the act, in words."""
    standing = case_of(account).standing()
    gives_back = Axis.TIER in row.changes and standing.before_loss is not None
    value = standing.before_loss[1] if gives_back and standing.before_loss else standing.tier.value
    word = program.labels.get("tier", {}).get(value)
    return word.in_(language) if word else value


def ground_words(program: Program, ground: str, language: str) -> str:
    """Return a ground with its code, as a letter names it."""
    found = program.grounds.get(ground)
    return f"{ground}, {found.title.in_(language)}" if found else ground


def check_other_person(by: Actor, *others: str) -> None:
    """Refuse somebody who took part before: four eyes need two people.

    Raises:
        Refused: ``second.same_person``.
    """
    if by.id in others:
        raise Refused(
            "second.same_person", "You took part in this before; somebody else must decide it."
        )
