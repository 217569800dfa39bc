"""Every year in a real browser: the annual review through both doors, and an edition with undo.

What a person does is done as that person would; what went before the year is done by the actions.
The desk reads English, the phone Spanish; one walk is without any script.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from greenlane.apps.members.actions.accounts import declare_facts
from greenlane.apps.profiles.annual import annual_review
from greenlane.apps.profiles.queries import AnswerState, profile_of
from greenlane.gate.access import now, today
from tests.factories.certified import Member, a_member, moment
from tests.factories.desks import Desk, Doors, paper
from tests.factories.people import PASSWORD, the_program
from tests.factories.screens import troubles_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHANGED = "La ronda pasa ahora cada hora y firma el jefe de patio."


def looked_at(desk: Desk) -> None:
    """Expect the page that is open to be accessible and narrow enough."""
    assert troubles_of(desk.page) == []


def in_its_window(language: str) -> Member:
    """Certify a member 300 days ago; since then something of the company changed."""
    certified_on = today() - timedelta(days=300)
    member = a_member(
        certified_on=certified_on,
        with_answers=True,
        can_sign_in=True,
        languages=(language, language),
    )
    declare_facts(
        account=member.account,
        facts={"company.employees": 70},
        by=member.by("point_of_contact"),
        at=moment(today() - timedelta(days=40)),
        program=the_program(),
        source="company",
    )
    return member


def test_a_member_reviews_its_year_and_the_office_reads_what_changed(doors: Doors) -> None:
    member = in_its_window(doors.language)
    with doors.desk() as contact:
        contact.sign_in(str(member.contact.email))
        renew_risk(contact, member)
        look_at_first(contact, member)
        change_one(contact, member)
        confirm_categories(contact, member)
        contact.open("member:submit", member.stream)
        contact.press(contact.pack(the_program().transition("AR02").title))
    assert member.account.profile == "SUBMITTED"
    with doors.desk() as specialist:
        specialist.sign_in(str(member.specialist.email))
        read_and_approve(specialist, member)
    assert member.account.profile == "APPROVED"


def renew_risk(contact: Desk, member: Member) -> None:
    """Go from my work to the review; its first step leads to the risk assessment."""
    contact.open("member:work")
    contact.follow("Do the annual review")
    looked_at(contact)
    contact.page.locator(".gl-steps").get_by_role("link").first.click()
    contact.fill_day("assessed_on", today())
    contact.page.locator("[name=file]").set_input_files(paper("risk.pdf"))
    contact.press("File the risk assessment")


def look_at_first(contact: Desk, member: Member) -> None:
    """Read what the changed facts touch, one by one; each is confirmed by itself."""
    contact.open("member:annual", member.stream)
    review = annual_review(member.account, on=today())
    assert {one.category for one in review.first} == {1}
    contact.page.locator("tbody").first.get_by_role("link").first.click()
    looked_at(contact)
    for _one in review.first:
        with contact.page.expect_navigation():
            contact.page.locator("article form button").first.click()
    assert not annual_review(member.account, on=today()).first


def change_one(contact: Desk, member: Member) -> None:
    """Open an answer that no longer holds from its category, and change it."""
    contact.open("member:annual_category", member.stream, 9)
    contact.page.get_by_role("link", name="9.1").first.click()
    contact.page.locator("[name=words]").fill(CHANGED)
    contact.page.locator("[name=words]").blur()
    contact.press("Save")


def confirm_categories(contact: Desk, member: Member) -> None:
    """Confirm category by category, each after its page showed the answers."""
    left = {one.category for one in annual_review(member.account, on=today()).standing}
    for number in sorted(left):
        contact.page.goto(reverse("member:annual_category", args=[member.stream, number]))
        with contact.page.expect_navigation():
            contact.page.locator("button[name=act][value=all]").click()
    review = annual_review(member.account, on=today())
    assert len(review.done) == len(review.items)
    contact.open("member:annual", member.stream)


def read_and_approve(specialist: Desk, member: Member) -> None:
    """See the one changed answer first, with its difference; accept it; approve the review."""
    specialist.open("specialist:review", member.stream)
    rows = specialist.page.locator("tbody").first.locator("tr")
    expect(rows.first).to_contain_text("9.1")
    specialist.open("specialist:criterion", member.stream, "9.1")
    expect(specialist.page.locator("ins").first).to_be_visible()
    specialist.press("Accept")
    specialist.open("specialist:review", member.stream)
    specialist.press(specialist.pack(the_program().transition("AR03").title))


def test_a_member_applies_a_new_edition_undoes_it_and_reads_its_profile_as_it_was(
    doors: Doors,
) -> None:
    member = a_member(
        certified_on=date(2022, 6, 1),
        with_answers=True,
        can_sign_in=True,
        languages=(doors.language, doors.language),
    )
    with doors.desk() as officer:
        officer.sign_in(str(member.officer.email))
        officer.open("member:work")
        officer.follow("Look at the new edition of the criteria")
        looked_at(officer)
        expect(officer.page.locator("article")).to_contain_text("3.9")
        officer.press("Apply the new edition")
        looked_at(officer)
        assert state_of(member) is AnswerState.ASKED_AGAIN
        officer.press("Undo the new edition")
        assert state_of(member) is AnswerState.ACCEPTED
        officer.press("Apply the new edition")
        officer.page.locator("main").get_by_role("link", name="2020").first.click()
        looked_at(officer)
        with doors.desk() as director:
            director.sign_in(str(member.director.email))
            director.open("specialist:editions")
            expect(director.page.locator("main")).not_to_contain_text(member.stream)


def state_of(member: Member) -> AnswerState:
    row = profile_of(member.account, on=today()).row("3.9")
    assert row is not None
    return row.state


def test_the_review_goes_without_any_script(browser: Browser, site: str) -> None:
    member = in_its_window("en")
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto(reverse("account_login"))
    desk = Desk(page, "en")
    desk.fill(login=str(member.contact.email), password=PASSWORD)
    desk.press("Sign in")
    desk.set_up_app()
    page.goto(reverse("member:annual_category", args=[member.stream, 3]))
    desk.press("Confirm these 6 answers")
    context.close()
    done = annual_review(member.account, on=now().date()).done
    assert {one.category for one in done} == {3}
