"""What still has to be done before a submission: no gap is named that is none."""

from __future__ import annotations

import pytest

from greenlane.apps.criteria.queries import edition_in_force
from greenlane.apps.profiles.models import Answer, Review
from greenlane.apps.profiles.queries import Profile, ProfileRow, state_of
from greenlane.gate.access import today
from tests.web.test_member import Company, _answer_all, _prepare, applicant, company

__all__ = ["applicant", "company"]
pytestmark = pytest.mark.django_db


def a_profile(decision: str, *, answer_seq: int = 7) -> Profile:
    """Return a profile of one answer without evidence, reviewed as told on the answer at 7."""
    edition = edition_in_force("ctpat", on=today())
    criterion = edition.applicable("importer")[0]
    answer = Answer(
        outcome="IMPLEMENTED", words="We do.", seq=answer_seq, reaffirmed_seq=answer_seq
    )
    review = Review(decision=decision, answer_seq=7, seq=8)
    state = state_of(answer, review)
    row = ProfileRow(criterion, answer, (), review, None, state)
    return Profile((row,), edition, today())


def test_an_accepted_answer_without_evidence_is_no_gap() -> None:
    assert a_profile("ACCEPTED").weak_points == ()


@pytest.mark.parametrize(("decision", "seq"), [("RETURNED", 7), ("ACCEPTED", 9)])
def test_an_answer_that_nobody_accepted_still_is_one(decision: str, seq: int) -> None:
    assert len(a_profile(decision, answer_seq=seq).weak_points) == 1


def test_nothing_unanswered_is_offered_when_all_is_answered(applicant: Company) -> None:
    _prepare(applicant)
    assert "Next unanswered" in applicant.page("profile")
    _answer_all(applicant)

    shown = applicant.page("profile") + applicant.page("criterion", "1.1")

    assert "Next unanswered" not in shown
    assert "Save and next unanswered" not in shown
