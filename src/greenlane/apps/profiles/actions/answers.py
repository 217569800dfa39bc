"""The member's acts: draft, answer, give evidence, reaffirm, submit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from greenlane.apps.audit.actions import append, one_at_a_time
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.criteria.queries import edition_in_force
from greenlane.apps.documents.actions import give_document
from greenlane.apps.documents.models import Document
from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.models import Account
from greenlane.apps.profiles.editions import FOLLOWING, edition_of, held_edition
from greenlane.apps.profiles.models import Answer, AnswerDraft
from greenlane.apps.profiles.queries import profile_facts, submission_of
from greenlane.content.packs import load_program
from greenlane.core.access import check_role_among
from greenlane.core.canonical import Json
from greenlane.core.criteria import Criterion
from greenlane.core.errors import BadInput, NotNow
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program
from greenlane.core.vocabulary import Power

OUTCOMES: Final = ("IMPLEMENTED", "PARTLY", "NOT_YET", "NOT_APPLICABLE")
ANSWER_WORDS: Final = "answer_text"
MAX_WORDS: Final = 20_000
OPEN_PROFILES: Final = frozenset({"DRAFT", "RETURNED", "APPROVED", "REJECTED"})


class AnswersClosed(NotNow):
    """The profile is with the specialist; answers open again when it is returned or approved."""

    code = "profile.closed"


def check_open(account: Account, by: Actor) -> None:
    """Refuse unless the answers are the company's to change, and the role may.

    Raises:
        AnswersClosed: the profile is with the office. RoleNotAllowed: the role may not answer.
    """
    program = load_program(account.program)
    check_role_among(program, role=by.role, wanted=program.roles_that_may(Power.ANSWER))
    if account.profile not in OPEN_PROFILES:
        raise AnswersClosed(
            "The profile of {account} is {profile}: answers cannot be changed now. Wait "
            "until the specialist returns or approves it.",
            account=account.stream,
            profile=account.profile,
        )


def save_draft(
    *, account: Account, criterion: str, content: Mapping[str, Json], by: Actor, at: datetime
) -> AnswerDraft:
    """Keep what somebody is typing. Not part of the record; replaced by every later draft.

    Raises:
        AnswersClosed, NotAllowed: the profile is closed, or the role may not answer.
    """
    check_open(account, by)
    kept, _ = AnswerDraft.objects.update_or_create(
        account=account.stream,
        criterion=criterion,
        defaults={"content": dict(content), "saved_at": at, "saved_by": by.id},
    )
    return kept


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """One answer as somebody gives it.

    Attributes:
        outcome: One of OUTCOMES.
        words: How it is done here, or why it does not apply; at most 20,000 characters.
        parts: Key of each sub-requirement -> "yes" or "no".
        scope: Sites, numbers or lanes that the answer covers, in words.
    """

    criterion: str
    outcome: str
    words: str
    parts: Mapping[str, str] = field(default_factory=dict)
    scope: str = ""


def save_answer(
    *,
    account: Account,
    criterion: str,
    outcome: str,
    words: str,
    by: Actor,
    at: datetime,
    parts: Mapping[str, str] | None = None,
    scope: str = "",
    via: str = "",
) -> Answer:
    """Save the answer to one criterion: an event, and the draft is gone. See `save_answers`."""
    given = AnswerGiven(criterion, outcome, words, dict(parts or {}), scope)
    save_answers(account=account, answers=(given,), by=by, at=at, via=via)
    return Answer.objects.get(stream=account.stream, criterion=criterion)


@one_at_a_time
def save_answers(
    *, account: Account, answers: Sequence[AnswerGiven], by: Actor, at: datetime, via: str = ""
) -> None:
    """Save several answers at once, each as an event of its own; all of them or none.

    Raises:
        BadInput: an unknown outcome, part or criterion, or no words where they are needed.
        AnswersClosed, NotAllowed: the profile is closed, or the role may not answer.
        Conflict: the account changed meanwhile.
    """
    check_open(account, by)
    program = load_program(account.program)
    today = program.day_of(at)
    edition = edition_of(account, on=today)
    drafts = []
    for given in answers:
        _check_answer(edition.criterion(given.criterion), account, given)
        payload: dict[str, Json] = {
            "criterion": given.criterion,
            "edition": edition.id,
            "outcome": given.outcome,
            "parts": dict(given.parts),
        }
        words: dict[str, Json] = {"words": given.words.strip(), "scope": given.scope.strip()}
        draft = EventDraft(
            "answer", "answer.saved", today, by.id, by.role, payload=payload, via=via
        )
        drafts.append((draft, Sealed(ANSWER_WORDS, words)))
    append(
        stream=account.stream,
        expected=head_of(account.stream).seq,
        drafts=drafts,
        at=at,
        program=program,
    )
    saved = [given.criterion for given in answers]
    AnswerDraft.objects.filter(account=account.stream, criterion__in=saved).delete()


def _check_answer(asked: Criterion, account: Account, given: AnswerGiven) -> None:
    if asked.cell(account.entity_type) is None:
        raise BadInput(
            "Criterion {criterion} asks nothing of this entity type. Leave it out.",
            criterion=asked.id,
        )
    if given.outcome not in OUTCOMES:
        raise BadInput(
            "{outcome!r} is no answer. Choose one of {outcomes}.",
            outcome=given.outcome,
            outcomes=", ".join(OUTCOMES),
        )
    if not given.words.strip():
        raise BadInput("Say in words how it is done here, or why it does not apply.")
    if len(given.words) > MAX_WORDS:
        raise BadInput(
            "The answer has {length:,} characters; {limit:,} fit.",
            length=len(given.words),
            limit=MAX_WORDS,
        )
    known = {sub.key for sub in asked.sub_requirements}
    if set(given.parts) - known or set(given.parts.values()) - {"yes", "no"}:
        raise BadInput("A part is answered with yes or no, and only parts of this criterion.")


@one_at_a_time
def give_evidence(
    *,
    account: Account,
    criterion: str,
    name: str,
    content: bytes,
    by: Actor,
    at: datetime,
    kind: str = "",
    dated_on: date | None = None,
    via: str = "",
) -> Document:
    """Attach a document to one criterion.

    Raises:
        FileRefused: the file is not taken. AnswersClosed, NotAllowed, Conflict.
    """
    check_open(account, by)
    program = load_program(account.program)
    today = program.day_of(at)
    if dated_on is not None and dated_on > today:
        raise BadInput(
            "The document is dated {dated_on}, which is still to come.", dated_on=dated_on
        )
    edition_of(account, on=today).criterion(criterion)
    document = give_document(
        stream=account.stream,
        name=name,
        content=content,
        purpose="evidence",
        by=by,
        at=at,
        program=program,
        via=via,
    )
    _evidence_event(
        account, program, "evidence.given", criterion, document.seq, by, at, via, kind, dated_on
    )
    return document


@one_at_a_time
def withdraw_evidence(
    *, account: Account, criterion: str, document_seq: int, by: Actor, at: datetime, via: str = ""
) -> None:
    """Take a document away from a criterion; the record keeps that it was there.

    Raises:
        AnswersClosed, NotAllowed, Conflict.
    """
    check_open(account, by)
    program = load_program(account.program)
    _evidence_event(account, program, "evidence.withdrawn", criterion, document_seq, by, at, via)


def _evidence_event(
    account: Account,
    program: Program,
    act: str,
    criterion: str,
    document_seq: int,
    by: Actor,
    at: datetime,
    via: str,
    kind: str = "",
    dated_on: date | None = None,
) -> None:
    payload: dict[str, Json] = {
        "criterion": criterion,
        "document_seq": document_seq,
        "kind": kind,
        "dated_on": dated_on.isoformat() if dated_on else None,
    }
    draft = EventDraft(
        "evidence", act, program.day_of(at), by.id, by.role, payload=payload, via=via
    )
    append(
        stream=account.stream,
        expected=head_of(account.stream).seq,
        drafts=[(draft, None)],
        at=at,
        program=program,
    )


@one_at_a_time
def reaffirm(
    *, account: Account, criteria: tuple[str, ...], by: Actor, at: datetime, via: str = ""
) -> None:
    """Record that standing answers were looked at and still hold (annual review).

    Every criterion is named by the caller, who has read its answer. The doors go through
    ``annual.confirm``, which asks for that.

    Raises:
        BadInput: a criterion has no answer to reaffirm. AnswersClosed, NotAllowed, Conflict.
    """
    check_open(account, by)
    answered = set(Answer.objects.filter(stream=account.stream).values_list("criterion", flat=True))
    missing = [key for key in criteria if key not in answered]
    if missing:
        raise BadInput(
            "Nothing to reaffirm: {missing} has no answer yet.", missing=", ".join(missing)
        )
    program = load_program(account.program)
    draft = EventDraft(
        "answer",
        "answer.reaffirmed",
        program.day_of(at),
        by.id,
        by.role,
        payload={"criteria": list(criteria)},
        via=via,
    )
    append(
        stream=account.stream,
        expected=head_of(account.stream).seq,
        drafts=[(draft, None)],
        at=at,
        program=program,
    )


@one_at_a_time
def submit(
    *,
    account: Account,
    by: Actor,
    at: datetime,
    act: str = "",
    facts: Mapping[str, bool] | None = None,
    via: str = "",
) -> Account:
    """Submit the application, a resubmission, a renewed application or the periodic review.

    Args:
        act: The act; without one, the submission that starts from where the account stands.
        facts: What the caller knows besides; it wins.

    Raises:
        Refused: with the guard that does not hold; `core` names each. Conflict.
    """
    program = load_program(account.program)
    today = program.day_of(at)
    known = {**profile_facts(account, on=today), **dict(facts or {})}
    return step(
        account=account,
        act=act or submission_of(account).id,
        by=by,
        at=at,
        facts=known,
        via=via,
        before=_fixed(account, program, by=by, on=today, via=via),
    )


def _fixed(
    account: Account, program: Program, *, by: Actor, on: date, via: str
) -> list[tuple[EventDraft, Sealed | None]]:
    """Return the event that fixes the edition an application goes in under, where it is a new one.

    Until then the profile followed the edition in force; from here on it stays under this one.
    """
    held = held_edition(account.stream)
    present = edition_in_force(program.id, on=on)
    follows = program.phase_of(account.membership) in FOLLOWING
    if not follows or held is None or held.edition == present.id:
        return []
    payload: dict[str, Json] = {"from": held.edition, "to": present.id, "asked_before": {}}
    draft = EventDraft("edition", "edition.fixed", on, by.id, by.role, payload=payload, via=via)
    return [(draft, None)]
