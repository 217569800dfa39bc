"""The main job in a real browser: an importer is certified, through both doors, in both languages.

Everything a person does here is done as that person would: registering by the mailed link, setting
up the second factor, typing, ticking, uploading, pressing. Only the bulk is done by the actions:
the criteria that come after the first, and the people of the office.
"""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from playwright.sync_api import Browser, Locator, expect

from greenlane.apps.accounts.queries import person_by_email
from greenlane.apps.certification.queries import letters_of
from greenlane.apps.documents import store
from greenlane.apps.members import queries
from greenlane.apps.members.models import Account
from greenlane.apps.profiles.actions.answers import save_answer
from greenlane.apps.profiles.queries import profile_of
from greenlane.gate.access import now, today
from tests.factories.desks import Desk, Doors, paper
from tests.factories.lists import screened
from tests.factories.people import PASSWORD, actor, person_with, the_program
from tests.factories.screens import PHONE

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
COMPANY = "Muñoz & 진 Lámparas LLC"


def test_an_importer_is_certified_through_both_doors(doors: Doors) -> None:
    assert_certified(doors)


def test_an_importer_is_certified_without_any_script(browser: Browser, site: str) -> None:
    assert_certified(Doors(browser, site, "en", PHONE, has_script=False))


def assert_certified(doors: Doors) -> None:
    """Lead an importer from registering to the letter."""
    with doors.desk() as officer:
        register(officer)
        account = apply(officer)
        complete_company(officer, account)
        sign_agreement(officer, account)
        file_risk(officer, account)
        answer_criteria(officer, account)
        submit(officer, account)
    office = [person_with(role, language=doors.language, can_sign_in=True) for role in ROLES]
    with doors.desk() as manager, doors.desk() as specialist, doors.desk() as analyst:
        for desk, person in zip((specialist, analyst, manager), office, strict=True):
            desk.sign_in(str(person.email))
        assign(manager, account, office[0].key)
        review(specialist, account)
        vet(analyst, account)
        propose(specialist, account)
        certify(manager, account)
    with doors.desk() as anybody:
        check_letter(anybody, account)

    account = queries.account(account.stream)
    assert (account.membership, account.profile) == ("CERTIFIED", "APPROVED")


ROLES = ("specialist", "vetting_analyst", "field_manager")


def register(officer: Desk) -> None:
    """Ask for the mail, follow its link, set up the app, open the company."""
    officer.open("account_signup")
    officer.fill(email="olga@example.com")
    officer.press("Mail me a link")
    found = re.search(r"https?://[^/\s]+(/\S+)", str(mail.outbox[-1].body))
    assert found
    officer.page.goto(found[1])
    officer.fill(name="Olga Muñoz", password=PASSWORD, again=PASSWORD)
    officer.press("Register")
    officer.set_up_app()
    officer.open("open_organization")
    officer.fill(name=COMPANY)
    officer.tick("standing", "company_officer/officer")
    officer.press("Open the company")


def apply(officer: Desk) -> Account:
    """Answer the eligibility questions: first one too few, then all; open the account."""
    officer.open("member:choose")
    officer.follow(officer.pack(the_program().entity_types["importer"].title))
    page = officer.page
    for group in page.locator("fieldset").all():
        if group.locator("input[type=radio]").count():
            wanted = "no" if "debt" in name_of(group) or "events" in name_of(group) else "yes"
            officer.tick(name_of(group), wanted)
    officer.tick("office__staffed_countries", "US")
    officer.fill(trade__imports_last_12_months="12", company_name=COMPANY)
    officer.tick("bond__has_continuous_import", "unknown")
    officer.press("Check")
    expect(page.get_by_role("button", name=officer.says("Open the account"))).to_have_count(0)
    officer.tick("bond__has_continuous_import", "yes")
    officer.press("Check")
    officer.press("Open the account")
    found = re.search(r"/my/(A-\w+)/", page.url)
    assert found, page.url
    return queries.account(found[1])


def name_of(group: Locator) -> str:
    """Return the name of the field that a group of buttons belongs to."""
    return group.locator("input").first.get_attribute("name") or ""


def complete_company(officer: Desk, account: Account) -> None:
    """Fill the company profile and submit it."""
    officer.open("member:company", account.stream)
    officer.fill(phone="+1 956 555 0100", employees="40", founded="1999")
    officer.fill(history="Lamps from Monterrey to Laredo.", addresses="1 Dock Street, Laredo")
    officer.press("Save and submit")


def sign_agreement(officer: Desk, account: Account) -> None:
    """Read, prove who signs, tick, sign."""
    officer.open("member:agreement", account.stream)
    prove = officer.page.get_by_role("link", name=officer.says("Prove it is you"))
    if prove.count():
        prove.click()
        officer.fill(password=PASSWORD)
        officer.press("Confirm")
    officer.page.locator("label[for=agreed]").click()
    officer.press("Sign the agreement")


def file_risk(officer: Desk, account: Account) -> None:
    """Upload the year's risk assessment."""
    officer.open("member:risk", account.stream)
    officer.fill_day("assessed_on", today())
    officer.page.locator("[name=file]").set_input_files(paper("risk.pdf"))
    officer.press("File the risk assessment")


def answer_criteria(officer: Desk, account: Account) -> None:
    """Answer one by hand, with evidence; the others by the action."""
    officer.open("member:criterion", account.stream, "1.1")
    page = officer.page
    page.locator("[name=file]").set_input_files(paper("statement.pdf"))
    officer.press("Attach")
    officer.tick("outcome", "IMPLEMENTED")
    page.locator("[name=words]").fill("La dueña lo firma cada año.")
    if officer.has_script:
        page.locator("[name=words]").blur()
        expect(page.locator("#id_words-saved")).not_to_be_empty()
    officer.press("Save and next unanswered")
    person = person_by_email("olga@example.com")
    assert person is not None
    by = actor(person, "company_officer")
    for row in profile_of(account, on=today()).rows:
        if row.answer is None:
            save_answer(
                account=queries.account(account.stream),
                criterion=row.criterion.id,
                outcome="IMPLEMENTED",
                words="The yard lead checks it every week.",
                by=by,
                at=now(),
            )


def submit(officer: Desk, account: Account) -> None:
    """Read what is missing, and submit."""
    officer.open("member:submit", account.stream)
    button = officer.page.get_by_role("main").locator("button[type=submit]").last
    with officer.page.expect_navigation():
        button.click()
    expect(officer.page.get_by_role("main")).to_contain_text(
        officer.pack(the_program().labels["membership"]["APPLICANT"])
    )


def assign(manager: Desk, account: Account, specialist: str) -> None:
    """Give the case to a specialist."""
    manager.open("specialist:queue")
    manager.open("specialist:act", account.stream, "S01")
    manager.page.locator("[name=specialist]").select_option(specialist)
    manager.press(manager.pack(the_program().transition("S01").title))


def review(specialist: Desk, account: Account) -> None:
    """Take the profile into review, return nothing, accept one by one and then the rest."""
    specialist.open("specialist:case", account.stream)
    specialist.press(specialist.pack(the_program().transition("P01").title))
    specialist.open("specialist:criterion", account.stream, "1.1")
    specialist.press("Accept")
    specialist.open("specialist:review", account.stream)
    with specialist.page.expect_navigation():
        specialist.page.locator("button[name=act][value=accept_all]").click()
    specialist.press(specialist.pack(the_program().transition("T05").title))


def vet(analyst: Desk, account: Account) -> None:
    """Record every check as clear, and pass."""
    analyst.open("specialist:vetting", account.stream)
    analyst.press(analyst.pack(the_program().transition("V01").title))
    for check in the_program().checks:
        analyst.open("specialist:vetting", account.stream)
        analyst.page.locator("[name=check]").select_option(check)
        analyst.tick("result", "CLEAR")
        analyst.fill(source="Ledger of the harbor master")
        analyst.press("Record the check")
    screened(account.stream, at=now())
    analyst.open("specialist:vetting", account.stream)
    analyst.press(analyst.pack(the_program().transition("V02").title))


def propose(specialist: Desk, account: Account) -> None:
    """Propose the certification."""
    specialist.open("specialist:certify", account.stream)
    specialist.page.locator("[name=words]").fill("All is in order.")
    specialist.press("Propose certification")


def certify(manager: Desk, account: Account) -> None:
    """Decide as the second person; the letter is issued."""
    manager.open("specialist:certify", account.stream)
    expect(manager.page.get_by_role("main")).to_contain_text("All is in order.")
    manager.press("Approve and issue the letter")


def check_letter(anybody: Desk, account: Account) -> None:
    """Confirm the letter as a stranger does, and see a wrong name refused."""
    (letter,) = letters_of(account.stream)
    assert ContentFile(store.read(letter.sha256)).read(5) == b"%PDF-"
    for company, is_confirmed in ((COMPANY, True), ("Muñoz", False)):
        anybody.open("public:check")
        anybody.fill(code=letter.code, company=company)
        with anybody.page.expect_navigation():
            anybody.page.get_by_role("button", name=anybody.says("Check"), exact=True).click()
        heading = anybody.says("This letter was issued here")
        expect(anybody.page.get_by_role("heading", name=heading)).to_have_count(int(is_confirmed))
