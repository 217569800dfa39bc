"""The annual review: what counts, what comes first, what is confirmed together (P18, R5, R6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from greenlane.apps.members.actions.accounts import declare_facts
from greenlane.apps.members.actions.steps import step
from greenlane.apps.parties.actions import PartyGiven, declare_party, remove_party
from greenlane.apps.profiles.actions.annual import WindowClosed, confirm
from greenlane.apps.profiles.actions.answers import (
    give_evidence,
    save_answer,
    submit,
    withdraw_evidence,
)
from greenlane.apps.profiles.actions.reviews import close_review, review_criterion
from greenlane.apps.profiles.annual import (
    AnnualReview,
    LookFirst,
    Why,
    annual_review,
    approved_seq,
)
from greenlane.apps.profiles.past import earlier_answers
from greenlane.apps.profiles.queries import profile_facts
from greenlane.core.errors import BadInput, Conflict
from greenlane.core.lifecycle.decide import Refused
from tests.factories.certified import Member, a_member, moment, renew_risk_assessment
from tests.factories.people import the_program

pytestmark = pytest.mark.django_db
CERTIFIED_ON = date(2025, 11, 3)
OPENS = date(2026, 8, 5)
INSIDE = date(2026, 9, 14)


@pytest.fixture
def member() -> Member:
    """Certify an importer on 3 November 2025; its window opens on 5 August 2026."""
    return a_member(certified_on=CERTIFIED_ON, with_answers=True)


def review_of(member: Member, on: date = INSIDE) -> AnnualReview:
    return annual_review(member.account, on=on)


def confirm_standing(member: Member, on: date) -> None:
    """Confirm every standing answer category by category, and one by one what comes first."""
    contact = member.by("point_of_contact")
    found = annual_review(member.account, on=on)
    by_category: dict[int, dict[str, int]] = {}
    for item in found.standing:
        assert item.row.answer is not None
        by_category.setdefault(item.category, {})[item.id] = item.row.answer.seq
    for answers in by_category.values():
        confirm(account=member.account, answers=answers, by=contact, at=moment(on))
    for item in found.first:
        assert item.row.answer is not None
        one = {item.id: item.row.answer.seq}
        confirm(account=member.account, answers=one, by=contact, at=moment(on))


def is_reaffirmed(member: Member, on: date) -> bool:
    return bool(profile_facts(member.account, on=on)["profile.is_reaffirmed"])


def seq_of(member: Member, criterion: str, on: date = INSIDE) -> int:
    row = review_of(member, on).profile.row(criterion)
    assert row is not None
    assert row.answer is not None
    return row.answer.seq


def submitted(member: Member, on: date = INSIDE) -> None:
    """Renew the risk assessment and send the review in."""
    renew_risk_assessment(member, moment(on, 1))
    contact = member.by("point_of_contact")
    submit(account=member.account, by=contact, at=moment(on, 2), act="AR02")


def test_the_window_opens_ninety_days_before_the_anniversary_of_the_certification(
    member: Member,
) -> None:
    closed = review_of(member, OPENS - timedelta(days=1))
    assert not closed.is_open
    assert closed.counting.next_opens == OPENS
    opened = review_of(member, OPENS)
    assert opened.is_open
    assert opened.counting.duty is not None
    assert opened.counting.duty.due_on == date(2026, 11, 3)


def test_last_years_answers_stand_and_none_counts_before_it_is_looked_at(member: Member) -> None:
    found = review_of(member)
    assert found.first == ()
    assert len(found.standing) == len(found.items)
    assert not is_reaffirmed(member, INSIDE)


def test_before_the_window_nothing_is_confirmed_and_the_day_is_named(member: Member) -> None:
    with pytest.raises(WindowClosed) as refused:
        confirm_one(member, "1.1", OPENS - timedelta(days=1))
    assert "5 August 2026" in refused.value.message


def confirm_one(member: Member, criterion: str, on: date = INSIDE) -> None:
    answers = {criterion: seq_of(member, criterion, on)}
    contact = member.by("point_of_contact")
    confirm(account=member.account, answers=answers, by=contact, at=moment(on))


def test_p18_a_change_made_outside_the_window_does_not_count_and_the_same_inside_does(
    member: Member,
) -> None:
    changed(member, "1.1", OPENS - timedelta(days=1))
    assert "1.1" not in {item.id for item in review_of(member).done}
    changed(member, "1.1", OPENS)
    assert {item.id for item in review_of(member).done} == {"1.1"}


def changed(member: Member, criterion: str, on: date) -> None:
    save_answer(
        account=member.account,
        criterion=criterion,
        outcome="IMPLEMENTED",
        words=f"Changed on {on}.",
        by=member.by("point_of_contact"),
        at=moment(on),
    )


def test_a_review_whose_every_answer_is_confirmed_category_by_category_goes_in_and_is_approved(
    member: Member,
) -> None:
    confirm_standing(member, INSIDE)
    assert is_reaffirmed(member, INSIDE)
    submitted(member)
    specialist = member.by("specialist")
    close_review(account=member.account, act="AR03", by=specialist, at=moment(INSIDE, 3))
    after = review_of(member, INSIDE + timedelta(days=1))
    assert not after.is_open
    assert after.counting.next_opens == date(2027, 8, 5)


def test_after_a_rejection_what_was_confirmed_inside_the_window_still_counts(
    member: Member,
) -> None:
    confirm_standing(member, INSIDE)
    submitted(member)
    specialist = member.by("specialist")
    given = {"reason": "rejection.criteria_not_met"}
    close_review(
        account=member.account, act="AR04", by=specialist, at=moment(INSIDE, 3), given=given
    )
    assert is_reaffirmed(member, INSIDE)


def test_a_criterion_that_came_back_must_be_answered_again_before_the_next_submission(
    member: Member,
) -> None:
    confirm_standing(member, INSIDE)
    submitted(member)
    specialist = member.by("specialist")
    review_criterion(
        account=member.account,
        criterion="1.1",
        decision="RETURNED",
        reason="Who signed it?",
        by=specialist,
        at=moment(INSIDE, 3),
        answer_seq=seq_of(member, "1.1"),
    )
    close_review(account=member.account, act="AR05", by=specialist, at=moment(INSIDE, 4))
    assert [item.whys for item in review_of(member).first] == [(Why.RETURNED,)]
    with pytest.raises(BadInput):
        confirm_one(member, "1.1")
    changed(member, "1.1", INSIDE)
    submit(
        account=member.account, by=member.by("point_of_contact"), at=moment(INSIDE, 9), act="P02"
    )
    assert member.account.profile == "SUBMITTED"


def test_late_a_look_taken_after_the_anniversary_counts_for_the_review_that_is_overdue(
    member: Member,
) -> None:
    late = date(2026, 12, 1)
    confirm_standing(member, late)
    assert is_reaffirmed(member, late)


def test_of_two_missed_years_the_newest_window_decides(member: Member) -> None:
    confirm_standing(member, INSIDE)
    next_year = date(2027, 9, 1)
    assert not is_reaffirmed(member, next_year)
    confirm_standing(member, next_year)
    assert is_reaffirmed(member, next_year)


def test_what_a_changed_site_or_partner_or_fact_touches_comes_first(member: Member) -> None:
    on = date(2026, 3, 2)
    contact = member.by("point_of_contact")
    site = PartyGiven(role="SITE", name="Yard 2", countries=("US",))
    declare_party(account=member.account, given=site, by=contact, at=moment(on))
    declare_facts(
        account=member.account,
        facts={"company.employees": 70},
        by=contact,
        at=moment(on, 1),
        program=the_program(),
        source="company",
    )
    touched = {item.category: item.touched_by for item in review_of(member).first}
    assert touched == {1: ("fact",), 9: ("site",), 10: ("site",)}
    found = review_of(member)
    told = [(one.what, one.name or one.key, one.how, one.on) for one in found.changes]
    assert told == [("fact", "company.employees", "changed", on), ("site", "Yard 2", "added", on)]
    assert [one.name for one in found.changes_for(9)] == ["Yard 2"]
    assert found.changes_for(5) == ()


def test_a_site_that_changes_after_it_was_added_or_leaves_is_one_change(member: Member) -> None:
    contact = member.by("point_of_contact")
    first, last = date(2026, 3, 2), date(2026, 4, 7)
    given = PartyGiven(role="SITE", name="Yard 2", countries=("US",))
    yard = declare_party(account=member.account, given=given, by=contact, at=moment(first))
    again = PartyGiven(role="SITE", name="Yard 2 North", countries=("US",))
    declare_party(
        account=member.account, given=again, by=contact, at=moment(last), party=yard.party
    )
    (changed,) = review_of(member).changes
    remove_party(account=member.account, party=yard.party, by=contact, at=moment(last, 5))
    (removed,) = review_of(member).changes

    assert (changed.name, changed.how, changed.on) == ("Yard 2 North", "added", last)
    assert (removed.name, removed.how, removed.on) == ("Yard 2 North", "removed", last)


def test_evidence_older_than_the_pack_lets_it_be_comes_first(member: Member) -> None:
    give_evidence(
        account=member.account,
        criterion="5.1",
        name="procedure.pdf",
        content=b"%PDF-1.4 a procedure",
        dated_on=date(2024, 9, 13),
        by=member.by("point_of_contact"),
        at=moment(date(2026, 3, 2)),
    )
    day = date(2026, 9, 13)
    assert [item.id for item in review_of(member, day).first] == []
    after = review_of(member, day + timedelta(days=1)).first
    assert [(item.id, item.whys) for item in after] == [("5.1", (Why.EVIDENCE_OLD,))]


def test_an_answer_with_something_to_look_at_is_not_confirmed_together_with_others(
    member: Member,
) -> None:
    declare_facts(
        account=member.account,
        facts={"company.employees": 70},
        by=member.by("point_of_contact"),
        at=moment(date(2026, 3, 2)),
        program=the_program(),
        source="company",
    )
    both = {key: seq_of(member, key) for key in ("1.1", "1.2")}
    contact = member.by("point_of_contact")
    with pytest.raises(LookFirst):
        confirm(account=member.account, answers=both, by=contact, at=moment(INSIDE))
    confirm_one(member, "1.1")
    assert {item.id for item in review_of(member).done} == {"1.1"}


def test_no_click_confirms_more_than_one_category_nor_an_answer_that_changed_meanwhile(
    member: Member,
) -> None:
    contact = member.by("point_of_contact")
    whole = {item.id: seq_of(member, item.id) for item in review_of(member).items}
    with pytest.raises(BadInput, match="one category"):
        confirm(account=member.account, answers=whole, by=contact, at=moment(INSIDE))
    stale = {"1.1": seq_of(member, "1.1")}
    changed(member, "1.1", INSIDE)
    with pytest.raises(Conflict):
        confirm(account=member.account, answers=stale, by=contact, at=moment(INSIDE, 5))
    with pytest.raises(BadInput):
        confirm(account=member.account, answers={}, by=contact, at=moment(INSIDE, 5))


def test_the_office_sees_which_answers_differ_from_what_it_approved_and_how_they_read_then(
    member: Member,
) -> None:
    changed(member, "1.1", INSIDE)
    confirm_one(member, "1.2")
    differing = {item.id for item in review_of(member).items if item.is_changed}
    assert differing == {"1.1"}
    approved = approved_seq(member.account)
    assert earlier_answers(member.stream, until=approved)["1.1"].words == "Done as 1.1 asks."


def test_a_review_goes_in_only_once_the_risk_assessment_is_renewed(member: Member) -> None:
    confirm_standing(member, INSIDE)
    contact = member.by("point_of_contact")
    assert not review_of(member).is_assessed
    with pytest.raises(Refused) as refused:
        submit(account=member.account, by=contact, at=moment(INSIDE, 1), act="AR02")
    assert refused.value.refusal == "guard.risk_assessment_renewed"
    submitted(member)
    assert member.account.profile == "SUBMITTED"


def test_a_rejected_review_goes_in_again_with_the_risk_assessment_renewed_for_it(
    member: Member,
) -> None:
    confirm_standing(member, INSIDE)
    submitted(member)
    given = {"reason": "rejection.criteria_not_met"}
    close_review(
        account=member.account,
        act="AR04",
        by=member.by("specialist"),
        at=moment(INSIDE, 3),
        given=given,
    )
    assert review_of(member).is_assessed


def test_next_years_review_asks_for_a_risk_assessment_made_since_this_one(member: Member) -> None:
    confirm_standing(member, INSIDE)
    submitted(member)
    specialist, contact = member.by("specialist"), member.by("point_of_contact")
    close_review(account=member.account, act="AR03", by=specialist, at=moment(INSIDE, 3))
    later = INSIDE + timedelta(days=365)
    assert not review_of(member, later).is_assessed
    before = INSIDE - timedelta(days=1)
    step(
        account=member.account,
        act="C03",
        by=contact,
        at=moment(later),
        given={"assessed_on": before.isoformat()},
    )
    assert not review_of(member, later).is_assessed
    renew_risk_assessment(member, moment(later, 1))
    assert review_of(member, later).is_assessed


def test_evidence_that_was_withdrawn_since_the_approval_is_a_change_as_well(
    member: Member,
) -> None:
    contact, specialist = member.by("point_of_contact"), member.by("specialist")
    given = give_evidence(
        account=member.account,
        criterion="1.2",
        name="log.txt",
        content=b"The log of the gate.",
        by=contact,
        at=moment(OPENS),
    )
    confirm_standing(member, INSIDE)
    renew_risk_assessment(member, moment(INSIDE, 1))
    submit(account=member.account, by=contact, at=moment(INSIDE, 2), act="AR02")
    close_review(account=member.account, act="AR03", by=specialist, at=moment(INSIDE, 3))
    after = INSIDE + timedelta(days=1)
    before = {item.id for item in review_of(member, after).items if item.is_changed}

    withdraw_evidence(
        account=member.account,
        criterion="1.2",
        document_seq=given.seq,
        by=contact,
        at=moment(after),
    )

    assert before == set()
    assert {item.id for item in review_of(member, after).items if item.is_changed} == {"1.2"}


def test_a_review_with_an_answer_nobody_looked_at_is_refused(member: Member) -> None:
    renew_risk_assessment(member, moment(INSIDE, 1))
    with pytest.raises(Refused) as refused:
        submit(
            account=member.account,
            by=member.by("company_officer"),
            at=moment(INSIDE, 2),
            act="AR02",
        )
    assert refused.value.refusal == "guard.reaffirmed"
