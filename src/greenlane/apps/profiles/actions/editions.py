"""The member's acts on editions of the criteria: apply a new one, and undo it in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from greenlane.apps.audit.actions import append, one_at_a_time
from greenlane.apps.audit.queries import contents_of, head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.members.models import Account
from greenlane.apps.members.queries import steps_of
from greenlane.apps.profiles.actions.answers import ANSWER_WORDS, check_open
from greenlane.apps.profiles.editions import edition_state, held_edition
from greenlane.apps.profiles.models import Answer, HeldEdition
from greenlane.apps.profiles.past import answers_at
from greenlane.apps.profiles.projections import RESTORED_COLUMNS
from greenlane.content.packs import load_program
from greenlane.core.access import check_role_among
from greenlane.core.canonical import Json
from greenlane.core.errors import Conflict, NotNow
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.marks import Mark
from greenlane.core.program import Program
from greenlane.core.vocabulary import Power

_SUBMITTED = frozenset({Mark.REVIEW_SUBMITTED, Mark.APPLICATION_RECEIVED, Mark.PROFILE_RESUBMITTED})
Drafts = list[tuple[EventDraft, Sealed | None]]


class NothingToApply(NotNow):
    """The profile stands under the edition in force already."""

    code = "edition.nothing_to_apply"


class NoUndo(NotNow):
    """The new edition cannot be undone: nothing to undo, too late, or submitted since."""

    code = "edition.no_undo"


def _check_may(account: Account, program: Program, by: Actor) -> None:
    check_role_among(program, role=by.role, wanted=program.roles_that_may(Power.APPLY_EDITION))
    check_open(account, by)


@one_at_a_time
def apply_edition(
    *, account: Account, edition: str, by: Actor, at: datetime, via: str = ""
) -> None:
    """Move the profile to the edition in force; one event says what becomes of each answer.

    Args:
        edition: Id of the edition that was previewed; another one in force by now is a conflict.

    Raises:
        NothingToApply: the profile stands under the edition in force.
        Conflict: a different edition is in force than the one that was previewed.
        AnswersClosed: the profile is with the office, which reads it under its edition.
        RoleNotAllowed: the pack does not let this role apply an edition.
    """
    program = load_program(account.program)
    _check_may(account, program, by)
    today = program.day_of(at)
    state = edition_state(account, on=today)
    if state.change is None:
        raise NothingToApply(
            "The profile stands under edition {edition}, the one in force.",
            edition=state.standing.id,
        )
    if state.present.id != edition:
        raise Conflict(
            "Edition {present} is in force by now. Look at its preview, then apply it.",
            present=state.present.id,
        )
    payload: dict[str, Json] = {
        "from": state.standing.id,
        "to": state.present.id,
        "carried": len(state.change.untouched),
        "asked_again": list(state.change.asked_again),
        "undo_until": _undo_until(program, today),
    }
    draft = EventDraft(
        "edition", "edition.applied", today, by.id, by.role, payload=payload, via=via
    )
    _append(account, program, [(draft, None)], at)


def _undo_until(program: Program, today: date) -> str | None:
    days = program.profile.undo_days
    return (today + timedelta(days=days)).isoformat() if days else None


def check_undo(account: Account, *, on: date) -> HeldEdition:
    """Return the edition that may be undone on ``on``.

    Raises:
        NoUndo: nothing to undo, the time is over, or the profile was submitted since.
    """
    held = held_edition(account.stream)
    if held is None or not held.previous or held.undo_until is None:
        raise NoUndo("There is no new edition to undo.")
    since = [step for step in steps_of(account) if step.seq > held.since_seq]
    if any(not _SUBMITTED.isdisjoint(step.marks) for step in since):
        raise NoUndo(
            "The profile was submitted under edition {edition}, so it stays.", edition=held.edition
        )
    if on > held.undo_until:
        raise NoUndo(
            "Edition {edition} could be undone until {until}.",
            edition=held.edition,
            until=held.undo_until,
        )
    return held


@one_at_a_time
def undo_edition(*, account: Account, by: Actor, at: datetime, via: str = "") -> None:
    """Go back to the edition before: every answer stands again as it did, with its review.

    Answers that were given since stay on the record; those to criteria that only the newer edition
    has come back into view when it is applied again. Evidence that was added stays.

    Raises:
        NoUndo: nothing to undo, the time is over, or the profile was submitted since.
        AnswersClosed, RoleNotAllowed: see `apply_edition`.
    """
    program = load_program(account.program)
    check_role_among(program, role=by.role, wanted=program.roles_that_may(Power.APPLY_EDITION))
    today = program.day_of(at)
    held = check_undo(account, on=today)
    check_open(account, by)
    asked, restored = _back(account.stream, held.since_seq - 1, by=by, on=today, via=via)
    payload: dict[str, Json] = {"from": held.edition, "to": held.previous, "asked_before": asked}
    draft = EventDraft("edition", "edition.undone", today, by.id, by.role, payload=payload, via=via)
    _append(account, program, [(draft, None), *restored], at)


def _back(
    stream: str, until: int, *, by: Actor, on: date, via: str
) -> tuple[dict[str, Json], Drafts]:
    """Return what takes the answers back to how they stood at event ``until``.

    Of an answer that nobody touched since, only the mark that it is asked again is set back; one
    that was saved or upheld is restored by an event of its own, with the words it had.
    """
    asked: dict[str, Json] = {}
    drafts: Drafts = []
    before = answers_at(stream, until)
    contents = contents_of(stream, [row["seq"] for row in before.values()])
    for answer in Answer.objects.filter(stream=stream).order_by("criterion"):
        row = before.get(answer.criterion)
        if row is None:
            continue
        if (answer.seq, answer.reaffirmed_seq) != (row["seq"], row["reaffirmed_seq"]):
            drafts.append(_restore(row, contents.get(row["seq"]), by=by, on=on, via=via))
        elif answer.asked_again_seq != row["asked_again_seq"]:
            asked[answer.criterion] = row["asked_again_seq"]
    return asked, drafts


def _restore(
    row: Mapping[str, Any], content: Mapping[str, Json] | None, *, by: Actor, on: date, via: str
) -> tuple[EventDraft, Sealed | None]:
    payload: dict[str, Json] = {name: _plain(row[name]) for name in RESTORED_COLUMNS}
    payload |= {"criterion": row["criterion"], "as_of": row["seq"]}
    draft = EventDraft("answer", "answer.restored", on, by.id, by.role, payload=payload, via=via)
    return draft, None if content is None else Sealed(ANSWER_WORDS, dict(content))


def _plain(value: Any) -> Json:
    found: Json = value.isoformat() if isinstance(value, date) else value
    return found


def _append(account: Account, program: Program, drafts: Drafts, at: datetime) -> None:
    append(
        stream=account.stream,
        expected=head_of(account.stream).seq,
        drafts=drafts,
        at=at,
        program=program,
    )
