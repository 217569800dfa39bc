"""The yearly acts over the API: the review, an edition and its undo, a profile as it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from greenlane.gate.access import today
from tests.api.world import Caller
from tests.factories.certified import Member, a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def behind() -> Member:
    """Certify an importer under the criteria of 2020."""
    return a_member(certified_on=date(2022, 6, 1), with_answers=True)


def test_an_edition_is_previewed_applied_and_undone(behind: Member) -> None:
    officer, at = Caller(behind.officer), f"/accounts/{behind.stream}"
    seen = officer.get(f"{at}/edition").body
    assert [(one["criterion"], one["answer"]) for one in seen["changed"]] == [
        ("3.9", "asked_again")
    ]
    office = Caller(behind.specialist)
    listed = office.get("/editions/behind").body["members"]
    assert [one["account"] for one in listed] == [behind.stream]
    assert officer.post(f"{at}/edition", edition="2020").status == 409
    assert officer.post(f"{at}/edition", edition="2023-01-01").body["is_behind"] is False
    assert office.get("/editions/behind").body["members"] == []
    assert officer.post(f"{at}/edition/undo").body["standing"] == "2020"
    again = officer.post(f"{at}/edition/undo")
    assert (again.status, again.code) == (422, "edition.no_undo")


def test_an_outsider_and_the_office_do_not_apply_and_a_stranger_sees_nothing(
    behind: Member,
) -> None:
    at = f"/accounts/{behind.stream}"
    for person in (behind.consultant, behind.specialist):
        assert Caller(person).post(f"{at}/edition", edition="2023-01-01").status == 403
    stranger = Caller(a_member(certified_on=date(2023, 6, 1)).officer)
    for rest in ("edition", "annual-review", "past?on=2022-06-01"):
        assert stranger.get(f"{at}/{rest}").status == 404, rest
    assert stranger.post(f"{at}/annual-review/confirm", answers={"1.1": 1}).status == 404


def test_a_review_is_read_and_confirmed_category_by_category() -> None:
    member = a_member(certified_on=today() - timedelta(days=300), with_answers=True)
    contact, at = Caller(member.contact), f"/accounts/{member.stream}"
    items = contact.get(f"{at}/annual-review").body["items"]
    two = {one["criterion"]: one["answer_event"] for one in items if one["category"] == 2}
    all_of_it = {one["criterion"]: one["answer_event"] for one in items}
    assert contact.post(f"{at}/annual-review/confirm", answers=all_of_it).status == 422
    stale = dict.fromkeys(two, 1)
    assert contact.post(f"{at}/annual-review/confirm", answers=stale).status == 409
    assert contact.post(f"{at}/annual-review/confirm", answers=two).status == 200
    after = contact.get(f"{at}/annual-review").body["items"]
    assert {one["criterion"] for one in after if one["is_done"]} == set(two)


def test_a_past_profile_carries_no_internal_note_and_no_day_to_come(behind: Member) -> None:
    contact, at = Caller(behind.contact), f"/accounts/{behind.stream}/past"
    past = contact.get(f"{at}?on=2022-06-01").body
    told = {key for one in past["criteria"] for key in one["review"] or ()}

    assert past["edition"] == "2020"
    assert told == {"decision", "reason", "on"}
    assert contact.get(f"{at}?on={today() + timedelta(days=2)}").status == 422
    assert contact.get(f"{at}?on=yesterday").status == 400
