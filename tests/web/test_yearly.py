"""The pages of every year: the annual review on both sides, an edition, the profile as it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from greenlane.apps.members.actions.accounts import declare_facts
from greenlane.apps.parties.actions import PartyGiven, declare_party
from greenlane.apps.profiles.actions.answers import reaffirm, save_answer, submit
from greenlane.apps.profiles.actions.editions import apply_edition
from greenlane.apps.profiles.actions.reviews import review_criterion
from greenlane.apps.profiles.annual import annual_review
from greenlane.apps.profiles.queries import AnswerState, profile_of
from greenlane.gate.access import now, today
from greenlane.web.ui.words import short_day
from tests.factories.browsers import signed_in_client
from tests.factories.certified import Member, a_member, renew_risk_assessment
from tests.factories.people import an_organization, person_with, the_program

pytestmark = pytest.mark.django_db
CHANGED = "We look at the log every month now, and the yard lead signs it."


@pytest.fixture
def member() -> Member:
    """Certify a member 300 days ago: its window opened 25 days ago."""
    return a_member(certified_on=today() - timedelta(days=300), with_answers=True, can_sign_in=True)


@pytest.fixture
def behind() -> Member:
    """Certify an importer under the criteria of 2020."""
    return a_member(certified_on=date(2022, 6, 1), with_answers=True, can_sign_in=True)


def member_page(member: Member, name: str, *more: object) -> str:
    return reverse(f"member:{name}", args=[member.stream, *more])


def office_page(member: Member, name: str, *more: object) -> str:
    return reverse(f"specialist:{name}", args=[member.stream, *more])


def read(client: Client, href: str) -> str:
    answer = client.get(href)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def sent(client: Client, href: str, **given: object) -> str:
    """Send a form that goes through; return the page it leads to."""
    answer = client.post(href, given, follow=True)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def reads(member: Member, category: int) -> list[str]:
    review = annual_review(member.account, on=today())
    return [
        f"{one.id}:{one.row.answer.seq}"
        for one in review.standing
        if one.category == category and one.row.answer
    ]


def change_facts(member: Member) -> None:
    declare_facts(
        account=member.account,
        facts={"company.employees": 70},
        by=member.by("point_of_contact"),
        at=now(),
        program=the_program(),
        source="company",
    )


class TestMember:
    def test_the_review_shows_its_days_what_comes_first_and_what_stands(
        self, member: Member
    ) -> None:
        change_facts(member)
        by = member.by("point_of_contact")
        given = PartyGiven(role="SITE", name="Yard 2", countries=("US",))
        declare_party(account=member.account, given=given, by=by, at=now())
        shown = read(signed_in_client(member.contact), member_page(member, "annual"))
        category = read(signed_in_client(member.contact), member_page(member, "annual_category", 9))
        assert "facts on the company" in shown
        assert shown.count("What changed of the company since the last review") == 1
        assert shown.count("Yard 2") == 1
        assert f"sites: added {short_day(today())}" in shown
        assert shown.count("Changed: sites.") > 1
        assert "Yard 2" in category
        assert "facts on the company" not in category
        assert "Standing answers, by category" in shown
        due = annual_review(member.account, on=today()).counting.duty
        assert due is not None
        assert f"{due.days_left}" in shown

    def test_a_category_is_confirmed_after_its_answers_were_shown_in_full(
        self, member: Member
    ) -> None:
        client = signed_in_client(member.contact)
        shown = read(client, member_page(member, "annual_category", 2))
        assert "Done as 2.1 asks." in shown
        sent(client, member_page(member, "confirm"), act="all", category="2", read=reads(member, 2))
        done = {one.category for one in annual_review(member.account, on=today()).done}
        assert done == {2}

    def test_only_what_is_ticked_is_confirmed_where_that_is_pressed(self, member: Member) -> None:
        client, pairs = signed_in_client(member.contact), reads(member, 2)
        href = member_page(member, "confirm")
        sent(client, href, act="ticked", category="2", read=pairs, tick=pairs[:1])
        done = [one.id for one in annual_review(member.account, on=today()).done]
        assert done == [pairs[0].split(":")[0]]

    def test_a_tick_that_does_not_read_is_refused_and_nothing_is_confirmed(
        self, member: Member
    ) -> None:
        client = signed_in_client(member.contact)
        good, href = reads(member, 2)[0], member_page(member, "confirm")

        for tick in ("2.1", "2.1:", ":7", "2.1:x", "2.1:" + "9" * 5000):
            answer = client.post(href, {"tick": [good, tick]})
            assert answer.status_code == 422
            assert "cannot be read" in answer.content.decode()
        assert not annual_review(member.account, on=today()).done

    def test_no_request_confirms_the_whole_profile(self, member: Member) -> None:
        everything = [pair for number in range(1, 13) for pair in reads(member, number)]
        client = signed_in_client(member.contact)
        answer = client.post(member_page(member, "confirm"), {"act": "all", "read": everything})
        assert answer.status_code == 422
        assert not annual_review(member.account, on=today()).done

    def test_before_the_window_the_day_it_opens_is_said_and_nothing_is_offered(self) -> None:
        early = a_member(certified_on=today() - timedelta(days=30), with_answers=True)
        shown = read(signed_in_client(early.contact), member_page(early, "annual"))
        assert "The review opens on" in shown
        assert "It still holds" not in shown

    def test_the_preview_says_what_is_raised_and_applying_and_undoing_go_both_ways(
        self, behind: Member
    ) -> None:
        client = signed_in_client(behind.officer)
        shown = read(client, member_page(behind, "edition"))
        assert "Raised to a must" in shown
        assert "Asked again: confirm or change your answer" in shown
        sent(client, member_page(behind, "apply_edition"), edition="2023-01-01")
        row = profile_of(behind.account, on=today()).row("3.9")
        assert row is not None
        assert row.state is AnswerState.ASKED_AGAIN
        undone = sent(client, member_page(behind, "undo_edition"))
        assert "Undone: the profile stands as it did before." in undone

    def test_after_a_submission_the_page_says_why_the_edition_cannot_be_undone(
        self, behind: Member
    ) -> None:
        officer = behind.by("company_officer")
        apply_edition(account=behind.account, edition="2023-01-01", by=officer, at=now())
        ids = tuple(row.criterion.id for row in profile_of(behind.account, on=today()).rows)
        reaffirm(account=behind.account, criteria=ids, by=officer, at=now())
        renew_risk_assessment(behind, now())
        submit(account=behind.account, by=officer, at=now(), act="AR02")
        client = signed_in_client(behind.officer)
        assert "was submitted under edition" in read(client, member_page(behind, "edition"))
        answer = client.post(member_page(behind, "undo_edition"))
        assert answer.status_code == 422
        assert "Your role does not allow this" not in answer.getvalue().decode()

    def test_a_contributor_previews_and_does_not_apply(self, behind: Member) -> None:
        client = signed_in_client(behind.consultant)
        shown = read(client, member_page(behind, "edition"))
        assert "It is applied by: Company officer / Point of contact." in shown
        answer = client.post(member_page(behind, "apply_edition"), {"edition": "2023-01-01"})
        assert answer.status_code == 403

    def test_the_profile_of_a_past_day_is_shown_as_it_was(self, member: Member) -> None:
        by = member.by("point_of_contact")
        save_answer(
            account=member.account,
            criterion="1.1",
            outcome="PARTLY",
            words=CHANGED,
            by=by,
            at=now(),
        )
        then, client = today() - timedelta(days=9), signed_in_client(member.contact)
        href = member_page(member, "past")
        query = f"?on_day={then.day}&on_month={then.month}&on_year={then.year}"
        shown = read(client, href + query)
        assert "Done as 1.1 asks." in shown
        assert CHANGED not in shown
        assert CHANGED in read(client, href)

    def test_what_cannot_be_read_as_a_day_is_said_and_breaks_nothing(self, member: Member) -> None:
        client, href = signed_in_client(member.contact), member_page(member, "past")
        odd_days = (
            "on_day=31&on_month=2&on_year=2026",
            "on_day=x&on_month=&on_year=1",
            "on_day=1&on_month=1&on_year=2999",
        )
        for odd in odd_days:
            assert client.get(f"{href}?{odd}&before=zz").status_code == 422

    def test_my_work_leads_to_the_review_and_to_the_new_edition(
        self, member: Member, behind: Member
    ) -> None:
        work = reverse("member:work")
        assert "Do the annual review" in read(signed_in_client(member.contact), work)
        shown = read(signed_in_client(behind.contact), work)
        assert "Look at the new edition of the criteria" in shown

    def test_another_companys_person_finds_none_of_the_pages(self, member: Member) -> None:
        stranger = person_with("company_officer", an_organization("Elsewhere LLC"))
        client = signed_in_client(stranger)
        for name in ("annual", "edition", "past"):
            assert client.get(member_page(member, name)).status_code == 404, name
        for name in ("confirm", "apply_edition", "undo_edition"):
            assert client.post(member_page(member, name)).status_code == 404, name


class TestOffice:
    def submitted(self, member: Member) -> None:
        by = member.by("point_of_contact")
        ids = tuple(row.criterion.id for row in profile_of(member.account, on=today()).rows)
        reaffirm(account=member.account, criteria=ids, by=by, at=now())
        for criterion in ("1.1", "9.1"):
            save_answer(
                account=member.account,
                criterion=criterion,
                outcome="IMPLEMENTED",
                words=CHANGED,
                by=by,
                at=now(),
            )
        renew_risk_assessment(member, now())
        submit(account=member.account, by=by, at=now(), act="AR02")

    def test_p12_what_changed_comes_first_with_the_difference_and_the_rest_is_folded(
        self, member: Member
    ) -> None:
        self.submitted(member)
        client = signed_in_client(member.specialist)
        shown = read(client, office_page(member, "review"))
        changed, _, folded = shown.partition(" unchanged")
        assert office_page(member, "criterion", "1.1") in changed
        assert office_page(member, "criterion", "1.2") not in changed
        assert office_page(member, "criterion", "1.2") in folded
        one = read(client, office_page(member, "criterion", "1.1"))
        assert "<ins>" in one
        assert "Done" in one

    def test_changed_answers_are_not_accepted_in_bulk(self, member: Member) -> None:
        self.submitted(member)
        rows = profile_of(member.account, on=today()).rows
        pairs = [f"{r.criterion.id}:{r.answer.seq}" for r in rows if r.answer][:3]
        client = signed_in_client(member.specialist)
        href = office_page(member, "review")
        answer = client.post(href, {"act": "accept_all", "read": pairs})
        assert answer.status_code == 422
        assert "1.1" in answer.content.decode()

    def test_the_review_is_approved_when_each_changed_answer_was_accepted(
        self, member: Member
    ) -> None:
        self.submitted(member)
        for criterion in ("1.1", "9.1"):
            row = profile_of(member.account, on=today()).row(criterion)
            assert row is not None
            assert row.answer is not None
            review_criterion(
                account=member.account,
                criterion=criterion,
                decision="ACCEPTED",
                by=member.by("specialist"),
                at=now(),
                answer_seq=row.answer.seq,
            )
        client = signed_in_client(member.specialist)
        sent(client, office_page(member, "review"), act="AR03")
        assert member.account.profile == "APPROVED"

    def test_the_office_sees_who_has_not_applied_the_edition_and_the_profile_as_it_was(
        self, behind: Member
    ) -> None:
        client = signed_in_client(behind.director)
        shown = read(client, reverse("specialist:editions"))
        assert office_page(behind, "case") in shown
        past = read(signed_in_client(behind.specialist), office_page(behind, "past"))
        assert "Minimum Security Criteria, 2020" in past
