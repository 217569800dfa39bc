"""A new edition of the criteria: what is asked again, undo, the profile as it was (P1, P17)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from greenlane.apps.audit.actions import rebuild_rows
from greenlane.apps.audit.verify import verify
from greenlane.apps.criteria import queries as criteria_queries
from greenlane.apps.criteria.queries import editions
from greenlane.apps.profiles.actions.answers import AnswersClosed, reaffirm, save_answer, submit
from greenlane.apps.profiles.actions.editions import (
    NothingToApply,
    NoUndo,
    apply_edition,
    undo_edition,
)
from greenlane.apps.profiles.actions.reviews import close_review
from greenlane.apps.profiles.editions import behind, edition_state
from greenlane.apps.profiles.models import HeldEdition
from greenlane.apps.profiles.past import profile_as_of, turns_of
from greenlane.apps.profiles.queries import AnswerState, profile_facts, profile_of
from greenlane.core.access import RoleNotAllowed
from greenlane.core.criteria import Edition, NoEdition
from greenlane.core.edition_change import ChangeKind, Fate
from greenlane.core.errors import BadInput, Conflict
from greenlane.core.lifecycle.decide import Refused
from tests.factories.certified import Member, a_member, answer_all, moment, renew_risk_assessment
from tests.factories.later_edition import (
    ADDED,
    GUIDED,
    IN_FORCE,
    LATER,
    LOWERED,
    RAISED,
    REWORDED,
    WITHDRAWN,
    a_later_edition,
)

pytestmark = pytest.mark.django_db
CERTIFIED_ON = date(2025, 11, 3)
DAY = date(2026, 9, 14)
WINDOW = date(2026, 8, 5)


@pytest.fixture
def later() -> Iterator[Edition]:
    """Bring the invented edition into force on 1 September 2026."""
    with a_later_edition() as edition:
        yield edition


@pytest.fixture
def member(later: Edition) -> Member:
    """Certify an importer in 2025, every answer of the edition before accepted."""
    return a_member(certified_on=CERTIFIED_ON, with_answers=True)


def states(member: Member, on: date = DAY) -> dict[str, AnswerState]:
    return {row.criterion.id: row.state for row in profile_of(member.account, on=on).rows}


def applied(member: Member, on: date = DAY) -> None:
    by = member.by("point_of_contact")
    apply_edition(account=member.account, edition=LATER, by=by, at=moment(on))


def answered(member: Member, criterion: str, words: str, on: date = DAY) -> None:
    by = member.by("point_of_contact")
    save_answer(
        account=member.account,
        criterion=criterion,
        outcome="IMPLEMENTED",
        words=words,
        by=by,
        at=moment(on, 5),
    )


def test_the_preview_says_of_each_kind_what_differs_and_what_becomes_of_the_answer(
    member: Member,
) -> None:
    found = edition_state(member.account, on=DAY)
    change = found.change
    assert change is not None
    assert found.standing.id == "2023-01-01"
    kinds = {one.id: (one.kinds, one.fate) for one in change.changed}
    assert kinds == {
        REWORDED: ((ChangeKind.REWORDED,), Fate.ASKED_AGAIN),
        GUIDED: ((ChangeKind.REWORDED,), Fate.CARRIED),
        RAISED: ((ChangeKind.RAISED,), Fate.ASKED_AGAIN),
        LOWERED: ((ChangeKind.LOWERED,), Fate.CARRIED),
        WITHDRAWN: ((ChangeKind.WITHDRAWN,), Fate.CLOSED),
        ADDED: ((ChangeKind.ADDED,), Fate.NEW),
    }


def test_p17_applying_asks_only_what_changed_and_keeps_every_other_answer_with_its_review(
    member: Member,
) -> None:
    before = states(member)
    assert set(before.values()) == {AnswerState.ACCEPTED}
    applied(member)
    after = states(member)
    again = {key for key, state in after.items() if state is AnswerState.ASKED_AGAIN}
    assert again == {REWORDED, RAISED}
    assert after[ADDED] is AnswerState.UNANSWERED
    assert WITHDRAWN not in after
    kept = after.keys() - {REWORDED, RAISED, ADDED}
    assert {after[key] for key in kept} == {AnswerState.ACCEPTED}


def test_an_answer_that_is_upheld_under_the_new_wording_waits_for_its_review(
    member: Member,
) -> None:
    applied(member)
    by = member.by("point_of_contact")
    reaffirm(account=member.account, criteria=(REWORDED,), by=by, at=moment(DAY, 9))
    assert states(member)[REWORDED] is AnswerState.ANSWERED


def test_the_record_gives_the_same_tables_again_after_apply_and_undo(member: Member) -> None:
    applied(member)
    answered(member, REWORDED, "The harbor patrol walks at nine.")
    undo_edition(account=member.account, by=member.by("company_officer"), at=moment(DAY, 30))
    assert verify(stream=member.stream).is_clean
    assert rebuild_rows(member.stream) == 0


def test_undo_puts_every_answer_back_as_it_stood_with_its_review(member: Member) -> None:
    before = profile_of(member.account, on=DAY)
    applied(member)
    answered(member, REWORDED, "The harbor patrol walks at nine.")
    answered(member, ADDED, "We look up.")
    undo_edition(account=member.account, by=member.by("company_officer"), at=moment(DAY, 30))
    after = profile_of(member.account, on=DAY)
    assert after.edition.id == before.edition.id
    for was, now in zip(before.rows, after.rows, strict=True):
        assert was.answer
        assert now.answer
        assert (now.state, now.answer.words, now.answer.seq, now.answer.saved_on) == (
            was.state,
            was.answer.words,
            was.answer.seq,
            was.answer.saved_on,
        )


def test_an_answer_to_an_added_criterion_comes_back_when_the_edition_is_applied_again(
    member: Member,
) -> None:
    applied(member)
    answered(member, ADDED, "We look up.")
    undo_edition(account=member.account, by=member.by("company_officer"), at=moment(DAY, 30))
    applied(member, DAY + timedelta(days=1))
    row = profile_of(member.account, on=DAY + timedelta(days=1)).row(ADDED)
    assert row is not None
    assert row.answer is not None
    assert row.answer.words == "We look up."


def test_the_last_day_of_undo_still_undoes_and_the_day_after_does_not(member: Member) -> None:
    applied(member)
    officer = member.by("company_officer")
    last = DAY + timedelta(days=30)
    with pytest.raises(NoUndo) as refused:
        undo_edition(account=member.account, by=officer, at=moment(last + timedelta(days=1)))
    assert "14 October 2026" in refused.value.message
    undo_edition(account=member.account, by=officer, at=moment(last))
    assert profile_of(member.account, on=last).edition.id == "2023-01-01"


def test_after_a_submission_under_the_new_edition_undo_is_refused_with_the_reason(
    member: Member,
) -> None:
    applied(member)
    submitted(member)
    with pytest.raises(NoUndo) as refused:
        undo_edition(account=member.account, by=member.by("company_officer"), at=moment(DAY, 40))
    assert "submitted" in refused.value.message


def submitted(member: Member) -> None:
    at = moment(DAY, 20)
    answer_all(member, at)
    rows = profile_of(member.account, on=DAY).rows
    upheld = tuple(row.criterion.id for row in rows if row.answer)
    contact = member.by("point_of_contact")
    reaffirm(account=member.account, criteria=upheld, by=contact, at=at)
    renew_risk_assessment(member, moment(DAY, 21))
    submit(account=member.account, by=contact, at=moment(DAY, 22), act="AR02")


def test_a_review_is_not_submitted_under_an_edition_that_no_longer_binds(member: Member) -> None:
    with pytest.raises(Refused) as refused:
        submitted(member)
    assert refused.value.refusal == "guard.edition_applied"


def test_until_it_binds_members_a_review_goes_in_under_the_edition_before() -> None:
    with a_later_edition(binds_from=date(2027, 3, 1)):
        member = a_member(certified_on=CERTIFIED_ON, with_answers=True)
        assert profile_facts(member.account, on=DAY)["profile.edition_is_applied"]
        submitted(member)
        assert member.account.profile == "SUBMITTED"


def test_an_open_review_is_read_under_the_edition_it_was_submitted_under(later: Edition) -> None:
    member = a_member(certified_on=CERTIFIED_ON, with_answers=True)
    before, contact = IN_FORCE - timedelta(days=2), member.by("point_of_contact")
    rows = profile_of(member.account, on=before).rows
    upheld = tuple(row.criterion.id for row in rows)
    reaffirm(account=member.account, criteria=upheld, by=contact, at=moment(before))
    renew_risk_assessment(member, moment(before, 1))
    submit(account=member.account, by=contact, at=moment(before, 2), act="AR02")
    assert profile_of(member.account, on=DAY).edition.id == "2023-01-01"
    with pytest.raises(AnswersClosed):
        applied(member)
    specialist = member.by("specialist")
    close_review(account=member.account, act="AR03", by=specialist, at=moment(DAY, 3))
    applied(member, DAY + timedelta(days=1))
    assert profile_of(member.account, on=DAY + timedelta(days=1)).edition.id == LATER


def test_p1_the_profile_of_an_earlier_day_reads_as_it_was_from_the_record_alone(
    member: Member,
) -> None:
    applied(member)
    answered(member, REWORDED, "The harbor patrol walks at nine.")
    day_before = DAY - timedelta(days=1)
    past = profile_as_of(member.account, on=day_before, today=DAY)
    assert past.profile.edition.id == "2023-01-01"
    row = past.profile.row(REWORDED)
    assert row is not None
    assert row.answer is not None
    assert (row.state, row.answer.words) == (AnswerState.ACCEPTED, f"Done as {REWORDED} asks.")
    assert past.profile.row(WITHDRAWN) is not None
    turn = turns_of(member.stream)[0]
    same_day = profile_as_of(member.account, on=DAY, today=DAY, until=turn.seq - 1)
    assert same_day.profile.edition.id == "2023-01-01"


def test_the_past_is_not_asked_of_days_to_come_or_before_the_first_answer(member: Member) -> None:
    for day in (DAY + timedelta(days=1), CERTIFIED_ON - timedelta(days=200)):
        with pytest.raises(BadInput):
            profile_as_of(member.account, on=day, today=DAY)


def test_only_the_companys_own_people_apply_and_only_what_was_previewed(member: Member) -> None:
    for role in ("consultant", "specialist"):
        with pytest.raises(RoleNotAllowed):
            apply_edition(account=member.account, edition=LATER, by=member.by(role), at=moment(DAY))
    officer = member.by("company_officer")
    with pytest.raises(Conflict):
        apply_edition(account=member.account, edition="2020", by=officer, at=moment(DAY))
    applied(member)
    with pytest.raises(NothingToApply):
        applied(member)


def test_without_a_change_of_edition_there_is_nothing_to_undo(member: Member) -> None:
    with pytest.raises(NoUndo):
        undo_edition(account=member.account, by=member.by("company_officer"), at=moment(DAY))


def test_the_office_sees_who_has_not_applied_and_since_when_the_edition_binds(
    member: Member,
) -> None:
    other = a_member(certified_on=CERTIFIED_ON, with_answers=True)
    applied(other)
    found = behind("ctpat", [member.account, other.account], on=DAY)
    assert [one.account.stream for one in found] == [member.stream]
    assert found[0].is_overdue(DAY)
    assert not found[0].is_overdue(IN_FORCE - timedelta(days=1))


def test_an_edition_that_asks_the_same_of_an_entity_type_takes_effect_by_itself() -> None:
    carrier = a_member("sea_carrier", certified_on=date(2022, 6, 1), with_answers=True)
    importer = a_member(certified_on=date(2022, 6, 1), with_answers=True)
    day = date(2023, 2, 1)
    assert profile_of(carrier.account, on=day).edition.id == "2023-01-01"
    assert edition_state(carrier.account, on=day).change is None
    assert profile_of(importer.account, on=day).edition.id == "2020"


def test_an_applicant_follows_the_edition_in_force_until_it_submits(later: Edition) -> None:
    # The sixty days of the application lie around the first of September.
    member = a_member(certified_on=IN_FORCE + timedelta(days=70), with_answers=True)
    state = edition_state(member.account, on=IN_FORCE + timedelta(days=80))
    assert state.standing.id == LATER


def test_a_profile_under_an_edition_that_the_pack_lacks_is_never_read_under_another(
    member: Member,
) -> None:
    # What a record of an installation with a newer pack looks like to an older one.
    HeldEdition.objects.filter(stream=member.stream).update(edition="1999")

    for read in (edition_state, profile_of, profile_facts):
        with pytest.raises(NoEdition, match="1999"):
            read(member.account, on=DAY)
    assert [one.edition for one in behind("ctpat", [member.account], on=DAY)] == ["1999"]


def test_the_past_is_not_read_under_another_edition_than_its_own(member: Member) -> None:
    left = [one for one in editions("ctpat") if one.id != "2023-01-01"]

    # Undone here, before the invented edition is: the other way round it would stay for good.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(criteria_queries._EDITIONS, "ctpat", tuple(left))
        with pytest.raises(NoEdition, match="2023-01-01"):
            profile_as_of(member.account, on=CERTIFIED_ON, today=DAY)
