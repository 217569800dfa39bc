"""Trust that fails and is won back, in a real browser, through both doors.

An incident is reported and reviewed; a member is suspended, answers with a plan and is reinstated;
it is suspended again, and appeals. The office sits at a desk; the company answers on a phone in the
other language. By an action only: the second suspension, which goes the same way as the first.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from greenlane.apps.incidents import queries as incidents
from greenlane.apps.suspensions import queries
from greenlane.gate.access import now, today
from tests.factories.certified import COMPANY, Member, a_member
from tests.factories.desks import Desk, Doors, paper
from tests.factories.screens import DESK, PHONE
from tests.factories.trust import REASONS, an_authority, suspended

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SEEN = "The seal of trailer 12 was changed on the way."
PLAN = "Nobody had the seal log at night."
_PICTURES = os.environ.get("GREENLANE_PICTURES", "")


@pytest.mark.parametrize(("office", "company"), [("en", "es"), ("es", "en")])
def test_trust_that_failed_is_won_back(
    browser: Browser, site: str, office: str, company: str
) -> None:
    member = a_member(
        certified_on=today() - timedelta(days=200),
        can_sign_in=True,
        languages=(company, office),
    )
    authority = an_authority(can_sign_in=True, language=office)
    at_desk, on_phone = Doors(browser, site, office, DESK), Doors(browser, site, company, PHONE)
    with at_desk.desk() as specialist, on_phone.desk() as officer, at_desk.desk() as director:
        specialist.sign_in(str(member.specialist.email))
        officer.sign_in(str(member.officer.email))
        director.sign_in(str(member.director.email))
        report_an_incident(officer, member)
        review_it_jointly(specialist, member)
        propose(specialist, member)
        give_notice_and_decide(director, officer, member, company)
        answer_with_a_plan(officer, member)
        verify(specialist, member)
        reinstate(director, member, company)
        see_it_lifted(officer, member)
        assert member.account.membership == "CERTIFIED"
        suspended(member, now(), notice=0, ground="G6")
        appeal(officer, member)
    with at_desk.desk() as desk:
        desk.sign_in(str(authority.email))
        determine(desk, member)

    assert member.account.membership == "CERTIFIED"
    assert queries.appeals_of(member.stream)[0].outcome == "GRANTED"


def look(desk: Desk, name: str) -> None:
    """Keep a picture of the page, where somebody wants to look at it."""
    if _PICTURES:
        desk.page.screenshot(path=f"{_PICTURES}/{name}-{desk.language}.png", full_page=True)


def report_an_incident(officer: Desk, member: Member) -> None:
    """Report what was found yesterday, with a document."""
    officer.open("member:incidents", member.stream)
    officer.follow("Report an incident")
    officer.page.locator("[name=kind]").select_option("incident.seal")
    officer.fill(words=SEEN)
    officer.fill_day("found_on", today() - timedelta(days=1))
    officer.page.locator("[name=papers]").set_input_files(paper("seal.pdf"))
    look(officer, "report")
    officer.press("Report an incident")
    look(officer, "incident")


def review_it_jointly(specialist: Desk, member: Member) -> None:
    """Record what the office found, read which came first, close the joint review."""
    (found,) = incidents.incidents_for_company(member.stream)
    specialist.open("specialist:discover", member.stream)
    specialist.page.locator("[name=kind]").select_option("incident.seal")
    specialist.page.locator("[name=incident]").select_option(str(found.seq))
    specialist.fill(source="A tip.", words="The same trailer.")
    specialist.press("Record what the office found")
    look(specialist, "incidents")
    specialist.open("specialist:incident", member.stream, found.seq)
    expect(specialist.page.get_by_role("main")).to_contain_text(
        specialist.says("The company reported it before the office found it.")
    )
    look(specialist, "office-incident")
    specialist.follow("Close the joint review")
    for key, answer in (("diligence", "yes"), ("procedures", "no"), ("improved", "no")):
        specialist.tick(key, answer)
    specialist.fill(words="The own procedure was not followed.")
    specialist.press("Close the joint review")


def propose(specialist: Desk, member: Member) -> None:
    """Propose a suspension that rests on the incident."""
    (found,) = incidents.incidents_for_company(member.stream)
    specialist.open("specialist:trust", member.stream)
    specialist.follow("Propose a suspension")
    specialist.tick("path", "NORMAL")
    specialist.tick("degree", "FULL")
    specialist.page.locator("[name=ground]").select_option("G1")
    specialist.tick("incidents", str(found.seq))
    specialist.fill(reasons=REASONS, memo="Watch the lane.")
    look(specialist, "propose")
    specialist.press("Propose a suspension")
    look(specialist, "proposed")


def give_notice_and_decide(director: Desk, officer: Desk, member: Member, language: str) -> None:
    """Give notice, let the company answer, decide."""
    director.open("specialist:trust_queue")
    look(director, "queue")
    director.follow(COMPANY)
    director.follow("Give notice")
    director.page.locator("[name=language]").last.select_option(language)
    director.press("Give notice")
    officer.open("member:standing", member.stream)
    look(officer, "noticed")
    officer.follow("Answer the notice")
    officer.fill(words="The yard lead was replaced.")
    officer.press("Answer the notice")
    (case,) = queries.suspensions_of(member.stream)
    director.open("specialist:suspension", member.stream, case.seq)
    look(director, "heard")
    director.follow("Decide it")
    director.fill(words="The answer does not show how seals are checked.")
    director.page.locator("[name=language]").last.select_option(language)
    director.press("Decide it")


def answer_with_a_plan(officer: Desk, member: Member) -> None:
    """Read the decision, answer with a plan of one step, prove it."""
    officer.open("member:standing", member.stream)
    look(officer, "suspended")
    officer.follow("Answer with a plan")
    officer.fill(words=PLAN, objective_1="A seal log for each shift", responsible_1="Yard lead")
    officer.fill_day("due_on_1", today() + timedelta(days=14))
    officer.page.locator("label[for=id_consents]").click()
    look(officer, "plan")
    officer.press("Corrective action plan")
    officer.page.locator("a[href$='/plan/1/']").click()
    officer.fill(words="In place since Monday.")
    officer.page.locator("[name=papers]").set_input_files(paper("log.pdf"))
    with officer.page.expect_navigation():
        officer.page.get_by_role("main").locator("button[type=submit]").last.click()
    look(officer, "proved")


def verify(specialist: Desk, member: Member) -> None:
    """Verify the step on its proof."""
    (case,) = queries.suspensions_of(member.stream)
    specialist.open("specialist:suspension", member.stream, case.seq)
    specialist.page.locator("a[href$='/steps/1/']").click()
    specialist.tick("outcome", "verified")
    specialist.fill(words="Four weeks of logs were read.")
    with specialist.page.expect_navigation():
        specialist.page.get_by_role("main").locator("button[type=submit]").last.click()
    look(specialist, "verified")


def reinstate(director: Desk, member: Member, language: str) -> None:
    """Lift the suspension."""
    (case,) = queries.suspensions_of(member.stream)
    director.open("specialist:suspension", member.stream, case.seq)
    director.follow("Lift the suspension")
    director.fill(words="The step is verified.")
    director.page.locator("[name=language]").last.select_option(language)
    look(director, "lift")
    director.press("Lift the suspension")


def see_it_lifted(officer: Desk, member: Member) -> None:
    """Read that it is lifted, and find the letters."""
    officer.open("member:standing", member.stream)
    main = officer.page.get_by_role("main")
    expect(main).to_contain_text(officer.says("Lifted"))
    look(officer, "lifted")
    officer.open("member:letters", member.stream)
    expect(main.locator("code")).to_have_count(3)


def appeal(officer: Desk, member: Member) -> None:
    """Appeal the second suspension."""
    officer.open("member:standing", member.stream)
    officer.follow("Appeal the decision")
    officer.fill(words="The seals were whole; see the photographs.")
    officer.page.locator("[name=papers]").set_input_files(paper("photos.pdf"))
    officer.press("Appeal the decision")
    look(officer, "appealed")
    assert member.account.membership == "SUSPENDED"


def determine(desk: Desk, member: Member) -> None:
    """Find the appeal in the queue, and grant it with reasons."""
    desk.open("specialist:trust_queue")
    desk.follow(COMPANY)
    look(desk, "appeal")
    desk.tick("outcome", "grant")
    desk.fill(words="The photographs show whole seals.")
    desk.press("Record the determination")
