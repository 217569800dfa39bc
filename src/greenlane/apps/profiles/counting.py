"""What counts for the periodic review: its window, and which answers were looked at inside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from greenlane.apps.members.models import Account
from greenlane.apps.members.queries import case_of, steps_of
from greenlane.apps.profiles.models import Answer
from greenlane.content.packs import load_program
from greenlane.core.calendar import anniversary
from greenlane.core.deadlines import RUNNING, Duty, next_window
from greenlane.core.marks import Mark
from greenlane.core.program import Count, Deadline, Program

_SUBMITTED = frozenset({Mark.REVIEW_SUBMITTED, Mark.APPLICATION_RECEIVED})


@dataclass(frozen=True, slots=True)
class Counting:
    """From when on a look at an answer counts for the review that comes next.

    Attributes:
        duty: The review that is due, the newest whose window has opened; None when none is.
        from_on: First day that counts; None when the pack knows no window, and then all that was
            looked at since the last submission counts.
        after_seq: Place of the last submission on the record.
        next_opens: Day on which the next window opens, where none is open.
    """

    duty: Duty | None
    from_on: date | None
    after_seq: int
    next_opens: date | None = None

    def counts(self, answer: Answer) -> bool:
        """Tell whether the answer was saved or upheld so that it counts."""
        if self.from_on is not None:
            return answer.reaffirmed_on >= self.from_on
        return answer.reaffirmed_seq > self.after_seq


def review_deadline(program: Program) -> Deadline | None:
    """Return the rule of the periodic review: yearly, and met by submitting one."""
    return next(
        (
            rule
            for rule in program.deadlines.values()
            if rule.count is Count.YEARLY and Mark.REVIEW_SUBMITTED in rule.met_by
        ),
        None,
    )


def last_submission(account: Account) -> int:
    """Return the place of the last application or review that went in; 0 for none."""
    return max((s.seq for s in steps_of(account) if not _SUBMITTED.isdisjoint(s.marks)), default=0)


def counts_from(account: Account, *, on: date) -> Counting:
    """Return what counts on ``on``, by the pack's rule (rulings R5, R6; P18).

    Of several reviews that are due, the newest decides: an answer that was looked at for a review
    missed long ago says nothing about this year. Where the pack lets any review since the last
    anniversary count, so does any look since then.
    """
    after = last_submission(account)
    program = load_program(account.program)
    rule = review_deadline(program)
    if rule is None:
        return Counting(None, None, after)
    found = [duty for duty in case_of(account).duties(on=on) if duty.id == rule.id]
    unmet = [duty for duty in found if duty.state in RUNNING]
    if not unmet:
        opens = next_window(program, rule, steps_of(account), on=on)
        return Counting(None, None, after, opens)
    duty = unmet[-1]
    starts = duty.opens_on
    if rule.any_review_counts:
        starts = anniversary(duty.anchor_on, duty.cycle - 1)
    return Counting(duty, starts, after)
