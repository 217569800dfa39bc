"""How a suspension ends: lifted, followed by removal, closed unanswered; and its later review."""

from __future__ import annotations

from datetime import datetime

from greenlane.apps.audit.actions import one_at_a_time
from greenlane.apps.certification.actions import Person
from greenlane.apps.members.models import Account
from greenlane.apps.suspensions import queries
from greenlane.apps.suspensions.actions.recording import (
    Draft,
    advance,
    check_other_person,
    event,
    ground_words,
    letter_of,
)
from greenlane.apps.suspensions.acts import Word, act_for, check_fits
from greenlane.apps.suspensions.models import Suspension
from greenlane.apps.validations.actions.recording import clean
from greenlane.content.packs import load_program
from greenlane.core.lifecycle.decide import Actor


@one_at_a_time
def reinstate(
    *,
    account: Account,
    case: int,
    words: str,
    by: Person,
    at: datetime,
    is_fixed: bool = False,
    language: str = "en",
    via: str = "",
) -> Suspension:
    """Lift a suspension whose plan is fulfilled: reinstate, or restore the benefits (T13, T27).

    Args:
        words: What the decision rests on; the company reads them.
        is_fixed: Every weakness of the failed validation is fixed; asked where that is the ground.

    Raises:
        Refused: a guard does not hold. BadInput, LetterNotSet, NoSuchSuspension, Conflict.
    """
    program = load_program(account.program)
    found = queries.suspension(account.stream, case)
    check_fits(found, Word.REINSTATE)
    row = act_for(program, Word.REINSTATE, found)
    said = clean(words, "what the decision rests on")
    letter = letter_of(account, row, by=by, at=at, language=language, via=via, paragraphs=(said,))
    advance(
        account,
        row,
        by=by.actor,
        at=at,
        via=via,
        case=found,
        known={"suspension.vulnerabilities_are_fixed": is_fixed},
        words=said,
        before=[*letter, _ended(found, "LIFTED", said, by.actor, at, via)],
    )
    return queries.suspension(account.stream, case)


def _ended(case: Suspension, state: str, words: str, by: Actor, at: datetime, via: str) -> Draft:
    from greenlane.apps.members.queries import account

    program = load_program(account(case.stream).program)
    return event(
        "suspension.ended",
        {"case": case.seq, "state": state},
        on=program.day_of(at),
        by=by,
        via=via,
        words={"words": words},
    )


@one_at_a_time
def remove(
    *,
    account: Account,
    case: int,
    words: str,
    by: Person,
    at: datetime,
    is_aggravated: bool = False,
    language: str = "en",
    via: str = "",
) -> Suspension:
    """Remove a suspended member: no adequate answer, or an aggravated case (T14).

    Raises:
        Refused: the company's days have not passed and the case is not aggravated.
        BadInput, LetterNotSet, NoSuchSuspension, Conflict.
    """
    program = load_program(account.program)
    found = queries.suspension(account.stream, case)
    check_fits(found, Word.REMOVE)
    row, said = act_for(program, Word.REMOVE, found), clean(words, "the reasons for the removal")
    code = ground_words(program, found.ground, language)
    letter = letter_of(
        account, row, by=by, at=at, language=language, via=via, code=code, paragraphs=(said,)
    )
    advance(
        account,
        row,
        by=by.actor,
        at=at,
        via=via,
        case=found,
        given={"ground": found.ground},
        known={"suspension.is_aggravated": is_aggravated or found.is_aggravated},
        words=said,
        before=[*letter, _ended(found, "REMOVED", said, by.actor, at, via)],
    )
    return queries.suspension(account.stream, case)


@one_at_a_time
def close_unanswered(
    *,
    account: Account,
    case: int,
    words: str,
    by: Person,
    at: datetime,
    language: str = "en",
    via: str = "",
) -> Suspension:
    """Close the account of a suspended member that did not answer in its time (T22).

    Raises:
        Refused: its days have not passed, or it answered.
        BadInput, LetterNotSet, NoSuchSuspension, Conflict.

    Source: ruling R10.
    """
    program = load_program(account.program)
    found = queries.suspension(account.stream, case)
    check_fits(found, Word.CLOSE)
    row, said = act_for(program, Word.CLOSE, found), clean(words, "why it is closed")
    letter = letter_of(account, row, by=by, at=at, language=language, via=via, paragraphs=(said,))
    advance(
        account,
        row,
        by=by.actor,
        at=at,
        via=via,
        case=found,
        words=said,
        before=[*letter, _ended(found, "CLOSED", said, by.actor, at, via)],
    )
    return queries.suspension(account.stream, case)


@one_at_a_time
def review_urgency(
    *,
    account: Account,
    case: int,
    is_confirmed: bool,
    words: str,
    by: Person,
    at: datetime,
    language: str = "en",
    via: str = "",
) -> Suspension:
    """Review an urgent suspension afterwards: confirm it, or lift it at once (U01, T29).

    Args:
        words: What the review found; the company reads them.
        by: Somebody who neither proposed nor decided nor approved it.

    Raises:
        Refused: one took part in it, or it was reviewed already.
        BadInput, LetterNotSet, NoSuchSuspension, Conflict.

    Source: 6 U.S.C. 967; ruling R25; programme dossier g.6.
    """
    program = load_program(account.program)
    found = queries.suspension(account.stream, case)
    check_fits(found, Word.REVIEW)
    check_other_person(by.actor, found.proposed_by, found.decided_by, found.decided_second)
    said = clean(words, "what the review found")
    row = act_for(program, Word.REVIEW, found, is_confirmed=is_confirmed)
    letter = letter_of(account, row, by=by, at=at, language=language, via=via, paragraphs=(said,))
    reviewed = event(
        "suspension.urgency_reviewed",
        {"case": case, "outcome": "CONFIRMED" if is_confirmed else "LIFTED"},
        on=program.day_of(at),
        by=by.actor,
        via=via,
        words={"words": said},
    )
    advance(
        account,
        row,
        by=by.actor,
        at=at,
        via=via,
        case=found,
        known={"suspension.urgency_is_unfounded": not is_confirmed},
        words=said,
        before=[*letter, reviewed],
    )
    return queries.suspension(account.stream, case)
