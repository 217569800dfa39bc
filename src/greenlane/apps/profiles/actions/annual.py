"""The member's act of the periodic review: confirm that standing answers still hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from greenlane.apps.audit.actions import one_at_a_time
from greenlane.apps.members.models import Account
from greenlane.apps.profiles.actions.answers import check_open, reaffirm
from greenlane.apps.profiles.annual import LookFirst, annual_review
from greenlane.apps.profiles.models import Answer
from greenlane.content.packs import load_program
from greenlane.core.errors import BadInput, Conflict, NotNow
from greenlane.core.lifecycle.decide import Actor


class WindowClosed(NotNow):
    """The window of the review has not opened: what is confirmed now would not count."""

    code = "review.not_open"


@one_at_a_time
def confirm(
    *, account: Account, answers: Mapping[str, int], by: Actor, at: datetime, via: str = ""
) -> None:
    """Record that standing answers were read and still hold, so that they count for the review.

    One answer, or several of one category: never a whole profile at once, and never together with
    others one for which something changed (its criterion, its evidence, the company, a remark of
    the office). A signature under a page that nobody read is what the review is there to prevent.

    Args:
        answers: Criterion -> the ``seq`` of the answer that was read.

    Raises:
        WindowClosed: the review is not open yet; the message names the day.
        LookFirst: several at once, and something changed for one of them.
        BadInput: nothing is named, several categories are, or one has no answer that could hold.
        Conflict: an answer changed after it was read.
        AnswersClosed, NotAllowed: the profile is with the office, or the role may not answer.
    """
    check_open(account, by)
    program = load_program(account.program)
    review = annual_review(account, on=program.day_of(at))
    items = {one.id: one for one in review.items}
    if not answers:
        raise BadInput("Choose the answers that still hold.")
    unfit = [key for key in answers if key not in items or not items[key].may_be_confirmed]
    if unfit:
        raise BadInput(
            "{criteria} cannot be confirmed: it has no answer, or it came back. Answer it.",
            criteria=", ".join(unfit),
        )
    if not review.is_open:
        raise WindowClosed(
            "The review opens on {opens}. What is confirmed before does not count.",
            opens=review.counting.next_opens,
        )
    changed = [key for key, seq in answers.items() if _seq(items[key].row.answer) != seq]
    if changed:
        raise Conflict(
            "The answers to {criteria} changed after you opened them.", criteria=", ".join(changed)
        )
    if len({items[key].category for key in answers}) > 1:
        raise BadInput("Confirm the answers of one category at a time, after reading them.")
    first = [key for key in answers if items[key].whys]
    if len(answers) > 1 and first:
        raise LookFirst(
            "Something changed for {criteria}. Read it, then confirm or change it by itself.",
            criteria=", ".join(first),
        )
    reaffirm(account=account, criteria=tuple(answers), by=by, at=at, via=via)


def _seq(answer: Answer | None) -> int:
    return answer.seq if answer is not None else 0
