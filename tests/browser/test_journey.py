"""The member's pages in a real browser: accessible, narrow, and working without a script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, ViewportSize, expect

from greenlane.apps.members import queries
from greenlane.apps.members.actions.accounts import open_account, save_company_profile
from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.models import Account
from greenlane.apps.profiles.queries import profile_of
from greenlane.gate import access
from tests.factories.browsers import prove_again, signed_in_client
from tests.factories.people import actor, an_organization, person_with, the_program
from tests.factories.screens import DESK, PHONE, troubles_of

pytestmark = pytest.mark.django_db
FACTS = {
    "trade.history_is_demonstrable": True,
    "trade.imports_last_12_months": 12,
    "office.staffed_countries": frozenset({"US"}),
    "identifier.has_importer_number": True,
    "bond.has_continuous_import": True,
    "company.has_security_officer": True,
    "company.will_sign_agreement": True,
    "debt.is_final_unpaid": False,
    "history.has_security_events": False,
    "application.eligibility_is_confirmed": True,
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A company's officer at a browser, before their account's pages."""

    account: Account
    page: Page

    def address(self, name: str, *more: object) -> str:
        """Return the address of a page of the account."""
        return reverse(f"member:{name}", args=[self.account.stream, *more])


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def visit(browser: Browser, site: str, complaints: list[str]) -> Iterator[Visit]:
    """Open an account with its company profile, and sign its officer in."""
    organization = an_organization("Harbor Lamps LLC")
    officer = person_with("company_officer", organization, name="Olga Lamp")
    by, at, program = actor(officer, "company_officer"), access.now(), the_program()
    account = open_account(
        program=program,
        entity_type="importer",
        organization=organization.key,
        company_name="Harbor Lamps LLC",
        facts=FACTS,
        by=by,
        at=at,
    )
    save_company_profile(account=account, content={"phone": "1"}, by=by, at=at, program=program)
    account = step(account=account, act="C01", by=by, at=at)
    client = signed_in_client(officer)
    prove_again(client, officer)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=site, viewport=DESK)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": session, "url": site}])
    page = context.new_page()
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield Visit(account, page)
    context.close()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_is_accessible_and_narrow(
    visit: Visit, complaints: list[str], size: ViewportSize
) -> None:
    visit.page.set_viewport_size(size)
    names = ["account", "company", "agreement", "risk", "withdraw", "profile"]
    names += ["submit", "standing", "letters", "record"]
    addresses = [visit.address(name) for name in names]
    addresses += [visit.address("criterion", each) for each in ("1.1", _with_parts(visit.account))]
    addresses += [reverse("member:work"), reverse("member:choose")]
    addresses += [reverse("member:eligibility", args=["importer"])]

    troubles = []
    for address in addresses:
        visit.page.goto(address)
        troubles += troubles_of(visit.page)
    assert complaints == []
    assert not troubles, "\n".join(troubles)


def _with_parts(account: Account) -> str:
    """Return a criterion that is answered part by part."""
    rows = profile_of(account, on=access.today()).rows
    return next(row.criterion.id for row in rows if row.criterion.criterion.sub_requirements)


def test_an_answer_is_kept_while_typing_and_saved_with_a_button(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.address("criterion", "1.1"))

    page.get_by_label("How it is done here").fill("The owner signs it each year.")
    page.get_by_label("How it is done here").blur()
    expect(page.locator("#id_words-saved")).to_contain_text("Saved at")
    page.reload()
    expect(page.get_by_label("How it is done here")).to_have_value("The owner signs it each year.")
    page.get_by_text("In place", exact=True).click()
    page.get_by_role("button", name="Save and next unanswered").click()

    page.wait_for_url(f"**{visit.address('criterion', '1.2')}")
    row = profile_of(visit.account, on=access.today()).row("1.1")
    assert row is not None
    assert row.answer is not None
    assert row.draft is None


def test_a_key_leads_to_the_next_unanswered(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.address("criterion", "1.1"))

    page.keyboard.press("n")

    page.wait_for_url(f"**{visit.address('criterion', '1.2')}")


def test_the_agreement_is_signed_with_a_tick_and_a_button(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.address("agreement"))

    page.get_by_text("I have read this text").click()
    page.get_by_role("button", name="Sign the agreement").click()

    page.wait_for_url(f"**{visit.address('account')}")
    assert len(queries.signatures(visit.account.stream)) == 1
