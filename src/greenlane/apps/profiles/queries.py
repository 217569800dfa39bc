"""Reads a security profile: what is asked, what is answered, what blocks, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from greenlane.apps.criteria.queries import confirmed_cells
from greenlane.apps.documents.models import Document
from greenlane.apps.members.models import Account
from greenlane.apps.profiles.counting import counts_from
from greenlane.apps.profiles.editions import edition_of, is_applied
from greenlane.apps.profiles.models import Answer, AnswerDraft, Evidence, Review
from greenlane.content.packs import load_program
from greenlane.core.criteria import ApplicableCriterion, Edition
from greenlane.core.facts import FactValue
from greenlane.core.program import SUBMITTING_PURPOSES, Transition
from greenlane.core.vocabulary import Axis, Phase, Purpose


class AnswerState(StrEnum):
    """Where one criterion stands for both sides."""

    UNANSWERED = "unanswered"
    ASKED_AGAIN = "asked_again"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    RAISED = "raised"


#: Nothing that counts was answered: nothing at all, or only to another wording.
OPEN_STATES = frozenset({AnswerState.UNANSWERED, AnswerState.ASKED_AGAIN})


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One criterion of a member's profile with its answer, evidence and review."""

    criterion: ApplicableCriterion
    answer: Answer | None
    evidence: tuple[tuple[Evidence, Document], ...]
    review: Review | None
    draft: AnswerDraft | None
    state: AnswerState

    @property
    def blocks(self) -> bool:
        """Tell whether the criterion must be answered before the profile goes in."""
        return self.criterion.blocks


@dataclass(frozen=True, slots=True)
class Profile:
    """A whole profile on a day, in the order of the criteria of its edition."""

    rows: tuple[ProfileRow, ...]
    edition: Edition
    on: date

    def row(self, criterion: str) -> ProfileRow | None:
        """Return the row of a criterion, or None when it asks nothing of this member."""
        return next((row for row in self.rows if row.criterion.id == criterion), None)

    @property
    def states(self) -> dict[str, AnswerState]:
        """The state of each criterion by its id."""
        return {row.criterion.id: row.state for row in self.rows}

    @property
    def unanswered_musts(self) -> tuple[ProfileRow, ...]:
        """Criteria that block and have no answer, or one to another wording only."""
        return tuple(r for r in self.rows if r.blocks and r.state in OPEN_STATES)

    @property
    def open_returns(self) -> tuple[ProfileRow, ...]:
        """Criteria returned to the member and not answered again."""
        return tuple(r for r in self.rows if r.state is AnswerState.RETURNED)

    @property
    def not_accepted_musts(self) -> tuple[ProfileRow, ...]:
        """Criteria that block and whose present answer is not accepted."""
        return tuple(r for r in self.rows if r.blocks and r.state is not AnswerState.ACCEPTED)

    @property
    def weak_points(self) -> tuple[ProfileRow, ...]:
        """What a specialist would send back: unanswered shoulds, answers without any evidence."""
        return tuple(
            r
            for r in self.rows
            if (r.state in OPEN_STATES and not r.blocks)
            or (
                # What a specialist has accepted as it stands is no gap.
                r.state is not AnswerState.ACCEPTED
                and r.answer is not None
                and r.answer.outcome == "IMPLEMENTED"
                and not r.evidence
            )
        )


def profile_of(account: Account, *, on: date) -> Profile:
    """Return the profile on ``on`` under the account's edition; seven queries."""
    edition = edition_of(account, on=on)
    asked = _asked(account, edition, on)
    answers = {a.criterion: a for a in Answer.objects.filter(stream=account.stream)}
    reviews = {r.criterion: r for r in Review.objects.filter(stream=account.stream)}
    drafts = {d.criterion: d for d in AnswerDraft.objects.filter(account=account.stream)}
    documents = {d.seq: d for d in Document.objects.filter(stream=account.stream)}
    evidence: dict[str, list[tuple[Evidence, Document]]] = {}
    for item in Evidence.objects.filter(stream=account.stream, is_withdrawn=False).order_by("seq"):
        document = documents.get(item.document_seq)
        if document is not None and not document.is_withdrawn:
            evidence.setdefault(item.criterion, []).append((item, document))
    rows = []
    for criterion in asked:
        answer, review = answers.get(criterion.id), reviews.get(criterion.id)
        rows.append(
            ProfileRow(
                criterion,
                answer,
                tuple(evidence.get(criterion.id, ())),
                review,
                drafts.get(criterion.id),
                state_of(answer, review),
            )
        )
    return Profile(tuple(rows), edition, on)


def _asked(account: Account, edition: Edition, on: date) -> tuple[ApplicableCriterion, ...]:
    cells = confirmed_cells(account.program)
    return edition.applicable(account.entity_type, confirmed_cells=cells, on=on)


def asked_of(account: Account, *, on: date) -> dict[str, ApplicableCriterion]:
    """Return what the account is asked on ``on``, by id, in the order of its edition; two queries.

    What was answered is not read: `states_of` tells how far each answer is, `profile_of` all of it.
    """
    return {one.id: one for one in _asked(account, edition_of(account, on=on), on)}


def states_of(account: Account, asked: Iterable[str]) -> dict[str, AnswerState]:
    """Return the state of each criterion of ``asked``, in that order, without any words."""
    given = Answer.objects.filter(stream=account.stream).only(*_OF_ANSWER_STATE)
    answers = {answer.criterion: answer for answer in given}
    read = Review.objects.filter(stream=account.stream).only(*_OF_REVIEW_STATE)
    reviews = {review.criterion: review for review in read}
    return {one: state_of(answers.get(one), reviews.get(one)) for one in asked}


_OF_ANSWER_STATE = ("criterion", "seq", "reaffirmed_seq", "asked_again_seq")
_OF_REVIEW_STATE = ("criterion", "seq", "answer_seq", "decision")


def state_of(answer: Answer | None, review: Review | None) -> AnswerState:
    """Return the state of one criterion: a review counts only for the answer it was made on."""
    if answer is None:
        if review is not None and review.answer_seq == 0 and review.decision == "RETURNED":
            return AnswerState.RETURNED
        return AnswerState.UNANSWERED
    if answer.asked_again_seq > answer.reaffirmed_seq:
        return AnswerState.ASKED_AGAIN
    if review is None or review.answer_seq != answer.seq or review.seq < answer.asked_again_seq:
        return AnswerState.ANSWERED
    return AnswerState(review.decision.lower())


def profile_facts(account: Account, *, on: date) -> dict[str, FactValue]:
    """Return what the profile knows for the guards."""
    profile = profile_of(account, on=on)
    return facts_of(profile, account)


def facts_of(profile: Profile, account: Account) -> dict[str, FactValue]:
    """Return the guard facts of a profile that was read already."""
    counts = counts_from(account, on=profile.on)
    answers = [row.answer for row in profile.rows if row.answer is not None]
    returned = profile.open_returns
    return {
        "profile.musts_unanswered": len(profile.unanswered_musts),
        "profile.musts_not_accepted": len(profile.not_accepted_musts),
        "profile.open_returns": len(returned),
        "profile.deficiencies_are_listed": bool(returned)
        and all(row.review is not None and bool(row.review.reason) for row in returned),
        "profile.edition_is_applied": is_applied(account, profile.edition, on=profile.on),
        "profile.is_reaffirmed": bool(answers)
        and not returned
        and not any(row.state is AnswerState.ASKED_AGAIN for row in profile.rows)
        and all(counts.counts(answer) for answer in answers),
    }


def submission_of(account: Account) -> Transition:
    """Return the submission that comes next: the application, after a return, again, a review.

    Of the acts that submit, the one that starts from where the account stands; where none does
    now, the one that will.
    """
    program = load_program(account.program)
    axes = {axis: str(getattr(account, axis.value)) for axis in Axis}
    found = program.acts_that(*SUBMITTING_PURPOSES)
    fitting = [row for row in found if row.starts_from(axes)]
    if not fitting and program.phase_of(account.membership) in (Phase.MEMBER, Phase.SUSPENDED):
        fitting = [row for row in found if row.does is Purpose.SUBMIT_REVIEW]
    return (fitting or list(found))[0]


def drafts_of(stream: str) -> Sequence[AnswerDraft]:
    """Return what is being typed and not yet saved."""
    return list(AnswerDraft.objects.filter(account=stream).order_by("criterion"))
