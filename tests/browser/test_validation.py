"""A visit with findings ends in a tier, in a real browser, through both doors.

The office plans at a desk and visits with a phone; the company answers on a phone in the other
language. By an action only: the secondary vetting, which has a journey of its own.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from greenlane.apps.documents import store
from greenlane.apps.members.actions.steps import office_step
from greenlane.apps.validations import queries
from greenlane.apps.validations.actions import planning
from greenlane.gate.access import now, today
from tests.factories.certified import COMPANY, Member, a_member, moment
from tests.factories.desks import Desk, Doors, paper
from tests.factories.people import the_program
from tests.factories.screens import DESK, PHONE, troubles_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SEEN = "Two of nine trailers stood without a seal."
BEST = "Cameras read every seal at the gate."
PHOTO: FilePayload = {
    "name": "seal.png",
    "mimeType": "image/png",
    "buffer": b"\x89PNG\r\n\x1a\n seal",
}


@pytest.mark.parametrize(("office", "company"), [("en", "es"), ("es", "en")])
def test_a_visit_with_findings_ends_in_a_tier(
    browser: Browser, site: str, office: str, company: str
) -> None:
    member = a_member(
        certified_on=today() - timedelta(days=370),
        can_sign_in=True,
        languages=(company, office),
    )
    by, yesterday = member.by("director"), moment(today() - timedelta(days=1))
    office_step(program=the_program(), act="O00", by=by, at=yesterday)
    planning.set_capacity(program=the_program(), office="", visits=2, by=by, at=yesterday)
    at_desk, on_phone = Doors(browser, site, office, DESK), Doors(browser, site, company, PHONE)
    with at_desk.desk() as specialist, on_phone.desk() as contact, at_desk.desk() as director:
        for desk, person in (
            (specialist, member.specialist),
            (contact, member.contact),
            (director, member.director),
        ):
            desk.sign_in(str(person.email))
        open_from_the_plan(specialist, member)
        prepare_and_notify(specialist, member, company)
        waive_and_give_paper(contact, member)
        member.vet_again(now() - timedelta(hours=1))
        visit_on_a_phone(specialist, member)
        raise_best_practice(specialist, member)
        report(specialist, member, company)
        answer(contact, member)
        verify_and_recommend(specialist, member)
        decide(director, member)
        see_the_tier(contact, member)

    assert (member.account.membership, member.account.tier) == ("VALIDATED", "T3")
    assert member.account.validation == "NONE"


def act(desk: Desk, member: Member, slug: str) -> None:
    """Go to the page of an act of the case."""
    desk.open("specialist:validation_act", member.stream, slug)


def open_from_the_plan(specialist: Desk, member: Member) -> None:
    """Find the member that is late in the year's plan, and open its case."""
    specialist.open("specialist:plan")
    page = specialist.page
    expect(page.get_by_role("main")).to_contain_text("6 U.S.C. 965")
    specialist.follow(COMPANY)
    assert troubles_of(page) == []
    specialist.fill(
        scope="Seals, yard and the Tijuana lane.",
        rationale="Two seal incidents in the lane last year.",
        name="Warehouse 4",
        address="1 Dock Road",
        country="US",
    )
    specialist.tick("mode", "ON_SITE")
    specialist.tick("owner", "OWN")
    specialist.press("Open the case")


def prepare_and_notify(specialist: Desk, member: Member, language: str) -> None:
    """Add a partner's site abroad, name team and papers, plan the day, send the notice."""
    act(specialist, member, "site")
    specialist.fill(name="Planta Tijuana", address="Calle 5", country="MX")
    specialist.tick("owner", "PARTNER")
    specialist.page.locator("label[for=id_is_foreign]").click()
    specialist.press("Add a site")
    act(specialist, member, "prepare")
    specialist.tick("team", member.specialist.key)
    specialist.fill(requests="Seal log\nTraining register", agenda="9:00 Opening")
    specialist.press("Save")
    act(specialist, member, "schedule")
    specialist.fill_day("visit_on", today())
    specialist.press("Plan the visit")
    act(specialist, member, "notify")
    specialist.page.locator("[name=language]").last.select_option(language)
    specialist.press("Send the notice")
    specialist.open("specialist:validation", member.stream)


def waive_and_give_paper(contact: Desk, member: Member) -> None:
    """Read the notice, agree to the near day, give the first paper that is asked for."""
    contact.open("member:validation", member.stream)
    contact.follow("Waive the notice period")
    assert troubles_of(contact.page) == []
    contact.press("Waive the notice period", inside=contact.page.get_by_role("main"))
    contact.page.locator("[name=file]").set_input_files(paper("log.pdf"))
    contact.press("Give the document")
    expect(contact.page.locator("#documents")).to_contain_text("log.pdf")


def visit_on_a_phone(specialist: Desk, member: Member) -> None:
    """Record the visit, judge a criterion with a photograph, and raise a required action."""
    page = specialist.page
    page.set_viewport_size(PHONE)
    act(specialist, member, "visit")
    specialist.fill(effort_days="2")
    specialist.press("Record the visit")
    specialist.open("specialist:validation", member.stream)
    specialist.follow("Checklist")
    assert troubles_of(page) == []
    seq = queries.sites_of(queries.case_open(member.stream))[0].seq
    specialist.open("specialist:validation_check", member.stream, seq, "7.1")
    page.locator("[name=file]").set_input_files(PHOTO)
    specialist.press("Keep the photograph")
    specialist.tick("result", "NOT_MET")
    page.locator("[name=words]").fill(SEEN)
    specialist.press("Save and raise a finding")
    assert troubles_of(page) == []
    specialist.fill(judgment=SEEN, asks="Seal every trailer and log it.")
    page.locator("label[for=id_evidence_0]").click()
    specialist.press("Record the finding")


def raise_best_practice(specialist: Desk, member: Member) -> None:
    """Hold a best practice against all five requirements, on the phone."""
    specialist.open("specialist:validation_new_finding", member.stream)
    page = specialist.page
    page.locator("[name=criterion]").select_option("7.1")
    specialist.tick("kind", "BEST_PRACTICE")
    page.locator("[name=judgment]").fill(BEST)
    page.locator("summary").last.click()
    for key in queries.FRAMEWORK:
        specialist.tick(f"met_{key}", "yes")
        page.locator(f"[name=why_{key}]").fill("Shown, with the minutes of the board.")
    assert troubles_of(page) == []
    specialist.press("Record the finding")


def report(specialist: Desk, member: Member, language: str) -> None:
    """Issue the report: a PDF whose hash is on the page."""
    specialist.page.set_viewport_size(DESK)
    act(specialist, member, "report")
    specialist.page.locator("[name=language]").last.select_option(language)
    specialist.press("Issue the report")
    (issued,) = queries.reports_of(queries.case_open(member.stream))
    assert store.read(issued.sha256).startswith(b"%PDF-")
    expect(specialist.page.get_by_role("main")).to_contain_text(issued.sha256[:4])


def answer(contact: Desk, member: Member) -> None:
    """Answer the finding on a phone, with proof, and submit the answers."""
    contact.open("member:validation", member.stream)
    expect(contact.page.get_by_role("main")).to_contain_text(SEEN)
    contact.page.get_by_role("link", name=re.compile(", 7.1$")).first.click()
    assert troubles_of(contact.page) == []
    contact.page.locator("[name=words]").fill("Todos los remolques llevan sello.")
    contact.page.locator("[name=proof]").set_input_files(paper("proof.pdf"))
    contact.press("Save the answer")
    assert troubles_of(contact.page) == []
    contact.press("Submit the answers")


def verify_and_recommend(specialist: Desk, member: Member) -> None:
    """Read the proof, close the finding as verified, put the case before the director."""
    (finding,) = (row for row in queries.findings_of(queries.case_open(member.stream)) if row.asks)
    specialist.open("specialist:validation_finding", member.stream, finding.seq)
    expect(specialist.page.get_by_role("main")).to_contain_text("proof.pdf")
    specialist.page.locator("[name=words]").fill("The log of four weeks was read.")
    specialist.page.locator("[name=means]").select_option("DOCUMENTS")
    specialist.press("Verify and close")
    act(specialist, member, "recommend")
    specialist.tick("tier", "T3")
    specialist.page.locator("[name=words]").fill("Exceeds the criteria.")
    specialist.press("Put before the director")


def decide(director: Desk, member: Member) -> None:
    """Read the recommendation, decide the tier with reasons."""
    director.open("specialist:validation", member.stream)
    expect(director.page.get_by_role("main")).to_contain_text("Exceeds the criteria.")
    act(director, member, "validate")
    director.tick("tier", "T3")
    director.page.locator("[name=words]").fill("Better than asked, and shown.")
    director.press("Decide: validate")


def see_the_tier(contact: Desk, member: Member) -> None:
    """See the new tier and the reasons, as the company."""
    tier = contact.pack(the_program().labels["tier"]["T3"])
    contact.open("member:validation", member.stream)
    expect(contact.page.get_by_role("main")).to_contain_text("Better than asked, and shown.")
    expect(contact.page.get_by_role("main")).to_contain_text(tier)
    contact.open("member:standing", member.stream)
    expect(contact.page.get_by_role("main")).to_contain_text(tier)
