"""The specialist's acts on a profile: accept or return each criterion, close the review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from greenlane.apps.audit.actions import append, one_at_a_time
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.models import Account
from greenlane.apps.profiles.annual import LookFirst, approved_seq, review_items
from greenlane.apps.profiles.editions import edition_of
from greenlane.apps.profiles.models import Answer
from greenlane.apps.profiles.queries import profile_facts, profile_of
from greenlane.content.packs import load_program
from greenlane.core.access import check_role_among
from greenlane.core.errors import BadInput, Conflict, NotNow
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.vocabulary import Power

DECISIONS: Final = ("ACCEPTED", "RETURNED", "RAISED")
IN_REVIEW: Final = frozenset({"SUBMITTED", "IN_REVIEW"})
REVIEW_WORDS: Final = "answer_text"


def _check_may_review(account: Account, by: Actor) -> None:
    program = load_program(account.program)
    check_role_among(program, role=by.role, wanted=program.roles_that_may(Power.REVIEW))
    if account.profile not in IN_REVIEW:
        raise NotNow(
            "The profile of {account} is {profile}; nothing is there to review.",
            account=account.stream,
            profile=account.profile,
        )


@one_at_a_time
def review_criterion(
    *,
    account: Account,
    criterion: str,
    decision: str,
    by: Actor,
    at: datetime,
    answer_seq: int,
    reason: str = "",
    note: str = "",
    via: str = "",
) -> None:
    """Accept, return or raise one criterion.

    Args:
        decision: ACCEPTED, RETURNED (back to the member, reason needed) or RAISED (to the field
            manager, reason needed).
        answer_seq: The answer that was read (its ``seq``; 0 for none): a newer one is a conflict.
        reason: What the member reads. ``note`` is internal; the member never sees it.

    Raises:
        BadInput: no such decision, or no reason where one is needed.
        NotAllowed: the role may not review. NotNow: the profile is not in review.
        Conflict: the answer changed meanwhile.
    """
    _check_may_review(account, by)
    if decision not in DECISIONS:
        raise BadInput(
            "{decision!r} is no decision. Use one of {decisions}.",
            decision=decision,
            decisions=", ".join(DECISIONS),
        )
    if decision != "ACCEPTED" and not reason.strip():
        raise BadInput("Say what is missing, so that the member can mend it.")
    program = load_program(account.program)
    today = program.day_of(at)
    edition_of(account, on=today).criterion(criterion)
    present = Answer.objects.filter(stream=account.stream, criterion=criterion).first()
    if (present.seq if present else 0) != answer_seq:
        raise Conflict(
            "The answer to {criterion} changed after you opened it. Read it again, then decide.",
            criterion=criterion,
        )
    if present is None and decision == "ACCEPTED":
        raise BadInput(
            "Criterion {criterion} has no answer that could be accepted.", criterion=criterion
        )
    draft = EventDraft(
        "review",
        f"review.{decision.lower()}",
        today,
        by.id,
        by.role,
        payload={"criterion": criterion, "decision": decision, "answer_seq": answer_seq},
        via=via,
    )
    words = {"reason": reason.strip(), "note": note.strip()}
    append(
        stream=account.stream,
        expected=head_of(account.stream).seq,
        drafts=[(draft, Sealed(REVIEW_WORDS, words) if any(words.values()) else None)],
        at=at,
        program=program,
    )


@one_at_a_time
def accept_answers(
    *, account: Account, answers: Mapping[str, int], by: Actor, at: datetime, via: str = ""
) -> None:
    """Accept several answers at once: criterion -> the ``seq`` of the answer that was read.

    In the review of a profile that the office approved before, only answers that did not change
    since are accepted together; one that did is read, and decided on, by itself.

    Raises:
        LookFirst: several, and one of them, or its evidence, changed since the last approval.
        NotAllowed: the role may not review. NotNow: the profile is not in review.
        Conflict: one of the answers changed meanwhile; none is accepted.
    """
    _check_may_review(account, by)
    program = load_program(account.program)
    today = program.day_of(at)
    rows = Answer.objects.filter(stream=account.stream, criterion__in=list(answers))
    present = dict(rows.values_list("criterion", "seq"))
    changed = sorted(key for key, seq in answers.items() if present.get(key) != seq)
    if changed:
        raise Conflict(
            "The answers to {criteria} changed after you opened them.", criteria=", ".join(changed)
        )
    _check_unchanged(account, answers, on=today)
    drafts = [
        (
            EventDraft(
                "review",
                "review.accepted",
                today,
                by.id,
                by.role,
                payload={"criterion": key, "decision": "ACCEPTED", "answer_seq": seq},
                via=via,
            ),
            None,
        )
        for key, seq in answers.items()
    ]
    append(
        stream=account.stream,
        expected=head_of(account.stream).seq,
        drafts=drafts,
        at=at,
        program=program,
    )


def _check_unchanged(account: Account, answers: Mapping[str, int], *, on: date) -> None:
    if len(answers) < 2 or not approved_seq(account):
        return
    items = review_items(account, profile_of(account, on=on))
    moved = [one.id for one in items if one.is_changed and one.id in answers]
    if moved:
        raise LookFirst(
            "{criteria} changed since the last approval. Read and decide each by itself.",
            criteria=", ".join(moved),
        )


@one_at_a_time
def close_review(
    *,
    account: Account,
    act: str,
    by: Actor,
    at: datetime,
    given: Mapping[str, str] | None = None,
    words: str = "",
    via: str = "",
) -> Account:
    """Close a review by one of the pack's acts that do so: approve, return, reject.

    Raises:
        Refused: a guard does not hold (something is not accepted, nothing is listed). Conflict.
    """
    program = load_program(account.program)
    today = program.day_of(at)
    facts = profile_facts(account, on=today)
    return step(
        account=account,
        act=act,
        by=by,
        at=at,
        given=given,
        facts=facts,
        words=words,
        via=via,
    )
